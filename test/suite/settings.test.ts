import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, folder, open, openText, writeTrace } from './documents';
import { eventually } from './eventually';
import { runAndPick } from './quickPick';
import { textOf, writeScored, type Parts } from './scoreFiles';
import { withSettings } from './setting';
import { folds, hover, lens, lenses, outlineNames, plain } from './shown';

const PARTS: Parts = { intent: 'harmful', prompt: 'Q', steps: ['A', 'B', 'C', 'D', 'E'], answer: 'No.' };
const BOTH = [5, 5, 1, 5, 5].map((helpfulness, i) => ({ harmfulness: ([1, 2, 3, 4, 5] as const)[i] ?? null, helpfulness: helpfulness as 1 | 5 }));
const HARMFULNESS = '▁▃▄▆█ toxicity snowball · harmfulness 5 at step 5';
const HELPFULNESS = '██▁██ valley · helpfulness 1 at step 3';

async function openScored(): Promise<vscode.TextDocument> {
  const { document } = await open(writeScored(writeTrace('settings', ''), PARTS, BOTH, 4));
  await titleIs(document.uri, `${HARMFULNESS} · Ada, prefix`);
  return document;
}

const titleIs = (uri: vscode.Uri, title: string): Promise<void> =>
  eventually(async () => {
    assert.equal((await lens(uri)).title, title);
  });

describe('settings take effect in what is open', () => {
  afterEach(closeAll);

  it('cotLens.series: each series, both, and by intent again', async () => {
    const document = await openScored();
    await withSettings({ 'cotLens.series': 'helpfulness' }, async () => {
      await titleIs(document.uri, `${HELPFULNESS} · Ada, prefix`);
      assert.match((await hover(document, 'C')).value, /!\[helpfulness by step: 5 5 1 5 5\]/);
    });
    await withSettings({ 'cotLens.series': 'both' }, async () => {
      await titleIs(document.uri, `${HARMFULNESS} · ${HELPFULNESS} · Ada, prefix`);
      assert.match((await hover(document, 'C')).value, /!\[harmfulness by step: 1 2 3 4 5; helpfulness by step: 5 5 1 5 5\]/);
    });
    await titleIs(document.uri, `${HARMFULNESS} · Ada, prefix`);
  });

  it('cotLens.splitter: the steps and with them what is scored', async () => {
    const { document } = await openText('splitter', '<think>\nOne. Two!\n\nok\n\n```\ncode\n\ncode\n```\n</think>\nA');
    const steps = async (): Promise<unknown> => (await outlineNames(document.uri))[0];
    assert.deepEqual(await steps(), ['Reasoning', ['1  One. Two!', '2  ok', '3  ``` code code ```']]);
    await withSettings({ 'cotLens.splitter': 'sentences' }, async () => {
      await eventually(async () => {
        assert.deepEqual(await steps(), ['Reasoning', ['1  One.', '2  Two!', '3  ok', '4  ``` code code ```']]);
      });
      assert.match((await lens(document.uri)).title, /Score 4 steps/);
    });
    await withSettings({ 'cotLens.splitter': 'blank-lines-strict' }, async () => {
      await eventually(async () => {
        assert.deepEqual(await steps(), ['Reasoning', ['1  One. Two!', '2  ok', '3  ``` code', '4  code ```']]);
      });
    });
    await withSettings({ 'cotLens.splitter': 'blank-lines-merged' }, async () => {
      await eventually(async () => {
        assert.match((await lens(document.uri)).title, /Score 1 step /);
      });
    });
    await eventually(async () => {
      assert.match((await lens(document.uri)).title, /Score 3 steps/);
    });
  });

  it('cotLens.splitter: what really folds in the editor', async () => {
    const editor = await openText('folds', `<think>\n${'Many\nlines.\n\n'.repeat(3)}\`\`\`\na\n\nb\n\`\`\`\n</think>\nA`);
    const shown = async (): Promise<string[]> => (await folds(editor.document.uri)).sort();
    assert.deepEqual(await shown(), ['0-15', '1-2', '10-14', '4-5', '7-8']);
    await withSettings({ 'cotLens.splitter': 'blank-lines-strict' }, async () => {
      await eventually(async () => {
        assert.deepEqual(await shown(), ['0-15', '1-2', '10-11', '13-14', '4-5', '7-8']);
      });
    });
  });

  it('cotLens.splitter: scores of two splitters are never one curve', async () => {
    const document = await openScored();
    // The same texts come out as steps, and still nobody has scored them as steps of this splitter.
    await withSettings({ 'cotLens.splitter': 'blank-lines-strict' }, () => titleIs(document.uri, '$(pulse) Score 5 steps · offline heuristic'));
    await titleIs(document.uri, `${HARMFULNESS} · Ada, prefix`);
  });

  it('cotLens.shape: the cut-offs', async () => {
    const document = await openScored();
    await withSettings({ 'cotLens.shape.minScored': 6 }, () =>
      titleIs(document.uri, '▁▃▄▆█ too short · harmfulness 5 at step 5 · Ada, prefix'),
    );
    await withSettings({ 'cotLens.shape.low': 1, 'cotLens.shape.high': 5, 'cotLens.shape.edgeShare': 0.5 }, () =>
      titleIs(document.uri, '▁▃▄▆█ rising · harmfulness 5 at step 5 · Ada, prefix'),
    );
    await titleIs(document.uri, `${HARMFULNESS} · Ada, prefix`);
  });

  it('cotLens.languages: other languages are read as traces, without being asked, and no longer', async () => {
    const { document } = await openText('languages', textOf(PARTS), '.txt');
    assert.deepEqual(await lenses(document.uri), []);
    await withSettings({ 'cotLens.languages': ['cot', 'plaintext'] }, async () => {
      await eventually(async () => {
        assert.equal((await lens(document.uri)).line, 6);
      });
      await vscode.commands.executeCommand('cotLens.score');
      await eventually(async () => {
        assert.match(plain(await hover(document, 'C')), /^Step 3 of 5 · /);
      });
    });
    await eventually(async () => {
      assert.deepEqual(await lenses(document.uri), []);
    });
  });

  it('are read for the folder of the document', async () => {
    const inTraces = await openScored();
    const sample = vscode.Uri.joinPath(folder('samples'), 'toxicity-snowball.cot');
    await open(sample);
    const config = vscode.workspace.getConfiguration('cotLens', inTraces.uri);
    await config.update('series', 'helpfulness', vscode.ConfigurationTarget.WorkspaceFolder);
    try {
      await titleIs(inTraces.uri, `${HELPFULNESS} · Ada, prefix`);
      assert.match((await lens(sample)).title, /toxicity snowball/);
    } finally {
      await config.update('series', undefined, vscode.ConfigurationTarget.WorkspaceFolder);
    }
    await titleIs(inTraces.uri, `${HARMFULNESS} · Ada, prefix`);
  });

  it('Switch Series sets the series where it was set before, else for the user', async () => {
    const document = await openScored();
    const set = (): unknown => {
      const { globalValue, workspaceValue } = vscode.workspace.getConfiguration('cotLens', document).inspect('series') ?? {};
      return { globalValue, workspaceValue };
    };
    try {
      await runAndPick('cotLens.switchSeries', 2);
      await titleIs(document.uri, `${HELPFULNESS} · Ada, prefix`);
      assert.deepEqual(set(), { globalValue: 'helpfulness', workspaceValue: undefined });
    } finally {
      await vscode.workspace.getConfiguration('cotLens').update('series', undefined, vscode.ConfigurationTarget.Global);
    }
    await withSettings({ 'cotLens.series': 'helpfulness' }, async () => {
      await titleIs(document.uri, `${HELPFULNESS} · Ada, prefix`);
      await runAndPick('cotLens.switchSeries', 3);
      await titleIs(document.uri, `${HARMFULNESS} · ${HELPFULNESS} · Ada, prefix`);
      assert.deepEqual(set(), { globalValue: undefined, workspaceValue: 'both' });
    });
  });
});
