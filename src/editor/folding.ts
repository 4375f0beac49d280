import * as vscode from 'vscode';
import type { OpenTraces } from '../host/openTraces';
import type { Settings } from '../host/settings';
import type { Disposable } from '../trace/event';
import type { Span } from '../trace/span';

/** Folds front matter, prompt, reasoning and answer, and steps of several lines. Sticky scroll follows the same ranges. */
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
    const { trace, turn } = state;
    const ranges: vscode.FoldingRange[] = [];
    const fold = (span: Span | undefined): void => {
      if (span === undefined) return;
      const first = trace.lines.lineAt(span.start);
      const last = trace.lines.lineAt(Math.max(span.start, span.end - 1));
      if (last > first) ranges.push(new vscode.FoldingRange(first, last));
    };
    fold(trace.parts.find((part) => part.kind === 'frontMatter'));
    fold(turn.prompt);
    turn.blocks.forEach(fold);
    for (const step of turn.steps) {
      if (step.lastLine > step.firstLine) ranges.push(new vscode.FoldingRange(step.firstLine, step.lastLine));
    }
    fold(turn.answer);
    return ranges;
  }
}
