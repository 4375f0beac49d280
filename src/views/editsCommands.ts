import * as vscode from 'vscode';
import type { DatasetFiles } from '../host/datasetFiles';
import { plainLabel } from '../host/plainLabel';
import { tellFailure } from '../host/tellFailure';
import { rowPlace } from '../host/rowUris';
import type { EditableDataset, EditConflict } from '../session/datasets/dataset';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';
import { chosenDataset } from './activeRow';

/**
 * *Apply Edits…* and *Discard Edits…*: what was saved in the rows of a large dataset is kept aside until then. The first save in each says
 * so, once a session.
 */
export function registerEditsCommands(datasets: DatasetFiles): Disposable {
  const run = (title: string, act: (dataset: EditableDataset, edits: number) => Promise<void>) => async (uri?: unknown): Promise<void> => {
    try {
      const path = uri instanceof vscode.Uri && uri.scheme === 'file' ? uri.fsPath : await chosenDataset(title);
      if (path === undefined) return;
      await datasets.with(path, async (dataset) => {
        const edits = await dataset.editsAside();
        if (edits > 0) return act(dataset, edits);
        void vscode.window.showInformationMessage(`No edits of ${nameOf(dataset)} are kept aside.`);
      });
    } catch (error) {
      tellFailure(error);
    }
  };
  const told = new Set<string>();
  return vscode.Disposable.from(
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      const path = rowPlace(uri)?.dataset;
      // Where the dataset cannot be read any more there is nothing to say: the save itself went well.
      if (path !== undefined && !told.has(path)) datasets.with(path, (dataset) => sayKeptAside(dataset, told)).catch(() => undefined);
    }),
    vscode.commands.registerCommand('cotLens.applyEdits', run('Apply edits', apply)),
    vscode.commands.registerCommand('cotLens.discardEdits', run('Discard edits', discard)),
  );
}

/** @param told the datasets of which it was said */
async function sayKeptAside(dataset: EditableDataset, told: Set<string>): Promise<void> {
  if ((await dataset.editsAside()) === 0 || told.has(dataset.path)) return;
  told.add(dataset.path);
  const button = 'Apply Edits…';
  // Not awaited: it may stay there for long, and the dataset need not stay open for it.
  void vscode.window
    .showInformationMessage(`${nameOf(dataset)} is large (${megabytes(dataset.size)}), so what you save in its rows is kept aside, and the file is unchanged until you apply the edits.`, button)
    .then((picked) => (picked === button ? vscode.commands.executeCommand('cotLens.applyEdits', vscode.Uri.file(dataset.path)) : undefined));
}

async function apply(dataset: EditableDataset, edits: number): Promise<void> {
  const sure = await vscode.window.showWarningMessage(
    `Write ${countOf(edits, 'edit')} into ${nameOf(dataset)}?`,
    { modal: true, detail: `The file is written anew in one pass (${megabytes(dataset.size)}), which needs as much room beside it for the time. Only the edited rows change. Cancelled, it stays as it is.` },
    'Apply',
  );
  if (sure === undefined) return;
  const result = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Writing edits into ${nameOf(dataset)}`, cancellable: true }, async (progress, token) => {
    const cancel = new AbortController();
    token.onCancellationRequested(() => {
      cancel.abort();
    });
    let shown = 0;
    try {
      return await dataset.applyEdits(cancel.signal, (share) => {
        const percent = Math.floor(share * 100);
        if (percent === shown) return;
        progress.report({ increment: percent - shown, message: `${String(percent)} %` });
        shown = percent;
      });
    } catch (error) {
      if (cancel.signal.aborted) return undefined;
      throw error;
    }
  });
  if (result === undefined) return;
  const { applied, conflicts } = result;
  if (conflicts.length === 0) {
    void vscode.window.showInformationMessage(`${countOf(applied, 'edit')} written into ${nameOf(dataset)}.`);
    return;
  }
  const list = 'Show Them';
  const picked = await vscode.window.showWarningMessage(`${countOf(applied, 'edit')} written into ${nameOf(dataset)}; ${String(conflicts.length)} could not be and ${conflicts.length === 1 ? 'is' : 'are'} still kept aside.`, list);
  if (picked === list) await showConflicts(conflicts);
}

async function discard(dataset: EditableDataset, edits: number): Promise<void> {
  const sure = await vscode.window.showWarningMessage(
    `Discard ${countOf(edits, 'edit')} of ${nameOf(dataset)}?`,
    { modal: true, detail: 'They were saved, but not written into the file yet. This cannot be undone.' },
    'Discard',
  );
  if (sure !== undefined) await dataset.discardEdits();
}

/** Nothing is lost: the text of each can be had as a document of its own. */
async function showConflicts(conflicts: readonly EditConflict[]): Promise<void> {
  const picked = await vscode.window.showQuickPick(
    conflicts.map((conflict) => ({
      conflict,
      label: `Row ${String(conflict.ordinal + 1)}${conflict.variant === undefined ? '' : ` (${conflict.variant})`}`,
      description: plainLabel(conflict.why, 300),
    })),
    { title: 'Edits that could not be written', placeHolder: 'Pick one to open its text as a copy' },
  );
  if (picked === undefined) return;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'cot', content: picked.conflict.text }), { preview: false });
}

function nameOf({ path }: EditableDataset): string {
  return plainLabel(vscode.workspace.asRelativePath(path));
}

function megabytes(size: number): string {
  return size < 1e6 ? `${String(Math.ceil(size / 1000))} kB` : `${String(Math.round(size / 1e6))} MB`;
}
