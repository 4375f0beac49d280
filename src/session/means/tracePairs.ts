import type { RowTrace } from '../../trace/rows/rowTrace';
import type { Dataset, DatasetRow } from '../datasets/dataset';
import { inSlices } from './inSlices';
import { pairRows, type PairColumns, type Pairing } from './pairRows';
import { promptOf, textNumber } from './promptHash';

/** One trace of a row. */
export interface TraceAt {
  readonly ordinal: number;
  /** Which of the row's traces, 0-based. */
  readonly trace: number;
}

/** The same-prompt traces of two datasets. */
export class TracePairs {
  /** Which pair each trace of a file is in; −1: in none. */
  private readonly pairs: readonly [Int32Array, Int32Array];

  constructor(
    private readonly columns: readonly [PairColumns, PairColumns],
    private readonly pairing: Pairing,
  ) {
    this.pairs = [inverse(pairing.first, columns[0].rows.length), inverse(pairing.second, columns[1].rows.length)];
  }

  /** The pair (0-based) that a trace of the first (0) or second (1) file is in. */
  pairOf(side: 0 | 1, { ordinal, trace }: TraceAt): number | undefined {
    const { rows } = this.columns[side];
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((rows[middle] ?? 0) < ordinal) low = middle + 1;
      else high = middle;
    }
    const pair = rows[low + trace] === ordinal ? this.pairs[side][low + trace] : undefined;
    return pair === undefined || pair < 0 ? undefined : pair;
  }

  get count(): number {
    return this.pairing.first.length;
  }

  /** Traces without a partner, in the first and the second file, and those of them that have no prompt. */
  get leftOver(): readonly [number, number] {
    return this.pairing.leftOver;
  }

  get withoutPrompt(): readonly [number, number] {
    return this.pairing.withoutPrompt;
  }

  /** @throws RangeError where there is no such pair */
  at(pair: number): readonly [TraceAt, TraceAt] {
    const { first, second } = this.pairing;
    const [a, b] = [first[pair], second[pair]];
    if (a === undefined || b === undefined) throw new RangeError(`There is no pair ${String(pair + 1)} of ${String(this.count)}.`);
    return [placeAt(this.columns[0], a), placeAt(this.columns[1], b)];
  }
}

function inverse(places: Uint32Array, length: number): Int32Array {
  const pairs = new Int32Array(length).fill(-1);
  for (const [pair, place] of places.entries()) pairs[place] = pair;
  return pairs;
}

/** Reads both files once and pairs their traces. @throws the signal's reason */
export async function tracePairs(
  datasets: readonly [Dataset, Dataset],
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<TracePairs> {
  const total = datasets[0].count + datasets[1].count;
  const first = await columnsOf(datasets[0], signal, (done) => {
    progress(done, total);
  });
  const second = await columnsOf(datasets[1], signal, (done) => {
    progress(datasets[0].count + done, total);
  });
  const columns: [PairColumns, PairColumns] = [first, second];
  return new TracePairs(columns, await inSlices(pairRows(first, second), signal));
}

/** Rows read between two reports of progress. */
const STRETCH = 1000;

async function columnsOf(dataset: Dataset, signal: AbortSignal, progress: (rows: number) => void): Promise<PairColumns> {
  const columns = new GrowingColumns(dataset.count);
  for await (const row of dataset.rows(signal)) {
    for (const trace of row.traces) columns.add(row, trace);
    if (row.ordinal % STRETCH === 0) progress(row.ordinal);
  }
  return columns.made();
}

/** A row has one trace nearly always; a few have more. */
class GrowingColumns {
  private prompts: Float64Array;
  private ids: Float64Array;
  private rows: Uint32Array;
  private length = 0;

  constructor(rows: number) {
    this.prompts = new Float64Array(rows);
    this.ids = new Float64Array(rows);
    this.rows = new Uint32Array(rows);
  }

  add(row: DatasetRow, trace: RowTrace): void {
    if (this.length === this.rows.length) this.grow();
    const prompt = promptOf(trace);
    const id = trace.id === undefined && trace.variant === undefined ? undefined : JSON.stringify([trace.id?.value ?? null, trace.variant ?? null]);
    this.prompts[this.length] = prompt === undefined ? NaN : textNumber(prompt);
    this.ids[this.length] = id === undefined ? NaN : textNumber(id);
    this.rows[this.length] = row.ordinal;
    this.length++;
  }

  made(): PairColumns {
    return { prompts: this.prompts.subarray(0, this.length), ids: this.ids.subarray(0, this.length), rows: this.rows.subarray(0, this.length) };
  }

  private grow(): void {
    const size = Math.max(16, Math.ceil(this.length * 1.5));
    const [prompts, ids, rows] = [new Float64Array(size), new Float64Array(size), new Uint32Array(size)];
    prompts.set(this.prompts);
    ids.set(this.ids);
    rows.set(this.rows);
    [this.prompts, this.ids, this.rows] = [prompts, ids, rows];
  }
}

/** The traces of a row stand side by side: how many of them are before this one. */
function placeAt({ rows }: PairColumns, at: number): TraceAt {
  const ordinal = rows[at] ?? 0;
  let trace = 0;
  while (rows[at - trace - 1] === ordinal && at - trace > 0) trace++;
  return { ordinal, trace };
}
