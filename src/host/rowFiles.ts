import * as vscode from 'vscode';
import type { DatasetChange, EditableDataset, RowText } from '../session/datasets/dataset';
import type { RowPlace } from '../session/datasets/rowPath';
import { textHash } from '../session/datasets/rowHash';
import type { RowNow, RowTimes } from '../session/datasets/rowTimes';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import type { DatasetFiles } from './datasetFiles';
import { rowPlace } from './rowUris';

/** Why a row was not saved, and what may be done about it. */
export interface NotSaved {
  readonly uri: vscode.Uri;
  /** `conflict`: it reads otherwise on disk now; `gone`: it is not there; `refused`: the edit cannot be written. */
  readonly how: 'conflict' | 'gone' | 'refused';
  readonly why: string;
}

export interface RowFileParts {
  readonly datasets: DatasetFiles;
  readonly times: RowTimes;
  readonly log: Logger;
  /** The row that this address leads to is called so: otherwise than the address says, where an edit gave it another name. */
  readonly onNamed: (uri: vscode.Uri, key: string) => void;
  /** Tells the person. Not awaited: VS Code waits for the end of a save. */
  readonly onNotSaved: (what: NotSaved) => void;
}

interface Followed {
  readonly dataset: EditableDataset;
  readonly listening: Disposable;
  readonly uris: Set<string>;
}

/**
 * Rows of datasets as documents. VS Code compares times and sizes alone, so here each save reads the row anew and writes only where it is
 * still what the person saw.
 */
export class RowFiles implements vscode.FileSystemProvider, Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly listening: vscode.Disposable[];
  private readonly followed = new Map<string, Promise<Followed>>();
  private readonly forced = new Set<string>();
  /** What each open document was last found to be, to tell only of what changed. */
  private readonly found = new Map<string, string>();
  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly parts: RowFileParts) {
    const { workspace } = vscode;
    this.listening = [
      workspace.onDidOpenTextDocument((document) => {
        this.follow(document.uri);
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.unfollow(uri);
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (rowPlace(document.uri) !== undefined && contentChanges.length === 0 && !document.isDirty) parts.times.reverted(document.uri.toString());
      }),
    ];
    for (const { uri } of workspace.textDocuments) this.follow(uri);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (rowPlace(uri) === undefined) return folderStat(uri);
    const key = uri.toString();
    const dirty = isDirty(uri);
    try {
      const { text, now } = await this.now(uri);
      const time = this.parts.times.stat(key, now, dirty);
      const base = { type: vscode.FileType.File, ctime: 0, ...time };
      return text.readOnly === undefined ? base : { ...base, permissions: vscode.FilePermission.Readonly };
    } catch (error) {
      const last = dirty ? this.parts.times.lastTold(key) : undefined;
      if (last === undefined) throw fault(error);
      // There is unsaved text: what became of the row is said when it is saved.
      return { type: vscode.FileType.File, ctime: 0, ...last };
    }
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    try {
      const { text, now } = await this.now(uri);
      this.parts.times.read(uri.toString(), now, isDirty(uri));
      return new TextEncoder().encode(text.text);
    } catch (error) {
      throw fault(error);
    }
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const place = placeIn(uri);
    const key = uri.toString();
    const text = decoded(content);
    const { times, datasets } = this.parts;
    // What is not known to have been seen is written over only when the person says so.
    const base = this.forced.delete(key) ? undefined : (times.base(key) ?? '');
    try {
      await datasets.with(place.dataset, async (dataset) => {
        const saved = await dataset.save({ ...place, text, base });
        if (saved.how === 'saved') {
          times.saved(key, nowOf(saved.row, dataset));
          this.parts.onNamed(uri, saved.row.key);
          this.tellIfDifferent(uri, saved.row.text, text);
          return;
        }
        throw this.notSaved(uri, saved.how, saved.how === 'conflict' ? '' : saved.why);
      });
    } catch (error) {
      if (nameOfError(error) === 'FileGone') throw this.notSaved(uri, 'gone', words(error));
      throw fault(error);
    }
  }

  /** Saves a document over whatever is there. @returns whether it came to that */
  async overwrite(document: vscode.TextDocument): Promise<boolean> {
    const key = document.uri.toString();
    // While the save that failed is still ending, VS Code takes another for the same one.
    for (let left = 10; left > 0; left--) {
      this.forced.add(key);
      const saved = await document.save();
      const came = !this.forced.delete(key);
      if (came) return saved;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  }

  /** The row's document as it is on disk. */
  async onDisk(uri: vscode.Uri): Promise<string> {
    return (await this.now(uri)).text.text;
  }

  /** Documents are followed as long as they are open. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(`Rows cannot be listed here (${uri.path}). Open the dataset in the Traces view.`);
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions('No folder can be made in a dataset.');
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions('A row cannot be deleted like a file. Take it out of the dataset itself.');
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions('A row cannot be renamed or moved like a file. Its name comes from its id.');
  }

  dispose(): void {
    for (const one of this.listening) one.dispose();
    for (const followed of this.followed.values()) {
      followed.then(release, () => undefined);
    }
    this.followed.clear();
    this.changes.dispose();
  }

  private notSaved(uri: vscode.Uri, how: NotSaved['how'], why: string): vscode.FileSystemError {
    const said = how === 'conflict' ? 'The row was changed on disk since it was opened. Nothing was written.' : why;
    this.parts.onNotSaved({ uri, how, why: said });
    return vscode.FileSystemError.Unavailable(said);
  }

  /** The row may read a little otherwise than the document that was saved, such as where front matter holds what the row cannot. */
  private tellIfDifferent(uri: vscode.Uri, now: string, saved: string): void {
    this.found.set(uri.toString(), textHash(now));
    if (now === saved) return;
    // After the save: until then VS Code takes it for its own.
    setTimeout(() => {
      this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    });
  }

  private async now(uri: vscode.Uri): Promise<{ readonly text: RowText; readonly now: RowNow }> {
    const place = placeIn(uri);
    const found = await this.parts.datasets.with(place.dataset, (dataset) => rowNow(dataset, place));
    this.parts.onNamed(uri, found.text.key);
    return found;
  }

  private follow(uri: vscode.Uri): void {
    const place = rowPlace(uri);
    if (place === undefined) return;
    const known = this.followed.get(place.dataset);
    const following = known ?? this.begin(place.dataset);
    this.followed.set(place.dataset, following);
    following.then(
      ({ uris }) => {
        // It was let go meanwhile, since the document was closed and opened again.
        if (this.followed.get(place.dataset) !== following) this.follow(uri);
        else uris.add(uri.toString());
      },
      // Whoever reads the document is told why.
      () => this.followed.delete(place.dataset),
    );
  }

  private async begin(path: string): Promise<Followed> {
    const dataset = await this.parts.datasets.open(path);
    const uris = new Set<string>();
    let work = Promise.resolve();
    const listening = dataset.onDidChange((change) => {
      work = work.then(() => this.look(dataset, uris, change));
    });
    return { dataset, listening, uris };
  }

  private unfollow(uri: vscode.Uri): void {
    const place = rowPlace(uri);
    if (place === undefined) return;
    this.parts.times.closed(uri.toString());
    this.found.delete(uri.toString());
    const following = this.followed.get(place.dataset);
    following?.then(
      (followed) => {
        followed.uris.delete(uri.toString());
        if (followed.uris.size > 0 || this.followed.get(place.dataset) !== following) return;
        this.followed.delete(place.dataset);
        release(followed);
      },
      () => undefined,
    );
  }

  /** Tells VS Code of the open documents whose rows read otherwise now. */
  private async look(dataset: EditableDataset, uris: ReadonlySet<string>, { all, rows }: DatasetChange): Promise<void> {
    for (const key of [...uris]) {
      const uri = vscode.Uri.parse(key, true);
      const place = rowPlace(uri);
      if (place === undefined || (!all && !rows.includes(place.ordinal) && (await placeMoved(dataset, place)) === undefined)) continue;
      let type = vscode.FileChangeType.Changed;
      let now: string;
      try {
        const found = await rowNow(dataset, place);
        now = found.now.hash;
        this.parts.onNamed(uri, found.text.key);
      } catch (error) {
        now = `gone: ${words(error)}`;
        if (isGone(error)) type = vscode.FileChangeType.Deleted;
      }
      const before = this.found.get(key) ?? this.parts.times.base(key);
      this.found.set(key, now);
      if (before !== now) this.changes.fire([{ type, uri }]);
    }
  }
}

function release({ dataset, listening }: Followed): void {
  listening.dispose();
  dataset.dispose();
}

/** Where a row lies that is not where its address says. */
async function placeMoved(dataset: EditableDataset, { key, ordinal }: RowPlace): Promise<number | undefined> {
  const now = await dataset.find(key, ordinal).catch(() => undefined);
  return now === ordinal ? undefined : now;
}

async function rowNow(dataset: EditableDataset, place: RowPlace): Promise<{ readonly text: RowText; readonly now: RowNow }> {
  const ordinal = await dataset.find(place.key, place.ordinal);
  if (ordinal === undefined) throw vscode.FileSystemError.FileNotFound(`The row ${place.key} is not in ${place.dataset} any more.`);
  const text = await dataset.text(ordinal, place.variant);
  return { text, now: nowOf(text, dataset) };
}

function nowOf({ text }: RowText, { modified }: EditableDataset): RowNow {
  return { hash: textHash(text), size: Buffer.byteLength(text), modified };
}

/** A dataset is the folder of its rows: VS Code looks for one before it writes. */
async function folderStat(uri: vscode.Uri): Promise<vscode.FileStat> {
  try {
    const { mtime } = await vscode.workspace.fs.stat(vscode.Uri.file(uri.path));
    return { type: vscode.FileType.Directory, ctime: 0, mtime, size: 0, permissions: vscode.FilePermission.Readonly };
  } catch {
    throw vscode.FileSystemError.FileNotFound(`${uri.path} is no address of a row.`);
  }
}

function placeIn(uri: vscode.Uri): RowPlace {
  const place = rowPlace(uri);
  if (place === undefined) throw vscode.FileSystemError.FileNotFound(`${uri.path} is no address of a row.`);
  return place;
}

function isDirty(uri: vscode.Uri): boolean {
  const key = uri.toString();
  return vscode.workspace.textDocuments.some((document) => document.isDirty && document.uri.toString() === key);
}

/** A mark at the beginning comes from the encoding that VS Code was set to, not from the row. */
function decoded(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw vscode.FileSystemError.Unavailable('Rows are saved as UTF-8, and this text came in another encoding. Set “files.encoding” to utf8 for it.');
  }
}

function isGone(error: unknown): boolean {
  return nameOfError(error) === 'FileGone' || (error instanceof vscode.FileSystemError && error.code === 'FileNotFound');
}

function fault(error: unknown): vscode.FileSystemError {
  if (error instanceof vscode.FileSystemError) return error;
  return nameOfError(error) === 'FileGone' ? vscode.FileSystemError.FileNotFound(words(error)) : vscode.FileSystemError.Unavailable(words(error));
}

function nameOfError(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
