/** Rows as first, after the last, first, after the last, …: what a person selected is mostly runs. Repeated rows count once. */
export function rangesOf(rows: Iterable<number>): number[] {
  const ranges: number[] = [];
  for (const row of Uint32Array.from(rows).sort()) {
    const end = ranges.at(-1);
    if (end === row) ranges[ranges.length - 1] = row + 1;
    else if (end !== row + 1) ranges.push(row, row + 1);
  }
  return ranges;
}

/**
 * Ranges as text for what remembers them: the distance from edge to edge in LEB128 bytes, in base64. Half a million single rows of a
 * million take 1.4 MB.
 */
export function packedRanges(ranges: readonly number[]): string {
  const bytes: number[] = [];
  let before = 0;
  for (const edge of ranges) {
    let left = edge - before;
    before = edge;
    for (; left > 127; left >>>= 7) bytes.push((left & 127) | 128);
    bytes.push(left);
  }
  return Buffer.from(bytes).toString('base64');
}

/** @throws Error where the text is none of `packedRanges` */
export function unpackedRanges(text: string): number[] {
  const ranges: number[] = [];
  let edge = 0;
  let by = 0;
  let shift = 0;
  for (const byte of Buffer.from(text, 'base64')) {
    by += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte > 127) continue;
    edge += by;
    if ((by === 0 && ranges.length > 0) || edge > 0xffff_ffff) break;
    ranges.push(edge);
    [by, shift] = [0, 0];
  }
  if (by !== 0 || shift !== 0 || ranges.length % 2 !== 0) throw new Error('The rows that this page remembers cannot be read. Choose them again in the Traces view.');
  return ranges;
}

/** How many rows they name. */
export function rowsIn(ranges: readonly number[]): number {
  return ranges.reduce((sum, edge, i) => sum + (i % 2 === 0 ? -edge : edge), 0);
}

/** Does a row lie in them? */
export function inRows(ranges: readonly number[], row: number): boolean {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle] ?? 0) <= row) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}
