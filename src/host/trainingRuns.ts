import { readdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { RunFollower } from '../session/training/followRuns';
import type { RunLogs } from '../session/training/runLogFile';
import type { RunStore } from '../session/training/runStore';
import type { Backend } from '../train/backends/backend';
import type { Run, RunPlan } from '../train/runs/run';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import type { TrainingBackends } from './trainingBackends';

/** The runs of this workspace: what is known of them, what they said, and who asks for more. */
export interface TrainingRuns {
  readonly store: RunStore;
  readonly logs: RunLogs;
  readonly follower: RunFollower;
  /** The backend that a run was given to; `undefined` where the settings have none at its address any more. */
  backendOf(run: Pick<Run, 'backend'>): Promise<Backend | undefined>;
}

/** The same, for who launches. */
export interface OpenTrainingRuns extends TrainingRuns, Disposable {
  /**
   * Writes a new run down, then launches it; meanwhile no window takes it for a launch that was broken off.
   * @throws what `launch` throws; Error where it cannot be written
   */
  begin(plan: RunPlan, launch: () => Promise<void>): Promise<void>;
}

/** What the runs of a workspace are made of. */
export interface TrainingRunsParts {
  /** `.cotlens`, or the folder that stands for it where no folder is open. */
  readonly folder: string;
  readonly backends: TrainingBackends;
  readonly log: Logger;
}

/** How long after the start runs are looked for, in milliseconds: whoever opens a window waits for the editor first. Ours. */
const LOOK_AFTER = 4000;

/**
 * The runs of the workspace, read when somebody first asks. A while after the start their folder is looked for: where a run is under way
 * it is followed, also when nobody shows it. Nothing is read before that.
 */
export class WorkspaceRuns implements Disposable {
  private loading: Promise<OpenTrainingRuns> | undefined;
  private readonly folder: string;
  private readonly later: NodeJS.Timeout;
  private disposed = false;

  /** @param storage where they are kept where no folder is open */
  constructor(
    private readonly backends: TrainingBackends,
    storage: vscode.Uri,
    private readonly log: Logger,
  ) {
    this.folder = folderOf(storage);
    this.later = setTimeout(() => void this.followWhatRuns(), LOOK_AFTER);
    this.later.unref();
  }

  /** @throws Error where they cannot be read */
  load(): Promise<OpenTrainingRuns> {
    this.loading ??= import('./trainingRuns.onDemand').then(({ openTrainingRuns }) => openTrainingRuns({ folder: this.folder, backends: this.backends, log: this.log })).then((opened) => {
      if (this.disposed) opened.dispose();
      return opened;
    });
    // What failed is tried anew the next time.
    this.loading.catch(() => (this.loading = undefined));
    return this.loading;
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.later);
    this.loading?.then(
      (opened) => {
        opened.dispose();
      },
      // It never came, and whoever asked for it was told.
      () => undefined,
    );
  }

  /** Loads the runs only where there are files of some: opening them starts following what has not ended. */
  private async followWhatRuns(): Promise<void> {
    try {
      const names = await readdir(`${this.folder}/runs`).catch(() => []);
      if (!this.disposed && names.some((name) => name.endsWith('.run.jsonl'))) await this.load();
    } catch (error) {
      this.log.error(`The training runs of this workspace cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** `.cotlens` of the first folder that lies on this machine's disk, else our own. */
function folderOf(storage: vscode.Uri): string {
  const folder = (vscode.workspace.workspaceFolders ?? []).find(({ uri }) => uri.scheme === 'file');
  return (folder === undefined ? vscode.Uri.joinPath(storage, 'cotlens') : vscode.Uri.joinPath(folder.uri, '.cotlens')).fsPath.replaceAll('\\', '/');
}
