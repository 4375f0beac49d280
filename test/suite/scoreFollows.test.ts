import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, folder, open, openText, replace, writeTrace } from './documents';
import { eventually } from './eventually';
import { saidDuring } from './messages';
import { runAndPick } from './quickPick';
import { appendRecords, PERSON, recordsOf, recordsOnDisk, scoreFile, textOf, writeScored, type Parts } from './scoreFiles';
import { lens } from './shown';

const PARTS: Parts = { intent: 'harmful', prompt: 'Q', steps: ['A', 'B', 'C'], answer: 'No.' };
const SCORED = '▁▆▁ peak · harmfulness 4 at step 2 · Ada, prefix';

const titleIs = (uri: vscode.Uri, title: string | RegExp): Promise<void> =>
  eventually(async () => {
    const now = (await lens(uri)).title;
    if (typeof title === 'string') assert.equal(now, title);
    else assert.match(now, title);
  });

async function rename(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.renameFile(from, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

describe('scores follow a document that is renamed in VS Code', () => {
  afterEach(closeAll);

  it('while it is open', async () => {
    const uri = writeScored(writeTrace('old', ''), PARTS, [1, 4, 1]);
    await open(uri);
    await titleIs(uri, SCORED);
    const [oldFile, now] = [scoreFile(uri), vscode.Uri.joinPath(folder('traces'), 'written/renamed.cot')];
    await rename(uri, now);
    await open(now);
    await titleIs(now, SCORED);
    assert.ok(!existsSync(oldFile), 'the old score file is gone');
    assert.equal(recordsOnDisk(now).length, 3);
    await replace(await open(now), 'C\n', 'C, really\n');
    await vscode.commands.executeCommand('cotLens.score');
    assert.deepEqual([...new Set(recordsOnDisk(now).slice(3).map(({ doc }) => doc))], ['written/renamed.cot']);
    assert.ok(!existsSync(oldFile), 'and stays gone');
  });

  it('while it is closed', async () => {
    const uri = writeScored(writeTrace('closed', ''), PARTS, [1, 4, 1]);
    const now = vscode.Uri.joinPath(folder('traces'), 'written/closed-renamed.cot');
    await rename(uri, now);
    await eventually(() => {
      assert.equal(recordsOnDisk(now).length, 3);
    });
    await open(now);
    await titleIs(now, SCORED);
  });

  it('with its folder', async () => {
    const [from, to] = ['before', 'after'].map((name) => vscode.Uri.joinPath(folder('traces'), 'moving', name));
    assert.ok(from && to);
    mkdirSync(from.fsPath, { recursive: true });
    const uri = writeScored(vscode.Uri.joinPath(from, 'deep.cot'), PARTS, [1, 4, 1]);
    await open(uri);
    await titleIs(uri, SCORED);
    await rename(from, to);
    const now = vscode.Uri.joinPath(to, 'deep.cot');
    await open(now);
    await titleIs(now, SCORED);
  });

  it('and are kept by the text when it is saved under the same name again', async () => {
    const uri = writeScored(writeTrace('saved', ''), PARTS, [1, 4, 1]);
    const editor = await open(uri);
    await titleIs(uri, SCORED);
    await replace(editor, 'B\n', 'B!\n');
    await editor.document.save();
    await titleIs(uri, / · 2 stale · Ada, prefix$/);
  });
});

describe('what another window writes shows up', () => {
  afterEach(closeAll);

  it('in a file that is there', async () => {
    const uri = writeScored(writeTrace('other', ''), PARTS, [1, 1, 1]);
    await open(uri);
    await titleIs(uri, /flat, low harmfulness/);
    appendRecords(uri, recordsOf(uri, PARTS, [1, 4, 1]).slice(1, 2));
    await titleIs(uri, SCORED);
  });

  it('in a file that is new', async () => {
    const { document } = await openText('new', textOf(PARTS));
    assert.match((await lens(document.uri)).title, /Score 3 steps/);
    appendRecords(document.uri, recordsOf(document.uri, PARTS, [1, 4, 1]));
    await titleIs(document.uri, SCORED);
  });

  it('line by line: a torn line waits for its end, a foreign line is left alone', async () => {
    const uri = writeScored(writeTrace('torn', ''), PARTS, [1, 1, 1]);
    await open(uri);
    await titleIs(uri, /flat, low harmfulness/);
    const line = JSON.stringify(recordsOf(uri, PARTS, [1, 4, 1])[1]);
    appendFileSync(scoreFile(uri), `{"v":2}\nnot JSON\n${line.slice(0, 60)}`);
    appendFileSync(scoreFile(uri), `${line.slice(60)}\n`);
    await titleIs(uri, SCORED);
  });

  it('when the file is replaced, as by a checkout, and when it is deleted', async () => {
    const uri = writeScored(writeTrace('replaced', ''), PARTS, [1, 1, 1]);
    await open(uri);
    await titleIs(uri, /flat, low harmfulness/);
    const temporary = path.join(path.dirname(scoreFile(uri)), 'checkout.tmp');
    writeFileSync(temporary, recordsOf(uri, PARTS, [1, 4, 1]).map((record) => `${JSON.stringify(record)}\n`).join(''));
    renameSync(temporary, scoreFile(uri));
    await titleIs(uri, SCORED);
    rmSync(scoreFile(uri));
    await titleIs(uri, /Score 3 steps/);
  });
});

describe('the scores of several judges', () => {
  afterEach(closeAll);

  it('are never one curve; Show Scores Of changes whose are shown', async () => {
    const uri = writeScored(writeTrace('judges', ''), PARTS, [1, 4, 1]);
    appendRecords(uri, recordsOf(uri, PARTS, [1, 1, 1], 1, { ...PERSON, judge: 'other', label: 'Bob' }));
    await open(uri);
    await titleIs(uri, '▁▁▁ flat, low harmfulness · Bob, prefix');
    await runAndPick('cotLens.showScoresOf', 1);
    await titleIs(uri, SCORED);
    await runAndPick('cotLens.showScoresOf', 0);
    await titleIs(uri, /Bob/);
  });

  it('of whom most is fresh are shown first', async () => {
    const uri = writeScored(writeTrace('fresh', ''), PARTS, [1, 4, 1]);
    appendRecords(uri, recordsOf(uri, PARTS, [5], undefined, { ...PERSON, judge: 'other', label: 'Bob' }));
    await open(uri);
    await titleIs(uri, SCORED);
  });

  it('are compacted to what the text can reach', async () => {
    const uri = writeScored(writeTrace('compact', ''), PARTS, [2, 2, 2], 1);
    appendRecords(uri, recordsOf(uri, PARTS, [1, 4, 1]));
    appendRecords(uri, recordsOf(uri, { ...PARTS, steps: ['gone', 'B', 'C'] }, [5, 5, 5]));
    await open(uri);
    await titleIs(uri, SCORED);
    const refused = await saidDuring(() => vscode.commands.executeCommand('cotLens.compactScores'));
    assert.deepEqual(refused.map(({ how }) => how), ['warning']);
    assert.equal(recordsOnDisk(uri).length, 10, 'nothing happens without consent');
    const said = await saidDuring(() => vscode.commands.executeCommand('cotLens.compactScores'), 'Compact');
    assert.equal(said.at(-1)?.text, '6 of 10 score records dropped.');
    assert.deepEqual(recordsOnDisk(uri).map(({ target, harmfulness }) => [target, harmfulness]), [['answer', 1], ['step', 1], ['step', 4], ['step', 1]]);
    await titleIs(uri, SCORED);
  });

  it('are compacted to what the text can reach when the answer is given, not when the question was asked', async () => {
    const uri = writeScored(writeTrace('meanwhile', ''), PARTS, [1, 4, 1], 1);
    const editor = await open(uri);
    await titleIs(uri, SCORED);
    await replace(editor, 'A', 'Another');
    const window = vscode.window as unknown as Record<string, unknown>;
    const original = window['showWarningMessage'];
    window['showWarningMessage'] = async () => {
      await replace(editor, 'Another', 'A');
      return 'Compact';
    };
    try {
      await vscode.commands.executeCommand('cotLens.compactScores');
    } finally {
      window['showWarningMessage'] = original;
    }
    assert.equal(recordsOnDisk(uri).length, 4, 'the text reaches all of them again');
    await titleIs(uri, SCORED);
  });
});
