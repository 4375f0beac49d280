import type { Span } from '../trace/span';
import type { Trace } from '../trace/trace';

/**
 * The step boundary nearest to a cursor or to the middle of a selection: how many steps stand before it, 1 … n (k ≥ 1 by AdvChain's
 * `c_1..c_k, error, correction, c_k+1..c_n`). Between two as near the later one. `undefined` where there is no step.
 */
export function nearestBoundary({ chain: { steps } }: Trace, at: Span): number | undefined {
  const middle = (at.start + at.end) / 2;
  let best: { boundary: number; distance: number } | undefined;
  for (const [i, step] of steps.entries()) {
    const next = steps[i + 1]?.start ?? step.end;
    const distance = middle < step.end ? step.end - middle : middle > next ? middle - next : 0;
    if (best === undefined || distance <= best.distance) best = { boundary: i + 1, distance };
  }
  return best?.boundary;
}

/** The step that an offset lies in, or the last one before it; `undefined` before the first. */
export function stepAtOffset({ chain: { steps } }: Trace, offset: number): number | undefined {
  const found = steps.findLastIndex(({ start }) => start <= offset);
  return found < 0 ? undefined : found;
}
