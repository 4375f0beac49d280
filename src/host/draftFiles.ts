import * as vscode from 'vscode';
import type { Disposable } from '../trace/event';

export const DRAFT_SCHEME = 'cotlens-draft';

/** Some time in this century, in milliseconds: any that is more than twice as far from 1970 as now. */
const FAR_OFF = 4e12;

interface File {
  bytes: Uint8Array;
  mtime: number;
  readonly readOnly: boolean;
}

/** One text that is read, and whether a person may change it. */
export interface DraftFile {
  readonly text: string;
  readonly readOnly: boolean;
}

/**
 * Drafts as files in memory, so that VS Code keeps them as ordinary documents: a person may type into one, and from then on VS Code no
 * longer takes what a teacher still sends, because the document has unsaved changes. (A content provider's documents cannot be typed
 * into; an untitled one asks to be saved when it is closed.)
 */
export class DraftFiles implements vscode.FileSystemProvider, Disposable {
  private readonly files = new Map<string, File>();
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly writes = new vscode.EventEmitter<{ readonly uri: vscode.Uri; readonly text: string }>();
  private readonly registration: vscode.Disposable;
  private time = Infinity;

  readonly onDidChangeFile = this.changes.event;
  /** Fires when VS Code has saved a document here. */
  readonly onDidWrite = this.writes.event;

  constructor() {
    this.registration = vscode.workspace.registerFileSystemProvider(DRAFT_SCHEME, this, { isCaseSensitive: true });
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
    this.writes.dispose();
    this.files.clear();
  }

  /** Puts a text there; where a document shows it and has no unsaved changes, it shows this now. */
  put(uri: vscode.Uri, { text, readOnly }: DraftFile): void {
    const known = this.files.has(uri.path);
    this.files.set(uri.path, { bytes: Buffer.from(text), mtime: this.newTime(), readOnly });
    this.changes.fire([{ type: known ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created, uri }]);
  }

  text(uri: vscode.Uri): string | undefined {
    const file = this.files.get(uri.path);
    return file === undefined ? undefined : Buffer.from(file.bytes).toString();
  }

  remove(uri: vscode.Uri): void {
    if (this.files.delete(uri.path)) this.changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { bytes, mtime, readOnly } = this.file(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime, size: bytes.length, ...(readOnly ? { permissions: vscode.FilePermission.Readonly } : {}) };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.file(uri).bytes;
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const file = this.file(uri);
    if (file.readOnly) throw vscode.FileSystemError.NoPermissions(uri);
    file.bytes = content;
    file.mtime = this.newTime();
    this.writes.fire({ uri, text: Buffer.from(content).toString() });
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  /**
   * VS Code reads a file again whose time is another, and refuses to save over one whose time is later than that of its document. Ours run
   * backwards, also from one window to the next: so what a person typed is always saved, whatever a teacher sent in the same moment.
   */
  private newTime(): number {
    return (this.time = Math.min(this.time - 1, FAR_OFF - Date.now()));
  }

  private file(uri: vscode.Uri): File {
    const file = this.files.get(uri.path);
    if (file === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return file;
  }
}
