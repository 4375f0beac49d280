import * as vscode from 'vscode';
import { scoreFileName } from '../judge/scoreFileName';
import { ScoreLog } from '../judge/scoreLog';
import type { ScoreRecord } from '../judge/scoreRecord';
import { MemoryFiles } from '../session/memoryFiles';
import { nodeFiles } from '../session/nodeFiles';
import type { Disposable } from '../trace/event';
import type { Files } from '../trace/files';
import type { Logger } from '../trace/logger';
import { parseRowDoc, rowDoc } from '../session/datasets/rowDoc';
import { firstDoc } from './firstDoc';
import { rowPlace } from './rowUris';

/** The score log of a document and the document's name in it. */
export interface Place {
  readonly log: ScoreLog;
  readonly doc: string;
}

/**
 * One score log per workspace folder, in its `.cotlens`. Files outside any folder share one in the extension's own storage.
 * Untitled documents, and those of a virtual workspace, have one in memory alone: their names mean something else tomorrow.
 */
export class ScoreLogs implements Disposable {
  private readonly logs = new Map<string, ScoreLog>();
  private readonly places = new Map<string, Place>();
  /** Of rows whose address has another name than they have now: their key, by address. */
  private readonly named = new Map<string, string>();

  /** @param changed called with the URI of a document whose scores changed */
  constructor(
    private readonly storage: vscode.Uri,
    private readonly logger: Logger,
    private readonly changed: (uri: string) => void,
  ) {}

  of(uri: vscode.Uri): Place {
    const key = uri.toString();
    let place = this.places.get(key);
    if (place === undefined) {
      const address = rowPlace(uri);
      const row = address === undefined ? undefined : { ...address, key: this.named.get(key) ?? address.key };
      const file = row === undefined ? uri : vscode.Uri.file(row.dataset);
      const folder = file.scheme === 'file' ? vscode.workspace.getWorkspaceFolder(file) : undefined;
      const name = (doc: string): string => (row === undefined ? doc : rowDoc(doc, row));
      if (file.scheme !== 'file') place = { log: this.logIn('memory', new MemoryFiles()), doc: key };
      else if (folder === undefined) place = { log: this.logIn(vscode.Uri.joinPath(this.storage, 'cotlens').fsPath), doc: name(file.toString()) };
      else {
        const log = this.logIn(vscode.Uri.joinPath(folder.uri, '.cotlens').fsPath);
        place = { log, doc: name(vscode.workspace.asRelativePath(file, false)) };
      }
      this.places.set(key, place);
    }
    return place;
  }

  /** A document, or a folder with all in it, moved; scores go with their documents. */
  async moved(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    const { type } = await vscode.workspace.fs.stat(to);
    if (type === vscode.FileType.Directory) return this.folderMoved(from, to);
    await this.rowsMoved(from, to);
    const [old, now] = [this.of(from), this.of(to)];
    this.places.delete(from.toString());
    if (old.log === now.log) return now.log.moved(old.doc, now.doc);
    await old.log.load(old.doc);
    await now.log.adopt(now.doc, old.log.scores(old.doc).records());
  }

  /** The row at this address is called so now. Scores are found by a row's name. */
  rowNamed(uri: vscode.Uri, key: string): void {
    const address = uri.toString();
    const before = this.named.get(address) ?? rowPlace(uri)?.key;
    if (before === undefined || before === key) return;
    this.named.set(address, key);
    this.places.delete(address);
    const { log, doc } = this.of(uri);
    log.load(doc).then(
      () => {
        this.changed(address);
      },
      (error: unknown) => {
        this.logger.error(`The saved scores of ${doc} cannot be read: ${String(error)}. The row is shown without them.`);
      },
    );
  }

  /** The names of all rows of a dataset that have scores. @param dataset its own address */
  async scoredRowsOf(dataset: vscode.Uri): Promise<{ readonly log: ScoreLog; readonly doc: string; readonly rows: readonly string[] }> {
    const place = this.of(dataset);
    this.places.delete(dataset.toString());
    const open = [...this.places.values()].filter(({ log, doc }) => log === place.log && parseRowDoc(doc)?.dataset === place.doc && log.scores(doc).all().length > 0);
    return { ...place, rows: [...new Set([...(await this.scoredRows(place)), ...open.map(({ doc }) => doc)])] };
  }

  /** Gives a document scores that its text got under another name. */
  async adopt(uri: vscode.Uri, records: readonly ScoreRecord[]): Promise<void> {
    const { log, doc } = this.of(uri);
    await log.adopt(doc, records);
  }

  /** Forgets a closed document; its scores on disk stay. */
  release(uri: vscode.Uri): void {
    const place = this.places.get(uri.toString());
    if (place === undefined) return;
    this.places.delete(uri.toString());
    place.log.release(place.doc);
  }

  /** Forgets which folder a document belongs to: the workspace's folders changed. */
  forgetPlaces(): void {
    this.places.clear();
  }

  dispose(): void {
    for (const log of this.logs.values()) log.dispose();
    this.logs.clear();
  }

  /** The scores of a dataset's rows go with it: those of its rows that have any. */
  private async rowsMoved(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    const [old, now] = [this.of(from), this.of(to)];
    this.places.delete(from.toString());
    for (const doc of await this.scoredRows(old)) {
      const moved = `${now.doc}${doc.slice(old.doc.length)}`;
      if (old.log === now.log) await now.log.moved(doc, moved);
      else {
        await old.log.load(doc);
        await now.log.adopt(moved, old.log.scores(doc).records());
      }
    }
  }

  /** The names of a dataset's rows that have scores. */
  private async scoredRows({ log, doc }: Place): Promise<string[]> {
    const folder = [...this.logs].find(([, one]) => one === log)?.[0];
    const begin = scoreFileName(`${doc}#`).replace(/\.[0-9a-f]{8}\.jsonl$/, '').slice(0, 40);
    const rows: string[] = [];
    for (const name of await log.scoreFiles()) {
      if (folder === undefined || !name.startsWith(begin)) continue;
      // Records keep the name that the dataset had when they were made.
      const row = parseRowDoc((await firstDoc(`${folder}/scores/${name}`)) ?? '');
      const now = row === undefined ? undefined : rowDoc(doc, row);
      if (now !== undefined && scoreFileName(now) === name) rows.push(now);
    }
    return rows;
  }

  private async folderMoved(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    const scored = await this.of(from).log.scoreFiles();
    const names = [...scored];
    const hasRows = (doc: string): boolean => {
      const begin = scoreFileName(`${doc}#`).replace(/\.[0-9a-f]{8}\.jsonl$/, '').slice(0, 40);
      return names.some((name) => name.startsWith(begin));
    };
    this.places.delete(from.toString());
    for (const now of await vscode.workspace.findFiles(new vscode.RelativePattern(to, '**/*'), null)) {
      const old = vscode.Uri.joinPath(from, now.path.slice(to.path.length));
      if (scored.has(scoreFileName(this.of(old).doc)) || hasRows(this.of(old).doc)) await this.moved(old, now);
      // Most files of a folder are no traces; their places are not kept.
      else this.places.delete(old.toString());
    }
  }

  private logIn(folder: string, files: Files = nodeFiles): ScoreLog {
    let log = this.logs.get(folder);
    if (log === undefined) {
      const made = new ScoreLog(files, folder.replaceAll('\\', '/'), this.logger);
      made.onDidChange((doc) => {
        for (const [uri, place] of this.places) if (place.log === made && place.doc === doc) this.changed(uri);
      });
      this.logs.set(folder, (log = made));
    }
    return log;
  }
}
