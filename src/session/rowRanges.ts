/** Ascending rows as first, after the last, first, after the last, …: what a person selected is mostly runs. Repeated rows count once. */
export function rangesOf(rows: Iterable<number>): number[] {
  const ranges: number[] = [];
  for (const row of [...new Set(rows)].sort((a, b) => a - b)) {
    if (ranges.at(-1) === row) ranges[ranges.length - 1] = row + 1;
    else ranges.push(row, row + 1);
  }
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
