import * as vscode from 'vscode';
import { looksLikeDataset } from './datasetListNames';

/** Files of these endings are datasets by their name alone. */
const BY_NAME = '**/*.{jsonl,ndjson,csv,tsv,parquet,eval}';
/** What is ours, git's, or other people's programs. */
const NOT_IN = '**/{node_modules,.cotlens,.git}/**';
/** Files that are looked into at once. */
const TOGETHER = 8;

/** A dataset of the workspace. */
export interface FoundDataset {
  readonly uri: vscode.Uri;
  /** Its path in the workspace. */
  readonly name: string;
}

/**
 * The datasets of the workspace, those known by their names first; JSON files hold anything, and are looked into.
 * @param found called with all that are known so far
 */
export async function findDatasets(
  looksLikeTraces: (path: string) => Promise<boolean>,
  signal: AbortSignal,
  found: (datasets: readonly FoundDataset[]) => void,
): Promise<void> {
  const known: FoundDataset[] = [];
  const add = (uri: vscode.Uri): void => {
    known.push({ uri, name: vscode.workspace.asRelativePath(uri) });
  };
  const tell = (): void => {
    if (!signal.aborted) found(known.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  };
  for (const uri of await vscode.workspace.findFiles(BY_NAME, NOT_IN)) if (uri.scheme === 'file') add(uri);
  tell();
  const json = (await vscode.workspace.findFiles('**/*.json', NOT_IN)).filter(({ scheme, path }) => scheme === 'file' && looksLikeDataset(path));
  for (let i = 0; i < json.length && !signal.aborted; i += TOGETHER) {
    await Promise.all(
      json.slice(i, i + TOGETHER).map(async (uri) => {
        // What cannot be read now is no dataset now.
        if (await looksLikeTraces(uri.fsPath).catch(() => false)) add(uri);
      }),
    );
    tell();
  }
}

/** Calls back when a dataset or a trace file comes or goes; a file that is written is still the same one. */
export function watchDatasets(changed: () => void): vscode.Disposable {
  const ours = ({ path }: vscode.Uri): void => {
    if (!/\/(?:node_modules|\.cotlens|\.git)\//.test(path)) changed();
  };
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.{jsonl,ndjson,csv,tsv,parquet,eval,json,cot}', false, true, false);
  return vscode.Disposable.from(watcher, watcher.onDidCreate(ours), watcher.onDidDelete(ours));
}

/** The workspace's `.cot` files, by name. */
export async function findTraceFiles(): Promise<vscode.Uri[]> {
  const files = await vscode.workspace.findFiles('**/*.cot', NOT_IN);
  return files.filter(({ scheme }) => scheme === 'file').sort((a, b) => (a.path < b.path ? -1 : 1));
}
