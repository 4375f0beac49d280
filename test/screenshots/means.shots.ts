import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { FrameLocator, Page } from 'playwright-core';
import { picture } from '../harness/picture';
import { root } from '../harness/root';
import { writeScoredRows } from '../harness/scoredRows';
import { startUi, type Ui } from '../harness/ui';
import { notifications, pick, runCommand, setTheme, webview } from '../harness/workbench';
import { DEMO_JUDGE } from './demoJudge';
import { everydayRows } from './everydayRows';

/** The pictures of README.md of mean curves and of two datasets compared: `npm run screenshots` takes them anew in media/screenshots/. */
describe('pictures of mean curves', () => {
  let ui: Ui;
  let page: Page;
  before(async () => {
    ui = await startUi({ settings: { 'workbench.colorTheme': 'Light Modern' } });
    writeScoredRows(ui.workspace, 'before.jsonl', everydayRows(160, false), DEMO_JUDGE);
    writeScoredRows(ui.workspace, 'after.jsonl', everydayRows(160, true), DEMO_JUDGE);
    page = await ui.open();
    await page.locator('.activitybar a[aria-label^="CoT Lens"]').waitFor({ timeout: 40_000 });
    await page.keyboard.press('Control+B');
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  after(() => ui.stop());

  const inside = (): FrameLocator => webview(page);
  const keep = async (name: string): Promise<void> => {
    await page.waitForTimeout(900);
    await picture(page, path.join(root, 'media/screenshots', `${name}.png`));
  };
  const says = (text: string | RegExp): Promise<void> => inside().locator('.summary').filter({ hasText: text }).waitFor();
  async function choose(title: string, option: string): Promise<void> {
    const list = inside().locator(`vscode-single-select[title="${title}"]`);
    await list.click();
    await list.getByRole('option', { name: option, exact: true }).first().click();
    // What is chosen may bring or take controls, and moves the others.
    await page.waitForTimeout(800);
  }

  it('two datasets side by side', async () => {
    await page.setViewportSize({ width: 1500, height: 760 });
    await runCommand(page, 'CoT Lens: Compare Two Datasets…');
    await pick(page, 'before.jsonl');
    await pick(page, 'after.jsonl');
    await notifications(page).filter({ hasText: '160 same-prompt pairs' }).waitFor();
    await page.locator('.editor-group-container').nth(1).locator('.view-line').first().waitFor();
    await page.waitForTimeout(1500);
    await keep('pairs');
    await runCommand(page, 'Notifications: Clear All Notifications');
  });

  it('the pairs’ means and their difference', async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await runCommand(page, 'CoT Lens: Show Mean Curves of Pairs');
    await says('same-prompt pairs');
    await runCommand(page, 'View: Close Other Editors in Group');
    await runCommand(page, 'View: Join All Editor Groups');
    await runCommand(page, 'View: Close Other Editors in Group');
    await says('same-prompt pairs');
    await keep('means-paired');
  });

  it('groups by source, and aligned at the worst score', async () => {
    await runCommand(page, 'View: Close All Editors');
    await runCommand(page, 'CoT Lens: Show Mean Curves…');
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'before.jsonl' }).first().locator('.quick-input-list-checkbox, .monaco-checkbox').first().click();
    await page.locator('.quick-input-widget:visible .monaco-button').filter({ hasText: 'OK' }).click();
    await says('of 160 rows');
    await choose('Groups', 'by source');
    await says('grouped by source');
    await keep('means-light');
    await setTheme(page, ui.server, 'dark');
    await keep('means-dark');
    await setTheme(page, ui.server, 'high contrast dark');
    await keep('means-high-contrast-dark');
    await setTheme(page, ui.server, 'light');
    await choose('Alignment', 'at the worst score');
    await says('CONDITIONED');
    await choose('Layout', 'side by side');
    await keep('means-extreme');
  });
});
