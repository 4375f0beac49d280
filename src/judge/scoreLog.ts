import { EventSource, type Disposable } from '../trace/event';
import type { Files } from '../trace/files';
import type { Logger } from '../trace/logger';
import { identityKey, parseRecord, type ScoreRecord } from './scoreRecord';
import { scoreFileName } from './scoreFileName';
import { ScoreShard } from './scoreShard';

/** What is known of one score file: its records, and how far it was read. */
interface OpenFile {
  readonly doc: string;
  readonly path: string;
  shard: ScoreShard;
  /** Bytes read as whole lines. */
  offset: number;
  /** The last of those bytes: where they differ on disk, somebody has rewritten the file in place. */
  tail: Uint8Array;
  /** When the file was last changed before it was read to its end; `undefined` where it grew meanwhile. */
  modified: number | undefined;
  identity: string | undefined;
  /** Lines that are not on disk yet. */
  pending: string[];
  /** All reading and writing of one file goes one after the other. */
  queue: Promise<void>;
}

/** How many bytes tell whether what was read is still what stands on disk; more than any two records have in common. */
const TAIL = 256;
/** How often compacting begins anew because another window wrote meanwhile. */
const COMPACT_TRIES = 5;

/**
 * The owner of the scores on disk: `.cotlens/scores/*.jsonl`, one file a document, append-only, one record a verdict, the last
 * wins. Records are written as they come; a torn last line (a crash in mid-write) costs that record alone; what another window
 * appends is read as soon as the folder changes. There is no second cache.
 */
export class ScoreLog implements Disposable {
  private readonly open = new Map<string, OpenFile>();
  private readonly changes: EventSource<string>;
  private watching: Disposable | undefined;
  private disposed = false;

  /** @param folder the absolute path of the `.cotlens` folder; created with the first score */
  constructor(
    private readonly files: Files,
    private readonly folder: string,
    private readonly log: Logger,
  ) {
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
    return this.fileOf(doc).shard;
  }

  /** Reads what the document's file holds beyond what was read before, and keeps following it. */
  async load(doc: string): Promise<void> {
    this.watch();
    const file = this.fileOf(doc);
    await this.enqueue(file, () => this.readNew(file));
  }

  /**
   * Takes a verdict: known at once, written behind. The promise settles when it is on disk, and rejects with the reason
   * where it cannot be written; the verdict is then still known in this window, and is written with the next that succeeds.
   */
  append(record: ScoreRecord): Promise<void> {
    const file = this.fileOf(record.doc);
    file.shard.add(record);
    file.pending.push(JSON.stringify(record) + '\n');
    this.changes.fire(record.doc);
    return this.enqueue(file, () => this.flush(file));
  }

  /** Settles when everything taken so far is written or has failed. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.open.values()].map((file) => file.queue));
  }

  /** Names of the score files on disk (see `scoreFileName`): which of many documents have scores, with one look. */
  async scoreFiles(): Promise<ReadonlySet<string>> {
    return new Set(await this.files.list(this.scoresFolder));
  }

  /** The document was renamed: its scores go with it. */
  async moved(from: string, to: string): Promise<void> {
    const old = this.fileOf(from);
    const target = this.fileOf(to);
    await this.enqueue(old, async () => {
      if ((await this.files.facts(old.path)) === undefined) return;
      if ((await this.files.facts(target.path)) === undefined) await this.files.rename(old.path, target.path);
      else await this.files.append(target.path, new TextDecoder().decode(await this.files.read(old.path)));
    });
    this.open.delete(from);
    await this.load(to);
  }

  /** Takes over records of another document or log under this document's name: its text went there. */
  async adopt(doc: string, records: readonly ScoreRecord[]): Promise<void> {
    await Promise.all(records.map((record) => this.append({ ...record, doc })));
  }

  /**
   * Rewrites a document's file without the records that nothing can reach any more: those that a later one of the same key
   * replaced, and those that `keep` does not want. Lines that are no records are kept as they are.
   * @returns how many records there were and how many are left
   */
  async compact(doc: string, keep: (record: ScoreRecord) => boolean): Promise<{ before: number; after: number }> {
    const file = this.fileOf(doc);
    let counts = { before: 0, after: 0 };
    await this.enqueue(file, async () => {
      for (let tries = 1; ; tries++) {
        const before = await this.files.facts(file.path);
        if (before === undefined) return;
        const compacted = compactLines(new TextDecoder().decode(await this.files.read(file.path)), keep);
        // What another window appended since must not be lost with the old file.
        if ((await this.files.facts(file.path))?.size !== before.size) {
          if (tries < COMPACT_TRIES) continue;
          throw new Error('Another window is writing scores of this trace. Nothing was dropped; compact again when it is done.');
        }
        counts = compacted.counts;
        await this.files.replace(file.path, compacted.text);
        break;
      }
      await this.readNew(file);
    });
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

  private fileOf(doc: string): OpenFile {
    let file = this.open.get(doc);
    if (file === undefined) {
      file = {
        doc,
        path: `${this.scoresFolder}/${scoreFileName(doc)}`,
        shard: new ScoreShard(),
        offset: 0,
        tail: new Uint8Array(),
        modified: undefined,
        identity: undefined,
        pending: [],
        queue: Promise.resolve(),
      };
      this.open.set(doc, file);
    }
    return file;
  }

  private enqueue(file: OpenFile, work: () => Promise<void>): Promise<void> {
    const done = file.queue.then(work);
    // The queue goes on after a failure; the caller of the failed work hears of it.
    file.queue = done.catch(() => undefined);
    return done;
  }

  private watch(): void {
    if (this.watching !== undefined || this.disposed) return;
    this.watching = this.files.watch(this.scoresFolder, (name) => {
      for (const file of this.open.values()) {
        if (scoreFileName(file.doc) !== name) continue;
        this.enqueue(file, () => this.readNew(file)).catch((error: unknown) => {
          this.log.warn(`The scores of ${file.doc} changed on disk but could not be read: ${String(error)}`);
        });
      }
    });
  }

  private async readNew(file: OpenFile): Promise<void> {
    const facts = await this.files.facts(file.path);
    if (facts === undefined) {
      if (file.identity === undefined) return;
      // Deleted by somebody: so are its scores, except what is still to be written.
      this.restart(file);
      this.changes.fire(file.doc);
      return;
    }
    const replaced = file.identity !== undefined && (file.identity !== facts.identity || facts.size < file.offset);
    if (replaced) this.restart(file);
    file.identity = facts.identity;
    if (facts.size === file.offset && !replaced && (file.modified ?? facts.modified) === facts.modified) return;
    let bytes = await this.files.read(file.path, file.offset - file.tail.length);
    const rewritten = facts.size === file.offset || file.tail.some((byte, i) => bytes[i] !== byte);
    if (rewritten && file.offset > 0) {
      this.restart(file);
      file.identity = facts.identity;
      bytes = await this.files.read(file.path);
    } else {
      bytes = bytes.subarray(file.tail.length);
    }
    file.modified = file.offset + bytes.length === facts.size ? facts.modified : undefined;
    const whole = bytes.lastIndexOf(10) + 1;
    let added = replaced || rewritten;
    for (const line of new TextDecoder().decode(bytes.subarray(0, whole)).split('\n')) {
      if (line.trim() === '') continue;
      const record = parseRecord(line);
      if (record === undefined) {
        this.log.warn(`${file.path}: a line is no score record and was left alone: ${line.slice(0, 80)}`);
      } else {
        file.shard.add(record);
        added = true;
      }
    }
    file.offset += whole;
    if (whole > 0) file.tail = bytes.slice(Math.max(0, whole - TAIL), whole);
    // A last line without its line end is torn, or complete and waiting for it: taken if it reads, and read again later.
    const tail = parseRecord(new TextDecoder().decode(bytes.subarray(whole)));
    if (tail !== undefined) {
      file.shard.add(tail);
      added = true;
    }
    if (added) this.changes.fire(file.doc);
  }

  private restart(file: OpenFile): void {
    file.shard = new ScoreShard();
    file.offset = 0;
    file.tail = new Uint8Array();
    file.modified = undefined;
    file.identity = undefined;
    for (const line of file.pending) {
      const record = parseRecord(line);
      if (record !== undefined) file.shard.add(record);
    }
  }

  private async flush(file: OpenFile): Promise<void> {
    if (file.pending.length === 0) return;
    const lines = file.pending;
    file.pending = [];
    try {
      await this.prepareFolder();
      const torn = await this.endsTorn(file.path);
      await this.files.append(file.path, (torn ? '\n' : '') + lines.join(''));
    } catch (error) {
      file.pending = [...lines, ...file.pending];
      throw error;
    }
  }

  private async endsTorn(path: string): Promise<boolean> {
    const facts = await this.files.facts(path);
    if (facts === undefined || facts.size === 0) return false;
    const last = await this.files.read(path, facts.size - 1);
    return last.at(-1) !== 10;
  }

  private prepared = false;

  /** Traces can hold unsafe text: the folder keeps itself out of git until the user decides otherwise. */
  private async prepareFolder(): Promise<void> {
    if (this.prepared) return;
    if ((await this.files.list(this.folder)).length === 0) {
      await this.files.create(
        `${this.folder}/.gitignore`,
        '# Scores quote traces, which can hold unsafe text. Delete this file to check the scores in.\n*\n',
      );
    }
    this.prepared = true;
    this.watch();
  }
}

/** The text of a score file without the records that a later one replaced and those that `keep` does not want. */
function compactLines(
  text: string,
  keep: (record: ScoreRecord) => boolean,
): { text: string; counts: { before: number; after: number } } {
  const lines = text.split('\n');
  const last = new Map<string, number>();
  let before = 0;
  const keys = lines.map((line, i) => {
    const record = parseRecord(line);
    if (record === undefined) return undefined;
    before++;
    const key = JSON.stringify([identityKey(record.judge), record.seen, record.intent, record.splitter]);
    if (keep(record)) last.set(key, i);
    return key;
  });
  const kept = lines.filter((line, i) => {
    const key = keys[i];
    return key === undefined ? line.trim() !== '' : last.get(key) === i;
  });
  return { text: kept.map((line) => line + '\n').join(''), counts: { before, after: last.size } };
}
