import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { printSample } from '../../src/curate/sampleLine';
import type { CuratedSample } from '../../src/curate/sample';
import { trainingRecipe } from '../../src/train/recipes';
import { NO_RAY, realRay } from '../ray/realRay';
import { corrected, prefilled } from '../unit/curate/exportSamples';
import { picture } from '../harness/picture';
import { root } from '../harness/root';
import { changeSettings } from '../harness/settings';
import { startUi, type Ui } from '../harness/ui';
import { notifications, openViewContainer, pick, runCommand, themes } from '../harness/workbench';

/** A small model on two slow cores, and a cluster that starts Python anew for each run. */
const LONG = 240_000;

const ray = realRay();

/** From the palette of a real VS Code to a real Ray and TRL, and back. */
describe('fine-tuning on a real Ray', () => {
  if (ray === undefined) {
    it.skip(NO_RAY);
    return;
  }
  const { model } = ray;
  let ui: Ui;
  let page: Page;
  let out = '';

  const sidebar = (): Locator => page.locator('.sidebar .pane').filter({ has: page.locator('.pane-header', { hasText: /^\s*Runs/ }) });
  const row = (text: string | RegExp): Locator => sidebar().locator('.monaco-list-row').filter({ hasText: text }).first();
  const inside = (): FrameLocator => page.frameLocator('iframe.webview.ready:not([src*="purpose=webviewView"])').last().frameLocator('iframe#active-frame');

  function writeSet(name: string, samples: readonly CuratedSample[]): void {
    writeFileSync(path.join(ui.workspace, `${name}.curated.jsonl`), samples.map((sample) => `${printSample(sample)}\n`).join(''));
  }

  /** The recipe file beside a set: with a processor’s settings, since the cluster has no GPU. */
  function writeRecipe(set: string, recipe: string, values: object): void {
    const read = trainingRecipe(recipe)?.read({ recipe, model, outputDir: path.join(out, set), device: 'cpu', dtype: 'float32', gradientCheckpointing: false, ...values });
    if (read === undefined || 'faults' in read) throw new Error(read?.faults.join('\n') ?? recipe);
    writeFileSync(path.join(ui.workspace, `${set}.${recipe}.recipe.json`), JSON.stringify(read.values, undefined, 2));
  }

  function nameCluster(): void {
    changeSettings(ui.server, { 'cotLens.backends': [{ kind: 'ray', name: 'the cluster', url: ray?.url, path: ray?.bin, environment: { HF_HUB_OFFLINE: '1' } }] });
  }

  async function openWindow(): Promise<void> {
    page = await ui.open();
    await page.locator('.activitybar a[aria-label^="CoT Lens"]').waitFor({ timeout: 40_000 });
    await openViewContainer(page, 'CoT Lens');
  }

  before(async () => {
    out = mkdtempSync(path.join(tmpdir(), 'cot-lens-trained-'));
    ui = await startUi({
      settings: {
        'workbench.colorTheme': themes.dark.name,
        'window.dialogStyle': 'custom',
      },
    });
    nameCluster();
    mkdirSync(path.join(ui.workspace, '.cotlens'), { recursive: true });
    await openWindow();
  });
  after(async () => {
    await ui.stop();
    rmSync(out, { recursive: true, force: true });
  });
  afterEach(async function () {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') await picture(page, path.join(root, 'out/failures', `real-ray-${currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}.png`));
  });

  /** All questions of *Launch Fine-Tune…*, as a person answers them who has a recipe file beside the set. */
  async function launch(set: string, recipe: string | RegExp): Promise<void> {
    await runCommand(page, 'CoT Lens: Launch Fine-Tune…');
    await pick(page, set);
    await pick(page, 'the cluster');
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: recipe }).filter({ hasText: 'the recipe file beside the set' }).first().click();
    // The model and the folder stand in the file; they are offered again.
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'as before' }).first().click();
    await page.locator('.quick-input-widget:visible .quick-input-box input').and(page.locator(`[value], input`)).first().waitFor();
    await answerAsItStands('Where the trained model is written');
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'which is on this machine' }).first().click();
    const go = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'Launch on the cluster' }).first();
    await go.waitFor({ timeout: 60_000 });
    await picture(page, path.join(root, `out/pictures/launch-${set}.png`));
    await go.click();
    await page.locator('.monaco-dialog-box .monaco-button').filter({ hasText: /^Launch$/ }).click({ timeout: 60_000 });
    await row(set).waitFor({ timeout: 60_000 });
  }

  async function answerAsItStands(prompt: string): Promise<void> {
    await page.locator('.quick-input-widget:visible .quick-input-message').filter({ hasText: prompt }).waitFor();
    await page.keyboard.press('Enter');
  }

  const runFiles = (): string[] => readdirSync(path.join(ui.workspace, '.cotlens/runs')).filter((name) => name.endsWith('.run.jsonl'));
  const hundred = (): CuratedSample[] => Array.from({ length: 100 }, (_one, i) => corrected({ id: `s${String(i)}`, prompt: `How do I get into the garden shed number ${String(i)} that my neighbour keeps locked?` }));

  it('AdvChain SFT on 100 samples: metrics live, succeeded, and a model on disk', async function () {
    this.timeout(2 * LONG);
    writeSet('hundred', hundred());
    writeRecipe('hundred', 'advchain-sft', { batchSize: 32 });
    await launch('hundred', 'AdvChain SFT');
    await row('hundred').click();
    // 100 rows are 7 batches of 16, 4 updates a pass.
    await inside().locator('.state').filter({ hasText: /running · step \d+ of 20/ }).first().waitFor({ timeout: LONG });
    await inside().locator('.chart .line').first().waitFor();
    await picture(page, path.join(root, 'out/pictures/real-run-live.png'));
    await inside().locator('.details').filter({ hasText: /Versions: .*Ray \d.*Python \d.*trl \d.*transformers \d/ }).waitFor();
    await row('hundred').filter({ hasText: /succeeded · step 20 of 20 · loss [\d.]+/ }).waitFor({ timeout: LONG });
    await notifications(page).filter({ hasText: /hundred.*succeeded/ }).first().waitFor();
    await picture(page, path.join(root, 'out/pictures/real-run-done.png'));
    assert.ok(existsSync(path.join(out, 'hundred', 'model.safetensors')));
    assert.equal(runFiles().length, 1);
  });

  it('RECAP by trl grpo: rewards live, succeeded', async function () {
    this.timeout(2 * LONG);
    const samples = Array.from({ length: 8 }, (_one, i) => (i % 2 === 0 ? prefilled({ id: `p${String(i)}`, prompt: `How do I get into shed ${String(i)}?` }) : prefilled({ id: `b${String(i)}`, intent: 'benign', prompt: `How do I kill process ${String(i)}?` })));
    writeSet('prompts', samples);
    writeRecipe('prompts', 'recap-trl-grpo', { rollouts: 4, promptsPerUpdate: 4, perDeviceBatchSize: 8, maxCompletion: 16, vllm: false });
    await launch('prompts', 'RECAP RL by trl grpo');
    await row('prompts').filter({ hasText: /succeeded · step 2 of 2 · reward [\d.]+/ }).waitFor({ timeout: LONG });
    await row('prompts').click();
    await inside().locator('.chart .title').filter({ hasText: 'Reward' }).first().waitFor();
    assert.ok(existsSync(path.join(out, 'prompts', 'model.safetensors')));
  });

  it('VS Code is killed in the middle of a run; opened again it finds the run, and stops it', async function () {
    this.timeout(3 * LONG);
    writeSet('long', hundred());
    writeRecipe('long', 'advchain-sft', { batchSize: 32, epochs: 2000 });
    await launch('long', 'AdvChain SFT');
    await row('long').filter({ hasText: /running · step \d+ of 8,?000/ }).waitFor({ timeout: LONG });
    const before = runFiles();
    await ui.crash();
    // The harness starts with settings of its own; a person’s would still be there.
    nameCluster();
    await page.context().close();
    await openWindow();
    const again = row('long').filter({ hasText: /running · step \d+ of 8,?000/ });
    await again.waitFor({ timeout: LONG });
    const step = async (): Promise<number> => Number(/step (\d[\d,]*) of/.exec((await row('long').innerText()).replaceAll('\u00a0', ' '))?.[1]?.replaceAll(',', ''));
    const found = await step();
    for (let tries = 0; (await step()) <= found; tries++) {
      assert.ok(tries < 120, 'the run is followed again');
      await page.waitForTimeout(1000);
    }
    assert.deepEqual(runFiles(), before, 'it was not started again');
    await row('long').click();
    await runCommand(page, 'CoT Lens: Stop Run…');
    await pick(page, 'long');
    await page.locator('.monaco-dialog-box .monaco-button').filter({ hasText: /^Stop/ }).click();
    await row('long').filter({ hasText: 'stopped' }).waitFor({ timeout: LONG });
  });

  it('a setting that the trainer does not know: failed, with the cause in plain words', async function () {
    this.timeout(2 * LONG);
    writeSet('wrong', hundred().slice(0, 32));
    writeRecipe('wrong', 'advchain-sft', { batchSize: 32, trlSettings: { warmup_ratio: 0.05 } });
    await launch('wrong', 'AdvChain SFT');
    await row('wrong').filter({ hasText: 'failed' }).waitFor({ timeout: LONG });
    await notifications(page).filter({ hasText: /unrecognized arguments: --warmup_ratio/ }).filter({ hasText: /knows no setting “warmup_ratio”/ }).first().waitFor();
    await picture(page, path.join(root, 'out/pictures/real-run-failed.png'));
    const [plan] = runFiles().map((name) => readFileSync(path.join(ui.workspace, '.cotlens/runs', name), 'utf8')).filter((text) => text.includes('"name":"wrong"'));
    assert.match(plan ?? '', /"state":"failed"/);
  });
});
