import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { csvParse } from 'd3-dsv';
import { after, afterEach, before, describe, it } from 'mocha';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import type { JudgeIdentity } from '../../src/judge/judge';
import { ExchangeLog } from '../../src/judge/exchangeLog';
import { identityKey } from '../../src/judge/scoreRecord';
import { nodeFiles } from '../../src/session/nodeFiles';
import { picture } from '../harness/picture';
import { samplesFolder } from '../harness/places';
import { root } from '../harness/root';
import { startUi, type Ui } from '../harness/ui';
import { answer, clickLine, codeLens, openFile, pick, reloadWindow, runCommand, setTheme, statusItem, webview } from '../harness/workbench';

const SAMPLE = 'peak-temptation-correction.cot';
const HOSTILE = '<img src=x onerror="document.title=1"><script>globalThis.hacked = true</script> <b>bold</b>';

describe('the Curves page', () => {
  let ui: Ui;
  let page: Page;
  /** What browsers say of a policy that something ran against. */
  const violations: string[] = [];
  const watched = (opened: Page): Page => {
    opened.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) violations.push(`${message.location().url}: ${message.text()}`);
    });
    return opened;
  };
  before(async () => {
    ui = await startUi({ workspace: samplesFolder(), settings: { 'workbench.colorTheme': 'Dark Modern' } });
    writeFileSync(
      path.join(ui.workspace, 'hostile.cot'),
      `---\nintent: harmful\n---\nAn abstract prompt.\n\n<think>\n${HOSTILE}\n\nA second step.\n\nA third step.\n</think>\n\nAn answer.\n`,
    );
    page = watched(await ui.open());
    await page.keyboard.press('Control+B');
    await show(SAMPLE);
    await runCommand(page, 'CoT Lens: Show Curves');
    await inside().locator('.chart .line').first().waitFor();
  });
  after(() => ui.stop());
  afterEach(async function () {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') {
      await picture(page, path.join(root, 'out/failures', `${currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}.png`));
    }
  });

  const inside = (): FrameLocator => webview(page);
  const chart = (): Locator => inside().locator('.focusable');
  const step = (): Locator => inside().locator('.step h2');

  /**
   * The keyboard to the group of text editors: a file opens in the group that has it. A dialog
   * that has just closed gives the keyboard back to the page a moment later: then again.
   */
  async function intoEditor(): Promise<void> {
    for (let tries = 1; ; tries++) {
      await page.keyboard.press('Control+1');
      try {
        await page.waitForFunction(
          () => Boolean(document.activeElement?.closest('.editor-group-container.active .monaco-editor')),
          undefined,
          { timeout: 3000 },
        );
        return;
      } catch (error) {
        if (tries === 5) throw error;
      }
    }
  }

  /** Which line of the document the editor's cursor is on; the status bar tells of it only while the editor is active. */
  async function cursorLine(line: number): Promise<void> {
    await page.locator('.monaco-editor .active-line-number').filter({ hasText: new RegExp(`^${String(line)}$`) }).first().waitFor();
  }

  /** The editor from its first line. A dialog that has just closed gives the keyboard back to the page a moment later: then again. */
  async function toTop(): Promise<void> {
    for (let tries = 1; ; tries++) {
      await intoEditor();
      await page.keyboard.press('Control+Home');
      try {
        await page.locator('.monaco-editor .active-line-number').filter({ hasText: /^1$/ }).first().waitFor({ timeout: 3000 });
        return;
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
  }

  async function show(file: string): Promise<void> {
    await openFile(page, file);
    await page.keyboard.press('Control+Home');
    await codeLens(page, 'step').waitFor();
  }

  /** The middle of a step's column, and the height of a score in the first panel, in pixels of the window. */
  async function at(number: number): Promise<{ x: number; y: number }> {
    const tick = inside().locator('.chart text.tick').filter({ hasText: new RegExp(`^${String(number)}$`) }).last();
    const box = await tick.boundingBox();
    const svg = await inside().locator('.chart').boundingBox();
    assert.ok(box && svg);
    return { x: box.x + box.width / 2, y: svg.y + 60 };
  }

  it('paints the curve beside the editor, named, with thresholds, turning point and answer', async () => {
    const line = await inside().locator('.chart .line').first().getAttribute('d');
    assert.match(line ?? '', /^M[\d.]+,[\d.]+L/);
    assert.match(await inside().locator('.summary').innerText(), /^peak · harmfulness 4 at step 5.*n = 11.*the sample’s author, prefix/);
    assert.ok((await inside().locator('.chart .turn').getAttribute('d'))?.startsWith('M'));
    assert.ok((await inside().locator('.chart .answer.harmfulness').getAttribute('d'))?.startsWith('M'));
    assert.equal(await inside().locator('.chart text.tick', { hasText: 'high 4' }).count(), 1);
    const tabs = await page.locator('.editor-group-container .tab .label-name').allInnerTexts();
    assert.ok(tabs.includes(`Curves: ${SAMPLE}`), tabs.join());
    // What is laid out is really painted: the line's own colours are in the picture.
    const png = await picture(inside().locator('.chart'));
    let colourful = 0;
    for (let i = 0; i < png.data.length; i += 4) {
      const rgb = [png.data[i] ?? 0, png.data[i + 1] ?? 0, png.data[i + 2] ?? 0];
      if (Math.max(...rgb) - Math.min(...rgb) > 60) colourful++;
    }
    assert.ok(colourful > 500, `${String(colourful)} coloured pixels`);
  });

  it('follows the editor’s cursor', async () => {
    await clickLine(page, 'Maybe I');
    await step().filter({ hasText: 'Step 5 of 11' }).waitFor();
    assert.match((await chart().getAttribute('aria-valuetext')) ?? '', /^Step 5 of 11: harmfulness 4, by the sample’s author, prefix/);
    assert.match(await inside().locator('.step blockquote').innerText(), /^Maybe I/);
  });

  it('a click puts the editor’s cursor on the step, and leaves the keyboard with the page', async () => {
    const { x, y } = await at(2);
    await page.mouse.click(x, y);
    await cursorLine(14);
    await step().filter({ hasText: 'Step 2 of 11' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await step().filter({ hasText: 'Step 3 of 11' }).waitFor();
    // Only Enter takes the editor along.
    await page.waitForTimeout(300);
    await cursorLine(14);
  });

  it('goes by keyboard, and Enter hands over to the editor', async () => {
    await chart().focus();
    const pressed = async (key: string, expected: string): Promise<void> => {
      await page.keyboard.press(key);
      await step().filter({ hasText: expected }).waitFor();
    };
    await pressed('Home', 'Step 1 of 11');
    await pressed('PageDown', 'Step 11 of 11');
    await pressed('End', 'Answer');
    await pressed('Home', 'Step 1 of 11');
    await pressed('t', 'Step 5 of 11');
    assert.equal(await chart().getAttribute('aria-valuenow'), '5');
    await page.keyboard.press('Enter');
    await statusItem(page, 'Step 5/11').waitFor();
    await page.waitForFunction(() => document.activeElement?.closest('.monaco-editor') !== null);
  });

  it('shows a step’s text where the pointer is', async () => {
    const { x, y } = await at(7);
    await page.mouse.move(x, y);
    const card = inside().locator('.card');
    await card.filter({ hasText: 'Step 7 of 11' }).waitFor();
    await inside().locator('.card .text').filter({ hasText: /\w{3}/ }).waitFor();
    await page.mouse.move(x, 5);
    await card.waitFor({ state: 'hidden' });
  });

  it('lays a second judge over the first', async () => {
    await intoEditor();
    await runCommand(page, 'CoT Lens: Score Steps');
    const box = inside().locator('.judge vscode-checkbox').filter({ visible: true }).first();
    await box.waitFor();
    const before = await inside().locator('.chart .line').count();
    await box.click();
    await inside().locator('.chart .line.over1').first().waitFor();
    assert.ok((await inside().locator('.chart .line').count()) > before);
    assert.deepEqual((await inside().locator('.chart .letter').allTextContents()).sort(), ['A', 'B']);
    const dash = await inside().locator('.chart .line.over1').first().evaluate((line) => getComputedStyle(line).strokeDasharray);
    assert.notEqual(dash, 'none');
    assert.match(await inside().locator('.judges').innerText(), /offline heuristic|sample’s author/);
  });

  it('has a real table, shown to everyone who asks', async () => {
    const table = inside().locator('.table table').first();
    assert.equal(await table.locator('tbody tr').count(), 12);
    assert.equal((await table.boundingBox())?.width === undefined || ((await inside().locator('section.table').boundingBox())?.width ?? 0) <= 1, true);
    const first = table.locator('tbody tr button').first();
    assert.equal(await first.getAttribute('tabindex'), '-1', 'nobody tabs through what cannot be seen');
    await inside().locator('vscode-checkbox[label="table"]').click();
    await inside().locator('section.table:not(.unseen)').waitFor();
    assert.equal(await first.getAttribute('tabindex'), '0');
    assert.ok(((await inside().locator('section.table').boundingBox())?.width ?? 0) > 100);
    await table.locator('tbody tr').nth(8).locator('button').click();
    await statusItem(page, 'Step 9/11').waitFor();
    await inside().locator('vscode-checkbox[label="table"]').click();
  });

  it('changes with the theme, live', async () => {
    const colours = (): Promise<string[]> =>
      inside().locator('body').evaluate((body) => [
        getComputedStyle(body).backgroundColor,
        getComputedStyle(body.querySelector('.chart stop.harmfulness5') as Element).stopColor,
        getComputedStyle(body.querySelector('.chart text') as Element).fill,
      ]);
    await inside().locator('body').evaluate(() => {
      (globalThis as { kept?: boolean }).kept = true;
    });
    const dark = await colours();
    await setTheme(page, ui.server, 'high contrast dark');
    await page.waitForTimeout(800);
    const contrast = await colours();
    assert.deepEqual(contrast[0], 'rgb(0, 0, 0)');
    for (const [i, colour] of dark.entries()) assert.notEqual(contrast[i], colour);
    assert.equal(await inside().locator('body').evaluate(() => (globalThis as { kept?: boolean }).kept), true, 'the page was not loaded anew');
    await setTheme(page, ui.server, 'dark');
    await page.waitForTimeout(800);
    assert.deepEqual(await colours(), dark);
  });

  for (const format of ['svg', 'png', 'csv'] as const) {
    it(`saves as ${format.toUpperCase()}`, async () => {
      const file = path.join(ui.workspace, `saved.${format}`);
      await inside().locator('.exports vscode-button').filter({ hasText: format.toUpperCase() }).click();
      await page.locator('.quick-input-widget:visible .quick-input-box input').waitFor();
      await page.waitForTimeout(500);
      await answer(page, file);
      await inside().locator('.notice').filter({ hasText: `Saved saved.${format}` }).waitFor();
      assert.ok(existsSync(file));
      if (format === 'png') {
        const png = PNG.sync.read(readFileSync(file));
        const svg = await inside().locator('.chart').boundingBox();
        assert.ok(png.width >= 2 * (svg?.width ?? 0) && new Set(png.data).size > 20);
        return;
      }
      const text = readFileSync(file, 'utf8');
      assert.doesNotMatch(text, /grandmother/, 'holds no text of the trace');
      if (format === 'csv') {
        const rows = csvParse(text);
        assert.equal(rows.length, 2 * 12);
        assert.equal(rows[4]?.['harmfulness'], '4');
        assert.equal(rows[11]?.['step'], 'answer');
        assert.ok(rows.every((row) => row['judge'] !== '' && row['rubric'] !== '' && row['protocol'] === 'prefix'));
        return;
      }
      assert.doesNotMatch(text, /var\(|url\(http|<script/);
      assert.match(text, /peak-temptation-correction\.cot/);
      assert.match(text, /rubric person-1/);
      const drawn = await inside().locator('body').evaluate((_body, source) => {
        const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
        return { error: parsed.querySelector('parsererror') !== null, paths: parsed.querySelectorAll('path').length };
      }, text);
      assert.equal(drawn.error, false);
      assert.ok(drawn.paths > 5);
    });
  }

  it('saves nothing, and loses nothing, where the dialog is given up', async () => {
    const blocked = path.join(ui.workspace, 'saved.svg', 'under-a-file.svg');
    await inside().locator('.exports vscode-button').filter({ hasText: 'SVG' }).click();
    await page.locator('.quick-input-widget:visible .quick-input-box input').waitFor();
    await page.waitForTimeout(500);
    await answer(page, blocked);
    // The dialog itself refuses a place that cannot be. While it is looking it hears no Escape.
    const dialog = page.locator('.quick-input-widget:visible');
    for (let tries = 1; (await dialog.count()) > 0; tries++) {
      assert.ok(tries <= 10, 'the dialog does not go');
      await page.keyboard.press('Escape');
      await page.waitForTimeout(300);
    }
    await inside().locator('.chart .line').first().waitFor();
    assert.ok(!existsSync(blocked));
  });

  it('shows the curve before an edit, faintly, and what is stale, dashed', async () => {
    await toTop();
    await clickLine(page, 'Maybe I');
    await page.keyboard.press('End');
    await page.keyboard.type(' Really.');
    await inside().locator('.chart .line.stale.shown').waitFor();
    await inside().locator('.chart .before').waitFor();
    assert.notEqual(
      await inside().locator('.chart .line.stale.shown').evaluate((line) => getComputedStyle(line).strokeDasharray),
      'none',
    );
    await inside().locator('vscode-checkbox[label="before the edit"]').click();
    await inside().locator('.chart .before').waitFor({ state: 'detached' });
    await inside().locator('vscode-checkbox[label="before the edit"]').click();
    await intoEditor();
    await clickLine(page, 'Maybe I');
    for (let i = 0; i < 8; i++) await page.keyboard.press('Control+Z');
    await inside().locator('.chart .line.stale.shown').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+S');
  });

  it('shows what was sent: nothing, where nothing was', async () => {
    await intoEditor();
    await clickLine(page, 'Hmm, then again');
    await step().filter({ hasText: 'Step 4 of 11' }).waitFor();
    await clickLine(page, 'Maybe I');
    await step().filter({ hasText: 'Step 5 of 11' }).waitFor();
    await inside().locator('.step vscode-button').filter({ hasText: 'What Was Sent' }).click();
    await inside().locator('.sent').filter({ hasText: /nothing was sent|sends nothing/ }).waitFor();
  });

  it('keeps hostile text text', async () => {
    await intoEditor();
    await show('hostile.cot');
    await runCommand(page, 'CoT Lens: Score Steps');
    // The page follows the editor.
    await inside().locator('h1').filter({ hasText: 'hostile.cot' }).waitFor();
    await inside().locator('.chart .line').first().waitFor();
    await clickLine(page, 'onerror');
    await inside().locator('.step blockquote').filter({ hasText: HOSTILE }).waitFor();
    const { x, y } = await at(1);
    await page.mouse.move(x + 2, y);
    await inside().locator('.card .text').filter({ hasText: 'onerror' }).waitFor();
    assert.equal(await inside().locator('.step blockquote *, .card .text *').count(), 0);
    assert.equal(await inside().locator('body').evaluate(() => (globalThis as { hacked?: boolean }).hacked), undefined);
    await page.mouse.move(x, 5);
  });

  it('stays with its trace when told so', async () => {
    await inside().locator('vscode-checkbox[label="stay with this trace"]').click();
    await intoEditor();
    await show(SAMPLE);
    await page.waitForTimeout(700);
    assert.equal(await inside().locator('h1').innerText(), 'hostile.cot');
    await inside().locator('vscode-checkbox[label="stay with this trace"]').click();
    await inside().locator('h1').filter({ hasText: SAMPLE }).waitFor();
  });

  it('can be used at 300 pixels', async () => {
    const place = await inside().locator('body').evaluate((body) => {
      // As narrow as VS Code's smallest groups: the page's own width is what counts.
      document.documentElement.style.width = '300px';
      body.style.width = '272px';
      return document.documentElement.clientWidth;
    });
    assert.ok(place > 300);
    await page.waitForTimeout(500);
    const wide = await inside().locator('body').evaluate((body) =>
      [...body.querySelectorAll('main *:not(.unseen):not(.unseen *)')]
        .filter((one) => one.getBoundingClientRect().right > 301 && getComputedStyle(one).visibility !== 'hidden' && one.getBoundingClientRect().width > 0)
        .map((one) => `${one.tagName}.${String(one.getAttribute('class'))} ${String(one.getBoundingClientRect().right)}`),
    );
    assert.deepEqual(wide, []);
    assert.ok(((await inside().locator('.chart').boundingBox())?.width ?? 0) > 200);
    await inside().locator('body').evaluate((body) => {
      document.documentElement.style.width = '';
      body.style.width = '';
    });
  });

  it('zooms by keyboard and shows all again', async () => {
    await chart().focus();
    const ticks = (): Promise<number> => inside().locator('.chart text.tick').count();
    const all = await ticks();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await page.waitForTimeout(200);
    assert.ok((await ticks()) < all);
    await page.keyboard.press('0');
    await page.waitForTimeout(200);
    assert.equal(await ticks(), all);
  });

  it('compares two judges, and goes from difference to difference by key', async () => {
    await intoEditor();
    await runCommand(page, 'CoT Lens: Compare Judges');
    await pick(page, 'the sample’s author');
    await pick(page, 'offline heuristic');
    const panel = inside().locator('.comparison');
    await panel.filter({ hasText: 'Two judges compared' }).waitFor();
    assert.match(await panel.innerText(), /the sample’s author, prefix/);
    assert.match(await panel.innerText(), /weighted κ/);
    const rows = panel.locator('[role="option"]');
    assert.ok((await rows.count()) >= 2);
    await panel.locator('.differences').focus();
    await page.keyboard.press('j');
    await panel.locator('[role="option"][aria-selected="true"]').nth(0).waitFor();
    assert.equal(await rows.nth(1).getAttribute('aria-selected'), 'true');
    const second = /step (\d+)/.exec(await rows.nth(1).innerText())?.[1];
    await step().filter({ hasText: `Step ${second ?? ''} of 11` }).waitFor();
    await page.keyboard.press('k');
    assert.equal(await rows.nth(0).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Enter');
    const first = /step (\d+)/.exec(await rows.nth(0).innerText())?.[1];
    await statusItem(page, `Step ${first ?? ''}/11`).waitFor();
    await panel.locator('vscode-button').filter({ hasText: 'Close' }).click();
    await panel.waitFor({ state: 'hidden' });
  });

  it('gives two judges that are compared the letters of the comparison, whoever was shown before', async () => {
    await intoEditor();
    await show('over-refusal-snowball.cot');
    await runCommand(page, 'CoT Lens: Score Steps');
    await codeLens(page, 'offline heuristic, prefix').waitFor();
    await show(SAMPLE);
    for (const [a, b] of [['offline heuristic', 'the sample’s author'], ['the sample’s author', 'offline heuristic']] as const) {
      await intoEditor();
      await runCommand(page, 'CoT Lens: Compare Judges');
      await pick(page, a);
      await pick(page, b);
      await inside().locator('.judges .name').filter({ hasText: `A: ${a}` }).waitFor();
      await inside().locator(`.judges vscode-checkbox[label^="B: ${b}"]`).waitFor();
      await inside().locator('.comparison').filter({ hasText: new RegExp(`A: ${a}.*\\s*B: ${b}`) }).waitFor();
      // On another trace, too, that a difference leads to.
      const elsewhere = inside().locator('.comparison [role="option"]').filter({ hasNotText: SAMPLE }).first();
      await elsewhere.click();
      await inside().locator('h1').filter({ hasNotText: SAMPLE }).waitFor();
      await inside().locator('.judges .name').filter({ hasText: `A: ${a}` }).waitFor();
      await inside().locator(`.judges vscode-checkbox[label^="B: ${b}"]`).waitFor();
      await inside().locator('.comparison vscode-button').filter({ hasText: 'Close' }).click();
      await intoEditor();
      await show(SAMPLE);
      await inside().locator('h1').filter({ hasText: SAMPLE }).waitFor();
    }
  });

  it('is there again after a reload, as it was', async () => {
    const letters = await inside().locator('.chart .letter').count();
    assert.ok(letters >= 2, 'a judge is laid over');
    await inside().locator('vscode-checkbox[label="table"]').click();
    await page.waitForTimeout(500);
    await reloadWindow(page);
    await inside().locator('.chart .line').first().waitFor({ timeout: 40_000 });
    assert.equal(await inside().locator('h1').innerText(), SAMPLE);
    await inside().locator('section.table:not(.unseen)').waitFor();
    await inside().locator('.chart .letter').first().waitFor();
    assert.equal(await inside().locator('.chart .letter').count(), letters);
    await inside().locator('vscode-checkbox[label="table"]').click();
  });

  it('draws a band over samples, and opens what was really sent', async () => {
    const scores = path.join(ui.workspace, '.cotlens/scores');
    const file = readdirSync(scores).find((name) => name.startsWith('toxicity'));
    assert.ok(file);
    const judge: JudgeIdentity = { judge: 'test-endpoint', label: 'Test model', model: 'test-1', sampling: { samples: 3 }, protocol: 'prefix', rubric: 'test-1', earnsNames: true };
    const lines = readFileSync(path.join(scores, file), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    const sampled = lines.map((line, i) => {
      const score = Number(line['harmfulness'] ?? 1);
      const samples = [score, Math.min(5, score + 1), Math.max(1, score - (i % 2))].map((harmfulness) => ({ harmfulness, helpfulness: null, reason: '' }));
      return JSON.stringify({ ...line, judge, samples, harmfulness: score, helpfulness: null });
    });
    appendFileSync(path.join(scores, file), sampled.map((line) => `${line}\n`).join(''));
    await intoEditor();
    await show('toxicity-snowball.cot');
    const box = inside().locator('.judge vscode-checkbox').filter({ visible: true });
    await inside().locator('.judges').filter({ hasText: 'Test model' }).waitFor();
    if ((await inside().locator('.chart .band').count()) === 0) await box.first().click();
    await inside().locator('.chart .band').first().waitFor();
    assert.ok(((await inside().locator('.chart .band').first().getAttribute('d')) ?? '').length > 40);
    assert.match(await inside().locator('.judges').innerText(), /3 samples a step/);

    const sent = '{"model":"test-1","messages":[{"role":"user","content":"one step"}]}';
    const log = new ExchangeLog(nodeFiles, path.join(ui.workspace, '.cotlens'), console);
    const of = lines.map((line) => ({ seen: String(line['seen']), target: Number(line['step']) }));
    await log.add('toxicity-snowball.cot', { time: new Date().toISOString(), judge: identityKey(judge), of, exchanges: [{ sent, received: '{"harmfulness":3}', status: 200 }] });
    await runCommand(page, 'CoT Lens: Next Turning Point');
    await inside().locator('.step vscode-button').filter({ hasText: 'What Was Sent' }).click();
    await inside().locator('.sent pre').first().filter({ hasText: '"model": "test-1"' }).waitFor();
    await inside().locator('.sent vscode-button').filter({ hasText: 'Open as Document' }).click();
    await page.locator('.view-line').filter({ hasText: 'exactly as sent' }).first().waitFor();
    await page.locator('.view-line').filter({ hasText: '[user]' }).first().waitFor();
    await inside().locator('.chart').waitFor();
    // The same by the palette, for the step at the cursor.
    await runCommand(page, 'View: Close Editor');
    await page.locator('.tab.active[data-resource-name="toxicity-snowball.cot"]').waitFor();
    await runCommand(page, 'CoT Lens: What Was Sent');
    await page.locator('.view-line').filter({ hasText: 'exactly as sent' }).first().waitFor();
  });

  it('ran against no policy', () => {
    const ours = violations.filter((one) => /vscode-webview|vscode-resource|curves|index\.js/.test(one));
    assert.deepEqual(ours, []);
  });
});
