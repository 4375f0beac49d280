import * as vscode from 'vscode';
import type { DatasetFiles } from '../host/datasetFiles';
import { plainLabel } from '../host/plainLabel';
import type { EditableDataset, EditConflict } from '../session/datasets/dataset';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';
import { chosenDataset } from './activeRow';

/** *Apply Edits…* and *Discard Edits…*: what was saved in the rows of a large dataset is kept aside until then. */
export function registerEditsCommands(datasets: DatasetFiles): Disposable {
  const run = (title: string, act: (dataset: EditableDataset, edits: number) => Promise<void>) => async (): Promise<void> => {
    try {
      const path = await chosenDataset(title);
      if (path === undefined) return;
      await datasets.with(path, async (dataset) => {
        const edits = await dataset.editsAside();
        if (edits > 0) return act(dataset, edits);
        void vscode.window.showInformationMessage(`No edits of ${nameOf(dataset)} are kept aside.`);
      });
    } catch (error) {
      void vscode.window.showErrorMessage(`CoT Lens: ${plainLabel(error instanceof Error ? error.message : String(error), 1000)}`);
    }
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand('cotLens.applyEdits', run('Apply edits', apply)),
    vscode.commands.registerCommand('cotLens.discardEdits', run('Discard edits', discard)),
  );
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
