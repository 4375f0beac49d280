import * as vscode from 'vscode';
import type { CuratedSetFiles } from '../host/curatedSets';
import type { DatasetFiles } from '../host/datasetFiles';
import { tellFailure } from '../host/tellFailure';
import type { Disposable } from '../trace/event';
import type { SetExports } from './exportSet.onDemand';
import { ExportDocuments } from './exportSetDocuments';
import { pathIn } from './pathIn';

/** What exports build on. */
export interface ExportParts {
  readonly sets: CuratedSetFiles;
  readonly datasets: Pick<DatasetFiles, 'with'>;
  /** Of the workspace: the project's canary, and templates chosen before. */
  readonly memory: vscode.Memento;
  /** The extension's version, for the record beside a training file. */
  readonly version: () => string;
  readonly documents: ExportDocuments;
}

const COMMANDS = { exportSet: 'export', checkTemplate: 'check', saveTrainingFile: 'save', showExportReport: 'report' } as const;

/**
 * *Export Training File…* and *Check Chat Template…*. The formats, and the libraries that render templates and count tokens, are loaded
 * with the first of them; here are only their documents, so that a tab that comes back after a reload can say what it was.
 */
export class ExportSet implements Disposable {
  private readonly own: Disposable[];
  private readonly parts: ExportParts;
  private loading: Promise<SetExports> | undefined;

  constructor(parts: Omit<ExportParts, 'documents'>) {
    const documents = new ExportDocuments();
    this.parts = { ...parts, documents };
    this.own = [
      documents,
      ...Object.entries(COMMANDS).map(([name, action]) => vscode.commands.registerCommand(`cotLens.${name}`, (of?: unknown) => this.told((exports) => exports[action](pathIn(of))))),
    ];
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
  }

  private async told(act: (exports: SetExports) => Promise<void>): Promise<void> {
    try {
      this.loading ??= import('./exportSet.onDemand').then(({ createSetExports }) => createSetExports(this.parts));
      await act(await this.loading);
    } catch (error) {
      tellFailure(error);
    }
  }
}
