import type { Score } from '../../src/trace/verdict';

/**
 * The steps of a stretch that make a difference on the screen. Where several steps fall on one pixel column, its first, last, lowest
 * and highest score, and a gap if it has one, draw the same picture as all of them, so that thousands of steps cost no more than
 * the screen is wide.
 * @param from first step, to: the last; one more on either side is kept, so that lines run out of the picture
 */
export function thin(scores: readonly Score[], from: number, to: number, pixels: number): number[] {
  const begin = Math.max(0, Math.floor(from) - 1);
  const end = Math.min(scores.length - 1, Math.ceil(to) + 1);
  const count = end - begin + 1;
  const kept: number[] = [];
  if (count <= pixels * 2) {
    for (let i = begin; i <= end; i++) kept.push(i);
    return kept;
  }
  const perColumn = count / pixels;
  for (let column = 0; column < pixels; column++) {
    const start = begin + Math.floor(column * perColumn);
    const stop = column === pixels - 1 ? end + 1 : begin + Math.floor((column + 1) * perColumn);
    keepColumn(scores, start, stop, kept);
  }
  return kept;
}

function keepColumn(scores: readonly Score[], start: number, stop: number, kept: number[]): void {
  let [first, last, low, high, gap] = [-1, -1, -1, -1, -1];
  for (let i = start; i < stop; i++) {
    const score = scores[i] ?? null;
    if (score === null) {
      if (gap === -1) gap = i;
      continue;
    }
    if (first === -1) first = i;
    last = i;
    if (low === -1 || score < (scores[low] as number)) low = i;
    if (high === -1 || score > (scores[high] as number)) high = i;
  }
  const from = kept.length;
  for (const i of [first, last, low, high, gap]) if (i !== -1 && !kept.includes(i, from)) kept.push(i);
  if (kept.length - from > 1) kept.push(...kept.splice(from).sort((a, b) => a - b));
}
