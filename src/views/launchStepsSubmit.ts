import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import { launchedInWords } from '../session/training/launchInWords';
import { launchOnce } from '../train/runs/launchOnce';
import type { LaunchParts } from './launchFineTune';
import type { ReadyLaunch } from './launchStepsPreflight';

/** Starts a run that the person has agreed to, and says what became of it. The run is on disk before anything is sent. */
export async function submitRun({ runs, showRun, log }: LaunchParts, { plan, shipment, backend }: ReadyLaunch): Promise<void> {
  const opened = await runs.load();
  const { store, follower } = opened;
  const cancelled = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Launching ${plainLabel(plan.title)}`, cancellable: true }, async (progress, token) => {
    const run = new AbortController();
    token.onCancellationRequested(() => {
      run.abort(new Error('It was cancelled before it was submitted.'));
    });
    let shown = 0;
    const tools = {
      signal: run.signal,
      progress: (share: number) => {
        progress.report({ message: share < 1 ? 'sending' : 'submitting; from here on it is stopped in the Runs view', increment: Math.max(0, 100 * share - shown) });
        shown = Math.max(shown, 100 * share);
      },
      wait: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
    };
    try {
      await opened.begin(plan, () => launchOnce(plan, shipment, backend, store, tools));
      return false;
    } catch (error) {
      // What was not submitted is noted as that, with the reason, and said below.
      if (store.get(plan.id)?.state !== 'not started') throw error;
      log.warn(`The run ${plan.id} was not started: ${error instanceof Error ? error.message : String(error)}`);
      return run.signal.aborted;
    }
  });
  follower.start();
  if (cancelled) {
    void vscode.window.setStatusBarMessage(`${plainLabel(plan.title)} was cancelled; nothing runs.`, 8000);
    return;
  }
  const run = store.get(plan.id);
  if (run === undefined) throw new Error(`The run ${plan.id} is not on disk any more. Look at ${backend.url} whether it runs.`);
  const { how, said } = launchedInWords(run);
  const show = 'Show Run';
  const tell = { information: vscode.window.showInformationMessage, warning: vscode.window.showWarningMessage, error: vscode.window.showErrorMessage }[how];
  void tell(plainLabel(said, 1000), show).then((answer) => (answer === show ? showRun(plan.id) : undefined));
}
