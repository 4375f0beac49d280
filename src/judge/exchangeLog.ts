import type { Exchange } from '../model/chat';
import type { Files } from '../trace/files';
import type { Intent } from '../trace/intent';
import type { Logger } from '../trace/logger';
import { parseExchangeRecord, type ExchangeRecord } from './exchangeRecord';
import { scoreFileName } from './scoreFileName';
import { bodiesById, BodyWriter, readBody, type StoredBody } from './sentDelta';
import { endsTorn } from './tornEnd';

/** What is to be kept: as a record, with the bodies whole. */
export interface NewExchanges extends Omit<ExchangeRecord, 'v' | 'exchanges'> {
  readonly exchanges: readonly Exchange[];
}

/** A request and its reply as they went over the wire. */
export interface FoundExchange extends Omit<Exchange, 'sent'> {
  /** `undefined` where it cannot be given back exactly; `problem` then says why. */
  readonly sent: string | undefined;
  readonly problem?: string;
}

/** What was sent and received for a verdict, or for a reply that held none. */
export interface FoundJudgement {
  readonly time: string;
  /** The code of the fault, where no verdict came of it. */
  readonly fault?: string;
  readonly exchanges: readonly FoundExchange[];
}

interface Open {
  queue: Promise<void>;
  readonly bodies: BodyWriter;
  /** Which file was written to last: bodies that a replaced one held are gone. */
  identity: string | undefined;
}

/**
 * What went over the wire, exactly: `.cotlens/exchanges/*.jsonl`, one file a document, append-only, one record a judgement. Bodies
 * that begin alike are stored as differences. Holds no key: exchanges are bodies alone.
 */
export class ExchangeLog {
  private readonly open = new Map<string, Open>();

  /**
   * @param folder the absolute path of the `.cotlens` folder
   * @param prepare called before a file is made: the folder keeps itself out of git
   */
  constructor(
    private readonly files: Files,
    private readonly folder: string,
    private readonly log: Logger,
    private readonly prepare: (file: string) => Promise<void> = () => Promise.resolve(),
  ) {}

  /** Appends; settles when it is on disk. What cannot be written is logged and lost: the verdicts are worth more, and are elsewhere. */
  add(doc: string, { exchanges, ...record }: NewExchanges): Promise<void> {
    const open = this.of(doc);
    const path = this.path(doc);
    return this.enqueue(open, async () => {
      try {
        const before = await this.files.facts(path);
        if (before === undefined || before.identity !== open.identity) open.bodies.forget();
        const stored = exchanges.map(({ sent, ...rest }) => ({ sent: open.bodies.store(sent), ...rest }));
        const line = JSON.stringify({ v: 1, ...record, exchanges: stored } satisfies ExchangeRecord) + '\n';
        await this.prepare(path);
        await this.files.append(path, ((await endsTorn(this.files, path)) ? '\n' : '') + line);
        open.identity = (await this.files.facts(path))?.identity;
      } catch (error) {
        open.bodies.forget();
        this.log.warn(`${doc}: what was sent to the judge could not be kept for “What Was Sent”: ${String(error)}`);
      }
    });
  }

  /**
   * The last exchange for a verdict; `undefined` where none was kept.
   * @param seen `ScoreRecord.seen`, or `JoinedVerdict.seen`
   * @param judge `identityKey`
   * @param intent of several exchanges over the same text, the last with this intent; the last of all where there is none with it
   */
  async find(doc: string, seen: string, judge: string, intent?: Intent): Promise<FoundJudgement | undefined> {
    const open = this.of(doc);
    await open.queue;
    const { records, bodies } = await this.read(doc);
    const all = records.filter((record) => record.judge === judge && record.of.some((one) => one.seen === seen));
    const found = all.findLast((record) => record.intent === intent) ?? all.at(-1);
    return found && asFound(found, bodies);
  }

  /** The document was renamed: its exchanges go with it. */
  async moved(from: string, to: string): Promise<void> {
    const [old, now] = [this.path(from), this.path(to)];
    await this.enqueue(this.of(from), async () => {
      if ((await this.files.facts(old)) === undefined) return;
      if ((await this.files.facts(now)) === undefined) await this.files.rename(old, now);
      else {
        await this.files.append(now, new TextDecoder().decode(await this.files.read(old)));
        await this.files.remove(old);
      }
    });
    this.open.delete(from);
  }

  /** Forgets what is held in memory of a document that is closed. */
  release(doc: string): void {
    const open = this.open.get(doc);
    void open?.queue.then(() => {
      if (this.open.get(doc) === open) this.open.delete(doc);
    });
  }

  /** Drops what belongs to verdicts that nothing can reach any more; `keep` is told the hash they are filed under. */
  async compact(doc: string, keep: (seen: string) => boolean): Promise<void> {
    const open = this.of(doc);
    const path = this.path(doc);
    await this.enqueue(open, async () => {
      const before = await this.files.facts(path);
      if (before === undefined) return;
      const { records, bodies } = await this.read(doc);
      const writer = new BodyWriter();
      const lines = lastOfEach(records, keep).map((record) => {
        const exchanges = record.exchanges.map(({ sent, ...rest }) => {
          const read = readBody(sent, bodies);
          return { sent: 'text' in read ? writer.store(read.text) : sent, ...rest };
        });
        return JSON.stringify({ ...record, exchanges }) + '\n';
      });
      // Another window has written meanwhile: nothing is dropped, and the next time will do.
      if ((await this.files.facts(path))?.size !== before.size) return;
      await this.files.replace(path, lines.join(''));
      open.bodies.forget();
    });
  }

  /** Settles when everything taken so far is written or has failed. */
  async settled(): Promise<void> {
    await Promise.all([...this.open.values()].map(({ queue }) => queue));
  }

  private async read(doc: string): Promise<{ records: ExchangeRecord[]; bodies: ReadonlyMap<string, StoredBody> }> {
    const path = this.path(doc);
    if ((await this.files.facts(path)) === undefined) return { records: [], bodies: new Map() };
    const lines = new TextDecoder().decode(await this.files.read(path)).split('\n');
    const records = lines.flatMap((line) => parseExchangeRecord(line) ?? []);
    const bodies = bodiesById(records.flatMap(({ exchanges }) => exchanges.map(({ sent }) => sent)));
    return { records, bodies };
  }

  private path(doc: string): string {
    return `${this.folder}/exchanges/${scoreFileName(doc)}`;
  }

  private of(doc: string): Open {
    let open = this.open.get(doc);
    if (open === undefined) this.open.set(doc, (open = { queue: Promise.resolve(), bodies: new BodyWriter(), identity: undefined }));
    return open;
  }

  private enqueue(open: Open, work: () => Promise<void>): Promise<void> {
    const done = open.queue.then(work);
    open.queue = done.catch(() => undefined);
    return done;
  }
}

function asFound({ time, fault, exchanges }: ExchangeRecord, bodies: ReadonlyMap<string, StoredBody>): FoundJudgement {
  return {
    time,
    ...(fault === undefined ? {} : { fault }),
    exchanges: exchanges.map(({ sent, ...rest }) => {
      const read = readBody(sent, bodies);
      return 'text' in read ? { sent: read.text, ...rest } : { sent: undefined, problem: read.problem, ...rest };
    }),
  };
}

/** The records that some kept verdict has as its last. */
function lastOfEach(records: readonly ExchangeRecord[], keep: (seen: string) => boolean): ExchangeRecord[] {
  const last = new Map<string, ExchangeRecord>();
  for (const record of records) for (const { seen } of record.of) if (keep(seen)) last.set(`${record.judge} ${record.intent ?? ''} ${seen}`, record);
  const wanted = new Set(last.values());
  return records.filter((record) => wanted.has(record));
}
