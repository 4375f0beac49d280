import { EventSource, type Disposable } from '../../trace/event';
import type { Files } from '../../trace/files';
import type { Logger } from '../../trace/logger';
import type { LogPart } from '../../train/backends/backend';
import type { MetricLine } from '../../train/logs/metricLines';
import { KeptLog, type LogLine, type RunLog } from './keptLog';

export type { LogLine, RunLog } from './keptLog';

const ENDING = '.log.jsonl';
const NEWLINE = 0x0a;

/** What is kept, in characters. */
export interface LogBounds {
  /** Of a log's text: beyond it the older half goes. */
  readonly text: number;
  /** Of a log's numbers, as `KeptNumbers` counts them; its own bound where absent. */
  readonly numbers?: number;
  /** Of all logs together in memory: what was not used longest is read from disk again. */
  readonly memory: number;
}

/** Ours. */
const BOUNDS: LogBounds = { text: 64 * 1024 * 1024, memory: 128 * 1024 * 1024 };

interface Open {
  readonly log: KeptLog;
  /** Bytes of the file that are in it. */
  readonly read: number;
  readonly identity: string | undefined;
}

/**
 * What was read of the logs of runs: a file each beside the run's, a line for each part, so that a crash loses at most the last part,
 * which is then read again. Numbers stand in the lines as they were found: curves need no backend.
 */
export class RunLogs implements Disposable {
  /** The one used last is the last. */
  private readonly open = new Map<string, Open>();
  private readonly turns = new Map<string, Promise<unknown>>();
  private readonly changes: EventSource<string>;
  private readonly watching: Disposable;

  /** @param folder `.cotlens/runs`, or what stands for it */
  constructor(
    private readonly folder: string,
    private readonly files: Files,
    private readonly now: () => string,
    private readonly log: Logger,
    private readonly most = BOUNDS,
  ) {
    this.changes = new EventSource((error) => {
      log.error(`A part that shows logs failed: ${String(error)}`);
    });
    this.watching = files.watch(folder, (name) => {
      if (name.endsWith(ENDING)) void this.look(name.slice(0, -ENDING.length));
    });
  }

  /** As far as it is on disk; empty where nothing was read yet. @throws Error of the disk */
  read(id: string): Promise<RunLog> {
    return this.inTurn(id, async () => (await this.refresh(id)).log);
  }

  /**
   * Keeps a part that a backend gave; settles once it is on disk.
   * @param from what the backend was given; where another window has read on meanwhile the part is let go, and comes again the next time
   * @throws Error of the disk
   */
  append(id: string, part: LogPart, from?: number): Promise<RunLog> {
    return this.inTurn(id, async () => {
      const { log, read } = await this.refresh(id);
      if (from !== undefined && from !== log.next) return log;
      const anew = part.next < log.next;
      const metrics = part.metrics ?? [];
      // A log of which nothing is there any more has not begun anew: what was read of it stays.
      if (part.text === '' && metrics.length === 0 && part.next <= log.next) return log;
      const text = part.text.length > this.most.text ? part.text.slice(-Math.floor(this.most.text / 2)) : part.text;
      const before = log.length;
      const torn = await this.isTorn(id, read);
      const line = { at: this.now(), from: anew ? 0 : log.next, next: part.next, text: (text.length < part.text.length ? cutWords(part.text.length - text.length) : '') + text, ...(anew ? { anew } : {}) };
      const whole: LogLine = { ...line, metrics: [...log.numbersIn({ ...line, text: part.text }), ...metrics] };
      try {
        await this.files.append(this.path(id), `${torn ? '\n' : ''}${JSON.stringify(whole)}\n`);
      } catch (error) {
        throw new Error(`The log of the run ${id} could not be kept: ${wordsOf(error)}`, { cause: error });
      }
      const now = await this.refresh(id);
      if (now.log.length > this.most.text && now.log.length > before) return (await this.cut(id, now.log)).log;
      return now.log;
    });
  }

  /** Told the id of each run whose log is further, here or in another window. */
  onDidChange(listener: (id: string) => void): Disposable {
    return this.changes.event(listener);
  }

  dispose(): void {
    this.watching.dispose();
    this.changes.dispose();
    this.open.clear();
  }

  private path(id: string): string {
    return `${this.folder}/${id}${ENDING}`;
  }

  private async look(id: string): Promise<void> {
    try {
      // What nobody has asked for is not read because it grew.
      if (this.open.has(id)) await this.read(id);
      else this.changes.fire(id);
    } catch (error) {
      this.log.error(`The log of the run ${id} cannot be read: ${wordsOf(error)}`);
    }
  }

  /** Does something stand behind the last whole line? */
  private async isTorn(id: string, read: number): Promise<boolean> {
    return ((await this.files.facts(this.path(id)))?.size ?? 0) > read;
  }

  /** Reads what is new in the file; whole lines only. */
  private async refresh(id: string): Promise<Open> {
    const known = this.open.get(id);
    const facts = await this.files.facts(this.path(id));
    if (facts === undefined) {
      if (known !== undefined && known.read === 0) return known;
      return this.keep(id, { log: new KeptLog(this.most.numbers), read: 0, identity: undefined }, known !== undefined);
    }
    const anew = known === undefined || facts.size < known.read || (known.identity !== undefined && facts.identity !== known.identity);
    if (!anew && facts.size === known.read) return this.keep(id, known, false);
    const from = anew ? 0 : known.read;
    const bytes = await this.files.read(this.path(id), from);
    const log = anew ? new KeptLog(this.most.numbers) : known.log;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      // Line by line: all of a long log need not fit into one string.
      const text = new TextDecoder().decode(bytes.subarray(start, end));
      start = end + 1;
      const line = logLine(text);
      if (line !== undefined) log.add(line);
      else if (text.trim() !== '') this.log.warn(`A line of the log of the run ${id} cannot be read and is passed over.`);
    }
    return this.keep(id, { log, read: from + start, identity: facts.identity }, anew ? known !== undefined : start > 0);
  }

  private keep(id: string, open: Open, changed: boolean): Open {
    this.open.delete(id);
    this.open.set(id, open);
    let all = 0;
    for (const { log } of this.open.values()) all += log.weight;
    for (const [one, { log }] of [...this.open]) {
      if (all <= this.most.memory || one === id) break;
      this.open.delete(one);
      all -= log.weight;
    }
    if (changed) this.changes.fire(id);
    return open;
  }

  /** Takes the older half of the text away; the numbers that were found in it stay, as far as they are kept. */
  private async cut(id: string, { metrics }: RunLog): Promise<Open> {
    const keyOf = (at: string, { step, last }: MetricLine): string => `${at} ${String(step)} ${String(last)}`;
    const known = new Set(metrics.map((one) => keyOf(one.at, one)));
    const lines: LogLine[] = [];
    const bytes = await this.files.read(this.path(id));
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      const line = logLine(new TextDecoder().decode(bytes.subarray(start, end)));
      if (line !== undefined) lines.push({ ...line, metrics: line.metrics.filter((one) => known.has(keyOf(line.at, one))) });
      start = end + 1;
    }
    const half = Math.floor(this.most.text / 2);
    let [first, kept] = [lines.length, 0];
    while (first > 0 && kept < half) kept += lines[--first]?.text.length ?? 0;
    // The last lines say why a run failed: of a part that is longer than what is kept its end stays.
    const beyond = Math.max(0, kept - half);
    const edge = lines[first];
    if (edge !== undefined && beyond > 0) lines[first] = { ...edge, from: Math.max(edge.from, edge.anew === true ? 0 : (lines[first - 1]?.next ?? 0)), text: edge.text.slice(beyond) };
    const gone = lines.slice(0, first).reduce((sum, { text }) => sum + text.length, beyond);
    const at = lines[0]?.at ?? this.now();
    const said: LogLine = { at, from: 0, next: 0, text: cutWords(gone), metrics: [] };
    // The last of them says where reading goes on, should nothing be kept behind it.
    const numbers = lines.slice(0, first).filter(({ metrics }, i) => metrics.length > 0 || i === first - 1).map((line) => ({ ...line, text: '' }));
    await this.files.replace(this.path(id), [said, ...numbers, ...lines.slice(first)].map((line) => `${JSON.stringify(line)}\n`).join(''));
    this.open.delete(id);
    return this.refresh(id);
  }

  private inTurn<T>(id: string, run: () => Promise<T>): Promise<T> {
    const result = (this.turns.get(id) ?? Promise.resolve()).then(run);
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    this.turns.set(id, settled);
    void settled.then(() => {
      if (this.turns.get(id) === settled) this.turns.delete(id);
    });
    return result;
  }
}

function cutWords(characters: number): string {
  return `[The first ${String(Math.max(1, Math.round(characters / 1024 / 1024)))} MB of this log are not kept here; the backend has them.]\n`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A line of the file; `undefined` where it is none, such as one that was torn. */
function logLine(text: string): LogLine | undefined {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof said !== 'object' || said === null) return undefined;
  const line = said as Partial<Record<keyof LogLine, unknown>>;
  const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
  if (typeof line.at !== 'string' || !isCount(line.from) || !isCount(line.next) || typeof line.text !== 'string' || !Array.isArray(line.metrics) || !line.metrics.every(isMetric)) return undefined;
  return said as LogLine;
}

function isMetric(value: unknown): boolean {
  const { step, values } = (value ?? {}) as { readonly step?: unknown; readonly values?: unknown };
  return typeof step === 'number' && typeof values === 'object' && values !== null && Object.values(values).every((one) => typeof one === 'number');
}
