import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { laneView } from '../harness/lane';
import { samplesFolder } from '../harness/places';
import { startUi, type Ui } from '../harness/ui';
import { codeLens, openFile } from '../harness/workbench';

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
});
