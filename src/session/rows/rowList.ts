import type { Disposable } from '../../trace/event';
import type { Dataset } from '../datasets/dataset';
import { rowCard, type RowCard } from './rowCards';
import { RowFacts } from './rowFacts';
import { ALL_ROWS, dependsOnScores, isWhole, type RowQuery } from './rowQuery';
import { runRowQuery } from './rowQueryRun';
import { chosenVerdicts } from './rowScores';
import { RowScoreIndex, type JudgeOfRows, type RowScoreSource } from './rowScoreIndex';
import type { TraceOptions } from '../traceStore';

/** How far a list is. */
export interface ListStatus {
  /** Grows whenever a position may stand for another row than before. While rows are found more come at the end, and no other changes. */
  readonly generation: number;
  readonly count: number;
  readonly of: number;
  readonly running: boolean;
  /** 0 … 1. */
  readonly share: number;
  /** Rows that changed since the list was made: they may not fit any more, or belong elsewhere, and stay where they are. */
  readonly changed: number;
}

export interface RowListEvents {
  readonly status: (status: ListStatus) => void;
  /** What cards say may be other than before. */
  readonly cards: () => void;
  readonly failed: (error: unknown) => void;
}

/** A stretch of positions, the last one excluded. */
export type Positions = readonly [number, number];

/** Cards that are kept: some views' worth. */
const KEPT = 400;
/** Rows that are read at once for cards. */
const TOGETHER = 8;
/** Milliseconds between two tellings of how far a query is, and between a change of scores and reading them. */
const TELL_EVERY = 120;
const SCORES_AFTER = 250;

/** The rows of a dataset as a list that is filtered, sorted and sampled, with a card for each; follows its dataset and its scores. */
export class RowList implements Disposable {
  private readonly scores: RowScoreIndex;
  private facts: RowFacts;
  private readonly listening: Disposable[];
  private query: RowQuery = ALL_ROWS;
  /** The rows in order; `undefined`: all of them, in file order. */
  private order: Uint32Array | undefined;
  /** Of a query that is still running. */
  private found: number[] = [];
  private running: AbortController | undefined;
  /** The running query has begun to look at scores, and some have changed since. */
  private searching = false;
  private scoresMoved = false;
  private refreshing: Promise<void> = Promise.resolve();
  private readonly closing = new AbortController();
  private scoresTimer: NodeJS.Timeout | undefined;
  private generation: number;
  private share = 1;
  private readonly changed = new Set<number>();
  /** Grows with each change of rows or scores: what was read before it is out of date. */
  private epoch = 0;
  private told = 0;
  private readonly cardsKept = new Map<number, RowCard>();

  constructor(
    readonly dataset: Dataset,
    source: RowScoreSource,
    private readonly options: () => TraceOptions,
    private readonly events: RowListEvents,
    /** Gives a number that no list before it has had, so that positions of another dataset's list are never taken for this one's. */
    private readonly nextGeneration: () => number = () => this.generation + 1,
  ) {
    this.generation = 0;
    this.facts = new RowFacts(dataset.count);
    this.scores = new RowScoreIndex(dataset, source, options);
    this.listening = [
      dataset.onDidChange((change) => {
        if (change.all) this.facts = new RowFacts(dataset.count);
        for (const row of change.rows) this.facts.forget(row);
        this.epoch++;
        this.cardsKept.clear();
        this.scores.forget(change);
        this.readScores(true);
        this.events.cards();
        if (change.all) this.ask(this.query);
        else if (!isWhole(this.query) && change.rows.length > 0) {
          for (const row of change.rows) this.changed.add(row);
          this.tell();
        }
      }),
      source.onDidChange(() => {
        clearTimeout(this.scoresTimer);
        this.scoresTimer = setTimeout(() => {
          this.readScores(false);
        }, SCORES_AFTER);
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.scoresTimer);
    this.closing.abort();
    this.running?.abort();
    for (const one of this.listening) one.dispose();
  }

  get status(): ListStatus {
    return { generation: this.generation, count: this.count, of: this.dataset.count, running: this.running !== undefined, share: this.share, changed: this.changed.size };
  }

  get judges(): readonly JudgeOfRows[] {
    return this.scores.judges;
  }

  /** All rows, in file order? */
  get isWhole(): boolean {
    return this.order === undefined && this.running === undefined;
  }

  private get count(): number {
    return this.running === undefined ? (this.order?.length ?? this.dataset.count) : this.found.length;
  }

  /** Begins: scores are read, and with them what the query asks for. */
  start(query: RowQuery): void {
    this.readScores(false);
    this.ask(query);
  }

  /** Shows other rows; what was asked before is given up. */
  ask(query: RowQuery): void {
    this.query = query;
    this.cardsKept.clear();
    this.running?.abort();
    this.running = undefined;
    this.searching = false;
    this.scoresMoved = false;
    this.generation = this.nextGeneration();
    this.found = [];
    this.changed.clear();
    if (isWhole(query)) {
      this.order = undefined;
      this.share = 1;
      this.tell();
      return;
    }
    const running = new AbortController();
    this.running = running;
    this.share = 0;
    this.tell();
    void this.run(query, running);
  }

  /** Ends a query that is running: what was found so far stays. */
  cancel(): void {
    if (this.running === undefined) return;
    this.running.abort();
    this.running = undefined;
    this.order = Uint32Array.from(this.found);
    this.found = [];
    this.tell();
  }

  /** The row at a position of the list. */
  ordinalAt(position: number): number | undefined {
    if (position < 0 || position >= this.count) return undefined;
    if (this.running !== undefined) return this.found[position];
    return this.order === undefined ? position : this.order[position];
  }

  positionOf(ordinal: number): number | undefined {
    if (this.running === undefined && this.order === undefined) return ordinal < this.dataset.count ? ordinal : undefined;
    const at = (this.running === undefined ? (this.order ?? new Uint32Array()) : this.found).indexOf(ordinal);
    return at === -1 ? undefined : at;
  }

  /** The row that comes after (1) or before (−1) one in the list; of a row that is not in it, in the file. `undefined` at the end. */
  neighbour(ordinal: number, by: 1 | -1): number | undefined {
    const position = this.positionOf(ordinal);
    if (position !== undefined) return this.ordinalAt(position + by);
    const next = ordinal + by;
    return next >= 0 && next < this.dataset.count ? next : undefined;
  }

  /** The rows at these positions, in their order. */
  ordinals(positions: readonly Positions[]): Uint32Array {
    const within = positions.map(([from, to]) => [Math.max(0, from), Math.min(this.count, to)] as const).filter(([from, to]) => from < to);
    const rows = new Uint32Array(within.reduce((sum, [from, to]) => sum + to - from, 0));
    let at = 0;
    for (const [from, to] of within) for (let i = from; i < to; i++) rows[at++] = this.ordinalAt(i) ?? 0;
    return rows;
  }

  /** Where these rows are in the list now, as stretches of positions; those that are not listed are left out. */
  positionsOf(ordinals: ArrayLike<number>): Positions[] {
    const wanted = new Uint8Array(this.dataset.count);
    for (let i = 0; i < ordinals.length; i++) wanted[ordinals[i] ?? 0] = 1;
    const stretches: [number, number][] = [];
    for (let at = 0; at < this.count; at++) {
      if (wanted[this.ordinalAt(at) ?? 0] !== 1) continue;
      const last = stretches.at(-1);
      if (last?.[1] === at) last[1]++;
      else stretches.push([at, at + 1]);
    }
    return stretches;
  }

  /** The cards at these positions, as each comes. @throws the signal's reason */
  async *cards(from: number, to: number, signal: AbortSignal): AsyncGenerator<readonly (readonly [number, RowCard])[]> {
    for (let i = from; i < to; i += TOGETHER) {
      signal.throwIfAborted();
      const some: Promise<readonly [number, RowCard]>[] = [];
      for (let k = i; k < Math.min(to, i + TOGETHER); k++) {
        const ordinal = this.ordinalAt(k);
        if (ordinal !== undefined) some.push(this.card(ordinal).then((card) => [k, card] as const));
      }
      yield await Promise.all(some);
    }
  }

  private async card(ordinal: number): Promise<RowCard> {
    const known = this.cardsKept.get(ordinal);
    if (known !== undefined) return known;
    const { epoch } = this;
    const row = await this.dataset.row(ordinal);
    const { splitter } = this.options();
    const isCurrent = epoch === this.epoch;
    if (isCurrent) this.facts.add(row, splitter);
    const card = rowCard(row, chosenVerdicts(this.scores.of(ordinal), this.query.judge), splitter);
    // What changed while it was read is asked for again; this one is not kept.
    if (!isCurrent) return card;
    this.cardsKept.set(ordinal, card);
    for (const oldest of this.cardsKept.keys()) {
      if (this.cardsKept.size <= KEPT) break;
      this.cardsKept.delete(oldest);
    }
    return card;
  }

  private async run(query: RowQuery, running: AbortController): Promise<void> {
    try {
      await this.refreshing;
      if (this.running === running) [this.searching, this.scoresMoved] = [true, false];
      const order = await runRowQuery(query, {
        dataset: this.dataset,
        scores: this.scores,
        facts: this.facts,
        splitter: this.options().splitter,
        signal: running.signal,
        found: (ordinals, share) => {
          // A query that was given up may come to its end once more before it sees that.
          if (this.running !== running) return;
          for (const ordinal of ordinals) this.found.push(ordinal);
          this.share = share;
          if (performance.now() - this.told > TELL_EVERY) this.tell();
        },
      });
      if (this.running !== running) return;
      const inPlace = query.sort === 'file' && !query.descending && query.sample === null;
      this.order = order;
      this.running = undefined;
      this.found = [];
      this.share = 1;
      if (!inPlace) this.generation = this.nextGeneration();
      this.searching = false;
      this.tell();
      if (this.scoresMoved) setImmediate(() => { this.again(); });
    } catch (error) {
      if (this.running !== running) return;
      this.cancel();
      this.events.failed(error);
    }
  }

  private readScores(text: boolean): void {
    const before = this.refreshing;
    this.refreshing = (async () => {
      await before;
      try {
        if (!(await this.scores.refresh(this.closing.signal)) && !text) return;
        this.epoch++;
        this.cardsKept.clear();
        this.events.cards();
        // The first query waits for the scores anyway.
        if (!dependsOnScores(this.query)) return;
        if (this.running === undefined) setImmediate(() => { this.again(); });
        else this.scoresMoved ||= this.searching;
      } catch (error) {
        if (!this.closing.signal.aborted) this.events.failed(error);
      }
    })();
  }

  private again(): void {
    if (!this.closing.signal.aborted && this.running === undefined) this.ask(this.query);
  }

  private tell(): void {
    this.told = performance.now();
    this.events.status(this.status);
  }
}
