import * as vscode from 'vscode';
import type { CuratedSetFiles } from '../host/curatedSets';
import { tellFailure } from '../host/tellFailure';
import type { RowScoreFiles } from '../host/rowScoreFiles';
import type { Settings } from '../host/settings';
import type { CalibrationOf } from '../session/calibrationNote';
import type { Datasets } from '../session/datasets/dataset';
import type { Disposable } from '../trace/event';
import type { MeanCurvesPageSet } from './meanCurvesPage.onDemand';
import { MEAN_CURVES_VIEW } from './meanCurvesView';

/** What the pages read and act on. */
export interface MeanCurvesParts {
  readonly datasets: Pick<Datasets, 'open' | 'looksLikeTraces'>;
  readonly rowScores: Pick<RowScoreFiles, 'of'>;
  readonly settings: Settings;
  readonly calibrationOf: CalibrationOf;
  /** Where the extension is installed; the pages' own files lie in its `dist/webview`. */
  readonly extension: vscode.Uri;
  readonly output: vscode.LogOutputChannel;
  /** The curated sets of the workspace. */
  readonly sets: Pick<CuratedSetFiles, 'open'>;
}

/** Rows to show the mean curves of, as a command's argument names them. */
export interface MeanRequest {
  /** Absolute path; empty: the `.cot` files of the workspace, by name. */
  readonly dataset: string;
  /** 0-based; absent or `all`: every row. */
  readonly ordinals?: readonly number[] | Uint32Array | 'all' | undefined;
  /** How the rows were chosen, where that depends on scores. */
  readonly conditioned?: string | undefined;
}

/** *Show Mean Curves…*, and pages brought back after a reload. All that is heavy is loaded with the first page. */
export class MeanCurves implements Disposable {
  private readonly own: vscode.Disposable[];
  private loading: Promise<MeanCurvesPageSet> | undefined;

  constructor(private readonly parts: MeanCurvesParts) {
    this.own = [
      vscode.commands.registerCommand('cotLens.showMeanCurves', (given?: unknown) => this.told((pages) => pages.show(requestsIn(given)))),
      vscode.window.registerWebviewPanelSerializer(MEAN_CURVES_VIEW, {
        deserializeWebviewPanel: async (panel, state) => {
          (await this.load()).restore(panel, state);
        },
      }),
    ];
  }

  /** Shows the mean curves of the same-prompt traces of two datasets. */
  async showPairs(datasets: readonly [string, string]): Promise<void> {
    await this.told((pages) => pages.showPairs(datasets));
  }

  /** Shows the page of a curated set: its mix, and mean curves by recipe at the injected step. */
  async showSet(path: string): Promise<void> {
    await this.told((pages) => pages.showSet(path));
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
    this.loading?.then(
      (pages) => {
        pages.dispose();
      },
      // It never came, and whoever asked for it was told.
      () => undefined,
    );
  }

  private load(): Promise<MeanCurvesPageSet> {
    this.loading ??= import('./meanCurvesPage.onDemand').then(({ createMeanCurvesPages }) => createMeanCurvesPages(this.parts));
    return this.loading;
  }

  private async told(act: (pages: MeanCurvesPageSet) => Promise<void>): Promise<void> {
    try {
      await act(await this.load());
    } catch (error) {
      tellFailure(error);
    }
  }
}

/** What a command was given: one request or several; `undefined` where it came from the palette or a menu. */
function requestsIn(given: unknown): MeanRequest[] | undefined {
  const isRequest = (one: unknown): one is MeanRequest => typeof one === 'object' && one !== null && typeof (one as { dataset?: unknown }).dataset === 'string';
  const all = (Array.isArray(given) ? given : [given]).filter(isRequest);
  return all.length === 0 ? undefined : all;
}
