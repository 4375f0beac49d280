import type { Dataset, DatasetRow, RawRows } from '../datasets/dataset';
import { rowHolds, type RawFilter } from './rowQueryText';

/** Bytes that are looked through at once: some milliseconds, after which others have their turn. Ours. */
const BLOCK = 2 << 20;
/** Where more than this share of a block's rows may hold the text they are read in one go instead of one by one. */
const MANY = 0.2;
/** Rows that are read at once. */
const TOGETHER = 16;

/** How far a search is: rows that are done with, in file order, and those of them that fit. */
export interface RowsFound {
  readonly found: readonly DatasetRow[];
  /** All rows before this one are done with. */
  readonly upTo: number;
}

/** Looks through all rows by their bytes, in file order, and reads only those that may hold the text. @throws the signal's reason */
export async function* searchRaw(dataset: Dataset, raw: RawRows, needle: string, filter: RawFilter, signal: AbortSignal): AsyncGenerator<RowsFound> {
  const { spans } = raw;
  let block = nextBlock(dataset.count, raw, 0);
  while (block !== undefined) {
    signal.throwIfAborted();
    const { from, to, start } = block;
    const bytes = await block.bytes;
    // The next one is read while this one is looked through.
    block = nextBlock(dataset.count, raw, to);
    const maybe = rowsAt(filter.places(bytes), spans, start, from, to);
    const found: DatasetRow[] = [];
    for await (const row of rowsOf(dataset, maybe, from, to, signal)) if (rowHolds(row, needle)) found.push(row);
    yield { found, upTo: to };
  }
}

interface Block {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly bytes: Promise<Uint8Array>;
}

/** Begins to read rows from one on; `undefined` after the last. */
function nextBlock(count: number, { spans, read }: RawRows, from: number): Block | undefined {
  if (from >= count) return undefined;
  const start = spans[2 * from] ?? 0;
  let to = from + 1;
  while (to < count && (spans[2 * to + 1] ?? 0) - start <= BLOCK) to++;
  const bytes = read(start, spans[2 * to - 1] ?? start);
  // A search that is given up never looks at what it read ahead.
  bytes.catch(() => undefined);
  return { from, to, start, bytes };
}

/** The rows, from `from` to before `to`, that places in the block lie in. A place between two rows lies in none. */
function rowsAt(places: readonly number[], spans: Float64Array, start: number, from: number, to: number): number[] {
  const rows: number[] = [];
  let row = from;
  for (const place of places) {
    const at = start + place;
    while (row < to && (spans[2 * row + 1] ?? 0) <= at) row++;
    if (row === to) break;
    if (at >= (spans[2 * row] ?? 0) && rows.at(-1) !== row) rows.push(row);
  }
  return rows;
}

async function* rowsOf(dataset: Dataset, ordinals: readonly number[], from: number, to: number, signal: AbortSignal): AsyncGenerator<DatasetRow> {
  if (ordinals.length > MANY * (to - from) && ordinals.length > TOGETHER) {
    const wanted = new Set(ordinals);
    for await (const row of dataset.rows(signal, from, to)) if (wanted.has(row.ordinal)) yield row;
    return;
  }
  yield* readRows(dataset, ordinals, signal);
}

/** Reads single rows, several at once, and gives them in the order asked for. @throws the signal's reason */
export async function* readRows(dataset: Dataset, ordinals: ArrayLike<number>, signal: AbortSignal): AsyncGenerator<DatasetRow> {
  for (let i = 0; i < ordinals.length; i += TOGETHER) {
    signal.throwIfAborted();
    const some: Promise<DatasetRow>[] = [];
    for (let k = i; k < Math.min(i + TOGETHER, ordinals.length); k++) some.push(dataset.row(ordinals[k] ?? 0));
    yield* await Promise.all(some);
  }
}
