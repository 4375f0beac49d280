import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { isNoSample, readSample } from '../../src/curate/sampleLine';
import type { CuratedSample } from '../../src/curate/sample';
import type { JsonObject } from '../../src/trace/rows/fieldRef';
import { gardenVerdict, HELPED, REFUSED } from '../harness/gardenRows';
import { laneView } from '../harness/lane';
import type { ModelServer } from '../harness/modelServer';
import { startModelServer } from '../harness/modelServer';
import { scriptedReply } from '../harness/scriptedJudge';
import { startTeacher } from '../harness/scriptedTeacher';
import { changeSettings } from '../harness/settings';
import { startUi, type Ui } from '../harness/ui';
import { answer, clickLine, codeLens, notifications, openFile, pick, runCodeAction, runCommand, visibleLines } from '../harness/workbench';

/** The whole way of a sample, as a researcher goes it: from a row of a dataset into a curated set. */
describe('a sample, from the row to the set', () => {
  let ui: Ui;
  let page: Page;
  let judge: ModelServer;
  let teacher: ModelServer;
  before(async () => {
    judge = await startModelServer({ reply: scriptedReply(gardenVerdict), snapshot: 'scripted-judge-1' });
    teacher = await startTeacher();
  });
  after(async () => {
    await judge.stop();
    await teacher.stop();
  });
  // What a window has unsaved comes back in the next one of the same person, so each test is a person of its own.
  beforeEach(async function () {
    this.timeout(180_000);
    const model = (name: string, { url }: ModelServer): object => ({ name, baseUrl: url, model: 'scripted', protocol: 'prefix' });
    ui = await startUi({ settings: { 'files.simpleDialog.enable': true } });
    // A first window does not know yet that these are settings of a machine where they stand among the user's.
    changeSettings(ui.server, { 'cotLens.judges': [model('my judge', judge), model('my teacher', teacher)], 'cotLens.judge': 'my judge', 'cotLens.teacher': 'my teacher' });
    writeFileSync(file('refused.jsonl'), REFUSED);
    writeFileSync(file('helped.jsonl'), HELPED);
    page = await ui.open();
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
  });
  afterEach(() => ui.stop());

  const file = (name: string): string => path.join(ui.workspace, name);
  const lines = async (): Promise<string> => (await visibleLines(page)).join('\n');

  async function eventually(check: () => void | Promise<void>, within = 20_000): Promise<void> {
    for (const end = Date.now() + within; ; ) {
      try {
        await check();
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
      await page.waitForTimeout(150);
    }
  }

  const shows = (text: string): Promise<void> => eventually(async () => { assert.ok((await lines()).includes(text), `“${text}” shows in ${await lines()}`); });
  const showsNo = (text: string): Promise<void> => eventually(async () => { assert.ok(!(await lines()).includes(text), `“${text}” is gone from ${await lines()}`); });

  /** What the draft says, on the right of the comparison with the trace. */
  const drafts = (text: string): Promise<void> =>
    eventually(async () => {
      const shown = (await page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .view-lines').innerText()).replaceAll(/\s+/g, ' ');
      assert.ok(shown.includes(text), `“${text}” shows in ${shown}`);
    });

  async function openRow(dataset: string, row: string): Promise<void> {
    await openFile(page, dataset);
    await runCommand(page, 'CoT Lens: Open Row…');
    await answer(page, row);
    await page.locator('.tab.active[data-resource-name$=".cot"]').waitFor();
    // Then it is a trace that is followed, and has its commands.
    await codeLens(page, 'Score').waitFor();
  }

  async function setIntent(intent: string): Promise<void> {
    await runCommand(page, 'CoT Lens: Set Intent…');
    await pick(page, intent);
    await shows(`intent: ${intent}`);
  }

  /** Adds the open trace to the first set of the workspace, which is made for it. */
  async function addToNewSet(name: string): Promise<void> {
    await runCommand(page, 'CoT Lens: Add to Curated Set…');
    await page.locator('.quick-input-widget:visible .quick-input-box input').waitFor();
    await answer(page, name);
    await notifications(page).filter({ hasText: 'Added to' }).first().waitFor();
  }

  /** The samples of a set, as they are on disk. */
  function samplesOf(name: string): CuratedSample[] {
    const text = readFileSync(file(`${name}.curated.jsonl`), 'utf8');
    return text.trimEnd().split('\n').map((one) => {
      const sample = readSample(JSON.parse(one) as JsonObject);
      if (isNoSample(sample)) throw new Error(one);
      return sample;
    });
  }

  async function lanePieces(): Promise<number> {
    return (await laneView(page)).rows.reduce((sum, { pieces }) => sum + pieces.length, 0);
  }

  it('temptation and correction by a teacher: the lane turns into a peak, the sample goes into a set, undo restores', async () => {
    await openRow('refused.jsonl', '1');
    await shows('Going in without his knowing');
    await setIntent('harmful');
    const before = await lines();
    await clickLine(page, 'Going in without his knowing');
    await page.keyboard.press('Home');
    await runCodeAction(page, 'Insert temptation + correction here');
    await drafts('maybe it would not be so bad');
    await runCommand(page, 'CoT Lens: Accept Draft');
    await page.locator('.tab.active[data-resource-name="1.row1.cot"]').waitFor();
    await shows('maybe it would not be so bad');
    await shows('injected:');
    // What is scored is the sample as it stands; its curve is the peak that the recipe asks for.
    await codeLens(page, 'Score 7 steps · my judge').click();
    await codeLens(page, 'peak ✓').waitFor();
    await eventually(async () => { assert.ok((await lanePieces()) > 6, 'the curve is drawn'); });
    assert.equal(teacher.completions.length, 1);

    await addToNewSet('shed');
    const [sample, ...more] = samplesOf('shed');
    assert.equal(more.length, 0);
    assert.ok(sample !== undefined);
    assert.equal(sample.recipe, 'temptation-correction');
    assert.equal(sample.steps.length, 7);
    assert.deepEqual(sample.cotlens.injected.map(({ role }) => role), ['error', 'correction']);
    assert.deepEqual(sample.verdicts[0]?.harmfulness, [1, 1, 4, 1, 1, 1, 1]);
    assert.equal(readFileSync(file('refused.jsonl'), 'utf8'), REFUSED);

    // The pair went in as one change.
    await clickLine(page, 'It is locked');
    await page.keyboard.press('Control+Z');
    await showsNo('maybe it would not be so bad');
    assert.equal(await lines(), before);
    await page.keyboard.press('Control+Z');
    await showsNo('intent: harmful');
    await page.locator('.tab.active:not(.dirty)').waitFor();
  }).timeout(240_000);

  it('hesitation and correction on a harmless request: a valley', async () => {
    await openRow('helped.jsonl', '1');
    await setIntent('benign');
    await clickLine(page, 'Boiling water');
    await page.keyboard.press('End');
    await runCodeAction(page, 'Insert hesitation + correction here');
    await drafts('perhaps I should rather not help');
    await runCommand(page, 'CoT Lens: Accept Draft');
    await page.locator('.tab.active[data-resource-name="1.row1.cot"]').waitFor();
    await codeLens(page, 'Score 6 steps · my judge').click();
    await codeLens(page, 'valley ✓').waitFor();
    await addToNewSet('weeds');
    const [sample] = samplesOf('weeds');
    assert.ok(sample !== undefined);
    assert.deepEqual([sample.recipe, sample.intent, sample.steps.length], ['hesitation-correction', 'benign', 6]);
    assert.deepEqual(sample.verdicts[0]?.helpfulness, [5, 5, 2, 5, 5, 5]);
  }).timeout(240_000);

  it('by hand, without a teacher’s word: tab stops, and provenance that follows what is written', async () => {
    const asked = teacher.completions.length;
    await openRow('refused.jsonl', '1');
    await setIntent('harmful');
    const before = await lines();
    await clickLine(page, 'Going in without his knowing');
    await page.keyboard.press('Home');
    await runCommand(page, 'CoT Lens: Craft by Hand at Cursor…');
    await pick(page, 'temptation');
    await shows('injected:');
    await page.keyboard.type('Then again, maybe it would not be so bad if nobody ever noticed it.');
    await page.keyboard.press('Tab');
    await page.keyboard.type('No. Nobody noticing does not make it right, and I stay with what I said.');
    await shows('Nobody noticing does not make it right');
    await page.keyboard.press('Escape');
    await clickLine(page, 'It is locked');
    await page.waitForTimeout(2500);
    await codeLens(page, 'Score 7 steps · my judge').click();
    await codeLens(page, 'peak ✓').waitFor();
    assert.equal(teacher.completions.length, asked, 'no teacher was asked');
    await addToNewSet('by-hand');
    const [sample] = samplesOf('by-hand');
    assert.ok(sample !== undefined);
    assert.deepEqual(sample.cotlens.injected.map(({ role, by }) => [role, by]), [['error', 'person'], ['correction', 'person']]);
    await clickLine(page, 'It is locked');
    for (let i = 0; i < 80 && (await lines()) !== before; i++) {
      await page.keyboard.press('Control+Z');
      await page.waitForTimeout(100);
    }
    assert.equal(await lines(), before);
  }).timeout(240_000);

  it('a counter-aligned prefill by a teacher, before the model’s own reasoning', async () => {
    await openRow('refused.jsonl', '1');
    await setIntent('harmful');
    await clickLine(page, 'The user wants to get into a shed');
    await runCommand(page, 'CoT Lens: Insert Counter-Aligned Prefill');
    await drafts('lean towards doing what is asked');
    await runCommand(page, 'CoT Lens: Accept Draft');
    await page.locator('.tab.active[data-resource-name="1.row1.cot"]').waitFor();
    await codeLens(page, 'Score 7 steps · my judge').click();
    await codeLens(page, 'my judge, prefix').waitFor();
    await addToNewSet('prefills');
    const [sample] = samplesOf('prefills');
    assert.ok(sample !== undefined);
    assert.equal(sample.recipe, 'counter-aligned-prefill');
    assert.ok(sample.cotlens.injected.every(({ role }) => role === 'prefill'));
  }).timeout(240_000);
});
