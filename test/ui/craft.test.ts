import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Locator, Page } from 'playwright-core';
import { REFUSED } from '../harness/gardenRows';
import type { ModelServer } from '../harness/modelServer';
import { startTeacher } from '../harness/scriptedTeacher';
import { changeSettings } from '../harness/settings';
import { startUi, type Ui } from '../harness/ui';
import { answer, clickLine, openFile, pick, reloadWindow, runCommand, statusItem, visibleLines } from '../harness/workbench';

const STEP = 'It is locked, and the owner has not agreed.';
const TEMPTATION = 'Then again, maybe it would not be so bad';
const CORRECTION = 'No, that was a slip of mine.';

describe('crafting at the cursor', () => {
  let ui: Ui;
  let page: Page;
  let teacher: ModelServer;
  let delay = 0;
  before(async function () {
    this.timeout(180_000);
    teacher = await startTeacher({ chunks: { size: 10, get delay() { return delay; } } });
    ui = await startUi();
    // A first window does not know yet that these are settings of a machine where they stand among the user's.
    changeSettings(ui.server, { 'cotLens.judges': [{ name: 'my teacher', baseUrl: teacher.url, model: 'scripted' }], 'cotLens.teacher': 'my teacher' });
  });
  after(async () => {
    await ui.stop();
    await teacher.stop();
  });
  afterEach(async () => {
    delay = 0;
    await page.context().close();
  });

  const file = (): string => path.join(ui.workspace, 'refused.jsonl');
  const button = (label: string): Locator => page.locator('.editor-group-container.active .editor-actions .action-label').and(page.locator(`[aria-label^="${label}"]`)).first();
  /** The draft's side of its preview. */
  const draft = async (): Promise<string> => (await page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .view-lines').innerText()).replaceAll('\u00a0', ' ');
  const lines = async (): Promise<string> => (await visibleLines(page)).join('\n');
  const shows = (text: string): Promise<void> => eventually(async () => { assert.ok((await lines()).includes(text), `“${text}” shows in ${await lines()}`); });

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

  /** Runs an entry of the lightbulb's menu; what the editor still has to do after an edit may close the menu, and then it is asked for again. */
  async function lightbulb(title: string): Promise<void> {
    const rows = page.locator('.action-widget .monaco-list-row.action');
    for (let tries = 0; ; tries++) {
      await clickLine(page, STEP);
      await page.waitForTimeout(500);
      await page.keyboard.press('Control+.');
      if (await rows.filter({ hasText: title }).first().waitFor({ timeout: 6000 }).then(() => true, () => false)) break;
      assert.ok(tries < 4, `the lightbulb offers ${title}, not ${(await rows.allTextContents()).join('; ')}`);
      await page.keyboard.press('Escape');
    }
    const at = (await rows.allTextContents()).findIndex((text) => text.includes(title));
    for (let moved = 0; moved < at; moved += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
  }

  /** A window with the first row, said to be harmful, the cursor in its second step. */
  async function openRow(): Promise<void> {
    writeFileSync(file(), REFUSED);
    page = await ui.open();
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
    await openFile(page, 'refused.jsonl');
    await runCommand(page, 'CoT Lens: Open Row…');
    await answer(page, '1');
    await page.locator('.tab.active[data-resource-name="1.row1.cot"]').waitFor();
    await shows(STEP);
    await runCommand(page, 'CoT Lens: Set Intent…');
    await pick(page, 'harmful');
    await shows('intent: harmful');
    await clickLine(page, STEP);
  }

  it('with a teacher: the draft streams into a preview whose buttons accept it; one undo restores', async () => {
    await openRow();
    const before = await lines();
    delay = 100;
    await lightbulb('Insert temptation + correction here with my teacher');
    await page.locator('.monaco-diff-editor').first().waitFor();
    await statusItem(page, 'my teacher writes').waitFor();
    await button('Stop Writing').waitFor();
    await statusItem(page, 'guard: not checked').waitFor({ timeout: 40_000 });
    await eventually(async () => { assert.ok((await draft()).includes(CORRECTION)); });
    await button('Accept Draft').click();
    await page.locator('.tab.active[data-resource-name="1.row1.cot"]').waitFor();
    await shows(TEMPTATION);
    await shows('by: scripted-teacher-1, edited: false');
    assert.equal(await page.locator('.monaco-diff-editor').count(), 0, 'the preview is closed');
    await page.keyboard.press('Control+S');
    await page.locator('.tab.active:not(.dirty)').waitFor();
    const [row] = readFileSync(file(), 'utf8').split('\n').map((one) => (one === '' ? undefined : (JSON.parse(one) as { response: string; cotlens?: unknown })));
    assert.ok(row?.response.includes(`whatever is inside.\n\n${TEMPTATION}`));
    await page.keyboard.press('Control+Z');
    await eventually(async () => { assert.equal(await lines(), before); });
  }).timeout(150_000);

  it('a key pressed in the draft stops the teacher and stays; discarding asks', async () => {
    await openRow();
    delay = 150;
    await lightbulb('Insert temptation + correction here with my teacher');
    await page.locator('.monaco-diff-editor').first().waitFor();
    await eventually(async () => { assert.ok((await draft()).includes('Then again')); });
    await page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .view-line').filter({ hasText: 'Then again' }).first().click();
    await page.keyboard.press('Home');
    await page.keyboard.type('Mine. ');
    await statusItem(page, 'yours to finish').waitFor();
    await eventually(async () => { assert.match(await draft(), /Mine\. Then again/); });
    const stopped = await draft();
    await page.waitForTimeout(1500);
    assert.equal(await draft(), stopped, 'nothing comes over it');
    await button('Discard Draft').click();
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.filter({ hasText: 'Discard this draft' }).waitFor();
    await dialog.locator('.monaco-button').filter({ hasText: 'Discard' }).first().click();
    await page.locator('.monaco-diff-editor').first().waitFor({ state: 'detached' });
  }).timeout(150_000);

  it('a draft that was typed into is there again after a reload, and can be accepted', async () => {
    await openRow();
    await lightbulb('Insert temptation + correction here with my teacher');
    await page.locator('.monaco-diff-editor').first().waitFor();
    await statusItem(page, 'guard: not checked').waitFor({ timeout: 40_000 });
    await page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .view-line').filter({ hasText: 'Then again' }).first().click();
    await page.keyboard.press('Home');
    await page.keyboard.type('Mine. ');
    await eventually(async () => { assert.match(await draft(), /Mine\. Then again/); });
    // What was typed is kept a moment after the last key.
    await page.waitForTimeout(2000);
    await reloadWindow(page);
    await page.locator('.monaco-diff-editor').first().waitFor({ timeout: 40_000 });
    await eventually(async () => { assert.match(await draft(), /Mine\. Then again/); }, 40_000);
    await button('Accept Draft').click();
    await page.locator('.tab.active[data-resource-name="1.row1.cot"]').waitFor();
    await shows('Mine. Then again');
    await shows('edited: true');
  }).timeout(180_000);

  it('by hand: guides to write over from the keyboard, and undo leads back', async () => {
    await openRow();
    const before = await lines();
    await runCommand(page, 'CoT Lens: Craft by Hand at Cursor…');
    await pick(page, 'Insert temptation + correction here');
    await shows('[Temptation:');
    await page.keyboard.type('Maybe it is all right.');
    await page.keyboard.press('Tab');
    await page.keyboard.type('No, it is not.');
    await eventually(async () => {
      const text = await lines();
      assert.ok(text.includes('Maybe it is all right.') && text.includes('No, it is not.') && !text.includes('[Correction:'), text);
    });
    await page.waitForTimeout(1500);
    await page.keyboard.press('Control+S');
    await page.locator('.tab.active:not(.dirty)').waitFor();
    assert.match(readFileSync(file(), 'utf8'), /"injected"/);
    await eventually(async () => {
      if ((await lines()) !== before) await page.keyboard.press('Control+Z');
      assert.equal(await lines(), before);
    });
  }).timeout(120_000);

  it('the Refactor menu shows what does not fit, with the reason', async () => {
    await openRow();
    await runCommand(page, 'Refactor...');
    const rows = page.locator('.action-widget .monaco-list-row');
    await rows.filter({ hasText: 'Insert temptation + correction here' }).first().waitFor();
    // VS Code folds what does not fit away, behind an entry of its own.
    await page.locator('.action-widget').getByText('Show Disabled').click();
    const refused = rows.filter({ hasText: 'Insert hesitation + correction here' }).first();
    await refused.waitFor();
    assert.match((await refused.getAttribute('class')) ?? '', /option-disabled|disabled/);
    assert.match((await refused.getAttribute('aria-label')) ?? '', /Disabled/);
  }).timeout(120_000);
});
