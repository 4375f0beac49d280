import * as vscode from 'vscode';
import { tellFailure } from '../host/tellFailure';
import type { Disposable } from '../trace/event';
import type { DatasetPairs } from './compareDatasets.onDemand';
import type { MeanCurves, MeanCurvesParts } from './meanCurves';

/** What comparing datasets builds on. */
export interface CompareDatasetsParts extends MeanCurvesParts {
  readonly means: Pick<MeanCurves, 'showPairs'>;
}

const COMMANDS = ['nextPair', 'previousPair', 'goToPair', 'showPairMeans'] as const;

/**
 * *Compare Two Datasets…*: their same-prompt traces side by side, before and after a fine-tune; *Next* and *Previous Pair*, *Go to
 * Pair…* and the mean curves of exactly the pairs. The pairing is loaded when it is first asked for.
 */
export class CompareDatasets implements Disposable {
  private readonly own: vscode.Disposable[];
  private loading: Promise<DatasetPairs> | undefined;

  constructor(private readonly parts: CompareDatasetsParts) {
    this.own = [
      // From the Explorer: the file that was clicked, and all that are selected, in the order of the tree.
      vscode.commands.registerCommand('cotLens.compareDatasets', (_clicked?: unknown, selected?: unknown) =>
        this.told((pairs) => pairs.compare(Array.isArray(selected) ? selected.filter((one) => one instanceof vscode.Uri) : [])),
      ),
      ...COMMANDS.map((name) => vscode.commands.registerCommand(`cotLens.${name}`, () => this.told((pairs) => pairs[name]()))),
    ];
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
    this.loading?.then(
      (pairs) => {
        pairs.dispose();
      },
      // It never came, and whoever asked for it was told.
      () => undefined,
    );
  }

  private async told(act: (pairs: DatasetPairs) => Promise<void>): Promise<void> {
    try {
      this.loading ??= import('./compareDatasets.onDemand').then(({ createDatasetPairs }) => createDatasetPairs(this.parts));
      await act(await this.loading);
    } catch (error) {
      tellFailure(error);
    }
  }
}
