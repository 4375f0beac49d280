import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { FrameLocator, Page } from 'playwright-core';
import { picture } from '../harness/picture';
import { samplesFolder } from '../harness/places';
import { root } from '../harness/root';
import { writeScoredRows } from '../harness/scoredRows';
import { startUi, type Ui } from '../harness/ui';
import { openViewContainer, setTheme, themes, webview } from '../harness/workbench';
import { DEMO_JUDGE } from './demoJudge';
import { everydayRows } from './everydayRows';

/** The pictures of README.md of the Traces view: `npm run screenshots` takes them anew in media/screenshots/. */
describe('pictures of the Traces view', () => {
  let ui: Ui;
  let page: Page;
  before(async () => {
    ui = await startUi({ workspace: samplesFolder(), settings: { 'workbench.colorTheme': 'Light Modern' } });
    writeScoredRows(ui.workspace, 'everyday.jsonl', everydayRows(320, false), DEMO_JUDGE);
    page = await ui.open();
    await page.setViewportSize({ width: 1280, height: 860 });
    await openViewContainer(page, 'CoT Lens');
    await inside().locator('.welcome').waitFor();
    await choose('everyday.jsonl');
    await inside().locator('.card .curve').first().waitFor();
    await widen(430);
    await inside().locator('.card').nth(1).click();
    await page.locator('.view-line').first().waitFor();
  });
  after(() => ui.stop());

  const inside = (): FrameLocator => webview(page);
  const keep = async (name: string): Promise<void> => {
    // Nothing is to be under the mouse.
    await page.mouse.move(900, 700);
    await page.waitForTimeout(900);
    await picture(page, path.join(root, 'media/screenshots', `${name}.png`));
  };
  async function choose(name: string): Promise<void> {
    const list = inside().locator('.dataset vscode-single-select');
    await list.click();
    await list.getByRole('option', { name }).first().click();
  }
  /** Drags the side bar's edge. */
  async function widen(width: number): Promise<void> {
    const box = await page.locator('.part.sidebar').boundingBox();
    const edge = (box?.x ?? 48) + (box?.width ?? 300);
    await page.mouse.move(edge, 500);
    await page.waitForTimeout(400);
    await page.mouse.down();
    await page.mouse.move(48 + width, 500, { steps: 6 });
    await page.mouse.up();
  }

  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    it(`the list in the ${theme} theme`, async () => {
      await setTheme(page, ui.server, theme);
      await keep(`traces-${theme.replaceAll(' ', '-')}`);
    });
  }

  it('filters', async () => {
    await setTheme(page, ui.server, 'light');
    await inside().getByRole('button', { name: /^Filter/ }).click();
    await inside().locator('vscode-checkbox[label="peak"]').click();
    await inside().locator('.status').filter({ hasText: 'of 320 rows' }).waitFor();
    await keep('traces-filter');
  });
});
