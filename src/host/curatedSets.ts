import * as vscode from 'vscode';
import { ADVCHAIN_MIX, type MixTarget } from '../curate/mix';
import type { CuratedSet, CuratedSets, Removed } from '../session/curated/curatedSet';
import { EventSource, type Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import { keptPlace } from './datasetFiles';

/** The ending of a curated set's name. */
export const SET_ENDING = '.curated.jsonl';
const FILES = `**/*${SET_ENDING}`;
const ELSEWHERE = '**/{node_modules,.cotlens,.git}/**';
const LAST = 'cotLens.lastCuratedSet';
/** Removals that can be undone; the oldest goes first. Ours. */
const MOST_REMOVALS = 50;

/**
 * The curated sets of this window: which there are, each opened once, the one used last, and what was taken out of them. What they
 * are read and written with is loaded with the first.
 */
export class CuratedSetFiles implements Disposable {
  private readonly changes: EventSource<undefined>;
  private readonly opened = new Map<string, Promise<CuratedSet>>();
  private readonly removals: Removed[] = [];
  private loading: Promise<CuratedSets> | undefined;
  private found: Promise<readonly string[]> | undefined;
  private watcher: vscode.FileSystemWatcher | undefined;
  private readonly own: string;
  private disposed = false;

  constructor(
    /** Of the workspace. */
    private readonly memory: vscode.Memento,
    private readonly log: Logger,
    storage: vscode.Uri,
  ) {
    this.own = vscode.Uri.joinPath(storage, 'cotlens').fsPath;
    this.changes = new EventSource((error) => {
      log.error(`A part that shows curated sets failed: ${String(error)}`);
    });
  }

  /** Fires when a set came or went; what becomes of a set itself that set tells. */
  get onDidChange(): (listener: () => void) => Disposable {
    return this.changes.event;
  }

  /** The paths of the workspace's sets, by name. */
  async paths(): Promise<readonly string[]> {
    this.watch();
    this.found ??= this.find();
    return this.found;
  }

  /** The same, looked for now: VS Code tells of new files only after a while. */
  look(): Promise<readonly string[]> {
    this.found = undefined;
    return this.paths();
  }

  /** Opens a set; it stays open until the window closes or its file goes. @throws Error in words, also where there is no such file */
  async open(path: string): Promise<CuratedSet> {
    // To open is to create, and a set that was deleted must not come back empty because somebody still shows it.
    if (!this.opened.has(path) && !(await isThere(path))) throw new Error(`${vscode.workspace.asRelativePath(path)} is not there any more: it was deleted, moved or renamed.`);
    return this.create(path);
  }

  /** Opens a set, or creates an empty one. @throws Error in words */
  async create(path: string): Promise<CuratedSet> {
    this.watch();
    let opening = this.opened.get(path);
    if (opening === undefined) {
      opening = this.load().then((sets) => sets.open(path));
      this.opened.set(path, opening);
      // What failed is tried anew the next time.
      opening.catch(() => this.opened.delete(path));
    }
    return opening;
  }

  /** Into another set, then out of this one. @throws Error in words */
  async move(ids: readonly string[], from: CuratedSet, to: CuratedSet): Promise<void> {
    await (await this.load()).move(ids, from, to);
  }

  /** The set that was added to last, in this workspace. */
  get last(): string | undefined {
    return this.memory.get<string>(LAST);
  }

  async used(path: string): Promise<void> {
    await this.memory.update(LAST, path);
  }

  /** Takes samples out, and keeps how to put them back. @throws Error in words */
  async remove(set: CuratedSet, ids: readonly string[]): Promise<Removed> {
    const removed = await set.remove(ids);
    this.removals.push(removed);
    if (this.removals.length > MOST_REMOVALS) this.removals.shift();
    this.tellRemovals();
    return removed;
  }

  /** Puts back what was removed: this, or what was removed last. @returns what it was; `undefined` where nothing is left to undo. @throws Error in words */
  async undo(which = this.removals.at(-1)): Promise<Removed | undefined> {
    if (which === undefined || !this.removals.includes(which)) return undefined;
    // Taken at once: a second undo, begun before this one is done, is of the removal before.
    this.removals.splice(this.removals.indexOf(which), 1);
    try {
      await (await this.create(which.set)).restore(which);
      return which;
    } catch (error) {
      this.removals.push(which);
      throw error;
    } finally {
      this.tellRemovals();
    }
  }

  dispose(): void {
    this.disposed = true;
    this.watcher?.dispose();
    this.changes.dispose();
    for (const opening of this.opened.values()) letGo(opening);
    this.opened.clear();
    if (this.loading !== undefined) letGo(this.loading);
  }

  private tellRemovals(): void {
    void vscode.commands.executeCommand('setContext', 'cotLens.setRemovals', this.removals.length > 0);
  }

  private async find(): Promise<readonly string[]> {
    const found = await vscode.workspace.findFiles(FILES, ELSEWHERE);
    const paths = found.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
    return paths.sort((a, b) => (vscode.workspace.asRelativePath(a) < vscode.workspace.asRelativePath(b) ? -1 : 1));
  }

  private watch(): void {
    if (this.watcher !== undefined || this.disposed) return;
    // Changes within a file its own set follows.
    this.watcher = vscode.workspace.createFileSystemWatcher(FILES, false, true, false);
    this.watcher.onDidCreate(() => {
      this.listChanged();
    });
    this.watcher.onDidDelete((uri) => void this.deleted(uri));
  }

  private async deleted(uri: vscode.Uri): Promise<void> {
    // Another program may have put a new file in its place.
    if (!(await isThere(uri.fsPath))) {
      const opening = this.opened.get(uri.fsPath);
      this.opened.delete(uri.fsPath);
      if (opening !== undefined) letGo(opening);
    }
    this.listChanged();
  }

  private listChanged(): void {
    this.found = undefined;
    this.changes.fire(undefined);
  }

  private load(): Promise<CuratedSets> {
    this.loading ??= import('../session/curated/curatedSets.onDemand').then(({ createCuratedSets }) =>
      createCuratedSets({ log: this.log, own: this.own, placeOf: (path) => keptPlace(path, this.own) }),
    );
    return this.loading;
  }
}

/** The mix that the sets there are to have; what is no number above 0 is left out. */
export function mixTarget(path: string): MixTarget {
  const set: unknown = vscode.workspace.getConfiguration('cotLens', vscode.Uri.file(path)).get('mixTarget');
  if (typeof set !== 'object' || set === null) return ADVCHAIN_MIX;
  return Object.fromEntries(Object.entries(set).filter((entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0));
}

function isThere(path: string): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(vscode.Uri.file(path))).then(
    () => true,
    () => false,
  );
}

function letGo(opening: Promise<Disposable>): void {
  opening.then(
    (one) => {
      one.dispose();
    },
    // It never came, and whoever asked for it was told.
    () => undefined,
  );
}
