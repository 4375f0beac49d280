import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import { pushedInWords, putInWords } from '../session/training/launchInWords';
import type { RunPlan } from '../train/runs/run';
import type { ReadyLaunch } from './launchStepsPreflight';

/** Sends the rows alone, after the person has agreed, and says what they are called there. */
export async function pushRows({ plan, shipment, backend }: ReadyLaunch): Promise<void> {
  const run = new AbortController();
  const pushed = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Pushing ${plainLabel(plan.set.name)} to ${plainLabel(plan.backend.name)}`, cancellable: true }, async (progress, token) => {
    token.onCancellationRequested(() => {
      run.abort();
    });
    let shown = 0;
    try {
      return await backend.push(plan, shipment, run.signal, (share) => {
        progress.report({ increment: Math.max(0, 100 * share - shown) });
        shown = Math.max(shown, 100 * share);
      });
    } catch (error) {
      if (run.signal.aborted) return undefined;
      throw error;
    }
  });
  if (pushed === undefined) {
    void vscode.window.setStatusBarMessage(`Pushing ${plainLabel(plan.set.name)} was cancelled.`, 8000);
    return;
  }
  const copy = 'Copy Its Name';
  void vscode.window.showInformationMessage(plainLabel(pushedInWords(plan, pushed), 500), copy).then((answer) => (answer === copy ? vscode.env.clipboard.writeText(pushed.uri) : undefined));
}

/** Says where rows lie that were put where a cluster reads them. */
export function tellOfRows(plan: RunPlan): void {
  const copy = 'Copy Their Place';
  void vscode.window.showInformationMessage(plainLabel(putInWords(plan), 700), copy).then((answer) => (answer === copy ? vscode.env.clipboard.writeText(plan.file.at ?? '') : undefined));
}
