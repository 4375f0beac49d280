import { EventSource, type Disposable } from '../trace/event';
import type { Files } from '../trace/files';
import type { Logger } from '../trace/logger';
import type { Compaction } from './compactRecords';
import { ExchangeLog } from './exchangeLog';
import { keepOutOfGit } from './keptOutOfGit';
import { ScoreFile } from './scoreFile';
import { scoreFileName } from './scoreFileName';
import type { ScoreRecord } from './scoreRecord';
import type { ScoreShard } from './scoreShard';

/** A document's score file, and the work on it, which goes one after the other. */
interface Open {
  readonly file: ScoreFile;
  queue: Promise<void>;
}

/**
 * The owner of the scores on disk: `.cotlens/scores/*.jsonl`, one file a document, append-only, one record a verdict, the last
 * wins. Records are written as they come, and what another window appends is read as soon as the folder changes.
 * There is no second cache.
 */
export class ScoreLog implements Disposable {
  private readonly open = new Map<string, Open>();
  private readonly changes: EventSource<string>;
  /** Documents that were renamed: verdicts of a run that began before go to the new name. */
  private readonly renamed = new Map<string, string>();
  private watching: Disposable | undefined;
  private disposed = false;

  /** What went over the wire for the scores; goes with them where documents are renamed or compacted. */
  readonly exchanges: ExchangeLog;

  /** @param folder the absolute path of the `.cotlens` folder; created with the first score */
  constructor(
    private readonly files: Files,
    private readonly folder: string,
    private readonly log: Logger,
  ) {
    this.exchanges = new ExchangeLog(files, folder, log, (file) => this.prepareFolder(file));
    this.changes = new EventSource((error) => {
      this.log.error(`A listener to score changes failed: ${String(error)}`);
    });
  }

  /** Fires with the document whose scores changed, here or in another window. */
  get onDidChange(): (listener: (doc: string) => void) => Disposable {
    return this.changes.event;
  }

  /** The scores of a document as far as they are read; empty before `load`. */
  scores(doc: string): ScoreShard {
    return this.of(doc).file.shard;
  }

  /** Reads what the document's file holds beyond what was read before, and keeps following it. */
  load(doc: string): Promise<void> {
    this.watch();
    return this.refresh(doc);
  }

  /**
   * Takes a verdict: known at once, written behind. The promise settles when it is on disk, and rejects with the reason
   * where it cannot be written; the verdict is then still known in this window, and is written with the next that succeeds.
   */
  append(record: ScoreRecord): Promise<void> {
    const doc = this.renamed.get(record.doc) ?? record.doc;
    const { file } = this.of(doc);
    file.add({ ...record, doc });
    this.changes.fire(doc);
    return this.enqueue(doc, async () => {
      await this.prepareFolder(file.path);
      await file.flush();
    });
  }

  /** How many verdicts of a document are known here and not on disk. */
  unwritten(doc: string): number {
    return this.of(this.renamed.get(doc) ?? doc).file.unwritten().length;
  }

  /** Writes what could not be written before; rejects where it still cannot. */
  flush(doc: string): Promise<void> {
    const name = this.renamed.get(doc) ?? doc;
    return this.enqueue(name, async () => {
      const { file } = this.of(name);
      if (file.unwritten().length === 0) return;
      await this.prepareFolder(file.path);
      await file.flush();
    });
  }

  /** Takes over records of another document or log under this document's name: its text went there. */
  async adopt(doc: string, records: readonly ScoreRecord[]): Promise<void> {
    await Promise.all(records.map((record) => this.append({ ...record, doc })));
  }

  /** Settles when everything taken so far is written or has failed. */
  async settled(): Promise<void> {
    await Promise.allSettled([...[...this.open.values()].map(({ queue }) => queue), this.exchanges.settled()]);
  }

  /** Names of the score files on disk (see `scoreFileName`): which of many documents have scores, with one look. */
  async scoreFiles(): Promise<ReadonlySet<string>> {
    return new Set(await this.files.list(this.scoresFolder));
  }

  /** The document was renamed: its scores go with it, those of a run that is still going on too. */
  async moved(from: string, to: string): Promise<void> {
    const [old, now] = [this.of(from).file, this.of(to).file];
    this.renamed.delete(to);
    this.renamed.set(from, to);
    await this.enqueue(from, async () => {
      if ((await this.files.facts(old.path)) === undefined) return;
      if ((await this.files.facts(now.path)) === undefined) await this.files.rename(old.path, now.path);
      else {
        await this.files.append(now.path, new TextDecoder().decode(await this.files.read(old.path)));
        await this.files.remove(old.path);
      }
    });
    this.open.delete(from);
    await this.exchanges.moved(from, to);
    await this.load(to);
    await this.adopt(to, old.unwritten());
  }

  /** Forgets what was read of a document that is closed; what is on disk stays, and what is not there yet is kept. */
  release(doc: string): void {
    this.exchanges.release(doc);
    const open = this.open.get(doc);
    void open?.queue.then(() => {
      if (open.file.unwritten().length === 0 && this.open.get(doc) === open) this.open.delete(doc);
    });
  }

  /** Drops the records of a document that nothing can reach any more: replaced ones, and those that `keep` does not want. */
  async compact(doc: string, keep: (record: ScoreRecord) => boolean): Promise<Compaction> {
    let counts: Compaction = { before: 0, after: 0 };
    await this.enqueue(doc, async () => {
      counts = await this.of(doc).file.compact(keep);
    });
    const kept = new Set(this.scores(doc).records().map(({ seen }) => seen));
    await this.exchanges.compact(doc, (seen) => kept.has(seen));
    this.changes.fire(doc);
    return counts;
  }

  dispose(): void {
    this.disposed = true;
    this.watching?.dispose();
    this.changes.dispose();
  }

  private get scoresFolder(): string {
    return `${this.folder}/scores`;
  }

  private of(doc: string): Open {
    let open = this.open.get(doc);
    if (open === undefined) {
      const file = new ScoreFile(this.files, `${this.scoresFolder}/${scoreFileName(doc)}`, this.log);
      this.open.set(doc, (open = { file, queue: Promise.resolve() }));
    }
    return open;
  }

  private enqueue(doc: string, work: () => Promise<void>): Promise<void> {
    const open = this.of(doc);
    const done = open.queue.then(work);
    // The queue goes on after a failure; the caller of the failed work hears of it.
    open.queue = done.catch(() => undefined);
    return done;
  }

  private refresh(doc: string): Promise<void> {
    return this.enqueue(doc, async () => {
      if (await this.of(doc).file.readNew()) this.changes.fire(doc);
    });
  }

  private watch(): void {
    if (this.watching !== undefined || this.disposed) return;
    this.watching = this.files.watch(this.scoresFolder, (name) => {
      for (const doc of this.open.keys()) {
        if (scoreFileName(doc) !== name) continue;
        this.refresh(doc).catch((error: unknown) => {
          this.log.warn(`The scores of ${doc} changed on disk but could not be read: ${String(error)}`);
        });
      }
    });
  }

  private async prepareFolder(file: string): Promise<void> {
    if ((await this.files.facts(file)) !== undefined) return;
    await keepOutOfGit(this.files, this.folder);
    this.watch();
  }
}
