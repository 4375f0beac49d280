import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { picture } from '../harness/picture';
import { samplesFolder } from '../harness/places';
import { root } from '../harness/root';
import { startUi, type Ui } from '../harness/ui';
import { notifications, openViewContainer, runCommand, visibleLines, webview } from '../harness/workbench';

const ROWS = 240;
const HOSTILE = '<img src=x onerror="document.title=1">$(trash) [x](command:y)';

/** Mild rows in the shape of STAR-1. */
function rows(): string {
  return Array.from({ length: ROWS }, (_, i) => {
    const question = i === 7 ? HOSTILE : i % 10 === 3 ? `How do I kill a process that hangs, number ${String(i)}?` : `How do I bake bread number ${String(i)}?`;
    const steps = Array.from({ length: 3 + (i % 4) }, (_step, k) => `Step ${String(k + 1)}: the user asks about ${i % 10 === 3 ? 'a process' : 'bread'}, which is fine.`);
    return JSON.stringify({ id: `r${String(i)}`, question, response: `<think>\n${steps.join('\n\n')}\n</think>\n\nHere is how, number ${String(i)}.`, category: [], source: 'made up' });
  }).join('\n');
}

describe('the Traces view', () => {
  let ui: Ui;
  let page: Page;
  const violations: string[] = [];
  before(async () => {
    ui = await startUi({ workspace: samplesFolder(), settings: { 'workbench.colorTheme': 'Dark Modern' } });
    writeFileSync(path.join(ui.workspace, 'mild.jsonl'), `${rows()}\n`);
    const other = (question: string): string => `${JSON.stringify({ id: question.slice(-5, -1), question, response: '<think>\nA step.\n</think>\n\nLike this.' })}\n`;
    writeFileSync(path.join(ui.workspace, 'other.jsonl'), other('How do I mend a fence?') + other('How do I mend a roof?'));
    writeFileSync(path.join(ui.workspace, 'nothing.jsonl'), '');
    page = await ui.open();
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) violations.push(`${message.location().url}: ${message.text()}`);
    });
    // Room for the rows that the tests look at, above the other views.
    await page.setViewportSize({ width: 1400, height: 1300 });
    await openViewContainer(page, 'CoT Lens');
    await inside().locator('.dataset').waitFor();
  });
  after(() => ui.stop());
  afterEach(async function () {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') {
      await picture(page, path.join(root, 'out/failures', `traces-${currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}.png`));
    }
  });

  const inside = (): FrameLocator => webview(page);
  const cards = (): Locator => inside().locator('.card:not(.skeleton)');
  const status = (): Locator => inside().locator('.status [role=status]');
  const says = (text: string): Promise<void> => status().filter({ hasText: text }).waitFor();

  async function choose(name: string): Promise<void> {
    const list = inside().locator('.dataset vscode-single-select');
    // While the workspace is looked through, what is found moves what stands below it.
    await inside().locator('.dataset[aria-busy="false"]').waitFor();
    await list.click();
    await list.getByRole('option', { name }).first().click();
  }

  it('finds the datasets of the workspace, and lists the rows of one', async () => {
    await choose('mild.jsonl');
    await says(`${String(ROWS)} rows`);
    await inside().locator('.facts').filter({ hasText: 'jsonl' }).waitFor();
    const first = cards().first();
    await first.filter({ hasText: 'How do I bake bread number 0?' }).waitFor();
    assert.equal(await inside().locator('.grid').getAttribute('aria-rowcount'), String(ROWS));
    assert.match((await first.getAttribute('aria-label')) ?? '', /^Row 1, r0, 3 steps, How do I bake bread/);
    // Only what is in view, and some, is in the page.
    assert.ok((await inside().locator('.card').count()) < 40);
    const hostile = cards().filter({ hasText: 'onerror' });
    await inside().locator('.grid').press('PageDown');
    await hostile.first().waitFor();
    assert.equal(await hostile.locator('img').count(), 0);
    assert.equal(await page.title().then((title) => title === '1'), false);
  });

  it('shows another dataset’s rows, and never the last one’s in their place', async () => {
    await choose('other.jsonl');
    await says('2 rows');
    await cards().first().filter({ hasText: 'How do I mend a fence?' }).waitFor();
    await cards().nth(1).click();
    await page.waitForFunction(() => [...document.querySelectorAll('.view-line')].some((line) => line.textContent?.replaceAll('\u00a0', ' ').includes('How do I mend a roof?')));
    await choose('nothing.jsonl');
    await inside().locator('.empty').filter({ hasText: 'There is no row in this dataset.' }).waitFor();
    assert.equal(await cards().count(), 0);
    await choose('mild.jsonl');
    await cards().first().filter({ hasText: 'How do I bake bread number 0?' }).waitFor();
  });

  it('keeps what is selected while the list is filtered and sorted', async () => {
    const grid = inside().locator('.grid');
    const search = inside().locator('.filters > vscode-textfield input');
    await cards().filter({ hasText: 'bread number 2?' }).click();
    await cards().filter({ hasText: 'number 3?' }).click({ modifiers: ['Control'] });
    await says('2 selected');
    await inside().getByRole('button', { name: 'Ascending; press for descending' }).click();
    await says('2 selected');
    await grid.press('End');
    await grid.press('Home');
    await says('1 selected');
    await inside().getByRole('button', { name: 'Descending; press for ascending' }).click();
    await says('1 selected');
    await grid.press('Escape');
    await search.fill('nowhere at all');
    await inside().locator('.empty').filter({ hasText: 'No row fits' }).waitFor();
    await search.fill('');
    await says(`${String(ROWS)} rows`);
    await cards().filter({ hasText: 'bread number 0?' }).waitFor();
  });

  it('goes to the end and back by keys', async () => {
    const grid = inside().locator('.grid');
    await grid.press('End');
    await cards().filter({ hasText: `number ${String(ROWS - 1)}?` }).waitFor();
    assert.equal(await inside().locator('.card.active').getAttribute('aria-rowindex'), String(ROWS));
    await grid.press('Home');
    await cards().filter({ hasText: 'bread number 0?' }).waitFor();
  });

  it('filters by text, and remembers it', async () => {
    const search = inside().locator('.filters > vscode-textfield input');
    await search.fill('KILL a process');
    await says(`24 of ${String(ROWS)} rows`);
    await cards().first().filter({ hasText: 'number 3?' }).waitFor();
    await openViewContainer(page, 'Explorer');
    await openViewContainer(page, 'CoT Lens');
    await says(`24 of ${String(ROWS)} rows`);
    assert.equal(await inside().locator('.filters > vscode-textfield input').inputValue(), 'KILL a process');
  });

  it('opens a row as a document, as a preview by a click and to keep by Enter', async () => {
    await cards().nth(1).click();
    const tab = page.locator('.tab.active');

    await page.waitForFunction(() => [...document.querySelectorAll('.view-line')].some((line) => line.textContent?.includes('13?')));
    assert.match((await tab.getAttribute('aria-label')) ?? (await tab.innerText()), /row14/);
    await inside().locator('.card.shown').filter({ hasText: 'number 13?' }).waitFor();
    await inside().locator('.grid').press('Enter');
    await page.locator('.editor-group-container.active .tab.active:not(.preview)').waitFor();
    assert.ok((await visibleLines(page)).some((line) => line.includes('How do I kill')));
    // The editor takes the focus a moment later, which would close the palette of the next test.
    await page.waitForTimeout(700);
  });

  it('goes on to the next row of the list, not of the file', async () => {
    await runCommand(page, 'CoT Lens: Next Row');
    await page.waitForFunction(() => [...document.querySelectorAll('.view-line')].some((line) => line.textContent?.replaceAll('\u00a0', ' ').includes('number 23?')));
    await inside().locator('.card.shown').filter({ hasText: 'number 23?' }).waitFor();
    await runCommand(page, 'CoT Lens: Previous Row');
    await inside().locator('.card.shown').filter({ hasText: 'number 13?' }).waitFor();
  });

  it('scores five selected rows, and their curves appear in the list', async () => {
    const grid = inside().locator('.grid');
    await cards().first().click();
    await grid.press('Home');
    for (let i = 0; i < 4; i++) await grid.press('Shift+ArrowDown');
    await says('5 selected');
    await runCommand(page, 'CoT Lens: Score Selected Rows…');
    await notifications(page).filter({ hasText: '5 traces scored' }).waitFor();
    await inside().locator('.card .curve').nth(4).waitFor();
    const folder = path.join(ui.workspace, '.cotlens/scores');
    assert.ok(existsSync(folder));
    const scored = readdirSync(folder).filter((name) => name.startsWith('mild.jsonl'));
    assert.equal(scored.length, 5);
    assert.match(readFileSync(path.join(folder, scored[0] ?? ''), 'utf8'), /"doc":"mild\.jsonl#r\d+"/);
    assert.match((await cards().first().getAttribute('aria-label')) ?? '', /offline heuristic/);
  });

  it('filters by what was scored, sorts and draws a sample that can be drawn again', async () => {
    await inside().locator('.filters > vscode-textfield input').fill('');
    await says(`${String(ROWS)} rows`);
    await inside().getByRole('button', { name: /^Filter/ }).click();
    const judged = inside().locator('vscode-single-select[title="Judged"]');
    await judged.click();
    await judged.getByRole('option', { name: 'Judged', exact: true }).click();
    await says(`5 of ${String(ROWS)} rows`);
    await inside().getByRole('button', { name: 'Clear all filters' }).click();
    await says(`${String(ROWS)} rows`);
    await inside().locator('vscode-checkbox').filter({ hasText: 'Random sample of' }).click();
    await says(`100 of ${String(ROWS)} rows`);
    const seed = inside().locator('vscode-textfield').filter({ has: page.locator('input[type=number]') }).last().locator('input');
    await seed.fill('42');
    await page.waitForTimeout(600);
    const drawn = await cards().locator('.name').allInnerTexts();
    await inside().getByRole('button', { name: 'New seed' }).click();
    await page.waitForTimeout(600);
    assert.notDeepEqual(await cards().locator('.name').allInnerTexts(), drawn);
    await seed.fill('42');
    await page.waitForTimeout(600);
    assert.deepEqual(await cards().locator('.name').allInnerTexts(), drawn);
    await inside().getByRole('button', { name: 'Clear all filters' }).click();
    await inside().getByRole('button', { name: /^Filter/ }).click();
  });

  it('has a menu of its own on a row', async () => {
    await cards().nth(2).click({ button: 'right' });
    const menu = page.locator('.monaco-menu');
    await menu.filter({ hasText: 'Score Selected Rows…' }).waitFor();
    await menu.filter({ hasText: 'Copy Prompt' }).waitFor();
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    // The focus goes back to the page a moment later, which would close the next menu.
    await page.waitForTimeout(700);
    // By the keyboard it is that of the row that the keyboard is on.
    await inside().locator('.grid').press('Shift+F10');
    await menu.filter({ hasText: 'Copy Prompt' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('lists the trace files of the workspace', async () => {
    await choose('Trace files (.cot)');
    await inside().locator('.facts').filter({ hasText: 'cot' }).waitFor();
    await cards().filter({ hasText: 'peak-temptation-correction' }).first().waitFor();
    await inside().locator('.card .curve').first().waitFor();
  });

  it('ran against no policy', () => {
    assert.deepEqual(violations.filter((one) => /vscode-webview|vscode-resource|traces|index\.js/.test(one)), []);
  });
});
