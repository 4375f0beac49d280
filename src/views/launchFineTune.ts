import * as vscode from 'vscode';
import type { ApiKeys } from '../host/apiKeys';
import type { CuratedSetFiles } from '../host/curatedSets';
import type { DatasetFiles } from '../host/datasetFiles';
import { tellFailure } from '../host/tellFailure';
import type { TrainingBackends } from '../host/trainingBackends';
import type { WorkspaceRuns } from '../host/trainingRuns';
import { needsTrust } from '../host/workspaceTrust';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import type { Run } from '../train/runs/run';
import type { Launches } from './launchFineTune.onDemand';
import { LaunchDocuments } from './launchFineTuneDocuments';
import { pathIn } from './pathIn';

/** What launches build on. */
export interface LaunchParts {
  readonly sets: CuratedSetFiles;
  readonly datasets: Pick<DatasetFiles, 'with' | 'open'>;
  readonly keys: ApiKeys;
  readonly backends: TrainingBackends;
  readonly runs: WorkspaceRuns;
  /** Of the workspace: the project's canary, models and templates chosen before. */
  readonly memory: vscode.Memento;
  readonly documents: LaunchDocuments;
  readonly log: Logger;
  /** Shows a run where runs are shown. */
  readonly showRun: (id: string) => unknown;
}

const COMMANDS = {
  launchFineTune: 'launch',
  pushSet: 'push',
  addBackend: 'addBackend',
  checkBackend: 'checkBackend',
  setBackendKey: 'setBackendKey',
  clearBackendKey: 'clearBackendKey',
  removeBackend: 'removeBackend',
} as const;

/** Those that send something, and so are not done in a workspace that is not trusted. */
const SENDS: ReadonlySet<string> = new Set(['launchFineTune', 'pushSet', 'addBackend', 'checkBackend']);

/**
 * *Launch Fine-Tune…*, *Push Curated Set…* and the commands of training backends. The recipes, the formats and what speaks to backends
 * are loaded with the first of them; here are only their documents, so that a tab that comes back after a reload can say what it was.
 */
export class LaunchFineTune implements Disposable {
  private readonly own: Disposable[];
  private readonly parts: LaunchParts;
  private loading: Promise<Launches> | undefined;

  constructor(parts: Omit<LaunchParts, 'documents'>) {
    const documents = new LaunchDocuments();
    this.parts = { ...parts, documents };
    this.own = [
      documents,
      ...Object.entries(COMMANDS).map(([name, action]) =>
        vscode.commands.registerCommand(`cotLens.${name}`, (of?: unknown) => this.told(SENDS.has(name), (launches) => launches[action](pathIn(of)))),
      ),
    ];
  }

  /** *Relaunch with Changes…*: the values of a run in a recipe file, and the flow at its last step. */
  relaunch(run: Run): Promise<void> {
    return this.told(true, (launches) => launches.relaunch(run));
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
  }

  private async told(sends: boolean, act: (launches: Launches) => Promise<void>): Promise<void> {
    try {
      if (sends && !(await needsTrust('A training backend is sent the samples of this workspace, and the workspace is not trusted. Nothing was sent.'))) return;
      this.loading ??= import('./launchFineTune.onDemand').then(({ createLaunches }) => createLaunches(this.parts));
      await act(await this.loading);
    } catch (error) {
      tellFailure(error);
    }
  }
}
