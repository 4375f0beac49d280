import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { laneView, type VisualRow } from '../harness/lane';
import { picture } from '../harness/picture';
import { samplesFolder } from '../harness/places';
import { root } from '../harness/root';
import { changeSettings } from '../harness/settings';
import { startUi, type Ui } from '../harness/ui';
import { activeEditor, codeLens, openFile, runCommand, setTheme, themes } from '../harness/workbench';
import { eventually } from '../suite/eventually';

/** A row of the whole document, at its place in it, and the editor's part that text and lane can use. */
type PlacedRow = VisualRow & { readonly y: number; readonly editor: { readonly left: number; readonly right: number } };

/** The visual rows from the first to the last step, gathered page by page from the top to the bottom of the document. */
async function reasoningRows(page: Page): Promise<PlacedRow[]> {
  const box = await activeEditor(page).boundingBox();
  assert.ok(box);
  await page.mouse.click(box.x + 200, box.y + 60);
  await page.keyboard.press('Control+Home');
  await page.waitForTimeout(300);
  const found = new Map<number, PlacedRow>();
  for (let before = -1, pages = 0; pages < 60; pages++) {
    const view = await laneView(page);
    for (const row of view.rows) {
      const y = Math.round(row.top + view.scrollTop);
      // Rows at the edge of the window are painted when they come into it.
      if (row.pieces.length > 0 || !found.has(y)) found.set(y, { ...row, y, editor: { left: view.left, right: view.right } });
    }
    if (view.scrollTop === before) break;
    before = view.scrollTop;
    // Less than a page, so that every row is once seen away from the window's edges.
    await page.mouse.wheel(0, 500);
    await page.waitForTimeout(150);
  }
  const rows = [...found.values()].sort((a, b) => a.y - b.y);
  const from = rows.findIndex((row) => row.text === '<think>');
  const to = rows.findIndex((row) => row.text === '</think>');
  assert.ok(from >= 0 && to > from, 'the reasoning was walked through from tag to tag');
  return rows.slice(from + 1, to);
}

/** The law of the lane: one element of the row's height per series on each row, strokes meeting at every shared edge. */
function assertContinuous(rows: readonly PlacedRow[], series: readonly string[]): void {
  assert.ok(rows.length > 20, `only ${String(rows.length)} rows were seen`);
  for (const [i, row] of rows.entries()) {
    assert.deepEqual(
      row.pieces.map((piece) => piece.series).toSorted(),
      [...series].toSorted(),
      `row ${String(i)} “${row.text.slice(0, 40)}” holds one element per series`,
    );
    const next = rows[i + 1];
    for (const piece of row.pieces) {
      assert.ok(Math.abs(piece.bottom - piece.top - (row.bottom - row.top)) < 0.5, `the element has the height of row ${String(i)}`);
      const below = next?.pieces.find((one) => one.series === piece.series);
      if (next === undefined || below === undefined) continue;
      assert.ok(Math.abs(next.y - row.y - (row.bottom - row.top)) <= 1, `no gap between rows ${String(i)} and ${String(i + 1)}`);
      assert.ok(
        Math.abs(piece.leaves - below.enters) <= 1.5,
        `strokes of rows ${String(i)} and ${String(i + 1)} meet: ${String(piece.leaves)} and ${String(below.enters)}`,
      );
    }
  }
}

function assertInsideEditor(rows: readonly PlacedRow[]): void {
  for (const { pieces, editor } of rows) {
    for (const { left, right } of pieces) {
      assert.ok(left >= editor.left && right <= editor.right + 1, `the lane at ${String(left)}–${String(right)} lies in the editor at ${String(editor.left)}–${String(editor.right)}`);
      assert.ok(right - left >= 27.5, `the lane is ${String(right - left)} px wide`);
    }
  }
}

function assertBesideText(rows: readonly PlacedRow[]): void {
  const lane = Math.min(...rows.flatMap((row) => row.pieces.map((piece) => piece.left)));
  const text = Math.max(...rows.map((row) => row.textRight));
  assert.ok(text <= lane, `text ends at ${String(text)}, the lane begins at ${String(lane)}`);
}

/** The x of the stroke that is painted on a pixel row, found in the picture by its colour; `undefined` where there is none. */
function strokeAt(png: Awaited<ReturnType<typeof picture>>, y: number, from: number, to: number): number | undefined {
  let sum = 0;
  let weight = 0;
  const row = Math.floor(y);
  for (let x = Math.floor(from); x < Math.ceil(to); x++) {
    const at = (png.width * row + x) * 4;
    const [r, g, b] = [png.data[at] ?? 0, png.data[at + 1] ?? 0, png.data[at + 2] ?? 0];
    // Backgrounds and the frame's lines are grey in every theme; strokes of harmfulness are not.
    const colourful = Math.max(r, g, b) - Math.min(r, g, b);
    if (colourful < 40) continue;
    sum += (x + 0.5) * colourful;
    weight += colourful;
  }
  return weight === 0 ? undefined : sum / weight;
}

describe('the curve lane', () => {
  let ui: Ui;
  let page: Page;
  before(async () => {
    ui = await startUi({ workspace: samplesFolder() });
    page = await ui.open();
    await page.keyboard.press('Control+B');
    await show('peak-temptation-correction.cot', 'peak');
  });
  after(() => ui.stop());
  afterEach(async function () {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') {
      await picture(page, path.join(root, 'out/failures', `${currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}.png`));
    }
  });

  /** Opens a sample at its top; VS Code remembers where it was left. */
  async function show(file: string, lens: string): Promise<void> {
    await openFile(page, file);
    await page.keyboard.press('Control+Home');
    await codeLens(page, lens).waitFor();
  }

  async function set(settings: Record<string, unknown>): Promise<void> {
    changeSettings(ui.server, settings);
    await page.waitForTimeout(1200);
  }

  it('at 1400 × 900 runs unbroken from the first to the last step, beside the text', async () => {
    await page.waitForTimeout(500);
    const rows = await reasoningRows(page);
    assertContinuous(rows, ['harmfulness']);
    assertBesideText(rows);
    assertInsideEditor(rows);
    // The scores of the checked-in file: the curve goes out to 4 and comes back to 1.
    const xs = rows.flatMap((row) => row.pieces.map((piece) => piece.enters));
    assert.ok(Math.max(...xs) - Math.min(...xs) > 40, 'the curve is no straight line');
    assert.equal(xs[0], xs.at(-1));
  });

  for (const column of [80, 120]) {
    for (const fontSize of [10, 14, 20]) {
      it(`with wrap column ${String(column)} at font size ${String(fontSize)} is unbroken`, async () => {
        await set({ 'editor.fontSize': fontSize, '[cot]': { 'editor.wordWrapColumn': column } });
        const rows = await reasoningRows(page);
        assertContinuous(rows, ['harmfulness']);
        assertInsideEditor(rows);
        // 120 columns of 20 px text are wider than the window; there the text wraps at the window's edge.
        if (column * fontSize <= 1680) assertBesideText(rows);
      });
    }
  }

  it('follows letter spacing', async () => {
    await set({ 'editor.fontSize': 14, 'editor.letterSpacing': 2, '[cot]': { 'editor.wordWrapColumn': 80 } });
    const rows = await reasoningRows(page);
    assertContinuous(rows, ['harmfulness']);
    assertBesideText(rows);
    await set({ 'editor.letterSpacing': 0 });
  });

  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    it(`is really painted in the ${theme} theme, and the painted strokes meet at every edge`, async () => {
      await setTheme(page, ui.server, theme);
      await page.keyboard.press('Control+Home');
      await page.waitForTimeout(700);
      const view = await laneView(page);
      const png = await picture(page);
      const rows = view.rows.filter((row) => row.pieces.length > 0 && row.bottom < 860);
      assert.ok(rows.length > 15);
      assert.ok(new Set(rows.flatMap((row) => row.pieces.map((piece) => piece.color))).size >= 3, 'scores differ in colour');
      for (const row of rows) {
        const [piece] = row.pieces;
        if (piece === undefined) continue;
        const painted = (y: number): number | undefined => strokeAt(png, y, piece.left, piece.right);
        for (const [y, x] of [[row.top + 0.5, piece.enters], [row.bottom - 1, piece.leaves]] as const) {
          const seen = painted(y);
          assert.ok(seen !== undefined, `nothing is painted at ${String(y)} of “${row.text.slice(0, 30)}”`);
          assert.ok(Math.abs(seen - x) <= 1.5, `painted at ${String(seen)}, laid out at ${String(x)}`);
        }
        const [above, below] = [painted(row.bottom - 1), painted(row.bottom)];
        if (above !== undefined && below !== undefined) assert.ok(Math.abs(above - below) <= 1.5, `a jump at ${String(row.bottom)}`);
      }
    });
  }

  it('draws both series, one element each on every row', async () => {
    await setTheme(page, ui.server, 'light');
    await set({ 'cotLens.series': 'both' });
    await show('valley-hesitation-correction.cot', 'valley');
    await page.waitForTimeout(500);
    assertContinuous(await reasoningRows(page), ['harmfulness', 'helpfulness']);
    await set({ 'cotLens.series': 'auto' });
    assertContinuous(await reasoningRows(page), ['helpfulness']);
  });

  it('marks the answer at its score, apart from the curve', async () => {
    await show('toxicity-snowball.cot', 'toxicity snowball');
    await page.keyboard.press('Control+End');
    await page.waitForTimeout(600);
    const markers = await activeEditor(page)
      .locator('.view-overlays .cdr')
      .evaluateAll((all) => all.filter((one) => /viewBox="0 0 10 10"/.test(atob(/base64,([^"]+)/.exec(getComputedStyle(one).maskImage)?.[1] ?? ''))).length);
    assert.equal(markers, 1);
  });

  it('in both halves of a split of 520 px lies inside the editor and is unbroken', async () => {
    await page.setViewportSize({ width: 48 + 1040, height: 900 });
    await openFile(page, 'peak-temptation-correction.cot');
    await runCommand(page, 'View: Split Editor Right');
    await page.waitForTimeout(800);
    const widths = await page.locator('.editor-group-container').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
    assert.equal(widths.length, 2);
    for (const width of widths) assert.ok(Math.abs(width - 520) <= 8, `a half is ${String(width)} px wide`);
    for (const half of ['1', '2']) {
      await page.keyboard.press(`Control+${half}`);
      await page.waitForTimeout(300);
      const rows = await reasoningRows(page);
      assertContinuous(rows, ['harmfulness']);
      assertInsideEditor(rows);
    }
  });

  for (const [fontSize, column] of [[10, 120], [20, 80]] as const) {
    it(`in a half of 520 px at font size ${String(fontSize)} with wrap column ${String(column)} too`, async () => {
      await set({ 'editor.fontSize': fontSize, '[cot]': { 'editor.wordWrapColumn': column } });
      const rows = await reasoningRows(page);
      assertContinuous(rows, ['harmfulness']);
      assertInsideEditor(rows);
      await set({ 'editor.fontSize': 14, '[cot]': { 'editor.wordWrapColumn': 80 } });
    });
  }

  it('leaves the text beneath it selectable', async () => {
    await page.keyboard.press('Control+Home');
    await page.waitForTimeout(400);
    const view = await laneView(page);
    const under = view.rows.find((row) => row.pieces.some((piece) => row.textRight > piece.left + 6));
    assert.ok(under, 'in the narrow half some text reaches under the lane');
    const lane = under.pieces[0];
    assert.ok(lane);
    // From the middle of the lane's text leftwards: a drag that begins on the lane must select text.
    const y = (under.top + under.bottom) / 2;
    await page.mouse.move(Math.min(under.textRight - 2, lane.right), y);
    await page.mouse.down();
    await page.mouse.move(lane.left - 60, y, { steps: 4 });
    await page.mouse.up();
    await page.locator('.statusbar-item').filter({ hasText: /\(\d+ selected\)/ }).waitFor();
    await page.keyboard.press('Escape');
  });

  async function laneAndHeat(): Promise<{ pieces: number; borders: number }> {
    const view = await laneView(page);
    const borders = await activeEditor(page)
      .locator('.view-overlays .cdr')
      .evaluateAll((all) => all.filter((one) => getComputedStyle(one).borderLeftWidth === '2px').length);
    return { pieces: view.rows.flatMap((row) => row.pieces).length, borders };
  }

  /** The supported marks, and nothing of the curve. */
  const heatAlone = (): Promise<void> =>
    eventually(async () => {
      const { pieces, borders } = await laneAndHeat();
      assert.equal(pieces, 0);
      assert.ok(borders >= 5);
    });
  const drawn = (): Promise<void> => eventually(async () => { assert.ok((await laneAndHeat()).pieces > 0); });

  it('gives way to heat with wrap off, by setting, and in other languages; and to nothing when it is off', async () => {
    await page.setViewportSize({ width: 1400, height: 900 });
    await runCommand(page, 'View: Close All Editors');
    await show('peak-temptation-correction.cot', 'peak');
    await set({ '[cot]': { 'editor.wordWrap': 'off' } });
    await heatAlone();
    await set({ 'cotLens.lane': 'off' });
    await eventually(async () => { assert.deepEqual(await laneAndHeat(), { pieces: 0, borders: 0 }); });
    await set({ '[cot]': {}, 'cotLens.lane': 'heat' });
    await heatAlone();
    await set({ 'cotLens.lane': 'off' });
    await eventually(async () => { assert.deepEqual(await laneAndHeat(), { pieces: 0, borders: 0 }); });
    await set({ 'cotLens.lane': 'curve', 'cotLens.languages': ['cot', 'plaintext'], 'files.associations': { 'peak*.cot': 'plaintext' } });
    await runCommand(page, 'View: Close All Editors');
    await show('peak-temptation-correction.cot', 'peak');
    await heatAlone();
    await set({ 'cotLens.languages': ['cot'], 'files.associations': {} });
  });

  it('is not drawn in a diff editor, and stays in the editor of the same text', async () => {
    await runCommand(page, 'View: Close All Editors');
    await show('peak-temptation-correction.cot', 'peak');
    await drawn();
    await runCommand(page, 'File: Compare Active File with Clipboard');
    const diff = page.locator('.monaco-diff-editor');
    await diff.waitFor();
    await page.waitForTimeout(1000);
    const masked = await diff
      .locator('.view-overlays .cdr')
      .evaluateAll((all) => all.filter((one) => getComputedStyle(one).maskImage.includes('svg')).length);
    assert.equal(masked, 0);
    await runCommand(page, 'View: Close Editor');
    await page.keyboard.press('Control+Home');
    await drawn();
  });

  it('turns dashed from an edited step on, in its own colours, and whole again after undo', async () => {
    await runCommand(page, 'View: Close All Editors');
    await show('peak-temptation-correction.cot', 'peak');
    await page.keyboard.press('Control+Home');
    const stripes = (): Promise<number[]> =>
      activeEditor(page)
        .locator('.view-overlays .cdr')
        .evaluateAll((all) =>
          all.filter((one) => getComputedStyle(one).backgroundRepeat === 'repeat-y').map((one) => one.getBoundingClientRect().top).sort((a, b) => a - b),
        );
    assert.deepEqual(await stripes(), []);
    await activeEditor(page).locator('.view-line').filter({ hasText: 'That isn' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.type('x');
    await codeLens(page, 'stale').waitFor();
    const dashed = await eventually(async () => {
      const found = await stripes();
      assert.ok(found.length > 10);
      return found;
    });
    const view = await laneView(page);
    const edited = view.rows.find((row) => row.text.startsWith('That isn'));
    assert.equal(Math.round(dashed[0] ?? 0), Math.round(edited?.top ?? -1), 'dashes begin at the edited step');
    assert.ok(view.rows.filter((row) => row.pieces.length > 0).length >= dashed.length, 'the curve stays under the dashes');
    await page.keyboard.press('Control+Z');
    await eventually(async () => { assert.deepEqual(await stripes(), []); });
  });
});
