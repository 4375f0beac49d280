import * as vscode from 'vscode';
import { rowUri, rowPlace } from './rowUris';
import { plainLabel } from './plainLabel';
import type { NotSaved, RowFiles } from './rowFiles';
import type { Disposable } from '../trace/event';

/** Documents that show rows as they are on disk, to compare with. */
const DISK = 'cotlens-row-disk';

const COMPARE = 'Compare';
const OVERWRITE = 'Overwrite';
const COPY = 'Keep as Copy';

/** What a person may do where a row cannot be saved as it is: *Compare*, *Overwrite*, *Keep as Copy*. */
export class RowConflicts implements Disposable, vscode.TextDocumentContentProvider {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(DISK, this);
  /** Documents of which is asked already: auto save tries again after each key. */
  private readonly asked = new Set<string>();
  readonly onDidChange = this.changes.event;

  constructor(private readonly files: Pick<RowFiles, 'overwrite' | 'onDisk'>) {}

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const place = rowPlace(uri.with({ scheme: 'cotlens-row' }));
    if (place === undefined) return '';
    try {
      return await this.files.onDisk(rowUri(place));
    } catch (error) {
      return `${error instanceof Error ? error.message : String(error)}\n`;
    }
  }

  /** Asks what to do; once for each document at a time. */
  async ask({ uri, how, why }: NotSaved): Promise<void> {
    const key = uri.toString();
    if (this.asked.has(key)) return;
    this.asked.add(key);
    try {
      let choice = await this.choose(uri, how, why);
      // Whoever compares has not chosen yet.
      while (choice === COMPARE) {
        await this.compare(uri);
        choice = await this.choose(uri, how, why);
      }
      if (choice === OVERWRITE) await this.overwrite(uri);
      if (choice === COPY) await this.keepCopy(uri, how);
    } finally {
      this.asked.delete(key);
    }
  }

  private async choose(uri: vscode.Uri, how: NotSaved['how'], why: string): Promise<string | undefined> {
    const buttons = how === 'conflict' ? [COMPARE, OVERWRITE, COPY] : [COPY];
    // An error with buttons stays until it is answered; VS Code takes a warning away after some seconds, while one still compares.
    return vscode.window.showErrorMessage(plainLabel(`${nameOf(uri)}: ${why}`, 1000), ...buttons);
  }

  private async compare(uri: vscode.Uri): Promise<void> {
    const disk = uri.with({ scheme: DISK });
    this.changes.fire(disk);
    await vscode.commands.executeCommand('vscode.diff', disk, uri, plainLabel(`${nameOf(uri)}: on disk ↔ in the editor`));
  }

  private async overwrite(uri: vscode.Uri): Promise<void> {
    const document = documentOf(uri);
    if (document === undefined) return;
    this.asked.delete(uri.toString());
    await this.files.overwrite(document);
  }

  /** The copy is made before the row's own document lets go of the text. */
  private async keepCopy(uri: vscode.Uri, how: NotSaved['how']): Promise<void> {
    const document = documentOf(uri);
    if (document === undefined) return;
    const copy = await vscode.workspace.openTextDocument({ language: 'cot', content: document.getText() });
    const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
    await vscode.window.showTextDocument(document, { preview: false, ...(editor?.viewColumn === undefined ? {} : { viewColumn: editor.viewColumn }) });
    await vscode.commands.executeCommand(how === 'gone' ? 'workbench.action.revertAndCloseActiveEditor' : 'workbench.action.files.revert');
    await vscode.window.showTextDocument(copy, { preview: false });
  }
}

function documentOf(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === key);
}

function nameOf(uri: vscode.Uri): string {
  const place = rowPlace(uri);
  if (place === undefined) return uri.path;
  const { dataset, ordinal, variant } = place;
  return `Row ${String(ordinal + 1)}${variant === undefined ? '' : ` (${variant})`} of ${dataset.split(/[\\/]/).at(-1) ?? ''}`;
}
