import * as vscode from 'vscode';
import { tellFailure } from '../host/tellFailure';
import type { RowScoreFiles } from '../host/rowScoreFiles';
import type { Settings } from '../host/settings';
import type { WorkspaceTrace, WorkspaceTraces } from '../host/workspaceTraces';
import type { CalibrationOf } from '../session/calibrationNote';
import type { Dataset, Datasets } from '../session/datasets/dataset';
import type { Disposable } from '../trace/event';
import type { TracesAction, TracesSession } from './tracesView.onDemand';

/** The id of the view. */
export const TRACES_VIEW = 'cotLens.traces';

/** A dataset that may have edits kept aside. */
export type ShowableDataset = Dataset & { editsAside?(): Promise<number> };

/** What the view shows and acts on. */
export interface TracesViewParts {
  readonly datasets: Pick<Datasets, 'looksLikeTraces'> & { open(...given: Parameters<Datasets['open']>): Promise<ShowableDataset> };
  readonly rowScores: RowScoreFiles;
  readonly traces: WorkspaceTraces;
  readonly score: (traces: readonly WorkspaceTrace[]) => Promise<void>;
  readonly calibrationOf: CalibrationOf;
  readonly settings: Settings;
  /** Of the workspace. */
  readonly memory: vscode.Memento;
  readonly extension: vscode.Uri;
  readonly output: vscode.LogOutputChannel;
}

/** The endings of datasets' names, as a dialog asks for them. */
const ENDINGS = ['jsonl', 'ndjson', 'json', 'csv', 'tsv', 'parquet', 'eval'];

const ACTIONS: readonly TracesAction[] = ['open', 'score', 'means', 'copyPrompt', 'reveal', 'format', 'look'];

/**
 * The *Traces* view and its commands. Everything behind it (datasets, the checking of messages) is loaded when it is first shown or a
 * dataset is opened.
 */
export class TracesView implements Disposable {
  private readonly own: vscode.Disposable[];
  private loading: Promise<TracesSession> | undefined;
  private session: TracesSession | undefined;

  constructor(private readonly parts: TracesViewParts) {
    this.own = [
      vscode.window.registerWebviewViewProvider(TRACES_VIEW, {
        resolveWebviewView: async (view) => {
          (await this.load()).attach(view);
        },
      }),
      vscode.commands.registerCommand('cotLens.openDataset', (uri?: unknown) => this.told(() => this.openDataset(uri instanceof vscode.Uri ? uri : undefined))),
      ...ACTIONS.map((action) =>
        vscode.commands.registerCommand(`cotLens.traces.${action}`, () => this.told(async () => (await this.load()).act(action))),
      ),
    ];
  }

  /**
   * The row after (1) or before (−1) a row in the order of the view; `undefined` where the view does not list that dataset, or at the
   * end.
   */
  neighbour(dataset: string, ordinal: number, by: 1 | -1): number | undefined {
    return this.session?.neighbour(dataset, ordinal, by);
  }

  /** Does the view list this dataset, so that `neighbour` speaks of it? */
  lists(dataset: string): boolean {
    return this.session?.lists(dataset) ?? false;
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
    this.loading?.then(
      (session) => {
        session.dispose();
      },
      // It never came, and whoever asked for it was told.
      () => undefined,
    );
  }

  private async openDataset(uri: vscode.Uri | undefined): Promise<void> {
    const chosen = uri ?? (await askForDataset());
    if (chosen === undefined) return;
    if (chosen.scheme !== 'file') {
      void vscode.window.showInformationMessage('A dataset is read from the disk of the machine that VS Code works on; this file lies elsewhere. Save a copy there first.');
      return;
    }
    const session = await this.load();
    void session.show(chosen.fsPath);
    await vscode.commands.executeCommand(`${TRACES_VIEW}.focus`);
  }

  private load(): Promise<TracesSession> {
    this.loading ??= import('./tracesView.onDemand').then(({ createTracesSession }) => (this.session = createTracesSession(this.parts)));
    return this.loading;
  }

  private async told(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      tellFailure(error);
    }
  }
}

async function askForDataset(): Promise<vscode.Uri | undefined> {
  const defaultUri = vscode.workspace.workspaceFolders?.[0]?.uri;
  const picked = await vscode.window.showOpenDialog({
    title: 'Open a dataset of traces',
    filters: { Datasets: ENDINGS, 'All files': ['*'] },
    ...(defaultUri === undefined ? {} : { defaultUri }),
  });
  return picked?.[0];
}
