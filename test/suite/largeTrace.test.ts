import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, openText } from './documents';
import { eventually } from './eventually';
import { recordsOnDisk, scoreFile } from './scoreFiles';
import { folds, hover, lens, outline, plain, problemCodes } from './shown';

const STEPS = 24_000;
const WORDS = 'I should think about whether this is safe to answer, and what the person really needs from me here. ';
const TEXT = `Q\n\n<think>\n${Array.from({ length: STEPS }, (_, i) => `Step number ${i + 1}. ${WORDS.repeat(2)}`).join('\n\n')}\n</think>\n\nA`;

describe('a trace of 5 MB', () => {
  let document: vscode.TextDocument;

  before(async () => {
    assert.ok(TEXT.length > 5_000_000, `${TEXT.length} characters`);
    ({ document } = await openText('large', TEXT));
  });
  after(closeAll);

  it('opens with its CodeLens, without a problem', async () => {
    // The extension may only be starting, where this is the first trace of the session.
    assert.deepEqual(await eventually(() => lens(document.uri)), {
      line: 3,
      title: `$(pulse) Score ${STEPS} steps · offline heuristic`,
      command: 'cotLens.score',
    });
    assert.deepEqual(problemCodes(document.uri), []);
  });

  it('has an outline with every step, and folds', async () => {
    const [, reasoning] = await outline(document.uri);
    assert.equal(reasoning?.children.length, STEPS);
    assert.match(reasoning.children.at(-1)?.name ?? '', new RegExp(`^${STEPS} {2}Step number ${STEPS}\\.`));
    assert.deepEqual(await folds(document.uri), [`2-${document.lineCount - 3}`]);
  });

  it('stops being scored when told to, keeps what it has, and goes on from there', async () => {
    const run = vscode.commands.executeCommand('cotLens.score');
    await eventually(async () => {
      const { title, command } = await lens(document.uri);
      assert.match(title, /Scoring \d+ of \d+ · offline heuristic · stop/);
      assert.equal(command, 'cotLens.stopScoring');
    });
    await vscode.commands.executeCommand('cotLens.stopScoring');
    await run;
    const kept = recordsOnDisk(document.uri);
    assert.ok(kept.length > 0 && kept.length < STEPS, `${kept.length} lines on disk`);
    assert.deepEqual(kept.map(({ step }) => step), Array.from(kept, (_, i) => i + 1), 'top to bottom, none twice');
    await eventually(async () => {
      const { title, line } = await lens(document.uri);
      assert.ok(title.includes(`(${kept.filter(({ helpfulness }) => helpfulness !== null).length} of ${STEPS} steps)`), title);
      assert.equal(line, 3);
    });
    assert.match(plain(await hover(document, 'Step number 1.')), new RegExp(`^Step 1 of ${STEPS}`));

    const { size } = statSync(scoreFile(document.uri));
    const goOn = vscode.commands.executeCommand('cotLens.score');
    await eventually(() => {
      assert.ok(statSync(scoreFile(document.uri)).size > size);
    });
    await vscode.commands.executeCommand('cotLens.stopScoring');
    await goOn;
    const steps = recordsOnDisk(document.uri).map(({ step, target }) => `${target} ${step}`);
    assert.ok(steps.length > kept.length);
    assert.equal(new Set(steps).size, steps.length, 'nothing is asked for twice');
  }).timeout(60_000);

  it('follows typing', async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(3, 0), 'One step more.\n\n');
    await vscode.workspace.applyEdit(edit);
    const [, reasoning] = await outline(document.uri);
    assert.equal(reasoning?.children.length, STEPS + 1);
    assert.match(reasoning.children[0]?.name ?? '', /^1 {2}One step more\.$/);
  });
});
