import type { Splitter } from '../../trace/splitters';
import type { Dataset, DatasetRow } from '../datasets/dataset';
import type { RowFacts } from './rowFacts';
import { breathe, sampleRows, sortedRows, type RowKey } from './rowOrder';
import { wantsFacts, wantsScores, type RowQuery } from './rowQuery';
import { readRows, searchRaw } from './rowQueryRaw';
import { folded, rawFilter, rowHolds } from './rowQueryText';
import { chosenVerdicts, scoresFit, type RowVerdict } from './rowScores';

/** What is known of the rows' scores, as far as it is read. */
export interface ScoresOfRows {
  of(ordinal: number): readonly RowVerdict[];
  /** Rows with scores, ascending. */
  readonly ordinals: readonly number[];
}

export interface RowQueryTools {
  readonly dataset: Dataset;
  readonly scores: ScoresOfRows;
  /** What is learnt on the way stays for the next query. */
  readonly facts: RowFacts;
  readonly splitter: Splitter;
  readonly signal: AbortSignal;
  /** Rows that fit, in file order and each once, as they are found; the share of the work that is done, 0 … 1. */
  readonly found: (ordinals: readonly number[], share: number) => void;
}

/** Rows of which fewer than this are read one by one instead of with all others; ours. */
const FEW = 2000;

/**
 * Finds the rows that a query asks for, in the order it asks for. Never holds the dataset in memory: 4 bytes for each row found, and
 * the facts. Ids are held only while they are sorted.
 * @throws the signal's reason
 */
export async function runRowQuery(query: RowQuery, tools: RowQueryTools): Promise<Uint32Array> {
  const found = new Ordinals(tools.dataset.count);
  for await (const { rows, share } of fittingRows(query, tools)) {
    for (const ordinal of rows) found.add(ordinal);
    tools.found(rows, share);
  }
  const all = found.list();
  const some = query.sample === null ? all : sampleRows(all, query.sample.n, query.sample.seed);
  if (query.sort === 'file') return query.descending ? some.slice().reverse() : some;
  return sortedRows(some, await keysFor(query, some, tools), query.descending, tools.signal);
}

interface Fitting {
  readonly rows: readonly number[];
  readonly share: number;
}

async function* fittingRows(query: RowQuery, tools: RowQueryTools): AsyncGenerator<Fitting> {
  const { dataset, scores, facts, signal, splitter } = tools;
  const needle = folded(query.text.trim());
  const byScores = (ordinal: number): boolean =>
    (!wantsScores(query) && query.judged !== 'no') || scoresFit(chosenVerdicts(scores.of(ordinal), query.judge), query);
  const byFacts = (row: DatasetRow): boolean => {
    facts.add(row, splitter);
    return !wantsFacts(query) || facts.fits(row.ordinal, query);
  };
  const fits = (row: DatasetRow): boolean => byScores(row.ordinal) && byFacts(row) && (needle === '' || rowHolds(row, needle));

  if (wantsScores(query)) {
    // Few rows have scores beside a million: they alone are looked at.
    const scored = scores.ordinals.filter((ordinal) => ordinal < dataset.count && byScores(ordinal));
    if (needle === '' && (!wantsFacts(query) || facts.complete)) yield { rows: scored.filter((one) => !wantsFacts(query) || facts.fits(one, query)), share: 1 };
    else yield* chunked(readRows(dataset, scored, signal), scored.length, fits);
    return;
  }
  if (needle !== '') {
    const filter = dataset.raw === undefined ? undefined : rawFilter(needle);
    if (dataset.raw !== undefined && filter !== undefined) {
      for await (const { found, upTo } of searchRaw(dataset, dataset.raw, needle, filter, signal)) {
        yield { rows: found.filter((row) => byScores(row.ordinal) && byFacts(row)).map(({ ordinal }) => ordinal), share: upTo / dataset.count };
      }
      return;
    }
    yield* chunked(dataset.rows(signal), dataset.count, fits);
    return;
  }
  if (wantsFacts(query) && !facts.complete) {
    yield* chunked(dataset.rows(signal), dataset.count, fits);
    return;
  }
  const CHUNK = 65_536;
  for (let from = 0; from < dataset.count; from += CHUNK) {
    const rows: number[] = [];
    const to = Math.min(from + CHUNK, dataset.count);
    for (let i = from; i < to; i++) if (byScores(i) && (!wantsFacts(query) || facts.fits(i, query))) rows.push(i);
    yield { rows, share: to / dataset.count };
    await breathe(signal);
  }
}

/** Rows that are read between two tellings. */
const TOLD = 256;

async function* chunked(rows: AsyncIterable<DatasetRow>, of: number, fits: (row: DatasetRow) => boolean): AsyncGenerator<Fitting> {
  let some: number[] = [];
  let done = 0;
  for await (const row of rows) {
    if (fits(row)) some.push(row.ordinal);
    if (++done % TOLD !== 0) continue;
    yield { rows: some, share: done / of };
    some = [];
  }
  yield { rows: some, share: 1 };
}

async function keysFor(query: RowQuery, ordinals: Uint32Array, tools: RowQueryTools): Promise<(ordinal: number) => RowKey> {
  const { scores, facts, splitter } = tools;
  const extreme = (ordinal: number, of: 'harmfulness' | 'helpfulness'): number | null => {
    const values = chosenVerdicts(scores.of(ordinal), query.judge).flatMap((one) => one[of] ?? []);
    return values.length === 0 ? null : of === 'harmfulness' ? Math.max(...values) : Math.min(...values);
  };
  switch (query.sort) {
    case 'file':
      return (ordinal) => ordinal;
    case 'harmfulness':
    case 'helpfulness': {
      const { sort } = query;
      return (ordinal) => extreme(ordinal, sort);
    }
    case 'steps':
      if (!facts.complete) for await (const row of read(ordinals, tools)) facts.add(row, splitter);
      return (ordinal) => facts.steps(ordinal);
    case 'id': {
      const ids = new Map<number, string>();
      for await (const row of read(ordinals, tools)) {
        facts.add(row, splitter);
        const id = row.traces[0]?.id?.value;
        if (id !== undefined) ids.set(row.ordinal, id);
      }
      return (ordinal) => ids.get(ordinal) ?? null;
    }
  }
}

/** Few rows one by one, many with all others in one go. */
function read(ordinals: Uint32Array, { dataset, signal }: RowQueryTools): AsyncIterable<DatasetRow> {
  return ordinals.length < FEW && ordinals.length < dataset.count ? readRows(dataset, ordinals, signal) : dataset.rows(signal);
}

/** Row numbers in an array that grows, up to a most. */
class Ordinals {
  private held: Uint32Array;
  private count = 0;

  constructor(private readonly most: number) {
    this.held = new Uint32Array(Math.min(most, 1024));
  }

  add(ordinal: number): void {
    if (this.count === this.held.length) {
      const larger = new Uint32Array(Math.min(this.most, Math.max(1024, this.held.length * 2)));
      larger.set(this.held);
      this.held = larger;
    }
    this.held[this.count++] = ordinal;
  }

  list(): Uint32Array {
    return this.held.slice(0, this.count);
  }
}
