import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import { launchedInWords } from '../session/training/launchInWords';
import { launchOnce, type RunNotes } from '../train/runs/launchOnce';
import type { LaunchParts } from './launchFineTune';
import type { ReadyLaunch } from './launchStepsPreflight';

/**
 * Starts a run that the person has agreed to, and says what became of it. The run is on disk before anything is sent. It can be cancelled
 * until it is submitted.
 */
export async function submitRun({ runs, showRun, log }: LaunchParts, { plan, shipment, backend }: ReadyLaunch): Promise<void> {
  const opened = await runs.load();
  const { store, follower } = opened;
  const run = new AbortController();
  let submits = (): void => undefined;
  const submitting = new Promise<void>((resolve) => (submits = resolve));
  const notes: RunNotes = {
    note: (id, event) => {
      if (event.state === 'submitting') submits();
      return store.note(id, event);
    },
  };
  let told = (_share: number): void => undefined;
  const tools = {
    signal: run.signal,
    progress: (share: number) => {
      told(share);
    },
    wait: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
  };
  const launched = opened.begin(plan, () => launchOnce(plan, shipment, backend, notes, tools));
  // Whatever comes of it is waited for below.
  const ended = launched.then(
    () => 'ended' as const,
    () => 'ended' as const,
  );
  const sent = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Launching ${plainLabel(plan.title)}`, cancellable: true }, (progress, token) => {
    token.onCancellationRequested(() => {
      run.abort(new Error('It was cancelled before it was submitted.'));
    });
    let shown = 0;
    told = (share) => {
      progress.report({ message: 'sending', increment: Math.max(0, 100 * share - shown) });
      shown = Math.max(shown, 100 * share);
    };
    return Promise.race([submitting, ended]);
  });
  // A request that is on its way cannot be taken back: no button says that it could.
  if (sent !== 'ended') await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Submitting ${plainLabel(plan.title)}: from here on it is stopped in the Runs view`, cancellable: false }, () => ended);
  let cancelled = false;
  try {
    await launched;
  } catch (error) {
    // What was not submitted is noted as that, with the reason, and said below.
    if (store.get(plan.id)?.state !== 'not started') throw error;
    log.warn(`The run ${plan.id} was not started: ${error instanceof Error ? error.message : String(error)}`);
    cancelled = run.signal.aborted;
  }
  follower.start();
  if (cancelled) {
    void vscode.window.setStatusBarMessage(`${plainLabel(plan.title)} was cancelled; nothing runs.`, 8000);
    return;
  }
  const kept = store.get(plan.id);
  if (kept === undefined) throw new Error(`The run ${plan.id} is not on disk any more. Look at ${backend.url} whether it runs.`);
  const { how, said } = launchedInWords(kept);
  const show = 'Show Run';
  const tell = { information: vscode.window.showInformationMessage, warning: vscode.window.showWarningMessage, error: vscode.window.showErrorMessage }[how];
  void tell(plainLabel(said, 1000), show).then((answer) => (answer === show ? showRun(plan.id) : undefined));
}
