import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import type { TrainingRuns } from '../host/trainingRuns';
import { runOnPage } from '../session/training/runsModel';
import type { Run } from '../train/runs/run';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import { endInWords } from './runNotesWords';

/** What the buttons of a note do. */
export interface NoteActs {
  show(id: string): Promise<void>;
  log(id: string): Promise<void>;
}

/** Characters of a note. */
const MOST = 700;

/** Says that a run has ended, and why, once for each that ends while this window follows it. */
export function noteEnds({ logs, follower }: Pick<TrainingRuns, 'logs' | 'follower'>, acts: NoteActs, log: Logger): Disposable {
  const note = async (run: Run): Promise<void> => {
    const said = plainLabel(endInWords(run, runOnPage(run, await logs.read(run.id), new Date())), MOST);
    const went = run.state === 'succeeded' || run.state === 'stopped';
    const pressed = await (went ? vscode.window.showInformationMessage(said, 'Show Run', 'Show Log') : vscode.window.showErrorMessage(said, 'Show Run', 'Show Log'));
    if (pressed === 'Show Run') await acts.show(run.id);
    if (pressed === 'Show Log') await acts.log(run.id);
  };
  return follower.onDidEnd((run) => {
    note(run).catch((error: unknown) => {
      log.error(`The end of the run ${plainLabel(run.id, 200)} could not be told: ${error instanceof Error ? error.message : String(error)}`);
    });
  });
}
