import { readdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import { tellFailure } from '../host/tellFailure';
import type { TrainingRuns } from '../host/trainingRuns';
import type { Run } from '../train/runs/run';
import { EventSource, type Disposable } from '../trace/event';
import { RunDocuments } from './runCommandsDocuments';
import type { RunAction, RunsSession } from './runsView.onDemand';
import { chosenRuns } from './runsViewChosen';
import { CLICKED, RUNS_PAGE, RUNS_VIEW } from './runsViewIds';
import type { RunNode } from './runsViewNodes';

/** What the view, its pages, logs and notes are made of. */
export interface RunsViewParts {
  /** The runs of the workspace, read when first asked for. */
  readonly runs: { load(): Promise<TrainingRuns> };
  /** Where the extension is installed; the pages' own files lie in its `dist/webview`. */
  readonly extension: vscode.Uri;
  /** Where they are kept where no folder is open. */
  readonly storage: vscode.Uri;
  readonly output: vscode.LogOutputChannel;
  /** *Relaunch with Changes…*: begins a launch with what a run was made of. */
  readonly relaunch: (run: Run) => Promise<void>;
  readonly documents: RunDocuments;
}

/** The commands, by what they do. */
const COMMANDS: Readonly<Record<string, RunAction>> = {
  showRuns: 'view',
  showRunLog: 'chooseLog',
  stopRun: 'chooseStop',
  compareRuns: 'compare',
  'run.show': 'show',
  'run.log': 'log',
  'run.stop': 'stop',
  'run.pause': 'pause',
  'run.resume': 'resume',
  'run.look': 'look',
  'run.recipe': 'recipe',
  'run.set': 'set',
  'run.output': 'output',
  'run.copyModel': 'copyModel',
  'run.relaunch': 'relaunch',
  'run.copyRecord': 'copyRecord',
  'run.remove': 'remove',
};

/** Where runs are kept in a workspace folder, and how the names of their files end. */
const FOLDER = '.cotlens/runs';
const ENDING = '.run.jsonl';
/** How long after the start they are looked for, in milliseconds: whoever opens a window waits for the editor first. Ours. */
const LOOK_AFTER = 5000;

/**
 * The *Runs* view, its commands and pages. Everything behind it is loaded when it is first shown, when a command runs, or when there are
 * files of runs: the badge and the notes of ends need no view that shows. Only the documents of recipes are there from the start, for a
 * tab that comes back after a reload.
 */
export class RunsView implements Disposable {
  private readonly own: Disposable[];
  private readonly changes: EventSource<undefined> = new EventSource();
  private readonly tree: vscode.TreeView<RunNode>;
  private readonly later: NodeJS.Timeout;
  private loading: Promise<RunsSession> | undefined;
  private disposed = false;

  private readonly parts: RunsViewParts;

  constructor(parts: Omit<RunsViewParts, 'documents'>) {
    const documents = new RunDocuments(async () => (await parts.runs.load()).store);
    this.parts = { ...parts, documents };
    this.tree = vscode.window.createTreeView<RunNode>(RUNS_VIEW, {
      treeDataProvider: {
        onDidChangeTreeData: this.changes.event,
        getTreeItem: ({ item }) => item,
        getParent: ({ parent }) => parent,
        getChildren: async (node) => (await this.load()).tree.getChildren(node),
      },
      canSelectMany: true,
    });
    this.own = [
      documents,
      this.tree,
      ...Object.entries(COMMANDS).map(([name, action]) =>
        vscode.commands.registerCommand(`cotLens.${name}`, (clicked?: unknown, selected?: unknown) => this.act(action, clicked, selected)),
      ),
      vscode.window.registerWebviewPanelSerializer(RUNS_PAGE, {
        deserializeWebviewPanel: async (panel, state) => {
          (await this.load()).restore(panel, state);
        },
      }),
    ];
    this.later = setTimeout(() => void this.lookForRuns(), LOOK_AFTER);
    this.later.unref();
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.later);
    for (const one of this.own) one.dispose();
    this.changes.dispose();
    this.loading?.then(
      (session) => {
        session.dispose();
      },
      // It never came, and whoever asked for it was told.
      () => undefined,
    );
  }

  private async act(action: RunAction, clicked: unknown, selected: unknown): Promise<void> {
    try {
      const session = await this.load();
      await session.act(action, chosenRuns(clicked, selected, this.tree.selection), selected === CLICKED);
    } catch (error) {
      tellFailure(error);
    }
  }

  private load(): Promise<RunsSession> {
    this.loading ??= import('./runsView.onDemand').then(async ({ createRunsSession }) => {
      const session = createRunsSession(this.parts, await this.parts.runs.load(), this.tree);
      session.tree.onDidChangeTreeData(() => {
        this.changes.fire(undefined);
      });
      if (this.disposed) session.dispose();
      return session;
    });
    // What failed is tried anew the next time.
    this.loading.catch(() => (this.loading = undefined));
    return this.loading;
  }

  /** Loads the rest where runs are there already, or as soon as one comes. */
  private async lookForRuns(): Promise<void> {
    try {
      const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
      if (this.disposed || this.loading !== undefined || folder === undefined) return;
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, `${FOLDER}/*${ENDING}`), false, true, true);
      watcher.onDidCreate(() => {
        watcher.dispose();
        this.loadNow();
      });
      this.own.push(watcher);
      const names = await readdir(vscode.Uri.joinPath(folder.uri, FOLDER).fsPath).catch(() => []);
      if (names.some((name) => name.endsWith(ENDING))) this.loadNow();
    } catch (error) {
      this.failed(error);
    }
  }

  private loadNow(): void {
    if (this.disposed) return;
    this.load().catch((error: unknown) => {
      this.failed(error);
    });
  }

  private failed(error: unknown): void {
    this.parts.output.error(`The training runs of this workspace cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
  }
}
