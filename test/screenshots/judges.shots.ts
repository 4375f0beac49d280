import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { parseTrace } from '../../src/trace/parseTrace';
import { startModelServer, type ModelServer } from '../harness/modelServer';
import { scriptedReply } from '../harness/scriptedJudge';
import { picture } from '../harness/picture';
import { samplesFolder } from '../harness/places';
import { root } from '../harness/root';
import { changeSettings } from '../harness/settings';
import { startUi, type Ui } from '../harness/ui';
import { activeEditor, answer, codeLens, notifications, openFile, pick, runCommand, setTheme, statusItem, webview } from '../harness/workbench';

const PEAK = 'peak-temptation-correction.cot';
/** Scripted servers under two names: nothing in the pictures is a measurement of a real model. */
const JUDGES = ['demo-model', 'demo-model-small'] as const;

type Scores = Readonly<Record<string, { steps: [number, number | null, string][]; answer: [number, number | null, string] }>>;

/** The samples' author's scores by text; a scripted judge says them a little off, as judges do. */
function authorScores(): ReadonlyMap<string, readonly [number, number | null, string]> {
  const { scores } = JSON.parse(readFileSync(path.join(root, 'samples/author-scores.json'), 'utf8')) as { scores: Scores };
  const byText = new Map<string, readonly [number, number | null, string]>();
  for (const [file, said] of Object.entries(scores)) {
    const { turns } = parseTrace(readFileSync(path.join(root, 'samples', file), 'utf8'));
    for (const [i, step] of turns[0].steps.entries()) byText.set(step.text, said.steps[i] ?? said.answer);
    byText.set(turns[0].answer?.text ?? '', said.answer);
  }
  return byText;
}

const bounded = (score: number): number => Math.min(5, Math.max(1, score));

/** The pictures of judges and of the Curves page in README.md. */
describe('pictures of judges', () => {
  let ui: Ui;
  let page: Page;
  let model: ModelServer;
  before(async () => {
    const known = authorScores();
    model = await startModelServer({
      models: [...JUDGES],
      latency: 20,
      reply: (request) => {
        const { seed = 0, model: name } = request.json as { seed?: number; model?: string };
        return scriptedReply(({ step, text }) => {
          const [harm, help, reason] = known.get(text) ?? [1, 4, 'works on what was asked'];
          const turn = (text.length + seed * 7 + (name === JUDGES[1] ? 3 : 0)) % 10;
          const off = turn === 0 ? 1 : turn === 1 ? -1 : name === JUDGES[1] && harm > 2 ? -1 : 0;
          return { harmfulness: bounded(harm + off), helpfulness: bounded((help ?? 6 - harm) + off), reason: step === 'answer' ? 'the answer follows from the chain' : reason };
        })(request);
      },
    });
    ui = await startUi({
      workspace: samplesFolder(),
      settings: { 'workbench.colorTheme': 'Light Modern' },
    });
    page = await ui.open();
    changeSettings(ui.server, { 'cotLens.judges': JUDGES.map(judge), 'cotLens.judge': JUDGES[0], 'cotLens.person': 'You' });
    await page.waitForTimeout(2000);
    await page.setViewportSize({ width: 1500, height: 900 });
    await page.keyboard.press('Control+B');
  });
  after(async () => {
    await ui.stop();
    await model.stop();
  });

  const judge = (name: string): Record<string, unknown> => ({ name, baseUrl: model.url, model: name, samples: 3, temperature: 0.7, seed: 1 });
  const keep = async (name: string): Promise<void> => {
    await page.waitForTimeout(900);
    await picture(page, path.join(root, 'media/screenshots', `${name}.png`));
  };
  const show = async (file: string): Promise<void> => {
    await openFile(page, file);
    await page.keyboard.press('Control+Home');
    await codeLens(page, 'prefix').or(codeLens(page, 'Score')).first().waitFor();
  };
  const choose = async (name: string): Promise<void> => {
    changeSettings(ui.server, { 'cotLens.judge': name });
    await page.waitForTimeout(1500);
  };
  const score = async (file: string, judge: string): Promise<void> => {
    await show(file);
    await runCommand(page, 'CoT Lens: Score Steps');
    await codeLens(page, `${judge}, prefix`).waitFor();
  };

  it('every sample scored by two judges', async () => {
    const samples = readdirSync(path.join(root, 'samples')).filter((name) => name.endsWith('.cot'));
    for (const judge of JUDGES) {
      await choose(judge);
      for (const file of samples) await score(file, judge);
    }
    await choose(JUDGES[0]);
    await runCommand(page, 'View: Close All Editors');
  });

  for (const theme of ['light', 'dark', 'high contrast dark'] as const) {
    it(`the Curves page in the ${theme} theme`, async () => {
      await setTheme(page, ui.server, theme);
      await runCommand(page, 'View: Close All Editors');
      await score(PEAK, JUDGES[0]);
      await runCommand(page, 'CoT Lens: Show Curves');
      const inside = webview(page);
      await inside.locator('.chart .line').first().waitFor();
      await page.keyboard.press('Control+1');
      await activeEditor(page).locator('.view-line').filter({ hasText: 'Maybe I' }).first().click();
      await keep(`curves-${theme.replaceAll(' ', '-')}`);
    });
  }

  it('comparing judges', async () => {
    await setTheme(page, ui.server, 'light');
    await runCommand(page, 'View: Close All Editors');
    await show(PEAK);
    await runCommand(page, 'CoT Lens: Compare Judges…');
    await pick(page, `${JUDGES[0]}, prefix`);
    await pick(page, `${JUDGES[1]}, prefix`);
    await webview(page).locator('.comparison').first().waitFor();
    await keep('compare');
    await notifications(page).first().waitFor({ timeout: 1000 }).catch(() => undefined);
  });

  it('an exported picture', async () => {
    const inside = webview(page);
    const file = path.join(ui.workspace, 'exported.png');
    await inside.locator('.exports vscode-button').filter({ hasText: 'PNG' }).click();
    await page.locator('.quick-input-widget:visible .quick-input-box input').waitFor();
    await page.waitForTimeout(500);
    await answer(page, file);
    await inside.locator('.notice').filter({ hasText: 'Saved exported.png' }).waitFor();
    copyFileSync(file, path.join(root, 'media/screenshots/exported.png'));
  });

  it('after a reload', async () => {
    await page.reload();
    await webview(page).locator('.chart .line').first().waitFor();
    await keep('reloaded');
  });

  it('what was sent', async () => {
    await runCommand(page, 'View: Close All Editors');
    await page.setViewportSize({ width: 1180, height: 760 });
    await show(PEAK);
    await page.locator('.view-line').filter({ hasText: 'Maybe I' }).first().click();
    await runCommand(page, 'CoT Lens: What Was Sent…');
    await page.waitForTimeout(1500);
    await keep('what-was-sent');
  });

  it('choosing a judge', async () => {
    await setTheme(page, ui.server, 'light');
    await runCommand(page, 'View: Close All Editors');
    await page.setViewportSize({ width: 1180, height: 760 });
    await show(PEAK);
    await runCommand(page, 'CoT Lens: Choose Judge…');
    await page.waitForTimeout(2500);
    await keep('choose-judge');
    await page.keyboard.press('Escape');
  });

  it('what is asked before the first request', async () => {
    const away = { name: 'demo-model (elsewhere)', baseUrl: model.url.replace('127.0.0.1', '0.0.0.0'), model: JUDGES[0], price: { input: 2.5, cachedInput: 1.25, output: 10 } };
    changeSettings(ui.server, { 'cotLens.judges': [away], 'cotLens.judge': away.name });
    await page.waitForTimeout(1500);
    await runCommand(page, 'CoT Lens: Score Steps');
    await page.locator('.monaco-dialog-box').waitFor();
    await keep('confirm');
    await page.keyboard.press('Escape');
  });

  it('scoring by hand', async () => {
    await show(PEAK);
    changeSettings(ui.server, { 'cotLens.judges': JUDGES.map(judge), 'cotLens.judge': JUDGES[0] });
    await runCommand(page, 'CoT Lens: Score by Hand…');
    await statusItem(page, 'Step 1/11').waitFor();
    for (const key of ['1', '1', '1', '2']) await page.keyboard.press(key);
    await statusItem(page, 'Step 5/11').waitFor();
    await keep('by-hand');
    await page.keyboard.press('Escape');
  });

  it('calibrating a judge', async () => {
    await runCommand(page, 'View: Close All Editors');
    await runCommand(page, 'CoT Lens: Calibrate Judge…');
    await pick(page, `${JUDGES[0]}, prefix`);
    await pick(page, 'harmfulness');
    await statusItem(page, '1 of 30 · harmfulness?').waitFor();
    await keep('calibrate');
    for (let i = 1; i <= 30; i++) {
      await activeEditor(page).click();
      await page.keyboard.press(['1', '1', '2', '4', '3', '1'][i % 6] ?? '1');
      if (i < 30) await statusItem(page, `${String(i + 1)} of 30`).waitFor();
    }
    await page.locator('.monaco-dialog-box .monaco-text-button').filter({ hasText: 'Ask Once More' }).click();
    await page.locator('.notifications-toasts .monaco-text-button').filter({ hasText: 'Show Details' }).first().click();
    await activeEditor(page).locator('.view-line').filter({ hasText: 'Test-retest' }).waitFor();
    await keep('calibrated');
  });
});
