import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { ROW_SCHEME } from '../session/datasets/rowPath';
import { RowTimes } from '../session/datasets/rowTimes';
import { SeenRows } from '../session/datasets/seenRows';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import type { DatasetFiles } from './datasetFiles';
import { RowConflicts } from './rowConflicts';
import { RowFiles, type RowFileParts } from './rowFiles';

/**
 * Registers rows as documents.
 * @param onNamed see `RowFileParts`
 * @param storage of the workspace, where what was seen of open rows is kept over a reload
 */
export function openRows(datasets: DatasetFiles, storage: vscode.Uri, log: Logger, onNamed: RowFileParts['onNamed']): Disposable {
  const seen = new SeenRows(vscode.Uri.joinPath(storage, 'rows').fsPath, randomUUID());
  const times = new RowTimes(
    (uri) => seen.earlier(uri),
    () => {
      seen.changed();
    },
  );
  // Rows are also read without an editor, to be scored: nothing unsaved can come of these.
  seen.keep(() => {
    const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
    return new Map([...times.seen].filter(([uri]) => open.has(uri)));
  });
  const files: RowFiles = new RowFiles({
    ...{ datasets, times, log, onNamed },
    onNotSaved: (what) => {
      conflicts.ask(what).catch((error: unknown) => {
        log.error(`What was asked about ${what.uri.path} failed: ${String(error)}`);
      });
    },
  });
  const conflicts = new RowConflicts(files);
  const provider = vscode.workspace.registerFileSystemProvider(ROW_SCHEME, files, { isCaseSensitive: true });
  return vscode.Disposable.from(provider, conflicts, files, seen);
}
