import * as vscode from 'vscode';
import type { OpenTraces } from '../host/openTraces';
import type { Settings } from '../host/settings';
import type { Disposable } from '../trace/event';
import type { Span } from '../trace/span';

/** Folds front matter, turns where there are several, prompts, reasoning, tool calls and answers, and steps of several lines. Sticky scroll follows the same ranges. */
export class TraceFolding implements vscode.FoldingRangeProvider, Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly listening: Disposable;
  /** Fires when steps are cut in another way: without an edit VS Code would not ask again. */
  readonly onDidChangeFoldingRanges = this.changes.event;

  constructor(
    private readonly traces: OpenTraces,
    settings: Settings,
  ) {
    this.listening = settings.onDidChange(() => {
      this.changes.fire();
    });
  }

  dispose(): void {
    this.listening.dispose();
    this.changes.dispose();
  }

  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    const state = this.traces.state(document);
    if (state === undefined) return [];
    const { trace } = state;
    const ranges: vscode.FoldingRange[] = [];
    const fold = (span: Span | undefined): void => {
      if (span === undefined) return;
      const first = trace.lines.lineAt(span.start);
      const last = trace.lines.lineAt(Math.max(span.start, span.end - 1));
      if (last > first) ranges.push(new vscode.FoldingRange(first, last));
    };
    fold(trace.parts.find((part) => part.kind === 'frontMatter'));
    for (const turn of trace.turns) {
      if (trace.turns.length > 1) fold(turn);
      fold(turn.prompt);
      turn.blocks.forEach(fold);
      for (const step of turn.steps) {
        if (step.lastLine > step.firstLine) ranges.push(new vscode.FoldingRange(step.firstLine, step.lastLine));
      }
      for (const { line, call, result } of turn.toolCalls) {
        if (call !== undefined) fold({ start: line.start, end: call.end });
        fold(call === undefined ? { start: line.start, end: result?.end ?? line.end } : result);
      }
      fold(turn.answer);
    }
    return ranges;
  }
}
