import * as vscode from 'vscode';

/** The path that a command was given: as a text, a URI, or an entry of the *Curated Set* view; `undefined` where it was given none. */
export function pathIn(of: unknown): string | undefined {
  if (typeof of === 'string') return of;
  if (of instanceof vscode.Uri) return of.scheme === 'file' ? of.fsPath : of.toString();
  const path = typeof of === 'object' && of !== null ? (of as { readonly path?: unknown }).path : undefined;
  return typeof path === 'string' ? path : undefined;
}
