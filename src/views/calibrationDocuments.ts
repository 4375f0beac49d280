import * as vscode from 'vscode';
import type { Disposable } from '../trace/event';

const SCHEME = 'cotlens-calibration';

/** The read-only documents of calibrating: the step to score, and the report. They live while they are open. */
export class CalibrationDocuments implements vscode.TextDocumentContentProvider, Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly own: vscode.Disposable[];
  readonly onDidChange = this.changes.event;

  constructor() {
    this.own = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === SCHEME) this.texts.delete(uri.toString());
      }),
    ];
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
    this.changes.dispose();
    this.texts.clear();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? 'This page of a calibration is gone. Run “CoT Lens: Calibrate Judge…” to go on with it; nothing is lost.\n';
  }

  /** Where a calibration's page of this name stands. */
  uriOf(id: string, name: string): vscode.Uri {
    return vscode.Uri.from({ scheme: SCHEME, path: `/${id}/${name}` });
  }

  /** Shows a text (line ends \n) under a name, whose ending decides the language; where it is open already it changes in place. Resolves when VS Code shows exactly that text. */
  async show(uri: vscode.Uri, text: string): Promise<vscode.TextEditor> {
    this.texts.set(uri.toString(), text);
    const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    if (open !== undefined && open.getText() !== text) {
      const changed = new Promise<void>((resolve) => {
        const done = (): void => {
          listening.dispose();
          resolve();
        };
        const listening = vscode.Disposable.from(
          vscode.workspace.onDidChangeTextDocument(({ document }) => {
            if (document === open && document.getText() === text) done();
          }),
          // Closed meanwhile, it never changes: whoever waits for it would wait for ever, and the keys of scoring with them.
          vscode.workspace.onDidCloseTextDocument((document) => {
            if (document === open) done();
          }),
        );
      });
      this.changes.fire(uri);
      await changed;
    }
    return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
  }
}
