import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from './eventually';

/** What VS Code shows of a document, asked for through its public API. */

export async function outline(uri: vscode.Uri): Promise<vscode.DocumentSymbol[]> {
  return (await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>('vscode.executeDocumentSymbolProvider', uri)) ?? [];
}

/** The names of the outline, steps below their reasoning. */
export async function outlineNames(uri: vscode.Uri): Promise<unknown[]> {
  return (await outline(uri)).map(({ name, children }) => (children.length === 0 ? name : [name, children.map((child) => child.name)]));
}

/** Folding ranges as `first-last`, lines counted from 0. */
export async function folds(uri: vscode.Uri): Promise<string[]> {
  const ranges = await vscode.commands.executeCommand<vscode.FoldingRange[] | undefined>('vscode.executeFoldingRangeProvider', uri);
  return (ranges ?? []).map(({ start, end }) => `${start}-${end}`);
}

export async function lenses(uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  return (await vscode.commands.executeCommand<vscode.CodeLens[] | undefined>('vscode.executeCodeLensProvider', uri)) ?? [];
}

/** The one CodeLens. */
export async function lens(uri: vscode.Uri): Promise<{ line: number; title: string; command: string }> {
  const found = await lenses(uri);
  assert.equal(found.length, 1, 'there is exactly one CodeLens');
  const [{ range, command } = { range: undefined, command: undefined }] = found;
  assert.ok(range && command);
  return { line: range.start.line, title: command.title, command: command.command };
}

/** The hovers at the first place where `text` stands, one Markdown string each. */
export async function hovers(document: vscode.TextDocument, text: string): Promise<vscode.MarkdownString[]> {
  const at = document.getText().indexOf(text);
  assert.notEqual(at, -1, `the text holds ${JSON.stringify(text)}`);
  const found = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, document.positionAt(at));
  return found.flatMap((hover) => hover.contents as vscode.MarkdownString[]);
}

/** The one hover there. */
export async function hover(document: vscode.TextDocument, text: string): Promise<vscode.MarkdownString> {
  const [only, ...others] = await hovers(document, text);
  assert.ok(only, `there is a hover on ${JSON.stringify(text)}`);
  assert.equal(others.length, 0, 'there is one hover');
  return only;
}

/** A hover's text as a reader sees it: without Markdown's escapes. */
export function plain(markdown: vscode.MarkdownString): string {
  return markdown.value.replace(/\\([!-/:-@[-`{-~])/g, '$1').replaceAll('**', '');
}

export function problems(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri);
}

export function problemCodes(uri: vscode.Uri): unknown[] {
  return problems(uri).map(({ code }) => code);
}

/** Waits until the hover at the beginning of a document says so. */
export async function hoverSays(uri: vscode.Uri, like: RegExp): Promise<void> {
  await eventually(async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, new vscode.Position(0, 0));
    const text = hovers.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value))).join('\n');
    assert.match(text.replaceAll('&nbsp;', ' '), like);
  });
}
