import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { csvParse } from 'd3-dsv';
import { after, afterEach, before, describe, it } from 'mocha';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { startFakeRay, type FakeRay } from '../harness/fakeRay';
import { picture } from '../harness/picture';
import { root } from '../harness/root';
import { startUi, type Ui } from '../harness/ui';
import { answer, notifications, openViewContainer, reloadWindow, runCommand, setTheme, themes } from '../harness/workbench';
import { sftLines, trlLine, writtenPlan, WrittenRuns } from '../harness/writtenRuns';

const ATTACK = '<img src=x onerror="document.title=1"> [x](command:workbench.action.closeAllEditors) $(sync~spin) \u202Etxet';
const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

/** Not by `fetch`, which Ray takes for a browser. */
function submit(url: string, body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/api/jobs/`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (answered) => {
      answered.resume();
      answered.on('end', () => {
        if (answered.statusCode === 200) resolve();
        else reject(new Error(`The fake Ray answered ${String(answered.statusCode)}.`));
      });
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}

describe('the Runs view and its pages', () => {
  let ui: Ui;
  let page: Page;
  let ray: FakeRay;
  let runs: WrittenRuns;
  /** What browsers say of a policy that something ran against. */
  const violations: string[] = [];
  const pane = (): Locator => page.locator('.sidebar .pane').filter({ has: page.locator('.pane-header', { hasText: /^\s*Runs/ }) });
  const rows = (): Locator => pane().locator('.monaco-list-row');
  const row = (text: string | RegExp): Locator => rows().filter({ hasText: text }).first();
  /** A page of the editor, not the Traces view beside it. */
  const inside = (): FrameLocator => page.frameLocator('iframe.webview.ready:not([src*="purpose=webviewView"])').last().frameLocator('iframe#active-frame');
  const head = (): Locator => inside().locator('.run');

  before(async () => {
    ray = await startFakeRay();
    ui = await startUi({
      settings: {
        ...{ 'workbench.colorTheme': themes.dark.name, 'files.simpleDialog.enable': true, 'window.dialogStyle': 'custom' },
        'cotLens.backends': [{ kind: 'ray', name: 'local', url: ray.url }],
      },
    });
    mkdirSync(path.join(ui.workspace, 'sets'), { recursive: true });
    writeFileSync(path.join(ui.workspace, 'sets/kitchen.curated.jsonl'), '');
    runs = new WrittenRuns(ui.workspace);
    runs.add(writtenPlan('run-hostile', { title: ATTACK, created: minutesAgo(500) }), { state: 'pending', at: minutesAgo(499) }, { state: 'failed', at: minutesAgo(490), started: minutesAgo(498), ended: minutesAgo(490), reason: `</p><script>document.title=2</script> ${ATTACK}`, hint: 'Lower perDeviceBatchSize.', logRead: true });
    runs.log('run-hostile', `\u001b[31mred\u001b[0m ${ATTACK}\n`);
    runs.add(writtenPlan('run-done', { title: 'garden · AdvChain SFT', set: { path: 'sets/garden.curated.jsonl', name: 'garden', sha256: 'ef'.repeat(32) }, values: { recipe: 'advchain-sft', model: 'tiny-model', learningRate: 2e-4, epochs: 5, outputDir: '/shared/out/garden' }, created: minutesAgo(300) }), { state: 'running', started: minutesAgo(299), at: minutesAgo(299) }, { state: 'succeeded', ended: minutesAgo(287), model: '/shared/out/garden', at: minutesAgo(287), logRead: true });
    runs.log('run-done', `Loading\n${sftLines(1, 40, 40, 0.4)}${trlLine({ train_runtime: 718.2, train_loss: 1.91 })}`);
    runs.add(writtenPlan('run-live', { created: minutesAgo(20) }), { state: 'running', started: minutesAgo(10), at: minutesAgo(10) });
    runs.log('run-live', `Loading the model\n${sftLines(1, 5)}`, minutesAgo(5));
    runs.add(writtenPlan('run-early', { title: 'early · AdvChain SFT', created: minutesAgo(25) }), { state: 'unknown', at: minutesAgo(24), reason: 'Nobody answered at http://127.0.0.1:9.' });
    page = await ui.open();
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) violations.push(`${message.location().url}: ${message.text()}`);
    });
    await page.locator('.activitybar a[aria-label^="CoT Lens"]').waitFor({ timeout: 40_000 });
    await openViewContainer(page, 'CoT Lens');
  });
  after(async () => {
    await ui.stop();
    await ray.stop();
  });
  afterEach(async function () {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') await picture(page, path.join(root, 'out/failures', `runs-${currentTest.title.replaceAll(/\W+/g, '-').slice(0, 60)}.png`));
  });

  async function choose(title: string, option: string): Promise<void> {
    const list = inside().locator(`vscode-single-select[title="${title}"]`);
    await list.click();
    await list.getByRole('option', { name: option, exact: true }).first().click();
  }
  const lineOf = (key: string): Promise<string> => inside().locator(`.chart .${key}`).first().getAttribute('d').then((d) => d ?? '');

  it('lists the runs, the newest first, with state, step, loss and time', async () => {
    await row('kitchen · AdvChain SFT').filter({ hasText: /running · step 5 of 40 · loss [\d.]+ · 1\d min · launched \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/ }).waitFor();
    await row('garden · AdvChain SFT').filter({ hasText: /succeeded · step 40 of 40 · loss [\d.]+ · 12 min/ }).waitFor();
    await row('early').filter({ hasText: 'unknown whether the backend took it' }).waitFor();
    const labels = await rows().evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
    assert.equal(labels.length, 4);
    assert.match(labels[0] ?? '', /^kitchen/);
    assert.match(labels[1] ?? '', /^early/);
    assert.match(labels[2] ?? '', /^garden/);
    await row('kitchen').locator('.codicon-play-circle').waitFor();
    await row('garden').locator('.codicon-pass').waitFor();
    await page.locator('.activitybar .action-item').filter({ has: page.locator('a[aria-label^="CoT Lens"]') }).locator('.badge-content').filter({ hasText: '2' }).waitFor();
    await picture(page, path.join(root, 'out/pictures/runs-view-dark.png'));
  });

  it('shows hostile titles as text', async () => {
    const hostile = row('onerror');
    assert.equal(await hostile.locator('.label-name .codicon, .label-description .codicon, img[src="x"], a[href^="command:"]').count(), 0);
    assert.equal(await hostile.locator('.codicon-error').count(), 1);
  });

  it('asks which run is meant in the palette, whatever is selected in the view', async () => {
    await row('kitchen').click();
    await runCommand(page, 'CoT Lens: Stop Run…');
    const picks = page.locator('.quick-input-list .monaco-list-row');
    await picks.filter({ hasText: 'kitchen' }).waitFor();
    // What nobody knows the backend to have is not asked for its end.
    assert.equal(await picks.filter({ hasText: 'early' }).count(), 0);
    await page.keyboard.press('Escape');
    await runCommand(page, 'CoT Lens: Relaunch Run with Changes…');
    await picks.filter({ hasText: 'garden' }).waitFor();
    await page.keyboard.press('Escape');
    await runCommand(page, 'View: Close All Editors');
    await openViewContainer(page, 'CoT Lens');
  });

  it('acts on the run whose button is pressed, not on the first of those that are selected', async () => {
    await row('garden').click();
    await row('kitchen').click({ modifiers: ['ControlOrMeta'] });
    await row('kitchen').hover();
    await row('kitchen').locator('.actions .action-label.codicon-debug-stop').click();
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.filter({ hasText: 'Stop kitchen' }).filter({ hasText: /Launched \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC as run-live/ }).waitFor();
    await dialog.locator('.monaco-button').filter({ hasText: 'Cancel' }).click();
    await runCommand(page, 'View: Close All Editors');
    await openViewContainer(page, 'CoT Lens');
  });

  it('draws the loss and the learning rate of a run, and says how far it is', async () => {
    await row('kitchen').click();
    await head().locator('.state').filter({ hasText: /running · step 5 of 40 · 1\d min/ }).waitFor();
    assert.deepEqual(await inside().locator('.chart .title').allTextContents(), ['Loss', 'Learning rate']);
    assert.equal(await inside().locator('.chart .line').count(), 2);
    await inside().locator('.chart text', { hasText: '40 expected' }).waitFor();
    assert.equal(await inside().locator('section.table.unseen tbody tr').count(), 5);
    assert.match((await lineOf('line')).replaceAll(/[^ML]/g, ''), /^ML{4}$/);
    // The settings have no backend at its address: that is said, and nothing is asked.
    await head().locator('.reason').filter({ hasText: /settings/ }).waitFor();
    await page.keyboard.press('Control+B');
    await page.waitForTimeout(400);
    await picture(page, path.join(root, 'out/pictures/runs-page-dark.png'));
  });

  it('goes on as lines are appended to the files by another window', async () => {
    runs.log('run-live', sftLines(6, 20));
    await head().locator('.state').filter({ hasText: 'step 20 of 40' }).waitFor();
    await inside().locator('section.table tbody tr').nth(19).waitFor({ state: 'attached' });
    assert.match((await lineOf('line')).replaceAll(/[^ML]/g, ''), /^ML{19}$/);
    // A torn line is passed over until it is whole.
    runs.log('run-live', sftLines(21, 21));
    await head().locator('.state').filter({ hasText: 'step 21 of 40' }).waitFor();
  });

  it('says exact values under the mouse and by keys, and smooths only when asked', async () => {
    const box = inside().locator('.focusable');
    // A slider has a value before the first key too.
    const value = async (): Promise<(string | null)[]> => [await box.getAttribute('aria-valuenow'), await box.getAttribute('aria-valuetext')];
    assert.deepEqual(await value(), ['0', 'No step yet: the arrow keys go through them']);
    await box.focus();
    await page.keyboard.press('Home');
    await inside().locator('.card strong').filter({ hasText: /^Step 1$/ }).waitFor();
    const first = Number(/'loss': '([\d.]+)'/.exec(sftLines(1, 1))?.[1]);
    await inside().locator('.card div').filter({ hasText: `loss ${String(first)}` }).waitFor();
    await page.keyboard.press('ArrowRight');
    assert.match((await box.getAttribute('aria-valuetext')) ?? '', /^Step 2: loss [\d.]+, learning rate/);
    await page.keyboard.press('End');
    assert.match((await box.getAttribute('aria-valuetext')) ?? '', /^Step 21: /);
    await page.keyboard.press('Escape');
    assert.deepEqual(await value(), ['0', 'No step yet: the arrow keys go through them']);
    await inside().locator('.chart').hover({ position: { x: 300, y: 100 } });
    await inside().locator('.card strong').filter({ hasText: /^Step \d+$/ }).waitFor();
    assert.equal(await inside().locator('.chart .raw').count(), 0);
    await choose('Smoothing', 'average, 0.9');
    await inside().locator('.chart .raw').first().waitFor({ state: 'attached' });
    await picture(page, path.join(root, 'out/pictures/runs-page-smoothed.png'));
    await choose('Smoothing', 'not smoothed');
    await inside().locator('vscode-checkbox[label="Gradient norm"]').click();
    await inside().locator('.chart .title', { hasText: 'Gradient norm' }).waitFor();
    await inside().locator('vscode-checkbox[label="Gradient norm"]').click();
  });

  it('shows its log, and what comes', async () => {
    await inside().locator('.acts vscode-button').filter({ hasText: 'Show Log' }).click();
    const log = page.locator('.panel .view-lines');
    await log.filter({ hasText: 'learning_rate' }).waitFor();
    runs.log('run-live', '\u001b[32mSaving a checkpoint\u001b[0m\n');
    await log.filter({ hasText: 'Saving' }).waitFor();
    assert.doesNotMatch((await log.innerText()).replaceAll('\u00a0', ' '), /\[32m/);
    await runCommand(page, 'CoT Lens: Show Run Log…');
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'onerror' }).first().click();
    await log.filter({ hasText: 'red' }).filter({ hasText: 'onerror' }).waitFor();
    assert.equal(await page.locator('.panel .view-lines img, .panel .view-lines .codicon').count(), 0);
    await picture(page, path.join(root, 'out/pictures/runs-log.png'));
  });

  it('compares two runs: a line each, letters, and what differs', async () => {
    await runCommand(page, 'CoT Lens: Compare Runs…');
    for (const title of ['kitchen', 'garden']) await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first().locator('.quick-input-list-checkbox, .monaco-checkbox').first().click();
    await page.locator('.quick-input-widget:visible .monaco-button').filter({ hasText: 'OK' }).click();
    await inside().locator('h1').filter({ hasText: '2 runs compared' }).waitFor();
    assert.equal(await inside().locator('.chart .line').count(), 4);
    assert.deepEqual((await inside().locator('.chart .name').allTextContents()).sort(), ['A', 'A', 'B', 'B']);
    const called = (of: string): Promise<(string | null)[]> => inside().locator(of).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    assert.deepEqual((await called('.run .acts')).map((label) => label?.slice(0, 3)), ['A: ', 'B: ']);
    assert.deepEqual((await called('.run progress')).map((label) => label?.slice(0, 12)), ['Steps of A: ', 'Steps of B: ']);
    const launched = /tiny-model, launched \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/;
    assert.ok((await inside().locator('.run .launched').allTextContents()).every((text) => launched.test(text)));
    const heads = await inside().locator('.differs thead th').allTextContents();
    assert.ok(heads.length === 3 && heads.slice(1).every((text) => launched.test(text)) && new Set(heads).size === 3, heads.join());
    await inside().locator('.differs tr').filter({ hasText: 'learningRate' }).filter({ hasText: '0.0002' }).waitFor();
    assert.equal(await inside().locator('.differs tr').filter({ hasText: 'epochs' }).count(), 0);
    await picture(page, path.join(root, 'out/pictures/runs-compared-dark.png'));
    for (const format of ['CSV', 'SVG']) {
      await inside().locator('.exports vscode-button').filter({ hasText: format }).click();
      await page.locator('.quick-input-widget:visible .quick-input-box input').waitFor();
      await page.waitForTimeout(500);
      await answer(page, path.join(ui.workspace, `runs.${format.toLowerCase()}`));
      await inside().locator('.notice').filter({ hasText: `Saved runs.${format.toLowerCase()}` }).waitFor();
    }
    const table = csvParse(readFileSync(path.join(ui.workspace, 'runs.csv'), 'utf8'));
    assert.equal(table.filter(({ series }) => series === 'loss').length, 61);
    const svg = readFileSync(path.join(ui.workspace, 'runs.svg'), 'utf8');
    assert.match(svg, /A: kitchen/);
    assert.doesNotMatch(svg, /var\(|NaN/);
  });

  it('can be read in every theme and in a narrow page', async () => {
    // The log, which is left open: closing it gives the focus to the page, which closes what is asked meanwhile.
    await page.keyboard.press('Control+J');
    await page.locator('.part.panel').waitFor({ state: 'hidden' });
    for (const theme of ['light', 'high contrast dark', 'high contrast light'] as const) {
      await setTheme(page, ui.server, theme);
      await page.waitForTimeout(400);
      await picture(page, path.join(root, `out/pictures/runs-${theme.replaceAll(' ', '-')}.png`));
    }
    await setTheme(page, ui.server, 'dark');
    await page.setViewportSize({ width: 350, height: 900 });
    await page.waitForTimeout(500);
    const { clientWidth, overflow } = await inside().locator('body').evaluate((body) => ({ clientWidth: body.clientWidth, overflow: body.scrollWidth - body.clientWidth }));
    await picture(page, path.join(root, 'out/pictures/runs-narrow.png'));
    await page.setViewportSize({ width: 1400, height: 900 });
    assert.ok(clientWidth <= 320, `the page is ${String(clientWidth)} pixels wide`);
    assert.ok(overflow <= 1, `${String(overflow)} pixels too wide`);
  });

  it('says of a failed run why, and what to do; what is hostile stays text', async () => {
    await runCommand(page, 'View: Close All Editors');
    await openViewContainer(page, 'CoT Lens');
    await row('onerror').click();
    await inside().locator('.whyEnded.bad .reason').filter({ hasText: '<script>document.title=2</script>' }).waitFor();
    await inside().locator('.advice').filter({ hasText: 'Lower perDeviceBatchSize.' }).waitFor();
    await inside().locator('.empty').filter({ hasText: 'logged no numbers' }).waitFor();
    assert.equal(await inside().locator('img, a, main script').count(), 0);
    assert.ok(!/^[12]$/.test(await page.title()));
    await picture(page, path.join(root, 'out/pictures/runs-failed.png'));
    assert.equal(await inside().locator('.acts vscode-button').filter({ hasText: 'Look Now' }).count(), 0);
    await row('early').click();
    await inside().locator('.hint').filter({ hasText: 'never submitted a second time by itself' }).waitFor();
    await inside().locator('.acts vscode-button').filter({ hasText: 'Look Now' }).waitFor();
    await inside().locator('.details').filter({ hasText: 'Versions: CoT Lens 0.0.0' }).waitFor();
  });

  it('is there again after a reload, as it was', async () => {
    await row('garden').click();
    await inside().locator('.run .state').filter({ hasText: 'succeeded · step 40 of 40' }).waitFor();
    await inside().locator('vscode-checkbox[label="table"]').click();
    await inside().locator('section.table:not(.unseen) tbody tr').nth(39).waitFor();
    await page.waitForTimeout(700);
    await reloadWindow(page);
    await inside().locator('.run .state').filter({ hasText: 'succeeded · step 40 of 40' }).waitFor({ timeout: 40_000 });
    await inside().locator('section.table:not(.unseen) tbody tr').nth(39).waitFor();
  });

  it('follows a run on its backend, stops it once the person has said so twice, and tells of its end', async () => {
    const id = 'advchain-sft-20261121-100000-0a1b2c';
    await submit(ray.url, { entrypoint: 'trl sft', submission_id: id });
    ray.advance(id, 'RUNNING', `Loading\n${sftLines(1, 3)}`);
    runs.add(writtenPlan(id, { title: 'followed · AdvChain SFT', backend: { kind: 'ray', name: 'local', url: ray.url } }), { state: 'pending' });
    await openViewContainer(page, 'CoT Lens');
    await row('followed').filter({ hasText: /running/ }).waitFor({ timeout: 60_000 });
    await row('followed').click();
    await inside().locator('.run .state').filter({ hasText: 'step 3 of 40' }).waitFor({ timeout: 60_000 });
    await inside().locator('.acts vscode-button').filter({ hasText: 'Stop Run…' }).click();
    await page.locator('.monaco-dialog-box .monaco-button').filter({ hasText: 'Stop Run' }).click();
    await inside().locator('.run .state').filter({ hasText: /^stopped/ }).waitFor({ timeout: 60_000 });
    assert.equal(await inside().locator('.acts vscode-button').filter({ hasText: 'Stop Run…' }).count(), 0);
    await notifications(page).filter({ hasText: /on kitchen: stopped/ }).waitFor({ timeout: 60_000 });
    assert.ok(ray.jobs.get(id)?.stopAsked);
    const noted = readFileSync(path.join(ui.workspace, `.cotlens/runs/${id}.run.jsonl`), 'utf8');
    assert.ok(noted.indexOf('"stop requested"') > 0 && noted.indexOf('"stop requested"') < noted.indexOf('"stopped"'), noted);
    // None for what had ended before.
    assert.equal(await notifications(page).filter({ hasText: 'garden' }).count(), 0);
    await picture(page, path.join(root, 'out/pictures/runs-stopped.png'));
  });

  it('keeps the focus of the keyboard on a run’s buttons as they change', async () => {
    const id = 'advchain-sft-20261121-100500-0a1b2d';
    await submit(ray.url, { entrypoint: 'trl sft', submission_id: id });
    ray.advance(id, 'RUNNING', `Loading\n${sftLines(1, 3)}`);
    runs.add(writtenPlan(id, { title: 'focused · AdvChain SFT', backend: { kind: 'ray', name: 'local', url: ray.url } }), { state: 'running' });
    await openViewContainer(page, 'CoT Lens');
    await row('focused').click();
    const buttonOf = (text: string): Locator => inside().locator('.acts vscode-button').filter({ hasText: text });
    const focused = (): Promise<string> => inside().locator('body').evaluate(() => document.activeElement?.textContent ?? '');
    await inside().locator('h2').filter({ hasText: 'focused' }).waitFor();
    await buttonOf('Stop Run…').focus();
    ray.advance(id, 'SUCCEEDED', '');
    await inside().locator('.run .state').filter({ hasText: /^succeeded/ }).waitFor({ timeout: 60_000 });
    assert.equal(await focused(), 'Show Log');
    await runCommand(page, 'Notifications: Clear All Notifications');
  });

  it('tells after a reload of a run that ended meanwhile, while the Runs view is not shown', async () => {
    const id = 'advchain-sft-20261121-101000-0a1b2e';
    await submit(ray.url, { entrypoint: 'trl sft', submission_id: id });
    ray.advance(id, 'SUCCEEDED', `Loading\n${sftLines(1, 40)}`);
    await runCommand(page, 'View: Close All Editors');
    await runCommand(page, 'View: Show Explorer');
    // This window, which follows, hears nothing of it: the end is there for the next alone.
    ray.fault = () => 'status 503';
    runs.add(writtenPlan(id, { title: 'missed · AdvChain SFT', set: { path: 'sets/missed.curated.jsonl', name: 'missed', sha256: 'ef'.repeat(32) }, backend: { kind: 'ray', name: 'local', url: ray.url } }), { state: 'running', started: minutesAgo(10), at: minutesAgo(10) });
    await reloadWindow(page);
    ray.fault = undefined;
    await notifications(page).filter({ hasText: /on missed: succeeded/ }).waitFor({ timeout: 60_000 });
    await runCommand(page, 'Notifications: Clear All Notifications');
    await openViewContainer(page, 'CoT Lens');
  });

  it('takes an ended run out of the list, and puts it back', async () => {
    await runCommand(page, 'Notifications: Clear All Notifications');
    await row('garden').click();
    await page.keyboard.press('Delete');
    const said = notifications(page).filter({ hasText: 'Removed garden' });
    await said.waitFor();
    await row('garden').waitFor({ state: 'detached' });
    assert.ok(!existsSync(path.join(ui.workspace, '.cotlens/runs/run-done.run.jsonl')));
    await page.locator('.notifications-toasts .monaco-button').filter({ hasText: 'Undo' }).click();
    await row('garden').filter({ hasText: 'step 40 of 40' }).waitFor();
    assert.equal(readdirSync(path.join(ui.workspace, '.cotlens/runs')).filter((name) => name.startsWith('run-done')).length, 2);
  });

  it('ran against no policy', () => {
    assert.deepEqual(violations.filter((one) => /vscode-webview|vscode-resource|runs|index\.js/.test(one)), []);
  });
});
