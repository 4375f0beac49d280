import * as vscode from 'vscode';
import { EventSource, type Disposable } from '../trace/event';

/** The scheme of what an export shows before it is saved. */
export const EXPORT_SCHEME = 'cotlens-export';

const GONE = 'This preview went with the window that it was made in. Run “Export Training File…” again.\n';

/** Read-only documents of what would be written, kept as long as a tab shows them. */
export class ExportDocuments implements Disposable, vscode.TextDocumentContentProvider {
  private readonly contents = new Map<string, string>();
  private readonly closed = new EventSource<string>();
  private readonly own: vscode.Disposable[];
  private made = 0;

  constructor() {
    this.own = [
      vscode.workspace.registerTextDocumentContentProvider(EXPORT_SCHEME, this),
      // A document is closed and opened anew when its language changes; only a tab that goes takes it along.
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) if (input instanceof vscode.TabInputText && !isShown(input.uri)) this.forget(input.uri);
      }),
    ];
  }

  /** Called with the URI of each document whose last tab was closed. */
  get onDidClose(): (listener: (uri: string) => void) => Disposable {
    return this.closed.event;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.contents.get(uri.toString()) ?? GONE;
  }

  /** Keeps a text, under a name of its own. */
  add(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: EXPORT_SCHEME, path: `/${name}`, query: String(++this.made) });
    this.contents.set(uri.toString(), text);
    return uri;
  }

  /** Adds a text and shows it. */
  async show(name: string, text: string): Promise<vscode.Uri> {
    const uri = this.add(name, text);
    await vscode.window.showTextDocument(uri, { preview: false });
    return uri;
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
    this.contents.clear();
    this.closed.dispose();
  }

  private forget(uri: vscode.Uri): void {
    if (this.contents.delete(uri.toString())) this.closed.fire(uri.toString());
  }
}

function isShown(uri: vscode.Uri): boolean {
  return vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()));
}
