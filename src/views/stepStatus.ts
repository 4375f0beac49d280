import * as vscode from 'vscode';
import type { OpenTraces } from '../host/openTraces';
import { plainLabel } from '../host/plainLabel';
import { scoresInWords } from '../session/scoresInWords';
import { stepAt } from '../session/stepAt';
import type { TraceState } from '../session/traceState';
import { judgeNameIn, summaryLine } from '../session/traceSummary';
import type { TraceStore } from '../session/traceStore';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';

/** The status bar item for the step at the cursor; also the way for screen readers to hear a step's scores. */
export class StepStatus implements Disposable {
  private readonly item = vscode.window.createStatusBarItem('cotLens.step', vscode.StatusBarAlignment.Right, 101);
  private readonly listening: Disposable[];

  constructor(
    private readonly traces: OpenTraces,
    store: TraceStore,
  ) {
    this.item.name = 'CoT Lens: step at the cursor';
    this.item.command = 'cotLens.showActions';
    const update = (): void => {
      this.update();
    };
    this.listening = [
      store.onDidChange(update),
      vscode.window.onDidChangeActiveTextEditor(update),
      vscode.window.onDidChangeTextEditorSelection(update),
    ];
    this.update();
  }

  dispose(): void {
    for (const listener of this.listening) listener.dispose();
    this.item.dispose();
  }

  private update(): void {
    const editor = vscode.window.activeTextEditor;
    const state = editor === undefined ? undefined : this.traces.known(editor.document);
    if (editor === undefined || state === undefined) {
      this.item.hide();
      return;
    }
    const { text, spoken } = describe(state, editor.document.offsetAt(editor.selection.active));
    this.item.text = `$(pulse) ${text}`;
    this.item.tooltip = plainLabel(summaryLine(state), 400);
    this.item.accessibilityInformation = { label: spoken };
    this.item.show();
  }
}

function describe(state: TraceState, offset: number): { text: string; spoken: string } {
  const count = state.turn.steps.length;
  const { answer } = state.turn;
  const inAnswer = answer !== undefined && offset >= answer.start;
  const step = inAnswer ? undefined : stepAt(state, offset);
  const joined = inAnswer ? state.answer : step === undefined ? undefined : state.verdicts[step.index];
  const place = inAnswer ? 'Answer' : step === undefined ? countOf(count, 'step') : `Step ${String(step.index + 1)}/${String(count)}`;
  if (step === undefined && !inAnswer) return { text: place, spoken: place };
  if (joined === undefined) return { text: `${place} · not scored`, spoken: `${place}, not scored` };
  const words = scoresInWords(joined);
  const scores = words === '' ? `no score${joined.stale ? ' (stale)' : ''}` : words;
  const by = state.judge === undefined ? '' : `, by ${judgeNameIn(state, state.judge)}`;
  return { text: `${place} · ${scores}`, spoken: `${place}, ${scores}${by}` };
}
