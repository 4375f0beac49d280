import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import { hasEnded, type Run } from '../train/runs/run';
import { countOf } from '../trace/countOf';

/** What is kept of a run. */
const ENDINGS = ['.run.jsonl', '.log.jsonl'];

/**
 * Takes runs out of the list that have ended, or of which nobody knows whether they began (then asked once more): their files go to the trash, and can be put back while the message shows. What they trained stays
 * where it is. @param folder of the files of runs @throws Error in words where one has not ended, or its files cannot be removed
 */
export async function removeRuns(runs: readonly Run[], folder: vscode.Uri): Promise<void> {
  const unknown = runs.filter(({ state }) => state === 'unknown');
  const open = runs.find((run) => !hasEnded(run.state) && !unknown.includes(run));
  if (open !== undefined) throw new Error(`${open.title} has not ended (${open.state}), so nothing was removed: it would go on unseen. Stop it first.`);
  const [first] = unknown;
  if (first !== undefined) {
    const go = 'Remove All the Same';
    const detail = `Nobody said whether ${first.backend.name} took ${unknown.length === 1 ? 'it' : 'them'}. What may be running there goes on unseen, and may cost money: look there first. Its name is ${unknown.map(({ id }) => id).join(', ')}.`;
    if ((await vscode.window.showWarningMessage(unknown.length === 1 ? 'Remove a run that may be running?' : 'Remove runs that may be running?', { modal: true, detail: plainLabel(detail, 1000) }, go)) !== go) return;
  }
  const kept: { readonly uri: vscode.Uri; readonly bytes: Uint8Array }[] = [];
  let inTrash = true;
  for (const { id } of runs) {
    for (const ending of ENDINGS) {
      const uri = vscode.Uri.joinPath(folder, `${id}${ending}`);
      const bytes = await bytesOf(uri);
      if (bytes === undefined) continue;
      inTrash = (await remove(uri)) && inTrash;
      kept.push({ uri, bytes });
    }
  }
  const which = runs.length === 1 ? plainLabel(runs[0]?.title ?? '', 120) : countOf(runs.length, 'run');
  void vscode.window.showInformationMessage(`Removed ${which} from the list. What was trained stays where it is.${inTrash ? '' : ' There is no trash here: only Undo, now, brings the files back.'}`, 'Undo').then(async (pressed) => {
    if (pressed !== 'Undo') return;
    try {
      // The log first: the run is shown as soon as its own file is there.
      for (const { uri, bytes } of kept.reverse()) await vscode.workspace.fs.writeFile(uri, bytes);
    } catch (error) {
      void vscode.window.showErrorMessage(`CoT Lens: ${which} could not be put back: ${plainLabel(error instanceof Error ? error.message : String(error), 500)}`);
    }
  });
}

/** Into the trash; where there is none, such as on a server, the file is deleted. @returns whether it is in the trash */
async function remove(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.delete(uri, { useTrash: true });
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return true;
    await vscode.workspace.fs.delete(uri);
    return false;
  }
  return true;
}

async function bytesOf(uri: vscode.Uri): Promise<Uint8Array | undefined> {
  try {
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}
