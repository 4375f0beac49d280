import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import type { OpenTraces } from '../host/openTraces';
import { scoresInWords } from '../session/scoresInWords';
import type { JoinedVerdict, TraceState } from '../session/traceState';
import type { TraceStore } from '../session/traceStore';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';
import type { Span } from '../trace/span';
import type { Step } from '../trace/trace';

/** How long to wait for more changes before VS Code asks for the outline again, in milliseconds. */
const ASK_AGAIN_AFTER = 250;

/**
 * Registers the outline, and registers it anew when what it shows changes without an edit: new scores, another splitter.
 * VS Code keeps an outline for as long as text and provider are the same, and providers have no event to say otherwise.
 */
export class LiveOutline implements Disposable {
  private readonly provider: TraceOutline;
  private readonly listening: Disposable;
  private readonly versions = new Map<string, number>();
  private registration: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;

  constructor(traces: OpenTraces, store: TraceStore) {
    this.provider = new TraceOutline(traces);
    this.registration = this.register();
    this.listening = store.onDidChange((uri) => {
      const state = store.get(uri);
      const before = this.versions.get(uri);
      if (state === undefined) this.versions.delete(uri);
      else this.versions.set(uri, state.version);
      // After an edit VS Code asks by itself; while scores stream in, asking for each would make the outline flicker.
      if (state !== undefined && state.version === before && state.scoring === undefined) this.askAgain();
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listening.dispose();
    this.registration.dispose();
  }

  private askAgain(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.registration.dispose();
      this.registration = this.register();
    }, ASK_AGAIN_AFTER);
  }

  private register(): vscode.Disposable {
    return vscode.languages.registerDocumentSymbolProvider('cot', this.provider, { label: 'Trace' });
  }
}

/** Outline and breadcrumbs: Prompt, Reasoning with its steps, Answer; each step with its scores. */
class TraceOutline implements vscode.DocumentSymbolProvider {
  constructor(private readonly traces: OpenTraces) {}

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    const state = this.traces.state(document);
    return state === undefined ? [] : symbols(document, state);
  }
}

function symbols(document: vscode.TextDocument, state: TraceState): vscode.DocumentSymbol[] {
  const { turn } = state;
  const symbol = (name: string, detail: string, kind: vscode.SymbolKind, span: Span, from: number): vscode.DocumentSymbol =>
    new vscode.DocumentSymbol(
      name,
      detail,
      kind,
      new vscode.Range(document.positionAt(span.start), document.positionAt(span.end)),
      new vscode.Range(document.positionAt(from), document.positionAt(from)),
    );

  const found: vscode.DocumentSymbol[] = [];
  if (turn.prompt !== undefined) {
    found.push(symbol('Prompt', plainLabel(turn.prompt.text, 60), vscode.SymbolKind.String, turn.prompt, turn.prompt.start));
  }
  // One pass: a hostile trace can have as many blocks as steps.
  const stepsOf = new Map<number, Step[]>();
  for (const step of turn.steps) {
    const steps = stepsOf.get(step.block);
    if (steps === undefined) stepsOf.set(step.block, [step]);
    else steps.push(step);
  }
  for (const [number, block] of turn.blocks.entries()) {
    const steps = stepsOf.get(number);
    if (steps === undefined) continue;
    const name = turn.blocks.length > 1 ? `Reasoning ${String(number + 1)}` : 'Reasoning';
    const reasoning = symbol(name, countOf(steps.length, 'step'), vscode.SymbolKind.Module, block, block.start);
    for (const step of steps) {
      // Who scores by hand must not read ahead here either.
      const text = step.index >= (state.hiddenFrom ?? Infinity) ? 'not to be seen yet' : plainLabel(step.text, 60);
      const label = `${String(step.index + 1)}  ${text}`;
      reasoning.children.push(
        symbol(label, scores(state.verdicts[step.index]), vscode.SymbolKind.Field, step, step.start),
      );
    }
    found.push(reasoning);
  }
  if (turn.answer !== undefined) {
    found.push(symbol('Answer', scores(state.answer), vscode.SymbolKind.Event, turn.answer, turn.answer.start));
  }
  return found;
}

const scores = (joined: JoinedVerdict | undefined): string => (joined === undefined ? '' : scoresInWords(joined));
