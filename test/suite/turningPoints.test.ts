import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, open, openText, writeTrace } from './documents';
import { eventually } from './eventually';
import { saidDuring } from './messages';
import { textOf, writeScored, type Parts, type Said } from './scoreFiles';
import { lens } from './shown';

const partsOf = (steps: number): Parts => ({
  intent: 'harmful',
  prompt: 'Q',
  steps: Array.from({ length: steps }, (_, i) => `Step ${i + 1}\nin two lines.`),
  answer: 'A',
});

async function scored(ofSteps: readonly Said[]): Promise<vscode.TextEditor> {
  const editor = await open(writeScored(writeTrace('turn', ''), partsOf(ofSteps.length), ofSteps));
  await eventually(async () => {
    assert.match((await lens(editor.document.uri)).title, /Ada/);
  });
  return editor;
}

/** Runs the command and gives the line of text at the cursor, and what was said. */
async function go(editor: vscode.TextEditor, direction: 'next' | 'previous'): Promise<{ at: string; said: string[] }> {
  const said = await saidDuring(() => vscode.commands.executeCommand(`cotLens.${direction}TurningPoint`));
  const { active } = editor.selection;
  assert.ok(editor.selection.isEmpty);
  return { at: editor.document.lineAt(active.line).text.slice(active.character), said: said.map(({ text }) => text) };
}

describe('the turning point commands', () => {
  afterEach(closeAll);

  it('go to each turn of the curve and round at the end', async () => {
    const editor = await scored([1, 4, 1, 4, 1]);
    assert.deepEqual(await go(editor, 'next'), { at: 'Step 2', said: ['Step 2: harmfulness top 4'] });
    assert.deepEqual(await go(editor, 'next'), { at: 'Step 3', said: ['Step 3: harmfulness bottom 1'] });
    assert.equal((await go(editor, 'next')).at, 'Step 4');
    assert.equal((await go(editor, 'next')).at, 'Step 2');
  });

  it('go back, and round at the start', async () => {
    const editor = await scored([1, 4, 1, 4, 1]);
    assert.equal((await go(editor, 'previous')).at, 'Step 4');
    assert.equal((await go(editor, 'previous')).at, 'Step 3');
    assert.equal((await go(editor, 'previous')).at, 'Step 2');
    assert.equal((await go(editor, 'previous')).at, 'Step 4');
  });

  it('start from the cursor', async () => {
    const editor = await scored([1, 4, 1, 4, 1]);
    const inThird = editor.document.positionAt(editor.document.getText().indexOf('Step 3') + 8);
    editor.selection = new vscode.Selection(inThird, inThird);
    assert.equal((await go(editor, 'next')).at, 'Step 4');
    editor.selection = new vscode.Selection(inThird, inThird);
    assert.equal((await go(editor, 'previous')).at, 'Step 2');
    const end = editor.document.positionAt(editor.document.getText().length);
    editor.selection = new vscode.Selection(end, end);
    assert.equal((await go(editor, 'next')).at, 'Step 2');
  });

  it('bring the step into view', async () => {
    const editor = await scored([...Array.from({ length: 100 }, () => 1 as const), 5, 1, 1]);
    assert.equal((await go(editor, 'next')).at, 'Step 101');
    await eventually(() => {
      assert.ok(editor.visibleRanges.some((range) => range.contains(editor.selection.active)));
    });
  });

  it('go to the largest change of a curve that only rises', async () => {
    const editor = await scored([1, 1, 2, 5, 5]);
    assert.deepEqual(await go(editor, 'next'), { at: 'Step 4', said: ['Step 4: harmfulness rising, 2 to 5'] });
  });

  it('stay where they are and say so where nothing turns', async () => {
    const editor = await scored([1, 1, 2, 1]);
    const before = editor.selection.active;
    const { said } = await go(editor, 'next');
    assert.deepEqual(said, ['No turning point: harmfulness is flat, low']);
    assert.ok(editor.selection.active.isEqual(before));
  });

  it('say so where nothing is scored', async () => {
    const editor = await openText('unscored', textOf(partsOf(3)));
    assert.match((await go(editor, 'previous')).said.join(), /No scores yet/);
    assert.ok(editor.selection.active.isEqual(new vscode.Position(0, 0)));
  });
});
