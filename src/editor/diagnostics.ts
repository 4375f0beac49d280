import * as vscode from 'vscode';
import type { TraceStore } from '../session/traceStore';
import type { Disposable } from '../trace/event';
import type { Problem } from '../trace/problem';

const SEVERITY = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
} as const;

/** Shows what is missing or broken in a trace in the Problems view. */
export class TraceDiagnostics implements Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('cotLens');
  private readonly listening: Disposable;
  private readonly shown = new Map<string, readonly Problem[]>();

  constructor(private readonly store: TraceStore) {
    this.listening = store.onDidChange((uri) => {
      this.show(uri);
    });
    store.uris.forEach((uri) => {
      this.show(uri);
    });
  }

  dispose(): void {
    this.listening.dispose();
    this.collection.dispose();
  }

  private show(uri: string): void {
    const trace = this.store.get(uri)?.trace;
    if (trace === undefined) {
      this.collection.delete(vscode.Uri.parse(uri));
      this.shown.delete(uri);
      return;
    }
    // New scores leave the text's problems as they are.
    if (this.shown.get(uri) === trace.problems) return;
    this.shown.set(uri, trace.problems);
    const position = (offset: number): vscode.Position => {
      const line = trace.lines.lineAt(offset);
      return new vscode.Position(line, offset - trace.lines.startOf(line));
    };
    this.collection.set(
      vscode.Uri.parse(uri),
      trace.problems.map((problem) => {
        const range = new vscode.Range(position(problem.start), position(problem.end));
        const diagnostic = new vscode.Diagnostic(range, problem.message, SEVERITY[problem.severity]);
        diagnostic.source = 'CoT Lens';
        diagnostic.code = problem.code;
        return diagnostic;
      }),
    );
  }
}
