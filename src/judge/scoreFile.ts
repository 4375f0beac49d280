import type { FileFacts, Files } from '../trace/files';
import type { Logger } from '../trace/logger';
import { compactRecords, type Compaction } from './compactRecords';
import { parseRecord, type ScoreRecord } from './scoreRecord';
import { ScoreShard } from './scoreShard';
import { endsTorn } from './tornEnd';

/** How many bytes tell whether what was read is still what stands on disk; more than any two records have in common. */
const TAIL = 256;
/** How often compacting begins anew because another window wrote meanwhile. */
const COMPACT_TRIES = 5;

/** Where reading has come to. */
interface Position {
  /** Bytes read as whole lines. */
  readonly offset: number;
  /** The last of those bytes: where they differ on disk, somebody has rewritten the file in place. */
  readonly tail: Uint8Array;
  /** Which file the path named, and when it was last changed; the latter only if it was read to its end. */
  readonly identity: string | undefined;
  readonly modified: number | undefined;
}

const START: Position = { offset: 0, tail: new Uint8Array(), identity: undefined, modified: undefined };

/**
 * One score file: an append-only list of records, read as far as it has grown and written to by several windows. A torn last line
 * (a crash in mid-write) costs that record alone. Calls must come one after the other.
 */
export class ScoreFile {
  shard = new ScoreShard();
  private at: Position = START;
  /** Lines that are known here and not on disk yet. */
  private pending: string[] = [];

  constructor(
    private readonly files: Files,
    readonly path: string,
    private readonly log: Logger,
  ) {}

  /** Takes a record: known at once, on disk with the next `flush` that succeeds. */
  add(record: ScoreRecord): void {
    this.shard.add(record);
    this.pending.push(JSON.stringify(record) + '\n');
  }

  /** What is known here and could not be written yet. */
  unwritten(): ScoreRecord[] {
    return this.pending.flatMap((line) => parseRecord(line) ?? []);
  }

  /** Writes what is pending in one append; after a failure it is still pending. */
  async flush(): Promise<void> {
    if (this.pending.length === 0) return;
    const lines = this.pending;
    this.pending = [];
    try {
      const torn = await endsTorn(this.files, this.path);
      await this.files.append(this.path, (torn ? '\n' : '') + lines.join(''));
    } catch (error) {
      this.pending = [...lines, ...this.pending];
      throw error;
    }
  }

  /** Reads what the file holds beyond what was read before, or all of it where it is another file now. @returns was there news? */
  async readNew(): Promise<boolean> {
    const facts = await this.files.facts(this.path);
    if (facts === undefined) {
      // Deleted by somebody: so are its scores, except what is still to be written.
      const had = this.at.identity !== undefined;
      if (had) this.restart();
      return had;
    }
    if (this.isUnchanged(facts)) return false;
    const { offset, tail } = this.at;
    const same = this.at.identity === undefined || (this.at.identity === facts.identity && facts.size > offset);
    let bytes = same ? await this.files.read(this.path, offset - tail.length) : undefined;
    let restarted = false;
    if (bytes === undefined || tail.some((byte, i) => bytes?.[i] !== byte)) {
      this.restart();
      restarted = true;
      bytes = await this.files.read(this.path);
    } else {
      bytes = bytes.subarray(tail.length);
    }
    return this.take(bytes, facts) || restarted;
  }

  /** Rewrites the file without the records that nothing can reach any more (see `compactRecords`). */
  async compact(keep: (record: ScoreRecord) => boolean): Promise<Compaction> {
    for (let tries = 1; tries <= COMPACT_TRIES; tries++) {
      const before = await this.files.facts(this.path);
      if (before === undefined) return { before: 0, after: 0 };
      const { text, counts } = compactRecords(new TextDecoder().decode(await this.files.read(this.path)), keep);
      // What another window appended since must not be lost with the old file.
      if ((await this.files.facts(this.path))?.size !== before.size) continue;
      await this.files.replace(this.path, text);
      await this.readNew();
      return counts;
    }
    throw new Error('Another window is writing scores of this trace. Nothing was dropped; compact again when it is done.');
  }

  private isUnchanged(facts: FileFacts): boolean {
    const { identity, offset, modified } = this.at;
    return identity === facts.identity && offset === facts.size && (modified ?? facts.modified) === facts.modified;
  }

  private restart(): void {
    this.shard = new ScoreShard();
    this.at = START;
    for (const record of this.unwritten()) this.shard.add(record);
  }

  private take(bytes: Uint8Array, facts: FileFacts): boolean {
    let added = false;
    const add = (record: ScoreRecord): void => {
      this.shard.add(record);
      added = true;
    };
    const whole = bytes.lastIndexOf(10) + 1;
    for (const line of new TextDecoder().decode(bytes.subarray(0, whole)).split('\n')) {
      if (line.trim() === '') continue;
      const record = parseRecord(line);
      if (record === undefined) {
        this.log.warn(`${this.path}: a line is no score record and was left alone: ${line.slice(0, 80)}`);
      } else add(record);
    }
    // A last line without its line end is torn, or complete and waiting for it: taken if it reads, and read again later.
    const torn = parseRecord(new TextDecoder().decode(bytes.subarray(whole)));
    if (torn !== undefined) add(torn);
    const end = this.at.offset + bytes.length;
    this.at = {
      offset: this.at.offset + whole,
      tail: whole > 0 ? bytes.slice(Math.max(0, whole - TAIL), whole) : this.at.tail,
      identity: facts.identity,
      modified: end === facts.size ? facts.modified : undefined,
    };
    return added;
  }
}
