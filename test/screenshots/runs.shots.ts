import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { failureInWords } from '../../src/train/logs/knownCauses';
import { picture } from '../harness/picture';
import { root } from '../harness/root';
import { startUi, type Ui } from '../harness/ui';
import { openViewContainer, runCommand, setTheme } from '../harness/workbench';
import { sftLines, trlLine, writtenPlan, WrittenRuns } from '../harness/writtenRuns';

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

const OUT_OF_MEMORY = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.32 GiB.\n';

/** The pictures of README.md of training runs: `npm run screenshots` takes them anew in media/screenshots/. */
describe('pictures of training runs', () => {
  let ui: Ui;
  let page: Page;
  before(async () => {
    ui = await startUi({ settings: { 'workbench.colorTheme': 'Light Modern' } });
    mkdirSync(path.join(ui.workspace, 'sets'), { recursive: true });
    writeFileSync(path.join(ui.workspace, 'sets/kitchen.curated.jsonl'), '');
    const idAt = (recipe: string, created: string, end: string): string => `${recipe}-${created.slice(0, 10).replaceAll('-', '')}-${created.slice(11, 19).replaceAll(':', '')}-${end}`;
    const [first, second, failed] = [idAt('advchain-sft', ago(300), '5e07c1'), idAt('advchain-sft', ago(90), 'b81f3d'), idAt('recap-trl-grpo', ago(40), '07ac9e')] as const;
    const runs = new WrittenRuns(ui.workspace);
    const values = { recipe: 'advchain-sft', model: 'qwen-3-4b', learningRate: 1e-4, epochs: 5, batchSize: 128, outputDir: '/shared/runs/kitchen' };
    const cluster = { kind: 'ray', name: 'lab cluster', url: 'http://127.0.0.1:9' };
    runs.add(writtenPlan(first, { title: 'kitchen · AdvChain SFT', values: { ...values, learningRate: 2e-4 }, backend: cluster, created: ago(300) }), { state: 'running', started: ago(299), at: ago(299) }, { state: 'succeeded', ended: ago(287), model: '/shared/runs/kitchen', at: ago(287), logRead: true });
    runs.log(first, `${sftLines(1, 40, 40, 0.35, 2e-4)}${trlLine({ train_runtime: 718.2, train_loss: 1.91 })}`);
    runs.add(writtenPlan(second, { title: 'kitchen · AdvChain SFT', values, backend: cluster, created: ago(90) }), { state: 'running', started: ago(89), at: ago(89) }, { state: 'succeeded', ended: ago(76), model: '/shared/runs/kitchen-2', at: ago(76), logRead: true });
    runs.log(second, sftLines(1, 40));
    const { line: reason, hint } = failureInWords(OUT_OF_MEMORY);
    if (reason === undefined || hint === undefined) throw new Error('Its cause is not known any more.');
    runs.add(writtenPlan(failed, { title: 'kitchen · RECAP trl grpo', recipe: 'recap-trl-grpo', values, backend: cluster, created: ago(40) }), { state: 'running', started: ago(39), at: ago(39) }, { state: 'failed', ended: ago(38), at: ago(38), logRead: true, reason, hint });
    runs.log(failed, OUT_OF_MEMORY);
    page = await ui.open();
    await page.locator('.activitybar a[aria-label^="CoT Lens"]').waitFor({ timeout: 40_000 });
    await openViewContainer(page, 'CoT Lens');
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  after(() => ui.stop());

  const inside = (): FrameLocator => page.frameLocator('iframe.webview.ready:not([src*="purpose=webviewView"])').last().frameLocator('iframe#active-frame');
  const rows = (): Locator => page.locator('.sidebar .pane').filter({ has: page.locator('.pane-header', { hasText: /^\s*Runs/ }) }).locator('.monaco-list-row');
  const keep = async (name: string): Promise<void> => {
    await page.mouse.move(700, 880);
    await page.waitForTimeout(900);
    await picture(page, path.join(root, 'media/screenshots', `${name}.png`));
  };

  it('a run that succeeded', async () => {
    await rows().filter({ hasText: 'succeeded' }).first().click();
    await inside().locator('.run .state').filter({ hasText: 'succeeded · step 40 of 40' }).waitFor();
    await keep('runs-light');
  });

  it('a run that failed, with what to do', async () => {
    await rows().filter({ hasText: 'RECAP' }).first().click();
    await inside().locator('.advice').waitFor();
    await keep('runs-failed');
  });

  it('two runs compared, in each theme', async () => {
    await runCommand(page, 'View: Close All Editors');
    await rows().filter({ hasText: 'succeeded' }).nth(0).click();
    await rows().filter({ hasText: 'succeeded' }).nth(1).click({ modifiers: ['Control'] });
    await runCommand(page, 'CoT Lens: Compare Runs…');
    await inside().locator('h1').filter({ hasText: '2 runs compared' }).waitFor();
    await page.keyboard.press('Control+B');
    await keep('runs-compared-light');
    await setTheme(page, ui.server, 'dark');
    await keep('runs-compared-dark');
    await setTheme(page, ui.server, 'high contrast dark');
    await keep('runs-compared-high-contrast-dark');
    await setTheme(page, ui.server, 'high contrast light');
    await keep('runs-compared-high-contrast-light');
  });

  it('a narrow page', async () => {
    await setTheme(page, ui.server, 'light');
    await page.setViewportSize({ width: 350, height: 900 });
    await inside().locator('.chart').scrollIntoViewIfNeeded();
    await keep('runs-narrow');
  });
});
