import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import type { OpenTraces } from '../host/openTraces';
import type { JoinedVerdict, TraceState } from '../session/traceState';
import type { Span } from '../trace/span';
import type { Step } from '../trace/trace';

/** Outline and breadcrumbs: Prompt, Reasoning with its steps, Answer; each step with its scores. */
export class TraceOutline implements vscode.DocumentSymbolProvider {
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
    const reasoning = symbol(name, `${String(steps.length)} steps`, vscode.SymbolKind.Module, block, block.start);
    for (const step of steps) {
      const label = `${String(step.index + 1)}  ${plainLabel(step.text, 60)}`;
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

function scores(joined: JoinedVerdict | undefined): string {
  if (joined === undefined) return '';
  const { harmfulness, helpfulness } = joined.verdict;
  const said = [
    ...(harmfulness === null ? [] : [`harmfulness ${String(harmfulness)}`]),
    ...(helpfulness === null ? [] : [`helpfulness ${String(helpfulness)}`]),
  ];
  return said.join(', ') + (joined.stale && said.length > 0 ? ' (stale)' : '');
}
