import * as vscode from 'vscode';
import { MOST_COMPARED } from '../../webview/runs/messages';
import { plainLabel } from '../host/plainLabel';
import type { Run } from '../train/runs/run';

interface Row extends vscode.QuickPickItem {
  readonly run: Run;
}

/** @returns `undefined` where the person chose none, or there is none */
export async function chooseRun(runs: readonly Run[], title: string): Promise<Run | undefined> {
  const rows = rowsOf(runs);
  if (rows.length === 0) {
    void vscode.window.showInformationMessage('There is no such run in this workspace. “Launch Fine-Tune…” begins one.');
    return undefined;
  }
  return (await vscode.window.showQuickPick(rows, { title, placeHolder: 'A run, the newest first', matchOnDescription: true }))?.run;
}

/** Two runs or more, as many as a page compares: with fewer or more the list stays open, as it is, and says so. @returns `undefined` where it was left */
export async function chooseRuns(runs: readonly Run[], title: string): Promise<readonly Run[] | undefined> {
  const rows = rowsOf(runs);
  if (rows.length < 2) {
    void vscode.window.showInformationMessage('Two runs are needed for a comparison, and this workspace has fewer.');
    return undefined;
  }
  const list = vscode.window.createQuickPick<Row>();
  Object.assign(list, { title, items: rows, placeholder: `2 to ${String(MOST_COMPARED)} runs`, canSelectMany: true, matchOnDescription: true, ignoreFocusOut: true });
  try {
    return await new Promise<readonly Run[] | undefined>((resolve) => {
      const wrong = (): string | undefined => wrongCount(list.selectedItems.length);
      list.onDidChangeSelection(() => {
        // Before anything was chosen, or while more are to come, nothing is wrong yet.
        list.title = list.selectedItems.length > MOST_COMPARED ? `${title}: ${wrong() ?? ''}` : title;
      });
      list.onDidAccept(() => {
        const problem = wrong();
        if (problem === undefined) resolve(rows.filter((row) => list.selectedItems.includes(row)).map(({ run }) => run));
        else list.title = `${title}: ${problem}`;
      });
      list.onDidHide(() => {
        resolve(undefined);
      });
      list.show();
    });
  } finally {
    list.dispose();
  }
}

/** What is wrong with comparing so many, in words. */
function wrongCount(count: number): string | undefined {
  if (count < 2) return 'choose two or more';
  return count > MOST_COMPARED ? `${String(count)} are chosen, at most ${String(MOST_COMPARED)} can be compared` : undefined;
}

function rowsOf(runs: readonly Run[]): Row[] {
  return runs.map((run) => ({ label: plainLabel(run.title, 200), description: `${run.state} · ${run.created.slice(0, 16).replace('T', ' ')} UTC`, detail: plainLabel(`${run.backend.name} · ${run.id}`, 300), run }));
}
