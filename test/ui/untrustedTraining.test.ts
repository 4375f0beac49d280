import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator, Page } from 'playwright-core';
import { startFakeRay, type FakeRay } from '../harness/fakeRay';
import { samplesFolder } from '../harness/places';
import { changeSettings } from '../harness/settings';
import { startUi, type Ui } from '../harness/ui';
import { openViewContainer, runCommand } from '../harness/workbench';
import { writtenPlan, WrittenRuns } from '../harness/writtenRuns';
import { printSample } from '../../src/curate/sampleLine';
import { corrected } from '../unit/curate/exportSamples';
import { eventually } from '../suite/eventually';

const SENDS = ['Launch Fine-Tune…', 'Push Curated Set…', 'Add Training Backend…'];

describe('training in a workspace that is not trusted', () => {
  let ui: Ui;
  let page: Page;
  let ray: FakeRay;
  const row = (): Locator => page.locator('.sidebar .monaco-list-row').filter({ hasText: 'kitchen · AdvChain SFT' }).first();
  /** Which of the commands that send something the palette has. */
  const offered = async (): Promise<string[]> => {
    const input = page.locator('.quick-input-widget:visible .quick-input-box input');
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await page.keyboard.press('F1');
    const found: string[] = [];
    for (const title of SENDS) {
      // It is listed in any workspace: once it shows, the list is there.
      await input.fill('>CoT Lens: Show Rubric');
      await rows.filter({ hasText: 'CoT Lens: Show Rubric' }).first().waitFor();
      await input.fill(`>CoT Lens: ${title}`);
      await page.waitForTimeout(1000);
      if ((await rows.filter({ hasText: `CoT Lens: ${title}` }).count()) > 0) found.push(title);
    }
    await page.keyboard.press('Escape');
    return found;
  };
  const runFile = (): string => readFileSync(path.join(ui.workspace, '.cotlens/runs/run-open.run.jsonl'), 'utf8');

  before(async () => {
    ray = await startFakeRay();
    ui = await startUi({ workspace: samplesFolder(), workspaceTrust: true });
    changeSettings(ui.server, { 'cotLens.backends': [{ kind: 'ray', name: 'lab cluster', url: ray.url }] });
    mkdirSync(path.join(ui.workspace, 'sets'), { recursive: true });
    writeFileSync(path.join(ui.workspace, 'sets/kitchen.curated.jsonl'), `${printSample(corrected())}\n`);
    // As a repository could bring it along: a run under way, at a backend of this machine's settings.
    new WrittenRuns(ui.workspace).add(writtenPlan('run-open', { backend: { kind: 'ray', name: 'lab cluster', url: ray.url } }), { state: 'running' });
    page = await ui.open();
    await page.locator('.statusbar-item').filter({ hasText: 'Restricted Mode' }).waitFor();
  });
  after(async () => {
    await ui.stop();
    await ray.stop();
  });

  it('no set can be pushed or launched, and no backend set up: the palette does not have it', async () => {
    assert.deepEqual(await offered(), []);
    assert.deepEqual(ray.requests, []);
  });

  it('a run under way is shown and not asked about, until the workspace is trusted', async function () {
    this.timeout(180_000);
    const before = runFile();
    await openViewContainer(page, 'CoT Lens');
    await row().waitFor();
    // It would be asked about at once, and again after ten seconds.
    await page.waitForTimeout(15_000);
    assert.deepEqual(ray.requests, []);
    assert.equal(runFile(), before, 'and nothing is noted of it');
    assert.match(await row().innerText(), /kitchen · AdvChain SFT/);

    await runCommand(page, 'Workspaces: Manage Workspace Trust');
    await page.locator('.workspace-trust-editor .monaco-button').filter({ hasText: /^Trust$/ }).first().click();
    await page.locator('.statusbar-item').filter({ hasText: 'Restricted Mode' }).waitFor({ state: 'detached' });
    await eventually(() => {
      assert.ok(ray.requests.some(({ path: asked }) => asked.startsWith('/api/jobs/')), 'the same run is asked about');
    }, 60_000);
    assert.deepEqual(await offered(), SENDS);
  });
});
