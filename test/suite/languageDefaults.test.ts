import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, openText, replace } from './documents';

describe('the settings that come with the language', () => {
  afterEach(closeAll);

  it('hold for traces and for nothing else', async () => {
    const trace = (await openText('defaults', '<think>\nA\n</think>\nB')).document;
    const text = (await openText('defaults', 'A', '.txt')).document;
    const of = (document: vscode.TextDocument, section: string, name: string): unknown =>
      vscode.workspace.getConfiguration(section, document).get(name);
    assert.equal(of(trace, 'editor', 'wordWrap'), 'bounded');
    assert.equal(of(text, 'editor', 'wordWrap'), 'off');
    assert.equal(of(trace, 'editor', 'wordWrapColumn'), 80);
    assert.equal(of(trace, 'editor', 'stickyScroll.defaultModel'), 'foldingProviderModel');
    assert.equal(of(trace, 'editor', 'wordBasedSuggestions'), 'off');
    assert.equal(of(trace, 'files', 'autoSave'), 'off');
    assert.equal(of(trace, 'files', 'trimTrailingWhitespace'), false);
    assert.equal(of(trace, 'files', 'insertFinalNewline'), false);
  });

  it('keep a trace from being saved by itself, where VS Code saves other files after each second', async () => {
    assert.equal(vscode.workspace.getConfiguration('files').get('autoSave'), 'afterDelay', 'the VS Code of this test saves by itself');
    const trace = await openText('autosave', '<think>\nA\n</think>\nB');
    await replace(trace, 'A', 'half a thought');
    const text = await openText('autosave', 'A', '.txt');
    await replace(text, 'A', 'B');
    for (let i = 0; i < 60 && text.document.isDirty; i++) await sleep(100);
    assert.equal(text.document.isDirty, false, 'the text is saved');
    assert.equal(trace.document.isDirty, true, 'the trace is not');
  });
});
