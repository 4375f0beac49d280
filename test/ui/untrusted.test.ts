import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { laneView } from '../harness/lane';
import { startModelServer } from '../harness/modelServer';
import { samplesFolder } from '../harness/places';
import { scriptedReply } from '../harness/scriptedJudge';
import { changeSettings } from '../harness/settings';
import { startUi, type Ui } from '../harness/ui';
import { codeLens, notifications, openFile, runCommand } from '../harness/workbench';

describe('in a workspace that is not trusted', () => {
  let ui: Ui;
  let page: Page;
  before(async () => {
    ui = await startUi({ workspace: samplesFolder(), workspaceTrust: true });
    page = await ui.open();
    await page.locator('.statusbar-item').filter({ hasText: 'Restricted Mode' }).waitFor();
  });
  after(() => ui.stop());

  it('traces can be read and saved scores are shown', async () => {
    await openFile(page, 'peak-temptation-correction.cot');
    await codeLens(page, 'peak').waitFor();
    await page.waitForTimeout(500);
    assert.ok((await laneView(page)).rows.some((row) => row.pieces.length > 0));
  });

  it('the offline heuristic scores, since it runs on this machine and reads nothing but the trace', async () => {
    await openFile(page, 'real/self_shutdown--claude-sonnet-4-5.cot');
    await codeLens(page, 'Score 7 steps').click();
    await codeLens(page, 'offline heuristic, prefix').waitFor();
  });

  it('no language model is asked, on this machine neither: it says why, and offers to manage trust', async () => {
    const model = await startModelServer({ reply: scriptedReply() });
    try {
      const judge = { name: 'my judge', baseUrl: model.url, model: 'scripted' };
      changeSettings(ui.server, { 'cotLens.judges': [judge], 'cotLens.judge': 'my judge' });
      await openFile(page, 'real/syco_expert_false--claude-haiku-4-5.cot');
      await codeLens(page, '· my judge').click();
      await notifications(page).filter({ hasText: 'Scoring with my judge would send traces of this workspace to' }).waitFor();
      await page.locator('.notifications-toasts').getByText('Manage Workspace Trust').waitFor();
      await codeLens(page, '· my judge').waitFor();
      assert.equal(model.requests.length, 0);
    } finally {
      changeSettings(ui.server, { 'cotLens.judges': [], 'cotLens.judge': 'offline' });
      await model.stop();
    }
  });

  it('a rubric of the workspace is not used, and it says so', async () => {
    changeSettings(ui.server, { 'cotLens.rubric': 'README.md' });
    await runCommand(page, 'CoT Lens: Show Rubric');
    await notifications(page).filter({ hasText: 'this workspace is not trusted' }).filter({ hasText: 'README' }).waitFor();
    changeSettings(ui.server, { 'cotLens.rubric': '' });
  });
});
