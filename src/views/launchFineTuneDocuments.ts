import * as vscode from 'vscode';
import type { Disposable } from '../trace/event';

/** The scheme of what a launch shows before it sends anything. */
export const LAUNCH_SCHEME = 'cotlens-launch';

const GONE = 'This preview went with the window that it was made in. Run “Launch Fine-Tune…” or “Push Curated Set…” again.\n';

/** Read-only documents of what would leave the machine, kept as long as a tab shows them. */
export class LaunchDocuments implements Disposable, vscode.TextDocumentContentProvider {
  private readonly contents = new Map<string, string>();
  /** What is shown for a launch, by name. */
  private readonly shown = new WeakMap<object, Map<string, vscode.Uri>>();
  private readonly own: vscode.Disposable[];
  private made = 0;

  constructor() {
    this.own = [
      vscode.workspace.registerTextDocumentContentProvider(LAUNCH_SCHEME, this),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) if (input instanceof vscode.TabInputText && tabsOf(input.uri).length === 0) this.contents.delete(input.uri.toString());
      }),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.contents.get(uri.toString()) ?? GONE;
  }

  /**
   * Shows a text beside what asks about it. A launch has one document of a name: the one before goes, unless its tab was pinned.
   * @param launch whatever stands for the launch while it is asked about
   * @param line to be seen first, 0-based
   */
  async show(launch: object, name: string, text: string, line = 0): Promise<vscode.Uri> {
    const documents = this.shown.get(launch) ?? new Map<string, vscode.Uri>();
    this.shown.set(launch, documents);
    const before = documents.get(name);
    // A document of its own where the text is another: VS Code reads a changed one anew only after a while, and what is agreed to must be what is shown.
    const isSame = before !== undefined && this.contents.get(before.toString()) === text;
    const uri = isSame ? before : vscode.Uri.from({ scheme: LAUNCH_SCHEME, path: `/${name}`, query: String(++this.made) });
    this.contents.set(uri.toString(), text);
    documents.set(name, uri);
    await vscode.window.showTextDocument(uri, { preview: false, preserveFocus: true, selection: new vscode.Range(line, 0, line, 0) });
    if (before !== undefined && !isSame) await closeTabs(before);
    return uri;
  }

  /** Closes what was shown for a launch, but for tabs that somebody pinned. */
  async close(launch: object): Promise<void> {
    const documents = [...(this.shown.get(launch)?.values() ?? [])];
    this.shown.delete(launch);
    for (const uri of documents) await closeTabs(uri);
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
    this.contents.clear();
  }
}

async function closeTabs(uri: vscode.Uri): Promise<void> {
  const tabs = tabsOf(uri).filter(({ isPinned }) => !isPinned);
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}

function tabsOf(uri: vscode.Uri): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()));
}
