import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, openText } from './documents';
import { eventually } from './eventually';
import { folds } from './shown';

describe('folding', () => {
  afterEach(closeAll);

  it('folds front matter, prompt, reasoning, steps of several lines, and answer', async () => {
    const lines = [
      ...['---', 'intent: benign', '---'], // 0-2
      ...['A prompt', 'on two lines', ''], // 3-4
      ...['<think>', 'One line.', '', 'Two', 'lines.', '', 'Again one.', '</think>', ''], // 6-13, 9-10
      ...['An answer', '', 'of two paragraphs.'], // 15-17
    ];
    const { document } = await openText('folds', lines.join('\n'));
    assert.deepEqual((await folds(document.uri)).sort(), ['0-2', '15-17', '3-4', '6-13', '9-10']);
  });

  it('does not fold what stands on one line', async () => {
    const { document } = await openText('flat', 'Prompt\n\n<think>\nA\n\nB\n</think>\n\nAnswer');
    assert.deepEqual(await folds(document.uri), ['2-6']);
  });

  it('folds each of several blocks', async () => {
    const { document } = await openText('blocks', '<think>\nA\n</think>\nx\n<think>\nB\n</think>\ny');
    assert.deepEqual(await folds(document.uri), ['0-2', '4-6']);
  });

  it('counts lines as the editor does in a document with CRLF', async () => {
    const { document } = await openText('crlf', 'P\r\n\r\n<think>\r\nA\r\nstill A\r\n\r\nB\r\n</think>\r\n\r\nEnd');
    assert.equal(document.lineAt(4).text, 'still A');
    assert.deepEqual((await folds(document.uri)).sort(), ['2-7', '3-4']);
  });

  it('really folds in the editor', async () => {
    const editor = await openText('really', `Prompt\n\n<think>\n${'A step.\n\n'.repeat(30)}</think>\n\nAnswer`);
    const last = editor.document.lineCount - 1;
    await eventually(async () => {
      await vscode.commands.executeCommand('editor.foldAll');
      assert.ok(editor.visibleRanges.some((range) => range.end.line === last), 'the answer has moved up into view');
    });
    assert.ok(editor.visibleRanges.every((range) => !range.contains(new vscode.Position(20, 0))), 'the reasoning is hidden');
  });
});
