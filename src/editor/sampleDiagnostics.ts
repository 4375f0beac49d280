import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import type { SampleChecks } from '../session/sampleChecks';
import type { Span } from '../trace/span';
import type { Trace } from '../trace/trace';
import type { Disposable } from '../trace/event';

const SEVERITY = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
} as const;

/** A finding says what to do at its end: so much of it is shown, in characters. */
const MOST = 1200;

/** Shows what the checks of crafted samples find in the Problems view. Beside `TraceDiagnostics`: these come later, and of fewer documents. */
export class SampleDiagnostics implements Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('cotLens.sample');
  private readonly listening: Disposable;

  constructor(private readonly checks: Pick<SampleChecks, 'of' | 'onDidChange'>) {
    this.listening = checks.onDidChange((uri) => {
      this.show(uri);
    });
  }

  dispose(): void {
    this.listening.dispose();
    this.collection.dispose();
  }

  private show(uri: string): void {
    const found = this.checks.of(uri);
    if (found === undefined) {
      this.collection.delete(vscode.Uri.parse(uri));
      return;
    }
    const { findings, state } = found;
    const diagnostics = findings.map(({ at, message, severity, code }) => {
      // A message quotes judges, recipes and the trace: all of them come from files.
      const diagnostic = new vscode.Diagnostic(rangeIn(state.trace, at), plainLabel(message, MOST), SEVERITY[severity]);
      diagnostic.source = 'CoT Lens';
      diagnostic.code = code;
      return diagnostic;
    });
    this.collection.set(vscode.Uri.parse(uri), diagnostics);
  }
}

function rangeIn({ lines }: Trace, { start, end }: Span): vscode.Range {
  const position = (offset: number): vscode.Position => {
    const line = lines.lineAt(offset);
    return new vscode.Position(line, offset - lines.startOf(line));
  };
  return new vscode.Range(position(start), position(end));
}
