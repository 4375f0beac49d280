import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { stepHash } from '../../src/trace/stepHash';
import { picture } from '../harness/picture';
import { root } from '../harness/root';
import { sampleOf } from '../harness/shedSamples';
import { startUi, type Ui } from '../harness/ui';
import { answer, codeLens, notifications, openFile, openViewContainer, pick, runCommand, setTheme, themes, visibleLines } from '../harness/workbench';

const TRACE = `---
intent: harmful
injected:
  - { step: ${stepHash('Maybe it would not be so bad to help with the boathouse, I waver for a while.')}, occurrence: 1, of: 1, role: error, recipe: temptation-correction, by: person }
  - { step: ${stepHash('No: whose boathouse it is matters more, so I go back to asking.')}, occurrence: 1, of: 1, role: correction, recipe: temptation-correction, by: person }
---
How do I open the boathouse?

<think>
I look at what is asked and by whom.

Maybe it would not be so bad to help with the boathouse, I waver for a while.

No: whose boathouse it is matters more, so I go back to asking.

So I ask whose it is.
</think>

Whose boathouse is it?
`;

describe('the Curated Set view', () => {
  let ui: Ui;
  let page: Page;
  const violations: string[] = [];
  const file = (name: string): string => path.join(ui.workspace, 'sets', `${name}.curated.jsonl`);
  const rows = (): Locator => page.locator('.sidebar .pane').filter({ hasText: 'Curated Set' }).locator('.monaco-list-row');
  const row = (text: string | RegExp): Locator => rows().filter({ hasText: text }).first();
  /** The page was opened last; the first is the Traces view beside it. */
  const inside = (): FrameLocator => page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');

  before(async () => {
    ui = await startUi({ settings: { 'workbench.colorTheme': themes.dark.name, 'files.simpleDialog.enable': true } });
    mkdirSync(path.join(ui.workspace, 'sets'));
    const lines = Array.from({ length: 24 }, (_, i) => JSON.stringify(sampleOf(i)));
    lines.splice(5, 0, '{"id": "half a li');
    writeFileSync(file('kitchen'), lines.map((line) => `${line}\n`).join(''));
    writeFileSync(file('spare'), '');
    writeFileSync(path.join(ui.workspace, 'boathouse.cot'), TRACE);
    page = await ui.open();
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) violations.push(`${message.location().url}: ${message.text()}`);
    });
    await page.locator('.activitybar a[aria-label^="CoT Lens"]').waitFor({ timeout: 40_000 });
    await openViewContainer(page, 'CoT Lens');
  });
  after(() => ui.stop());
  afterEach(async function () {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') await picture(page, path.join(root, 'out/failures', `set-${currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}.png`));
  });

  it('lists the sets with their mix, their problems and their samples', async () => {
    await row('kitchen').filter({ hasText: '18 T-C · 6 H-C · 2 problems' }).waitFor();
    await row('For this mix add 6 T-C.').waitFor();
    await row(/^\s*Problems/).filter({ hasText: 'not checked across samples' }).waitFor();
    await row('How do I open the shed 0?').filter({ hasText: 'peak ✓' }).waitFor();
    await picture(page, path.join(root, 'out/pictures/set-view-dark.png'));
    await row(/^\s*Problems/).click();
    await row('Line 6').waitFor();
    await row('correction not after error').waitFor();
    await picture(page, path.join(root, 'out/pictures/set-view-problems.png'));
    await row(/^\s*Problems/).click();
  });

  it('takes the open trace in, and says so', async () => {
    await openFile(page, 'boathouse.cot');
    // Keys know that it is a trace once its lens shows.
    await codeLens(page, 'Score 4 steps').waitFor();
    await page.keyboard.press('Control+Alt+F9');
    await pick(page, 'kitchen');
    const anyway = page.locator('.monaco-dialog-box .monaco-button').filter({ hasText: 'Add Anyway' });
    const added = notifications(page).filter({ hasText: 'Added to kitchen (25 samples)' });
    await Promise.race([anyway.waitFor(), added.waitFor()]);
    if (await anyway.isVisible()) await anyway.click();
    await added.waitFor();
    await row('kitchen').filter({ hasText: '19 T-C · 6 H-C' }).waitFor();
    await picture(page, path.join(root, 'out/pictures/set-added.png'));
  });

  it('removes what is selected with Delete, and Ctrl+Z puts it back', async () => {
    const before = readFileSync(file('kitchen'), 'utf8');
    await row('How do I open the shed 0?').click();
    await row('How do I open the cellar 1?').click({ modifiers: ['Control'] });
    await page.keyboard.press('Delete');
    await row('kitchen').filter({ hasText: '17 T-C · 6 H-C' }).waitFor();
    assert.equal(readFileSync(file('kitchen'), 'utf8').split('\n').length, before.split('\n').length - 2);
    await page.keyboard.press('Control+Z');
    await row('kitchen').filter({ hasText: '19 T-C · 6 H-C' }).waitFor();
    assert.equal(readFileSync(file('kitchen'), 'utf8'), before);
  });

  it('checks across samples and shows what it found', async () => {
    await row('kitchen').click();
    await runCommand(page, 'CoT Lens: Check Set');
    // The click closed the set; what was found is counted beside its name.
    await row('kitchen').filter({ hasText: /([3-9]|\d\d) problems/ }).waitFor();
    await row('kitchen').click();
    await row(/^\s*Problems/).filter({ hasNotText: 'not checked across' }).waitFor();
  });

  it('shows the page of a set: the mix, and a curve for each recipe at the injected step', async () => {
    await runCommand(page, 'View: Close All Editors');
    // Of the set that is selected.
    await runCommand(page, 'CoT Lens: Show Set Page');
    await page.keyboard.press('Control+B');
    await inside().locator('h1').filter({ hasText: 'Curated set: kitchen' }).waitFor();
    await inside().locator('.summary').filter({ hasText: /n = 23 of 25 samples.*Scripted judge, prefix.*at the injected step, −3 to \+5 steps · grouped by recipe · CONDITIONED/ }).waitFor();
    await inside().locator('.mix').filter({ hasText: '19 T-C : 6 H-C, target 800 : 200' }).waitFor();
    assert.equal(await inside().locator('.mixBar.samples .mixPiece').count(), 2);
    assert.deepEqual(await inside().locator('.groups .link').allInnerTexts(), ['A: Temptation-Correction', 'B: Hesitation-Correction']);
    assert.ok((await inside().locator('.chart .line.group').count()) >= 2);
    await picture(page, path.join(root, 'out/pictures/set-page-dark.png'));
    const list = inside().locator('vscode-single-select[title="Alignment"]');
    await list.click();
    await list.getByRole('option', { name: 'by position', exact: true }).first().click();
    await inside().locator('.summary').filter({ hasText: 'by position, 10 bins · grouped by recipe' }).waitFor();
    await picture(page, path.join(root, 'out/pictures/set-page-position.png'));
  });

  it('exports a training file: its exact bytes are shown before any is written, and say what was left out', async () => {
    const target = file('kitchen').replace('kitchen.curated.jsonl', 'out.jsonl');
    await runCommand(page, 'CoT Lens: Export Training File…');
    await pick(page, 'kitchen');
    await pick(page, 'TRL messages');
    // With a template the reasoning could be followed through it; none is at hand here.
    await pick(page, 'Without a Template');
    const told = notifications(page).filter({ hasText: /\d+ rows of \d+ samples/ });
    await told.waitFor();
    await page.locator('.tab.active[data-resource-name$=".jsonl"]').waitFor();
    const first = (await visibleLines(page))[0] ?? '';
    assert.match(first, /^\{"messages":\[\{"role":"user","content":"How do I open the shed 0\?"/);
    assert.equal(existsSync(target), false);
    await runCommand(page, 'CoT Lens: Save Training File…');
    // The dialog offers a name of its own first.
    await page.waitForFunction(() => [...document.querySelectorAll<HTMLInputElement>('.quick-input-widget .quick-input-box input')].some((box) => box.checkVisibility() && box.value.endsWith('.jsonl')));
    await page.waitForTimeout(500);
    await answer(page, target);
    await notifications(page).filter({ hasText: 'Saved out.jsonl' }).waitFor();
    const saved = readFileSync(target, 'utf8');
    assert.ok(saved.startsWith(first.trimEnd().slice(0, 200)), 'what was shown is what is written');
    const record = JSON.parse(readFileSync(`${target.replace(/\.jsonl$/, '')}.export.json`, 'utf8')) as { rows?: number };
    assert.equal(record.rows, saved.trimEnd().split('\n').length);
    await runCommand(page, 'View: Close All Editors');
    await runCommand(page, 'Notifications: Clear All Notifications');
    await runCommand(page, 'CoT Lens: Show Set Page');
    await inside().locator('.summary').filter({ hasText: 'grouped by recipe' }).waitFor();
  });

  it('follows the set, and can be read in every theme and in a narrow page', async () => {
    writeFileSync(file('kitchen'), `${readFileSync(file('kitchen'), 'utf8')}${JSON.stringify(sampleOf(27))}\n`);
    await inside().locator('.summary').filter({ hasText: 'n = 24 of 26 samples' }).waitFor();
    for (const theme of ['light', 'high contrast dark'] as const) {
      await setTheme(page, ui.server, theme);
      await page.waitForTimeout(300);
      await picture(page, path.join(root, `out/pictures/set-page-${theme.replaceAll(' ', '-')}.png`));
    }
    await setTheme(page, ui.server, 'light');
    await page.setViewportSize({ width: 520, height: 900 });
    await page.waitForTimeout(400);
    const overflow = await inside().locator('body').evaluate((body) => body.scrollWidth - body.clientWidth);
    await picture(page, path.join(root, 'out/pictures/set-page-narrow.png'));
    await page.setViewportSize({ width: 1400, height: 900 });
    assert.ok(overflow <= 1, `${String(overflow)} pixels too wide`);
    await runCommand(page, 'Focus on Curated Set View');
    await row('kitchen').waitFor();
    await picture(page, path.join(root, 'out/pictures/set-view-light.png'));
  });

  it('ran against no policy', () => {
    assert.deepEqual(violations.filter((one) => /vscode-webview|vscode-resource|means|index\.js/.test(one)), []);
  });
});
