import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { eventually } from './eventually';

/** The two folders of the suite's workspace: one without scores at first, one with those that are checked in. */
export type FolderName = 'traces' | 'samples';

export function folder(name: FolderName): vscode.Uri {
  const found = vscode.workspace.workspaceFolders?.find((one) => one.name === name);
  assert.ok(found, `the workspace has the folder ${name}`);
  return found.uri;
}

let count = 0;

/** Writes a file of a name of its own into the folder without scores. */
export function writeTrace(title: string, content: string | Uint8Array, ending = '.cot'): vscode.Uri {
  const uri = vscode.Uri.joinPath(folder('traces'), 'written', `${title}-${++count}${ending}`);
  mkdirSync(path.dirname(uri.fsPath), { recursive: true });
  writeFileSync(uri.fsPath, content);
  return uri;
}

/** Shows a file as a click in the explorer does: closing its editor closes the document. */
export async function open(uri: vscode.Uri): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
  return eventually(() => {
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), uri.toString());
    assert.ok(editor);
    return editor;
  });
}

/** Writes a file and shows it. */
export function openText(title: string, content: string | Uint8Array, ending?: string): Promise<vscode.TextEditor> {
  return open(writeTrace(title, content, ending));
}

/** Shows an unsaved document, as after a paste into a new editor. */
export async function openUntitled(language: string, content: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language, content }), { preview: false });
}

/** Replaces the first place where `from` stands. */
export async function replace({ document }: vscode.TextEditor, from: string, to: string): Promise<void> {
  const start = document.getText().indexOf(from);
  assert.notEqual(start, -1, `the text holds ${JSON.stringify(from)}`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(start + from.length)), to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Closes every editor and throws unsaved changes away. */
export async function closeAll(): Promise<void> {
  for (const { isDirty, tabs } of vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => ({ isDirty: tab.isDirty, tabs: tab })))) {
    if (!isDirty || !(tabs.input instanceof vscode.TabInputText)) continue;
    await vscode.window.showTextDocument(tabs.input.uri);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await eventually(() => {
    assert.deepEqual(vscode.window.tabGroups.all.flatMap((group) => group.tabs).map((tab) => tab.label), []);
  });
}
