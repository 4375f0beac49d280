import * as vscode from 'vscode';
import type { TrainingRuns } from '../host/trainingRuns';
import { outputDirOf } from '../session/training/runsModel';
import { isLookable, isStoppable, type Run } from '../train/runs/run';
import type { Disposable } from '../trace/event';
import { copyModel, copyRecord, lookAtRun, openOutput, openSet, pauseRun, resumeRun, stopRun, type RunCommandParts } from './runCommands';
import { chooseRun, chooseRuns } from './runCommandsChoose';
import { removeRuns } from './runCommandsRemove';
import { RunChannels } from './runLogs';
import { noteEnds } from './runNotes';
import { RunsPages } from './runsPage';
import type { RunsViewParts } from './runsView';
import type { ChosenRuns } from './runsViewChosen';
import { RUNS_VIEW } from './runsViewIds';
import type { RunNode } from './runsViewNodes';
import { RunsTree } from './runsViewTree';
import { badgeOf } from './runsViewWords';

/** What the view's commands do. */
export type RunAction = 'view' | 'chooseLog' | 'chooseStop' | 'compare' | 'show' | 'log' | 'stop' | 'pause' | 'resume' | 'look' | 'recipe' | 'set' | 'output' | 'copyModel' | 'relaunch' | 'copyRecord' | 'remove';

/** What stands behind the view once it is loaded. */
export interface RunsSession extends Disposable {
  readonly tree: RunsTree;
  /**
   * @param chosen the runs it is about, if any
   * @param clicked an entry itself was clicked: the view keeps the focus
   * @throws Error in words
   */
  act(action: RunAction, chosen: ChosenRuns, clicked?: boolean): Promise<void>;
  /** Takes over a page that VS Code kept over a reload, with what the page remembered. */
  restore(panel: vscode.WebviewPanel, state: unknown): void;
}

export function createRunsSession(parts: RunsViewParts, runs: TrainingRuns, view: vscode.TreeView<RunNode>): RunsSession {
  const { store, follower } = runs;
  const open = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  const folder = open === undefined ? vscode.Uri.joinPath(parts.storage, 'cotlens', 'runs') : vscode.Uri.joinPath(open.uri, '.cotlens', 'runs');
  const tree = new RunsTree(runs, parts.output);
  const { documents } = parts;
  const looked = (): void => {
    follower.shown([...new Set([...pages.shown, ...channels.shown])]);
  };
  const channels: RunChannels = new RunChannels(runs, looked, parts.output);
  const show = (ids: readonly string[], keepsFocus = false): Promise<void> => Promise.resolve().then(() => { pages.show(ids, keepsFocus); });
  const log = (id: string): Promise<void> => channels.show(id);
  const commandParts: RunCommandParts = { runs };
  const pages: RunsPages = new RunsPages({ ...parts, runs, act: (act, id) => session.act(act, { one: id, all: [id] }) }, looked);

  /** The runs that were chosen, as far as they are still there. */
  const known = (ids: readonly string[]): Run[] => ids.flatMap((id) => store.get(id) ?? []);
  /** The run that was chosen; else one that the person picks. */
  const one = async ({ one: id }: ChosenRuns, title: string, fits: (run: Run) => boolean, act: (run: Run) => Promise<void>): Promise<void> => {
    const run = (id === undefined ? undefined : store.get(id)) ?? (await chooseRun(store.all.filter(fits), title));
    if (run !== undefined) await act(run);
  };
  const all = (): boolean => true;
  // A cluster's jobs cannot be paused.
  const isPausable = ({ state, backend }: Run): boolean => backend.kind === 'openai' && (state === 'running' || state === 'pending');
  const actions: Readonly<Record<RunAction, (chosen: ChosenRuns, clicked: boolean) => Promise<void>>> = {
    view: async () => {
      await vscode.commands.executeCommand(`${RUNS_VIEW}.focus`);
    },
    chooseLog: (chosen) => one(chosen, 'Show the log of a run', all, ({ id }) => log(id)),
    chooseStop: (chosen) => one(chosen, 'Stop a run', isStoppable, (run) => stopRun(commandParts, run)),
    compare: async ({ all: ids }) => {
      const compared = known(ids).length >= 2 ? known(ids) : await chooseRuns(store.all, 'Compare runs');
      if (compared !== undefined) await show(compared.map(({ id }) => id));
    },
    show: (chosen, clicked) => one(chosen, 'Show a run', all, ({ id }) => show([id], clicked)),
    log: (chosen) => one(chosen, 'Show the log of a run', all, ({ id }) => log(id)),
    stop: (chosen) => one(chosen, 'Stop a run', isStoppable, (run) => stopRun(commandParts, run)),
    pause: (chosen) => one(chosen, 'Pause a run', isPausable, (run) => pauseRun(commandParts, run)),
    resume: (chosen) => one(chosen, 'Resume a run', ({ state }) => state === 'paused', (run) => resumeRun(commandParts, run)),
    look: (chosen) => one(chosen, 'Look at a run now', isLookable, (run) => lookAtRun(commandParts, run)),
    recipe: (chosen) => one(chosen, 'Open the recipe of a run', all, (run) => documents.showRecipe(run)),
    set: (chosen) => one(chosen, 'Open the set of a run', all, openSet),
    output: (chosen) => one(chosen, 'Open the output folder of a run', (run) => outputDirOf(run) !== undefined, (run) => openOutput(commandParts, run)),
    copyModel: (chosen) => one(chosen, 'Copy where the model of a run lies', all, (run) => copyModel(commandParts, run)),
    relaunch: (chosen) => one(chosen, 'Relaunch a run with changes', all, parts.relaunch),
    copyRecord: (chosen) => one(chosen, 'Copy the record of a run', all, copyRecord),
    remove: async ({ all: ids }) => {
      const gone = known(ids);
      if (gone.length > 0) await removeRuns(gone, folder);
      else void vscode.window.showInformationMessage('Choose a run in the Runs view first.');
    },
  };
  const tellBadge = (): void => {
    view.badge = badgeOf(store.all);
  };
  const own: Disposable[] = [
    tree,
    channels,
    pages,
    store.onDidChange(tellBadge),
    noteEnds(runs, { show: (id) => show([id]), log }, parts.output),
  ];
  tellBadge();
  const session: RunsSession = {
    tree,
    act: (action, chosen, clicked = false) => actions[action](chosen, clicked),
    restore(panel, state) {
      pages.restore(panel, state);
    },
    dispose() {
      for (const each of own) each.dispose();
    },
  };
  return session;
}
