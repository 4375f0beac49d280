import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { open, writeTrace } from './documents';

/** A row as STAR-1 has them: three steps and an answer. */
export function starRow(id: string, question = `Question ${id}?`): string {
  const response = `<think>\nFirst of ${id}.\n\nSecond of ${id}.\n\nThird of ${id}.\n</think>\n\nAnswer ${id}.`;
  return JSON.stringify({ id, question, response, category: ['Kitchen'], source: 'garden', score: { a: 5 } });
}

/** Ten rows, one a line. */
export const TEN = Array.from({ length: 10 }, (_, i) => starRow(String(i + 1)))
  .map((row) => `${row}\n`)
  .join('');

export function writeDataset(content: string | Uint8Array = TEN, ending = '.jsonl'): vscode.Uri {
  return writeTrace('set', content, ending);
}

export const onDisk = (dataset: vscode.Uri): string => readFileSync(dataset.fsPath, 'utf8');

/** The address of a row's document. */
export function rowOf(dataset: vscode.Uri, number: number, key = String(number), variant = ''): vscode.Uri {
  return vscode.Uri.from({ scheme: 'cotlens-row', path: `${dataset.path}/${key}.row${String(number)}${variant}.cot` });
}

export async function openRow(dataset: vscode.Uri, number: number): Promise<vscode.TextEditor> {
  const uri = rowOf(dataset, number);
  // Before the extension has started VS Code opens what has no file system yet in another kind of editor.
  await vscode.workspace.fs.stat(uri);
  return open(uri);
}

/** Saves the document as a person does. @returns whether it is saved */
export async function save({ document }: vscode.TextEditor): Promise<boolean> {
  await vscode.window.showTextDocument(document, { preview: false });
  await vscode.commands.executeCommand('workbench.action.files.save');
  return !document.isDirty;
}

export function assertClean({ document }: vscode.TextEditor, like: RegExp): void {
  assert.equal(document.isDirty, false);
  assert.match(document.getText(), like);
}
