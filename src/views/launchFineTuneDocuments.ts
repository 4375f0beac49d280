import * as vscode from 'vscode';
import type { Disposable } from '../trace/event';

/** The scheme of what a launch shows before it sends anything. */
export const LAUNCH_SCHEME = 'cotlens-launch';

const GONE = 'This preview went with the window that it was made in. Run “Launch Fine-Tune…” or “Push Curated Set…” again.\n';

/** Read-only documents of what would leave the machine, kept as long as a tab shows them. */
export class LaunchDocuments implements Disposable, vscode.TextDocumentContentProvider {
  private readonly contents = new Map<string, string>();
  private readonly own: vscode.Disposable[];
  private made = 0;

  constructor() {
    this.own = [
      vscode.workspace.registerTextDocumentContentProvider(LAUNCH_SCHEME, this),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) if (input instanceof vscode.TabInputText && !isShown(input.uri)) this.contents.delete(input.uri.toString());
      }),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.contents.get(uri.toString()) ?? GONE;
  }

  /** Shows a text beside what asks about it. */
  async show(name: string, text: string): Promise<vscode.Uri> {
    const uri = vscode.Uri.from({ scheme: LAUNCH_SCHEME, path: `/${name}`, query: String(++this.made) });
    this.contents.set(uri.toString(), text);
    await vscode.window.showTextDocument(uri, { preview: false, preserveFocus: true });
    return uri;
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
    this.contents.clear();
  }
}

function isShown(uri: vscode.Uri): boolean {
  return vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()));
}
