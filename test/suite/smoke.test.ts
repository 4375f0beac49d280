import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

describe('the extension', () => {
  it('activates', async () => {
    const extension = vscode.extensions.getExtension('cot-lens.cot-lens');
    assert.ok(extension, 'the extension is installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('gives .cot files their language', async () => {
    const [file] = await vscode.workspace.findFiles('**/*.cot');
    assert.ok(file, 'the workspace has a .cot file');
    const document = await vscode.workspace.openTextDocument(file);
    assert.equal(document.languageId, 'cot');
  });
});
