import * as vscode from 'vscode';
import type { TrainingRuns } from '../host/trainingRuns';
import { isLookable, type Run } from '../train/runs/run';
import type { Disposable } from '../trace/event';
import { copyModel, copyRecord, openOutput, openSet, pauseRun, resumeRun, stopRun, type RunCommandParts } from './runCommands';
import { chooseRun, chooseRuns } from './runCommandsChoose';
import { RunDocuments } from './runCommandsDocuments';
import { removeRuns } from './runCommandsRemove';
import { RunChannels } from './runLogs';
import { noteEnds } from './runNotes';
import { RunsPages } from './runsPage';
import type { RunsViewParts } from './runsView';
import { RUNS_VIEW } from './runsViewIds';
import type { RunNode } from './runsViewNodes';
import { RunsTree } from './runsViewTree';
import { badgeOf, isUnderWay } from './runsViewWords';

/** What the view's commands do. */
export type RunAction = 'view' | 'chooseLog' | 'chooseStop' | 'compare' | 'show' | 'log' | 'stop' | 'pause' | 'resume' | 'look' | 'recipe' | 'set' | 'output' | 'copyModel' | 'relaunch' | 'copyRecord' | 'remove';

/** What stands behind the view once it is loaded. */
export interface RunsSession extends Disposable {
  readonly tree: RunsTree;
  /**
   * @param ids the runs it is about, if any
   * @param clicked an entry itself was clicked: the view keeps the focus
   * @throws Error in words
   */
  act(action: RunAction, ids: readonly string[], clicked?: boolean): Promise<void>;
  /** Takes over a page that VS Code kept over a reload, with what the page remembered. */
  restore(panel: vscode.WebviewPanel, state: unknown): void;
}

export function createRunsSession(parts: RunsViewParts, runs: TrainingRuns, view: vscode.TreeView<RunNode>): RunsSession {
  const { store, follower } = runs;
  const open = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  const folder = open === undefined ? vscode.Uri.joinPath(parts.storage, 'cotlens', 'runs') : vscode.Uri.joinPath(open.uri, '.cotlens', 'runs');
  const tree = new RunsTree(runs, parts.output);
  const documents = new RunDocuments(store);
  const looked = (): void => {
    follower.shown([...new Set([...pages.shown, ...channels.shown])]);
  };
  const channels: RunChannels = new RunChannels(runs, looked, parts.output);
  const show = (ids: readonly string[], keepsFocus = false): Promise<void> => Promise.resolve().then(() => { pages.show(ids, keepsFocus); });
  const log = (id: string): Promise<void> => channels.show(id);
  const commandParts: RunCommandParts = { runs };
  const pages: RunsPages = new RunsPages({ ...parts, runs, act: (act, id) => session.act(act, [id]) }, looked);

  /** The runs that were chosen, each once, as far as they are still there. */
  const known = (ids: readonly string[]): Run[] => [...new Set(ids)].flatMap((id) => store.get(id) ?? []);
  /** One of the runs that were chosen; else one that the person picks. */
  const one = async (ids: readonly string[], title: string, fits: (run: Run) => boolean, act: (run: Run) => Promise<void>): Promise<void> => {
    const run = known(ids)[0] ?? (await chooseRun(store.all.filter(fits), title));
    if (run !== undefined) await act(run);
  };
  const all = (): boolean => true;
  const actions: Readonly<Record<RunAction, (ids: readonly string[], clicked: boolean) => Promise<void>>> = {
    view: async () => {
      await vscode.commands.executeCommand(`${RUNS_VIEW}.focus`);
    },
    chooseLog: (ids) => one(ids, 'Show the log of a run', all, ({ id }) => log(id)),
    chooseStop: (ids) => one(ids.filter((id) => known([id]).some(isUnderWay)), 'Stop a run', isUnderWay, (run) => stopRun(commandParts, run)),
    compare: async (ids) => {
      const chosen = known(ids).length >= 2 ? known(ids) : await chooseRuns(store.all, 'Compare runs');
      if (chosen !== undefined) await show(chosen.map(({ id }) => id));
    },
    show: (ids, clicked) => one(ids, 'Show a run', all, ({ id }) => show([id], clicked)),
    log: (ids) => one(ids, 'Show the log of a run', all, ({ id }) => log(id)),
    stop: (ids) => one(ids, 'Stop a run', isUnderWay, (run) => stopRun(commandParts, run)),
    pause: (ids) => one(ids, 'Pause a run', ({ state }) => state === 'running', (run) => pauseRun(commandParts, run)),
    resume: (ids) => one(ids, 'Resume a run', ({ state }) => state === 'paused', (run) => resumeRun(commandParts, run)),
    look: (ids) => one(ids, 'Look at a run now', isLookable, ({ id }) => follower.lookNow(id)),
    recipe: (ids) => one(ids, 'Open the recipe of a run', all, (run) => documents.showRecipe(run)),
    set: (ids) => one(ids, 'Open the set of a run', all, openSet),
    output: (ids) => one(ids, 'Open the output folder of a run', all, (run) => openOutput(commandParts, run)),
    copyModel: (ids) => one(ids, 'Copy where the model of a run lies', all, (run) => copyModel(commandParts, run)),
    relaunch: (ids) => one(ids, 'Relaunch a run with changes', all, parts.relaunch),
    copyRecord: (ids) => one(ids, 'Copy the record of a run', all, copyRecord),
    remove: async (ids) => {
      const chosen = known(ids);
      if (chosen.length > 0) await removeRuns(chosen, folder);
      else void vscode.window.showInformationMessage('Choose a run in the Runs view first.');
    },
  };
  const tellBadge = (): void => {
    view.badge = badgeOf(store.all);
  };
  const own: Disposable[] = [
    tree,
    documents,
    channels,
    pages,
    store.onDidChange(tellBadge),
    noteEnds(runs, { show: (id) => show([id]), log }, parts.output),
  ];
  tellBadge();
  const session: RunsSession = {
    tree,
    act: (action, ids, clicked = false) => actions[action](ids, clicked),
    restore(panel, state) {
      pages.restore(panel, state);
    },
    dispose() {
      for (const each of own) each.dispose();
    },
  };
  return session;
}
