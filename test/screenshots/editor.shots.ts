import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { picture } from '../harness/picture';
import { samplesFolder } from '../harness/places';
import { root } from '../harness/root';
import { changeSettings } from '../harness/settings';
import { startUi, type Ui } from '../harness/ui';
import { activeEditor, clickLine, codeLens, openFile, runCommand, setTheme, themes } from '../harness/workbench';

/** The pictures of README.md: `npm run screenshots` takes them anew in media/screenshots/. */
describe('pictures of the editor', () => {
  let ui: Ui;
  let page: Page;
  before(async () => {
    ui = await startUi({ workspace: samplesFolder(), settings: { 'workbench.colorTheme': 'Light Modern' } });
    page = await ui.open();
    await page.setViewportSize({ width: 1180, height: 900 });
    await page.keyboard.press('Control+B');
  });
  after(() => ui.stop());

  const keep = async (name: string): Promise<void> => {
    await page.waitForTimeout(900);
    await picture(page, path.join(root, 'media/screenshots', `${name}.png`));
  };
  const show = async (file: string, lens: string): Promise<void> => {
    await runCommand(page, 'View: Close All Editors');
    await openFile(page, file);
    await page.keyboard.press('Control+Home');
    await codeLens(page, lens).waitFor();
  };

  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    it(`a peak in the ${theme} theme`, async () => {
      await setTheme(page, ui.server, theme);
      await show('peak-temptation-correction.cot', 'peak');
      await clickLine(page, 'Maybe I');
      await page.keyboard.press('Home');
      await keep(`peak-${theme.replaceAll(' ', '-')}`);
    });
  }

  it('a hover', async () => {
    await setTheme(page, ui.server, 'light');
    await show('toxicity-snowball.cot', 'toxicity snowball');
    await runCommand(page, 'CoT Lens: Next Turning Point');
    await page.waitForTimeout(600);
    await runCommand(page, 'Show or Focus Hover');
    await page.locator('.monaco-hover:visible img').waitFor();
    await keep('hover');
    await page.keyboard.press('Escape');
  });

  it('a long real trace, scored with the offline heuristic, with its outline', async () => {
    await show('real/format_answer_first--kimi-k2-thinking.cot', 'Score');
    await codeLens(page, 'Score').click();
    await codeLens(page, 'offline heuristic, prefix').waitFor();
    await page.setViewportSize({ width: 1400, height: 900 });
    await runCommand(page, 'Explorer: Focus on Outline View');
    await clickLine(page, 'Thus');
    await page.mouse.move(900, 500);
    await page.mouse.wheel(0, 900);
    await keep('long-real-trace');
    await page.keyboard.press('Control+B');
    await page.setViewportSize({ width: 1180, height: 900 });
  });

  it('stale after an edit', async () => {
    await show('valley-hesitation-correction.cot', 'valley');
    await page.keyboard.press('Control+Home');
    await activeEditor(page).locator('.view-lines').click({ position: { x: 200, y: 200 } });
    const line = activeEditor(page).locator('.view-line').filter({ hasText: 'kill' }).last();
    await line.click();
    await page.keyboard.press('End');
    await page.keyboard.type(' ');
    await page.keyboard.type('Really.');
    await codeLens(page, 'stale').waitFor();
    await keep('stale');
    await page.keyboard.press('Control+Z');
    await page.keyboard.press('Control+Z');
    await page.keyboard.press('Control+S');
  });

  it('both series', async () => {
    changeSettings(ui.server, { 'cotLens.series': 'both' });
    await setTheme(page, ui.server, 'dark');
    await show('over-refusal-snowball.cot', 'over-refusal');
    await keep('both-series');
    changeSettings(ui.server, { 'cotLens.series': 'auto' });
  });

  it('heat', async () => {
    changeSettings(ui.server, { 'cotLens.lane': 'heat' });
    await setTheme(page, ui.server, 'light');
    await show('peak-temptation-correction.cot', 'peak');
    await keep('heat');
    changeSettings(ui.server, { 'cotLens.lane': 'curve' });
  });

  it('narrow halves of a split', async () => {
    await page.setViewportSize({ width: 48 + 1040, height: 900 });
    await show('peak-temptation-correction.cot', 'peak');
    await runCommand(page, 'View: Split Editor Right');
    await openFile(page, 'valley-hesitation-correction.cot');
    await codeLens(page, 'valley').waitFor();
    await keep('narrow-split');
  });
});
