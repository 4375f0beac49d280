import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import type { OpenTraces } from '../host/openTraces';
import { scoresInWords } from '../session/scoresInWords';
import type { JoinedVerdict, TraceState } from '../session/traceState';
import type { TraceStore } from '../session/traceStore';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';
import type { Span } from '../trace/span';
import type { Step, Turn } from '../trace/trace';

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

/** Outline and breadcrumbs: Prompt, Reasoning with its steps, Tool calls, Answer, by turn where there are several; each step with its scores. */
class TraceOutline implements vscode.DocumentSymbolProvider {
  constructor(private readonly traces: OpenTraces) {}

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    const state = this.traces.state(document);
    return state === undefined ? [] : symbols(document, state);
  }
}

function symbols(document: vscode.TextDocument, state: TraceState): vscode.DocumentSymbol[] {
  const { turns } = state.trace;
  const outline = new Outline(document, state);
  if (turns.length === 1) return outline.turn(turns[0]);
  return turns.map((turn, i) => {
    const symbol = outline.symbol(`Turn ${String(i + 1)}`, '', vscode.SymbolKind.Namespace, turn, turn.start);
    symbol.children.push(...outline.turn(turn));
    return symbol;
  });
}

/** Makes the symbols of one turn after the other. */
class Outline {
  /** Where the text begins that who scores by hand must not read ahead; nowhere else either. */
  private readonly hiddenAt: number;
  private readonly severalBlocks: boolean;
  private block = 0;

  constructor(
    private readonly document: vscode.TextDocument,
    private readonly state: TraceState,
  ) {
    this.hiddenAt = state.turn.steps[state.hiddenFrom ?? Infinity]?.start ?? Infinity;
    this.severalBlocks = state.turn.blocks.length > 1;
  }

  turn({ prompt, blocks, steps, toolCalls, answer }: Turn): vscode.DocumentSymbol[] {
    const found: vscode.DocumentSymbol[] = [];
    if (prompt !== undefined) {
      found.push(this.symbol('Prompt', this.words(prompt.text, prompt.start), vscode.SymbolKind.String, prompt, prompt.start));
    }
    // One pass: a hostile trace can have as many blocks as steps.
    const stepsOf = new Map<number, Step[]>();
    for (const step of steps) {
      const inBlock = stepsOf.get(step.block);
      if (inBlock === undefined) stepsOf.set(step.block, [step]);
      else inBlock.push(step);
    }
    for (const block of blocks) {
      const number = this.block++;
      const inside = stepsOf.get(number);
      if (inside !== undefined) found.push(this.reasoning(block, number, inside));
    }
    for (const { name, call, result, line } of toolCalls) {
      const end = Math.max(line.end, call?.end ?? 0, result?.end ?? 0);
      const detail = this.words(call?.text ?? result?.text ?? '', line.start);
      const called = name === undefined || line.start >= this.hiddenAt ? '' : ` ${plainLabel(name, 40)}`;
      // A result may stand behind others: the call alone is the range then, since ranges must not cross.
      const span = { start: line.start, end: toolCalls.length > 1 ? (call?.end ?? line.end) : end };
      found.push(this.symbol(`Tool call${called}`, detail, vscode.SymbolKind.Function, span, line.start));
    }
    if (answer !== undefined) {
      const isScored = answer.start === this.state.turn.answer?.start;
      found.push(this.symbol('Answer', isScored ? scores(this.state.answer) : '', vscode.SymbolKind.Event, answer, answer.start));
    }
    return found.sort((a, b) => a.range.start.compareTo(b.range.start));
  }

  symbol(name: string, detail: string, kind: vscode.SymbolKind, span: Span, from: number): vscode.DocumentSymbol {
    const { document } = this;
    const range = new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
    const at = document.positionAt(from);
    return new vscode.DocumentSymbol(name, detail, kind, range, new vscode.Range(at, at));
  }

  private reasoning(block: Span, number: number, steps: readonly Step[]): vscode.DocumentSymbol {
    const name = this.severalBlocks ? `Reasoning ${String(number + 1)}` : 'Reasoning';
    const reasoning = this.symbol(name, countOf(steps.length, 'step'), vscode.SymbolKind.Module, block, block.start);
    for (const step of steps) {
      const label = `${String(step.index + 1)}  ${this.words(step.text, step.start)}`;
      reasoning.children.push(
        this.symbol(label, scores(this.state.verdicts[step.index]), vscode.SymbolKind.Field, step, step.start),
      );
    }
    return reasoning;
  }

  /** The first words of a text, unless who scores by hand must not read ahead to it. */
  private words(text: string, start: number): string {
    return start >= this.hiddenAt ? 'not to be seen yet' : plainLabel(text, 60);
  }
}

const scores = (joined: JoinedVerdict | undefined): string => (joined === undefined ? '' : scoresInWords(joined));
