import * as vscode from 'vscode';
import type { OpenTraces } from '../host/openTraces';
import { plainLabel } from '../host/plainLabel';
import type { Settings } from '../host/settings';
import type { TraceStore } from '../session/traceStore';
import { isScored, summaryLine } from '../session/traceSummary';
import type { Disposable } from '../trace/event';

/**
 * The one line above the first step. There is always exactly one, before and after scoring, so that text never jumps.
 * Its title is there at once: a lens that is resolved later flickers.
 */
export class TraceCodeLens implements vscode.CodeLensProvider, Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly listening: Disposable[];
  readonly onDidChangeCodeLenses = this.changes.event;

  /** @param judgeLabel the judge that a click on an unscored trace uses */
  constructor(
    private readonly traces: OpenTraces,
    store: TraceStore,
    private readonly settings: Settings,
    private readonly judgeLabel: string,
  ) {
    const changed = (): void => {
      this.changes.fire();
    };
    this.listening = [store.onDidChange(changed), settings.onDidChange(changed)];
  }

  dispose(): void {
    for (const listener of this.listening) listener.dispose();
    this.changes.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!this.settings.codeLens(document)) return [];
    const state = this.traces.state(document);
    const first = state?.turn.steps[0];
    if (state === undefined || first === undefined) return [];
    const range = new vscode.Range(first.firstLine, 0, first.firstLine, 0);
    return [new vscode.CodeLens(range, this.command(state))];
  }

  private command(state: NonNullable<ReturnType<OpenTraces['state']>>): vscode.Command {
    const { scoring } = state;
    if (scoring !== undefined) {
      return {
        title: `$(sync~spin) Scoring ${String(scoring.done)} of ${String(scoring.total)} · ${plainLabel(scoring.judge.label)} · stop`,
        command: 'cotLens.stopScoring',
        tooltip: 'Stop; the scores so far are kept, and the next run goes on from there',
      };
    }
    if (!isScored(state)) {
      return {
        title: `$(pulse) ${summaryLine(state)} · ${this.judgeLabel}`,
        command: 'cotLens.score',
        tooltip: 'Score every step. Runs on this machine; nothing is sent anywhere.',
      };
    }
    // The judge's name stands in a file of the workspace: it could be written to look like an icon.
    return { title: plainLabel(summaryLine(state), 400), command: 'cotLens.showActions', tooltip: 'Score, switch, go to a turning point…' };
  }
}
