import * as vscode from 'vscode';
import type { Judges } from '../host/judges';
import type { OpenTraces } from '../host/openTraces';
import { plainLabel } from '../host/plainLabel';
import type { Settings } from '../host/settings';
import { destinationOf, placeInWords } from '../judge/destinationOf';
import type { SampleChecks } from '../session/sampleChecks';
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

  /**
   * @param judge the one that a click on an unscored trace uses
   * @param checks tell whether a crafted sample has earned its badge
   */
  constructor(
    private readonly traces: OpenTraces,
    store: TraceStore,
    private readonly settings: Settings,
    private readonly judge: Pick<Judges, 'label' | 'setting' | 'onDidChange'>,
    private readonly checks: Pick<SampleChecks, 'earnedOf' | 'onDidChange'>,
  ) {
    const changed = (): void => {
      this.changes.fire();
    };
    this.listening = [store.onDidChange(changed), settings.onDidChange(changed), judge.onDidChange(changed), checks.onDidChange(changed)];
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
        title: `$(pulse) ${summaryLine(state)} · ${plainLabel(this.judge.label)}`,
        command: 'cotLens.score',
        tooltip: `Score every step. ${this.whereTextGoes()}`,
      };
    }
    // The judge's name stands in a file of the workspace: it could be written to look like an icon.
    return { title: plainLabel(summaryLine(state, this.checks.earnedOf(state)), 400), command: 'cotLens.showActions', tooltip: 'Score, switch, go to a turning point…' };
  }

  private whereTextGoes(): string {
    const { setting } = this.judge;
    if (setting === undefined) return 'Runs on this machine; nothing is sent anywhere.';
    return `Text goes to ${plainLabel(placeInWords(destinationOf(setting)))}.`;
  }
}
