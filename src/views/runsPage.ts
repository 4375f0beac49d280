import * as vscode from 'vscode';
import { DEFAULT_RUNS_STATE, MOST_COMPARED, runsState, type RunsState } from '../../webview/runs/messages';
import type { TrainingRuns } from '../host/trainingRuns';
import type { Disposable } from '../trace/event';
import { RunsPanel } from './runsPanel';
import { RUNS_PAGE } from './runsViewIds';

/** What the pages read and act on. */
export interface RunsPageParts {
  readonly runs: Pick<TrainingRuns, 'store' | 'logs' | 'follower'>;
  readonly extension: vscode.Uri;
  readonly output: vscode.LogOutputChannel;
  /** Does what a button of a page says. @throws Error in words */
  readonly act: (act: 'log' | 'stop' | 'look' | 'recipe' | 'set' | 'relaunch' | 'copyModel', id: string) => Promise<void>;
}

/** The Runs pages that are open. */
export class RunsPages implements Disposable {
  private readonly pages = new Set<RunsPanel>();

  /** @param changed called when other runs are shown */
  constructor(
    private readonly parts: RunsPageParts,
    private readonly changed: () => void,
  ) {}

  /** The runs of the pages that are open. */
  get shown(): readonly string[] {
    return [...this.pages].flatMap(({ ids }) => ids);
  }

  /**
   * Shows a run, or several compared; a page that shows the same comes to the front.
   * @param keepsFocus what has the focus now keeps it
   * @throws Error where they are too many
   */
  show(ids: readonly string[], keepsFocus = false): void {
    if (ids.length > MOST_COMPARED) throw new Error(`These are ${String(ids.length)} runs. Choose at most ${String(MOST_COMPARED)} to compare.`);
    const known = [...this.pages].find((page) => page.ids.join() === ids.join());
    if (known !== undefined) known.panel.reveal(undefined, keepsFocus);
    else this.adopt(vscode.window.createWebviewPanel(RUNS_PAGE, 'Run', { viewColumn: vscode.ViewColumn.Active, preserveFocus: keepsFocus }), { ...DEFAULT_RUNS_STATE, runs: [...ids] });
  }

  /** Takes over a page that VS Code kept over a reload, with what the page remembered. */
  restore(panel: vscode.WebviewPanel, raw: unknown): void {
    const state = runsState.safeParse(raw);
    this.adopt(panel, state.success ? state.data : DEFAULT_RUNS_STATE);
  }

  dispose(): void {
    for (const { panel } of [...this.pages]) panel.dispose();
  }

  private adopt(panel: vscode.WebviewPanel, state: RunsState): void {
    const page: RunsPanel = new RunsPanel(panel, this.parts, state, () => {
      this.pages.delete(page);
      this.changed();
    });
    this.pages.add(page);
    this.changed();
  }
}
