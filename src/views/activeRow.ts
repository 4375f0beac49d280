import * as vscode from 'vscode';
import { rowPlace } from '../host/rowUris';
import type { RowPlace } from '../session/datasets/rowPath';

/** The row that the active tab shows, and how: also where it could not be opened. */
export interface ActiveRow {
  readonly uri: vscode.Uri;
  readonly place: RowPlace;
  readonly column: vscode.ViewColumn;
  readonly preview: boolean;
}

export function activeRow(): ActiveRow | undefined {
  const { activeTab, viewColumn } = vscode.window.tabGroups.activeTabGroup;
  const input = activeTab?.input;
  // On the right of a comparison stands the document itself.
  const uri = input instanceof vscode.TabInputText ? input.uri : input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
  const place = uri === undefined ? undefined : rowPlace(uri);
  return uri === undefined || place === undefined ? undefined : { uri, place, column: viewColumn, preview: activeTab?.isPreview ?? false };
}

/** Files that may be datasets, by their names. */
export const DATASET_FILES = '**/*.{jsonl,ndjson,json,csv,tsv,parquet,eval}';

/** The dataset that is meant: that of the active row, the active file where it is one, else one that the person picks. */
export async function chosenDataset(title: string): Promise<string | undefined> {
  const row = activeRow();
  if (row !== undefined) return row.place.dataset;
  const { activeTab } = vscode.window.tabGroups.activeTabGroup;
  const file = activeTab?.input instanceof vscode.TabInputText ? activeTab.input.uri : undefined;
  if (file?.scheme === 'file' && /\.(?:jsonl|ndjson|json|csv|tsv|parquet|eval)$/i.test(file.path)) return file.fsPath;
  const found = await vscode.workspace.findFiles(DATASET_FILES, '**/{node_modules,.cotlens,.git}/**', 500);
  const picked = await vscode.window.showQuickPick(
    found.map((uri) => ({ uri, label: vscode.workspace.asRelativePath(uri) })).sort((a, b) => a.label.localeCompare(b.label)),
    { title, placeHolder: found.length === 0 ? 'This workspace has no dataset' : 'In which dataset' },
  );
  return picked?.uri.fsPath;
}
