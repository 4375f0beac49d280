import type { FileBytes, RowIndex } from './container';
import { shorter } from './wholeFile';

/**
 * The whole file with some rows replaced, every other byte as it is. A piece is valid until the next is asked for.
 * @throws Error in words where the file has become shorter; RangeError for a row that is not there; the signal's reason
 */
export async function* splicedRows(
  file: FileBytes,
  { spans, count }: RowIndex,
  rows: ReadonlyMap<number, Uint8Array>,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const ordinals = [...rows.keys()].sort((a, b) => a - b);
  for (const ordinal of ordinals) {
    if (spans[2 * ordinal + 1] === undefined) throw new RangeError(`There is no row ${String(ordinal + 1)} of ${String(count)}.`);
  }
  let next = 0;
  let base = 0;
  for await (const chunk of file.chunks(0, signal)) {
    signal.throwIfAborted();
    const end = base + chunk.length;
    for (let at = base; at < end; ) {
      const ordinal = ordinals[next];
      const start = ordinal === undefined ? Infinity : (spans[2 * ordinal] ?? 0);
      if (at < start) {
        const to = Math.min(end, start);
        yield chunk.subarray(at - base, to - base);
        at = to;
      } else if (ordinal !== undefined) {
        // The row may end in a later chunk: its new bytes stand where its last byte stood.
        const to = spans[2 * ordinal + 1] ?? 0;
        if (to > end) break;
        const bytes = rows.get(ordinal);
        if (bytes !== undefined) yield bytes;
        at = to;
        next++;
      }
    }
    base = end;
  }
  if (base < file.size) throw shorter(file, base);
}
