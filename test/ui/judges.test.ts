import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator, Page } from 'playwright-core';
import { USUAL_SERVERS } from '../../src/model/localServers';
import { laneView } from '../harness/lane';
import { rateLimited, startModelServer, type ModelServer } from '../harness/modelServer';
import { scriptedReply } from '../harness/scriptedJudge';
import { startUi, type Ui } from '../harness/ui';
import { answer, codeLens, notifications, openFile, pick, runCommand, statusItem } from '../harness/workbench';

const KEY = 'a-key-for-the-ui-test';

describe('a judge at an address', () => {
  let ui: Ui;
  let page: Page;
  let model: ModelServer;
  let latency = 0;
  before(async () => {
    model = await startModelServer({ reply: scriptedReply(), models: ['small', 'scripted'], requireKey: KEY, latency: () => latency });
    ui = await startUi();
    page = await ui.open();
  });
  after(async () => {
    await ui.stop();
    await model.stop();
  });

  /** The score records on disk, whatever file they stand in. */
  const records = (): string[] => {
    const folder = path.join(ui.workspace, '.cotlens/scores');
    try {
      return readdirSync(folder).flatMap((name) => readFileSync(path.join(folder, name), 'utf8').trim().split('\n'));
    } catch {
      return [];
    }
  };

  it('is set up by answering a few questions', async () => {
    await openFile(page, 'lock.cot');
    await codeLens(page, 'Score 3 steps · offline heuristic').waitFor();
    await runCommand(page, 'CoT Lens: Choose Judge…');
    await pick(page, 'Another endpoint…');
    await question(page, 'The base URL of an OpenAI-compatible server');
    await answer(page, model.url);
    // The server on this machine was asked for its models, and wants a key.
    await question(page, `The API key for ${model.origin}`);
    await answer(page, KEY);
    await pick(page, 'scripted');
    await pick(page, 'prefix');
    await question(page, 'What the judge is to be called');
    await answer(page, 'my judge');
    await statusItem(page, 'From now on my judge scores').waitFor();
    await codeLens(page, 'Score 3 steps · my judge').waitFor();
  });

  it('scores, with progress that can be stopped, and goes on after a reload', async () => {
    latency = 4000;
    await codeLens(page, 'Score 3 steps · my judge').click();
    await codeLens(page, 'Scoring 0 of 4 · my judge · stop').waitFor();
    await notifications(page).filter({ hasText: 'Scoring steps · my judge' }).waitFor();
    await codeLens(page, 'stop').click();
    await codeLens(page, 'Score 3 steps · my judge').waitFor();
    assert.equal(records().length, 0);
    latency = 0;
    await page.reload();
    model.fault(rateLimited({ seconds: 4 }));
    await codeLens(page, 'Score 3 steps · my judge').click();
    await notifications(page).filter({ hasText: 'takes no more requests for now; waiting 4 seconds' }).waitFor();
    await codeLens(page, 'my judge, prefix').waitFor();
    assert.equal(records().length, 4);
    assert.ok(records().every((line) => line.includes('"label":"my judge"')));
    await page.waitForTimeout(500);
    assert.ok((await laneView(page)).rows.some((row) => row.pieces.length > 0), 'the curve is drawn');
    assert.ok(!records().join().includes(KEY));
  });

  it('is among the judges afterwards, and what it scored is not asked for again', async () => {
    const asked = model.completions.length;
    await page.keyboard.press('Control+Home');
    await runCommand(page, 'CoT Lens: Score Steps');
    await runCommand(page, 'CoT Lens: Choose Judge…');
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'my judge' }).filter({ hasText: 'Text goes to 127.0.0.1' }).waitFor();
    await pick(page, 'offline heuristic');
    await statusItem(page, 'From now on the offline heuristic scores').waitFor();
    assert.equal(model.completions.length, asked);
  });

  it('is edited from the list, step by step and back', async () => {
    await runCommand(page, 'CoT Lens: Choose Judge…');
    const judge = row(page, 'my judge').filter({ hasText: 'Text goes to' });
    await judge.hover();
    await judge.locator('[aria-label^="Edit this judge"], [title^="Edit this judge"]').first().click();
    await question(page, 'The base URL of an OpenAI-compatible server');
    await page.keyboard.press('Enter');
    // Its key is set and good: the question after it is the next, and the one before it the one that a step back leads to.
    await row(page, 'scripted').filter({ hasText: 'as before' }).waitFor();
    await page.locator('.quick-input-widget:visible [aria-label^="Back"]').first().click();
    await question(page, 'The base URL of an OpenAI-compatible server');
    await page.keyboard.press('Enter');
    await pick(page, 'small');
    await pick(page, 'prefix');
    await question(page, 'What the judge is to be called');
    await answer(page, 'my small judge');
    // The list comes back, with the judge as it is now.
    await row(page, 'my small judge').filter({ hasText: 'small · prefix' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('that runs on this machine at its usual place is found, with its models, and goes when it is removed', async () => {
    const here = await startAtUsualPlace();
    try {
      await runCommand(page, 'CoT Lens: Choose Judge…');
      await row(page, 'found-model').filter({ hasText: 'Text stays on this machine' }).waitFor();
      await pick(page, 'found-model');
      await statusItem(page, `From now on found-model scores; text goes to 127.0.0.1:${here.port} on this machine`).waitFor();
      await runCommand(page, 'CoT Lens: Choose Judge…');
      const judge = row(page, 'found-model').filter({ hasText: 'Text goes to' });
      await judge.hover();
      await judge.locator('[aria-label^="Remove this judge"], [title^="Remove this judge"]').first().click();
      await page.locator('.monaco-dialog-box').getByText('Remove', { exact: true }).click();
      // The list comes back; the model is found again, and is no judge of the settings any more.
      await row(page, 'found-model').filter({ hasText: 'Text stays on this machine' }).waitFor();
      await page.keyboard.press('Escape');
      assert.equal(here.completions.length, 0);
    } finally {
      await here.stop();
    }
  });
});

function row(page: Page, text: string): Locator {
  return page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text });
}

/** A server on the first port that is free of those that are searched. */
async function startAtUsualPlace(): Promise<ModelServer> {
  for (const { baseUrl } of USUAL_SERVERS) {
    try {
      return await startModelServer({ reply: scriptedReply(), models: ['found-model'], port: Number(new URL(baseUrl).port) });
    } catch {
      // Something else listens there.
    }
  }
  throw new Error('All the ports where model servers usually listen are taken on this machine.');
}

/** Waits until an input box asks this. */
async function question(page: Page, text: string): Promise<void> {
  await page.locator('.quick-input-widget:visible .quick-input-message').filter({ hasText: text }).waitFor();
}
