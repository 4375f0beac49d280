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

/** Two runs or more, as many as a page compares. */
export async function chooseRuns(runs: readonly Run[], title: string): Promise<readonly Run[] | undefined> {
  const rows = rowsOf(runs);
  if (rows.length < 2) {
    void vscode.window.showInformationMessage('Two runs are needed for a comparison, and this workspace has fewer.');
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(rows, { title, placeHolder: `2 to ${String(MOST_COMPARED)} runs`, canPickMany: true, matchOnDescription: true });
  if (picked === undefined) return undefined;
  if (picked.length < 2) throw new Error('Choose two runs or more to compare.');
  return picked.map(({ run }) => run);
}

function rowsOf(runs: readonly Run[]): Row[] {
  return runs.map((run) => ({ label: plainLabel(run.title, 200), description: `${run.state} · ${run.created.slice(0, 16).replace('T', ' ')} UTC`, detail: plainLabel(`${run.backend.name} · ${run.id}`, 300), run }));
}
