import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { csvParse } from 'd3-dsv';
import { after, afterEach, before, describe, it } from 'mocha';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { Score } from '../../src/trace/verdict';
import { picture } from '../harness/picture';
import { root } from '../harness/root';
import { writeScoredRows, type ScoredRow } from '../harness/scoredRows';
import { startUi, type Ui } from '../harness/ui';
import { answer, notifications, pick, reloadWindow, runCommand, setTheme, themes, webview } from '../harness/workbench';
import { eventually } from '../suite/eventually';

const ROWS = 24;
const NOUNS = ['bread', 'soup', 'a rose', 'a fence'];
const score = (value: number): Score => Math.max(1, Math.min(5, Math.round(value))) as Score;

/** Rows that peak in the middle before, and stay low after; what each says is a little different. */
function rows(peak: number): ScoredRow[] {
  return Array.from({ length: ROWS }, (_, i) => {
    const n = 4 + (i % 9);
    return {
      id: `r${String(i)}`,
      prompt: `How do I look after ${NOUNS[i % NOUNS.length] ?? ''}, case ${String(i)}?`,
      steps: Array.from({ length: n }, (__, step) => `Thought ${String(step + 1)} of case ${String(i)} at ${String(peak)}.`),
      answer: `With care, case ${String(i)}.`,
      source: NOUNS[i % NOUNS.length] ?? '',
      ...(i % 6 === 5 ? {} : { harmfulness: Array.from({ length: n }, (__, step) => score(1 + peak * Math.sin((Math.PI * (step + 0.5)) / n) + ((i * 7 + step) % 3) - 1)), answerHarmfulness: score(1 + (i % 3) * (peak / 4)) }),
    };
  });
}

describe('the Mean Curves page', () => {
  let ui: Ui;
  let page: Page;
  /** What browsers say of a policy that something ran against. */
  const violations: string[] = [];
  before(async () => {
    ui = await startUi({ settings: { 'workbench.colorTheme': themes.dark.name, 'files.simpleDialog.enable': true } });
    writeScoredRows(ui.workspace, 'before.jsonl', rows(3.4));
    writeScoredRows(ui.workspace, 'after.jsonl', rows(1.2));
    page = await ui.open();
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) violations.push(`${message.location().url}: ${message.text()}`);
    });
    // The palette knows our commands as soon as the activity bar has our icon.
    await page.locator('.activitybar a[aria-label^="CoT Lens"]').waitFor({ timeout: 40_000 });
    await page.keyboard.press('Control+B');
  });
  after(() => ui.stop());
  afterEach(async function () {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') await picture(page, path.join(root, 'out/failures', `means-${currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}.png`));
  });

  const inside = (): FrameLocator => webview(page);
  const summary = (): Locator => inside().locator('.summary');
  const says = (text: string | RegExp): Promise<void> => summary().filter({ hasText: text }).waitFor();
  const lines = (): Locator => inside().locator('.chart .line.group');

  async function choose(title: string, option: string): Promise<void> {
    const list = inside().locator(`vscode-single-select[title="${title}"]`);
    await list.click();
    await list.getByRole('option', { name: option, exact: true }).first().click();
  }

  /** Ticks files in the list that asks for them. */
  async function showMeansOf(...files: string[]): Promise<void> {
    await runCommand(page, 'CoT Lens: Show Mean Curves…');
    for (const file of files) {
      const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: file }).first();
      await row.locator('.quick-input-list-checkbox, .monaco-checkbox').first().click();
    }
    // Enter would take the tick away again.
    await page.locator('.quick-input-widget:visible .monaco-button').filter({ hasText: 'OK' }).click();
  }

  it('shows the mean of a dataset with its band, its n per bin, and who judged', async () => {
    await showMeansOf('before.jsonl');
    await says('before.jsonl · n = 20 of 24 rows; 4 not scored by it');
    await says('Scripted judge, prefix · scripted-1 · rubric test-1');
    await says('aligned by position, 10 bins · unconditioned');
    // The intent of these rows is not known: both series are shown.
    assert.equal(await lines().count(), 2);
    assert.equal(await inside().locator('.chart .band').count(), 2);
    const counts = await inside().locator('.chart .count:not(.label)').allTextContents();
    assert.deepEqual(counts, Array<string>(2 * 11).fill('20'));
    assert.match((await inside().locator('.chart').getAttribute('aria-label')) ?? '', /all traces, mean harmfulness from/);
    await picture(page, path.join(root, 'out/pictures/means-dark.png'));
  });

  it('groups, aligns, says what is conditioned, and lays groups side by side', async () => {
    await choose('Groups', 'by source');
    await says('grouped by source · unconditioned');
    assert.equal(await lines().count(), 8);
    assert.deepEqual((await inside().locator('.groups .link').allInnerTexts()).map((name) => name.slice(3)).sort(), [...NOUNS].sort());
    await choose('Groups', 'by shape');
    await says(/CONDITIONED: grouped by shape/);
    await choose('Groups', 'by source');
    await choose('Alignment', 'at the worst score');
    await says(/at the worst score, −3 to \+5 steps.*CONDITIONED: aligned at each trace’s extreme/);
    await inside().locator('.chart text.tick', { hasText: '−3' }).first().waitFor();
    await choose('Last step of the window', '+2');
    await says(/−3 to \+2 steps/);
    await picture(page, path.join(root, 'out/pictures/means-extreme.png'));
    await choose('Layout', 'side by side');
    await inside().locator('.chart .title', { hasText: 'bread: harmfulness' }).waitFor();
    await picture(page, path.join(root, 'out/pictures/means-multiples.png'));
    await choose('Layout', 'overlaid');
    await choose('Alignment', 'by position');
    await says('by position, 10 bins');
  });

  it('lists the traces of a group, and opens one', async () => {
    await inside().locator('.groups .link').first().click();
    await inside().locator('.members h3').filter({ hasText: /traces/ }).waitFor();
    await inside().locator('.members .link').first().click();
    await page.locator('.view-line').filter({ hasText: 'Thought' }).first().waitFor();
    await runCommand(page, 'View: Close Editor');
  });

  it('has all numbers as a table, and in a CSV', async () => {
    await inside().locator('vscode-checkbox[label="table"]').click();
    await inside().locator('section.table:not(.unseen) tbody tr').last().filter({ hasText: 'answer' }).waitFor();
    await eventually(async () => { assert.equal(await inside().locator('section.table tbody tr').count(), 11); });
    await inside().locator('vscode-checkbox[label="table"]').click();
    for (const format of ['CSV', 'SVG', 'PNG']) {
      await inside().locator('.exports vscode-button').filter({ hasText: format }).click();
      await page.locator('.quick-input-widget:visible .quick-input-box input').waitFor();
      await page.waitForTimeout(500);
      const file = path.join(ui.workspace, `saved.${format.toLowerCase()}`);
      await answer(page, file);
      await inside().locator('.notice').filter({ hasText: `Saved saved.${format.toLowerCase()}` }).waitFor();
      assert.ok(existsSync(file), file);
    }
    const table = csvParse(readFileSync(path.join(ui.workspace, 'saved.csv'), 'utf8'));
    assert.equal(table.length, 4 * 2 * 11);
    const svg = readFileSync(path.join(ui.workspace, 'saved.svg'), 'utf8');
    assert.match(svg, /n = 20 of 24 rows/);
    assert.doesNotMatch(svg, /var\(|NaN/);
  });

  it('can be read in every theme and in a narrow page', async () => {
    await inside().locator('h1').scrollIntoViewIfNeeded();
    for (const theme of ['light', 'high contrast dark', 'high contrast light'] as const) {
      await setTheme(page, ui.server, theme);
      await page.waitForTimeout(300);
      await picture(page, path.join(root, `out/pictures/means-${theme.replaceAll(' ', '-')}.png`));
    }
    await setTheme(page, ui.server, 'dark');
    await page.setViewportSize({ width: 520, height: 900 });
    await page.waitForTimeout(400);
    await inside().locator('h1').scrollIntoViewIfNeeded();
    const overflow = await inside().locator('body').evaluate((body) => body.scrollWidth - body.clientWidth);
    await picture(page, path.join(root, 'out/pictures/means-narrow.png'));
    await page.setViewportSize({ width: 1400, height: 900 });
    assert.ok(overflow <= 1, `${String(overflow)} pixels too wide`);
  });

  it('is there again after a reload, as it was', async () => {
    await page.waitForTimeout(500);
    await reloadWindow(page);
    await summary().filter({ hasText: 'grouped by source' }).waitFor({ timeout: 40_000 });
    await says('n = 20 of 24 rows');
  });

  it('compares two datasets: pairs side by side, and the means of exactly the pairs with their difference', async () => {
    await runCommand(page, 'View: Close All Editors');
    await runCommand(page, 'CoT Lens: Compare Two Datasets…');
    await pick(page, 'before.jsonl');
    await pick(page, 'after.jsonl');
    const message = notifications(page).filter({ hasText: '24 same-prompt pairs' });
    await message.waitFor();
    await page.locator('.editor-group-container').nth(1).locator('.view-line').filter({ hasText: 'at 1.2.' }).first().waitFor();
    await page.locator('.editor-group-container').nth(0).locator('.view-line').filter({ hasText: 'at 3.4.' }).first().waitFor();
    await page.waitForTimeout(800);
    await picture(page, path.join(root, 'out/pictures/means-pair.png'));
    await page.keyboard.press('Control+F7');
    await page.locator('.editor-group-container').nth(1).locator('.view-line').filter({ hasText: 'case 1 at 1.2.' }).first().waitFor();
    await page.keyboard.press('Control+Shift+F7');
    await page.locator('.editor-group-container').nth(1).locator('.view-line').filter({ hasText: 'case 0 at 1.2.' }).first().waitFor();
    await runCommand(page, 'CoT Lens: Show Mean Curves of Pairs');
    await says('n = 20 of 24 same-prompt pairs; 4 not scored by it on both sides');
    await inside().locator('.chart .title', { hasText: 'Paired difference of harmfulness: after.jsonl less before.jsonl' }).waitFor();
    assert.equal(await inside().locator('.chart .line.difference').count(), 2);
    await runCommand(page, 'View: Close Other Editors in Group');
    await picture(page, path.join(root, 'out/pictures/means-paired.png'));
  });

  it('ran against no policy', () => {
    assert.deepEqual(violations.filter((one) => /vscode-webview|vscode-resource|means|index\.js/.test(one)), []);
  });
});
