import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, open, openText, writeTrace } from './documents';
import { textOf, writeScored, type Parts } from './scoreFiles';
import { eventually } from './eventually';
import { outline, outlineNames } from './shown';

const PARTS: Parts = { prompt: 'May I?', steps: ['First thought.', 'Second thought\non two lines.', 'Third.'], answer: 'Yes.' };

describe('the outline', () => {
  afterEach(closeAll);

  it('names prompt, reasoning with its steps, and answer', async () => {
    const { document } = await openText('outline', textOf(PARTS));
    assert.deepEqual(await outlineNames(document.uri), [
      'Prompt',
      ['Reasoning', ['1  First thought.', '2  Second thought on two lines.', '3  Third.']],
      'Answer',
    ]);
  });

  it('gives each entry the range of its text, so that breadcrumbs and sticky scroll follow the cursor', async () => {
    const { document } = await openText('ranges', textOf(PARTS));
    const [prompt, reasoning, answer] = await outline(document.uri);
    assert.ok(prompt && reasoning && answer);
    assert.equal(document.getText(prompt.range), PARTS.prompt);
    assert.equal(document.getText(answer.range), PARTS.answer);
    assert.equal(document.getText(reasoning.range), `<think>\n${PARTS.steps.join('\n\n')}\n</think>`);
    assert.deepEqual(reasoning.children.map(({ range }) => document.getText(range)), PARTS.steps);
    for (const symbol of [prompt, answer, ...reasoning.children]) assert.ok(symbol.range.contains(symbol.selectionRange));
  });

  it('has one reasoning for each block, with steps counted through', async () => {
    const { document } = await openText('blocks', 'Q\n\n<think>\nA\n\nB\n</think>\n\nbetween\n\n<think>\nC\n</think>\n\nEnd');
    assert.deepEqual(await outlineNames(document.uri), [
      'Prompt',
      ['Reasoning 1', ['1  A', '2  B']],
      ['Reasoning 2', ['3  C']],
      'Answer',
    ]);
  });

  it('shows no icon, line break, control or reordering character of a hostile step', async () => {
    const bad = 'spin $(sync~spin) \u202Edesrever\u202C \u2066x\u2069 zero\u200Bwidth\u0007 bell \u{E0041}tag\n\tnext line';
    const { document } = await openText('hostile', textOf({ ...PARTS, prompt: '$(error) prompt\u202E', steps: [bad] }));
    const [prompt, reasoning] = await outline(document.uri);
    const name = reasoning?.children[0]?.name ?? '';
    assert.match(name, /^1 {2}spin \$.\(sync~spin\) desrever x zero width bell tag next line$/u);
    for (const shown of [name, prompt?.detail ?? '']) {
      assert.doesNotMatch(shown, /\$\(/, 'no icon');
      assert.doesNotMatch(shown, /[\p{Cc}\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]/u, 'nothing unseen');
    }
  });

  it('cuts a long step short', async () => {
    const { document } = await openText('long', `<think>\n${'word '.repeat(5000)}\n</think>\nA`);
    const name = (await outline(document.uri))[0]?.children[0]?.name ?? '';
    assert.ok(name.length < 80 && name.endsWith('…'), name);
  });

  it('counts the steps of a reasoning in words', async () => {
    const { document } = await openText('count', 'Q\n\n<think>\nA\n\nB\n</think>\n\nbetween\n\n<think>\nC\n</think>\n\nEnd');
    assert.deepEqual((await outline(document.uri)).slice(1, 3).map(({ detail }) => detail), ['2 steps', '1 step']);
  });

  it('says the scores of steps and answer, and which are stale', async () => {
    const parts: Parts = { ...PARTS, intent: 'harmful' };
    const uri = writeScored(writeTrace('scored', ''), parts, [1, { harmfulness: 4, helpfulness: 2 }, 2], 1);
    const editor = await open(uri);
    const details = async (): Promise<string[]> => (await outline(uri)).flatMap(({ detail, children }) => [...children.map((child) => child.detail), detail]).slice(1);
    await eventually(async () => {
      assert.deepEqual(await details(), ['harmfulness 1', 'harmfulness 4, helpfulness 2', 'harmfulness 2', '3 steps', 'harmfulness 1']);
    });
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, editor.document.positionAt(editor.document.getText().indexOf('Second')), 'Really: ');
    await vscode.workspace.applyEdit(edit);
    assert.deepEqual(await details(), ['harmfulness 1', 'harmfulness 4, helpfulness 2 (stale)', 'harmfulness 2 (stale)', '3 steps', 'harmfulness 1 (stale)']);
  });

  it('follows the scores of a run that ends', async () => {
    const { document } = await openText('run', textOf({ ...PARTS, intent: 'harmful' }));
    assert.equal((await outline(document.uri))[2]?.detail, '');
    await vscode.commands.executeCommand('cotLens.score');
    await eventually(async () => {
      assert.match((await outline(document.uri))[2]?.detail ?? '', /^harmfulness \d/);
    });
  });

  it('follows typing at once', async () => {
    const editor = await openText('typing', textOf(PARTS));
    await editor.edit((edit) => {
      edit.insert(editor.document.positionAt(editor.document.getText().indexOf('Third.')), 'New step.\n\n');
    });
    assert.deepEqual((await outlineNames(editor.document.uri))[1], [
      'Reasoning',
      ['1  First thought.', '2  Second thought on two lines.', '3  New step.', '4  Third.'],
    ]);
  });

  it('is ours for traces alone', async () => {
    const { document } = await openText('plain', textOf(PARTS), '.txt');
    assert.deepEqual(await outline(document.uri), []);
  });
});
