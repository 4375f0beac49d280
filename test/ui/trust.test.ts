import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import type { ScoreRecord } from '../../src/judge/scoreRecord';
import { scoreFileName } from '../../src/judge/scoreFileName';
import { eventually } from '../suite/eventually';
import { picture } from '../harness/picture';
import { samplesFolder } from '../harness/places';
import { root } from '../harness/root';
import { startUi, type Ui } from '../harness/ui';
import { activeEditor, answer, codeLens, notifications, openFile, pick, runCommand, statusItem } from '../harness/workbench';

const PEAK = 'peak-temptation-correction.cot';

describe('knowing how far to trust a judge', () => {
  let ui: Ui;
  let page: Page;
  before(async () => {
    ui = await startUi({ workspace: samplesFolder() });
    page = await ui.open();
    await page.keyboard.press('Control+B');
  });
  after(() => ui.stop());
  afterEach(async function () {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') {
      await picture(page, path.join(root, 'out/failures', `${currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}.png`));
    }
  });

  async function show(file: string, lens: string): Promise<void> {
    await openFile(page, file);
    await page.keyboard.press('Control+Home');
    await codeLens(page, lens).waitFor();
  }

  /** What this person filed of the peak sample, in the order it was filed. */
  function filed(): (readonly [string, number, number | null, string])[] {
    const file = path.join(ui.workspace, '.cotlens/scores', scoreFileName(PEAK));
    const records = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as ScoreRecord);
    return records
      .filter(({ judge }) => judge.judge === 'person' && !judge.label.includes('author'))
      .map(({ target, step, harmfulness, reason }) => [target, step, harmfulness, reason]);
  }

  /** Are the words of the first visible line that begins so painted? `undefined` where no such line is in view. */
  async function readable(text: string): Promise<boolean | undefined> {
    const line = activeEditor(page).locator('.view-line').filter({ hasText: text }).first();
    if ((await line.count()) === 0) return undefined;
    const opacities = await line.locator('span > span').evaluateAll((all) => all.map((one) => Number(getComputedStyle(one).opacity)));
    assert.ok(opacities.length > 0);
    return opacities.every((one) => one > 0);
  }

  it('scores by hand with single keys, blind to what comes later and to other judges', async () => {
    await show(PEAK, 'peak');
    await runCommand(page, 'CoT Lens: Score by Hand…');
    await statusItem(page, 'Step 1/11 · harmfulness? 1–5, 0 cannot be scored, N note, Escape ends').waitFor();
    await codeLens(page, 'Score 11 steps').waitFor();
    assert.equal(await readable('Okay, so the user'), true);
    assert.equal(await readable('That isn'), false);

    await page.keyboard.press('1');
    await statusItem(page, 'Step 2/11').waitFor();
    assert.equal(await readable('That isn'), true);
    await page.keyboard.press('3');
    await statusItem(page, 'Step 3/11').waitFor();
    await page.keyboard.press('n');
    await answer(page, 'it refuses');
    await page.keyboard.press('1');
    await statusItem(page, 'Step 4/11').waitFor();
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await statusItem(page, 'Step 2/11 · harmfulness? (now 3)').waitFor();
    await page.keyboard.press('2');
    await page.keyboard.press('ArrowDown');
    await statusItem(page, 'Step 4/11').waitFor();
    await page.keyboard.press('0');
    await statusItem(page, 'Step 5/11').waitFor();
    await eventually(() => {
      assert.deepEqual(filed(), [
        ['step', 1, 1, ''],
        ['step', 2, 3, ''],
        ['step', 3, 1, 'it refuses'],
        ['step', 2, 2, ''],
        ['step', 4, null, ''],
      ]);
    });
    await page.keyboard.press('Control+Home');
    await codeLens(page, 'prefix').waitFor();
    const title = (await codeLens(page, 'prefix').innerText()).replaceAll('\u00a0', ' ');
    assert.ok(title.startsWith('▁▃▁') && !title.includes('author'), title);
  });

  it('ends with Escape, and all can be read again; keys are then keys', async () => {
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('.statusbar')?.textContent?.includes('harmfulness?'));
    await page.keyboard.press('Control+Home');
    await page.waitForTimeout(300);
    assert.equal(await readable('That isn'), true);
    await page.keyboard.press('5');
    await activeEditor(page).locator('.view-line').filter({ hasText: '5---' }).waitFor();
    await page.keyboard.press('Control+Z');
    assert.equal(filed().length, 5);
  });

  it('goes on at the first step without a score, and a key that is not its own ends it', async () => {
    await page.keyboard.press('Control+Home');
    await runCommand(page, 'CoT Lens: Score by Hand…');
    await statusItem(page, 'Step 5/11').waitFor();
    for (const score of ['4', '1', '1', '1', '1', '1', '1']) await page.keyboard.press(score);
    await statusItem(page, 'Answer · harmfulness?').waitFor();
    await page.keyboard.press('x');
    await statusItem(page, 'because the text was edited').waitFor();
    await page.keyboard.press('Control+Z');
    await page.keyboard.press('Control+Home');
    await runCommand(page, 'CoT Lens: Score by Hand…');
    await statusItem(page, 'Answer · harmfulness?').waitFor();
    await page.keyboard.press('1');
    await statusItem(page, 'All 12 places scored by').waitFor();
    await eventually(() => {
      assert.deepEqual(filed().at(-1), ['answer', 11, 1, '']);
    });
    await page.keyboard.press('Control+Home');
    await codeLens(page, 'peak · harmfulness 4 at step 5 (10 of 11 steps)').waitFor();
  });

  it('calibrates a judge: steps one at a time with the same keys, left and gone on with', async () => {
    await runCommand(page, 'View: Close All Editors');
    await runCommand(page, 'CoT Lens: Calibrate Judge…');
    await pick(page, 'the sample’s author');
    await pick(page, 'harmfulness');
    await statusItem(page, '1 of 30 · harmfulness?').waitFor();
    assert.equal(await page.locator('.tab.active[data-resource-name="Score this step.cot"]').count(), 1);
    for (const [i, key] of ['2', '4', '1'].entries()) {
      await activeEditor(page).click();
      await page.keyboard.press(key);
      await statusItem(page, `${String(i + 2)} of 30 · harmfulness?`).waitFor();
    }
    // A key that is not one of ours writes nothing: the page is read-only.
    const text = await activeEditor(page).locator('.view-lines').innerText();
    await page.keyboard.press('x');
    await page.waitForTimeout(300);
    assert.equal(await activeEditor(page).locator('.view-lines').innerText(), text);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await statusItem(page, '3 of 30 scored').waitFor();

    await runCommand(page, 'CoT Lens: Calibrate Judge…');
    await pick(page, 'Go on with the sample’s author');
    await statusItem(page, '4 of 30 · harmfulness?').waitFor();
    await page.keyboard.press('0');
    await statusItem(page, '5 of 30 · harmfulness?').waitFor();
    await page.keyboard.press('Escape');
    await statusItem(page, '4 of 30 scored').waitFor();
    const place = path.join(ui.workspace, '.cotlens/calibrations');
    assert.equal(readdirSync(place).length, 1);
  });

  it('says how far the two agree, in full on request, and beside the judge’s name from then on', async () => {
    await runCommand(page, 'CoT Lens: Calibrate Judge…');
    await pick(page, 'Finish the sample’s author');
    const message = notifications(page).filter({ hasText: 'the sample’s author, prefix against' }).first();
    await message.waitFor();
    assert.match((await message.innerText()).replaceAll('\u00a0', ' '), /harmfulness: κ .*, n 3$/);
    await page.locator('.notifications-toasts .monaco-text-button').filter({ hasText: 'Show Details' }).first().click();
    await activeEditor(page).locator('.view-line').filter({ hasText: 'Test-retest' }).waitFor();
    await show('toxicity-snowball.cot', 'with you, n 3, ');
  });
});
