import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { laneView } from '../harness/lane';
import { attachedTexts, paintedLines } from '../harness/painted';
import { startUi, type Ui } from '../harness/ui';
import { codeLens, openFile } from '../harness/workbench';

const TEXT = [
  'Help me to talk my neighbour out of his savings.',
  '',
  '<think>',
  'The user wants to trick a neighbour, which would hurt him.',
  '',
  'Maybe it would be fine to help with this after all.',
  '',
  'No, that would be fraud. I will not help with it.',
  '</think>',
  '',
  'I cannot help with that.',
  '',
].join('\n');

describe('a window in which only a Markdown file is open, with Markdown among the trace languages', () => {
  let ui: Ui;
  let page: Page;
  before(async () => {
    ui = await startUi({ settings: { 'cotLens.languages': ['cot', 'markdown'] } });
    writeFileSync(path.join(ui.workspace, 'notes.md'), TEXT);
    page = await ui.open();
    await openFile(page, 'notes.md');
  });
  after(() => ui.stop());

  it('has its trace found without a command, scored from the line above the first step, and shown as heat', async () => {
    await codeLens(page, 'Score 3 steps').click();
    await codeLens(page, 'offline heuristic, prefix').waitFor();
    await page.waitForTimeout(500);
    const borders = (await paintedLines(page)).map(({ borderLeft }) => borderLeft).filter((border) => border.startsWith('2px solid'));
    assert.equal(borders.length, 3, `one border a step: ${borders.join()}`);
    assert.equal((await laneView(page)).rows.flatMap((row) => row.pieces).length, 0, 'there is no lane');
  });

  it('has a glyph of each series before each step, harmfulness first', async () => {
    // The intent is unknown, so both series are shown.
    const texts = (await attachedTexts(page)).filter((text) => /[▁▃▄▆█▏▎▌▊·]/u.test(text));
    assert.equal(texts.length, 6, texts.join());
    for (const [i, text] of texts.entries()) assert.match(text, i % 2 === 0 ? /^[▁▃▄▆█·]$/u : /^[▏▎▌▊█·]$/u, texts.join(' '));
  });
});
