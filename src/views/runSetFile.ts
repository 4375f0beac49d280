import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';

/** The folders of the workspace that lie on this disk. */
export function ownFolders(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => (uri.scheme === 'file' ? [uri.fsPath] : []));
}

/** Where the set of a run may lie: in any folder of the workspace, since the record does not say in which it was, or at its absolute path. */
export function setPlaces(set: string): readonly string[] {
  return path.isAbsolute(set) ? [set] : ownFolders().map((folder) => path.join(folder, set));
}

export function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
