import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { gardenVerdict, REFUSED } from '../harness/gardenRows';
import { startModelServer, type ModelServer } from '../harness/modelServer';
import { picture } from '../harness/picture';
import { root } from '../harness/root';
import { scriptedReply } from '../harness/scriptedJudge';
import { startTeacher } from '../harness/scriptedTeacher';
import { changeSettings } from '../harness/settings';
import { sampleOf } from '../harness/shedSamples';
import { startUi, type Ui } from '../harness/ui';
import { answer, clickLine, codeLens, notifications, openFile, openViewContainer, pick, runCommand, setTheme } from '../harness/workbench';
import { DEMO_JUDGE } from './demoJudge';

/** The pictures of README.md of crafting and curating: `npm run screenshots` takes them anew in media/screenshots/. */
describe('pictures of crafting', () => {
  let ui: Ui;
  let page: Page;
  let judge: ModelServer;
  let teacher: ModelServer;
  before(async () => {
    judge = await startModelServer({ reply: scriptedReply(gardenVerdict), snapshot: 'demo-judge' });
    teacher = await startTeacher();
    const model = (name: string, { url }: ModelServer): object => ({ name, baseUrl: url, model: 'demo', protocol: 'prefix' });
    ui = await startUi({ settings: { 'workbench.colorTheme': 'Light Modern', 'files.simpleDialog.enable': true } });
    changeSettings(ui.server, { 'cotLens.judges': [model('demo-judge', judge), model('demo-teacher', teacher)], 'cotLens.judge': 'demo-judge', 'cotLens.teacher': 'demo-teacher' });
    writeFileSync(path.join(ui.workspace, 'garden.jsonl'), REFUSED);
    const samples = Array.from({ length: 60 }, (_, i) => `${JSON.stringify(sampleOf(i, DEMO_JUDGE))}\n`);
    writeFileSync(path.join(ui.workspace, 'sheds.curated.jsonl'), samples.join(''));
    page = await ui.open();
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
    await page.locator('.activitybar a[aria-label^="CoT Lens"]').waitFor({ timeout: 40_000 });
    await page.keyboard.press('Control+B');
    await page.setViewportSize({ width: 1180, height: 860 });
  });
  after(async () => {
    await ui.stop();
    await judge.stop();
    await teacher.stop();
  });

  const keep = async (name: string): Promise<void> => {
    await page.mouse.move(5, 400);
    await page.waitForTimeout(900);
    await picture(page, path.join(root, 'media/screenshots', `${name}.png`));
  };

  /** A row of the dataset, said to be harmful. */
  async function openHarmful(row: string): Promise<void> {
    await openFile(page, 'garden.jsonl');
    await runCommand(page, 'CoT Lens: Open Row…');
    await answer(page, row);
    await codeLens(page, 'Score').waitFor();
    await runCommand(page, 'CoT Lens: Set Intent…');
    await pick(page, 'harmful');
    await page.waitForTimeout(800);
  }

  it('the lightbulb', async () => {
    await openHarmful('1');
    await clickLine(page, 'Going in without his knowing');
    await page.keyboard.press('Home');
    const rows = page.locator('.action-widget .monaco-list-row.action');
    for (let tries = 0; tries < 5; tries++) {
      await page.waitForTimeout(500);
      await page.keyboard.press('Control+.');
      if (await rows.filter({ hasText: 'temptation' }).first().waitFor({ timeout: 4000 }).then(() => true, () => false)) break;
      await page.keyboard.press('Escape');
    }
    await keep('craft-lightbulb');
    const at = (await rows.allTextContents()).findIndex((text) => text.includes('temptation'));
    for (let moved = 0; moved < at; moved += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
  });

  it('the preview of what the teacher wrote', async () => {
    await page.setViewportSize({ width: 1500, height: 860 });
    await page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .view-line').filter({ hasText: 'slip of mine' }).first().waitFor();
    await keep('craft-preview');
    await setTheme(page, ui.server, 'dark');
    await keep('craft-preview-dark');
    await setTheme(page, ui.server, 'high contrast dark');
    await keep('craft-preview-high-contrast');
    await setTheme(page, ui.server, 'light');
    await runCommand(page, 'CoT Lens: Accept Draft');
    await page.setViewportSize({ width: 1180, height: 860 });
  });

  it('the peak', async () => {
    await codeLens(page, 'Score 7 steps').waitFor();
    await runCommand(page, 'View: Toggle Problems');
    await page.waitForTimeout(1500);
    await keep('craft-checks');
    await runCommand(page, 'View: Toggle Problems');
    await codeLens(page, 'Score 7 steps').click();
    await codeLens(page, 'peak ✓').waitFor();
    await keep('craft-peak');
  });

  it('into the set', async () => {
    await runCommand(page, 'CoT Lens: Add to Curated Set…');
    await pick(page, 'sheds');
    await notifications(page).filter({ hasText: 'Added to' }).first().waitFor();
    await page.keyboard.press('Control+B');
    await openViewContainer(page, 'CoT Lens');
    await page.waitForTimeout(1500);
    await keep('set-view');
    await runCommand(page, 'Notifications: Clear All Notifications');
    await clickLine(page, 'It is locked');
    await page.keyboard.press('Control+S');
    await page.locator('.tab.active:not(.dirty)').waitFor();
    await runCommand(page, 'View: Close All Editors');
    await page.waitForTimeout(500);
    await runCommand(page, 'CoT Lens: Show Set Page');
    // The Traces view beside it is a page too, and the older one.
    const inside = page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
    await inside.locator('.chart .line').first().waitFor();
    await page.keyboard.press('Control+B');
    await keep('set-page');
    await setTheme(page, ui.server, 'high contrast dark');
    await keep('set-page-high-contrast');
    await setTheme(page, ui.server, 'light');
  });

  it('the training file', async () => {
    await runCommand(page, 'View: Close All Editors');
    await runCommand(page, 'CoT Lens: Export Training File…');
    await page.waitForTimeout(800);
    if (await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'sheds' }).first().isVisible()) await pick(page, 'sheds');
    await page.waitForTimeout(800);
    await keep('export-formats');
    await pick(page, 'TRL messages');
    await page.waitForTimeout(800);
    await pick(page, 'Without a Template');
    await page.waitForTimeout(4000);
    await keep('export-preview');
  });

  it('by hand', async () => {
    await page.reload();
    await page.locator('.monaco-workbench').waitFor({ timeout: 40_000 });
    await page.waitForTimeout(3000);
    await runCommand(page, 'View: Close All Editors');
    await openHarmful('2');
    await clickLine(page, 'She would be hurt');
    await runCommand(page, 'CoT Lens: Craft by Hand at Cursor…');
    await keep('craft-choose');
    await pick(page, 'temptation');
    await page.waitForTimeout(800);
    await page.keyboard.type('Then again, maybe a short look would not be so bad.');
    // Provenance follows a second after the last key.
    await page.waitForTimeout(2000);
    await keep('craft-by-hand');
  });
});
