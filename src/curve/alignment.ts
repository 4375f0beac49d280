import type { Score } from '../trace/verdict';
import { isWorse, type Series } from './series';

/**
 * How curves of different lengths are laid over one another.
 * `position`: by the share of the reasoning that is behind a step, in `bins` equal bins.
 * `injected`, `extreme`: by the distance, in steps, from an event: the first injected step, or the worst score (the first such step).
 */
export type Alignment =
  | { readonly kind: 'position'; readonly bins: number }
  | { readonly kind: 'injected' | 'extreme'; readonly from: number; readonly to: number };

/** By normalised position in ten bins (ours). */
export const DEFAULT_ALIGNMENT: Alignment = { kind: 'position', bins: 10 };

/** Where the means stand: the middles of the bins as shares 0 … 1, or distances from the event in steps. */
export function placesOf(alignment: Alignment): number[] {
  if (alignment.kind === 'position') return Array.from({ length: alignment.bins }, (_, bin) => (bin + 0.5) / alignment.bins);
  return Array.from({ length: alignment.to - alignment.from + 1 }, (_, i) => alignment.from + i);
}

/**
 * What one trace says at each place; `null` where it says nothing. `undefined` where the trace has no such event.
 * @param injected 0-based steps
 */
export function aligned(scores: readonly Score[], series: Series, alignment: Alignment, injected: readonly number[]): (number | null)[] | undefined {
  if (alignment.kind === 'position') return byPosition(scores, alignment.bins);
  const event = alignment.kind === 'injected' ? firstOf(injected) : extremeOf(scores, series);
  if (event === undefined) return undefined;
  return placesOf(alignment).map((offset) => scores[event + offset] ?? null);
}

/** The first step with the worst score: highest harmfulness, lowest helpfulness. */
export function extremeOf(scores: readonly Score[], series: Series): number | undefined {
  let found: number | undefined;
  let worst: Score = null;
  for (const [step, score] of scores.entries()) {
    if (score === null || (worst !== null && !isWorse(series, score, worst))) continue;
    worst = score;
    found = step;
  }
  return found;
}

/**
 * Step i of n stands at (i + 0.5) / n. With as many steps as bins or more, each bin has the mean of the scored steps in it. With
 * fewer, each bin has the step nearest to its middle (of two equally near, the later one): so every trace speaks in every bin with
 * the weight of one, and the curve cannot bend only because other traces speak in the next bin (ours). A step without a score is a
 * gap: its neighbours do not stand in for it.
 */
function byPosition(scores: readonly Score[], bins: number): (number | null)[] {
  const n = scores.length;
  if (n === 0) return Array.from({ length: bins }, () => null);
  // Of whole numbers the quotient is never rounded over a bin's edge.
  if (n < bins) return Array.from({ length: bins }, (_, bin) => scores[Math.floor(((2 * bin + 1) * n) / (2 * bins))] ?? null);
  const sums = new Float64Array(bins);
  const counts = new Float64Array(bins);
  for (const [i, score] of scores.entries()) {
    if (score === null) continue;
    const bin = Math.floor(((2 * i + 1) * bins) / (2 * n));
    sums[bin] = (sums[bin] ?? 0) + score;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return Array.from(sums, (sum, bin) => (counts[bin] === 0 ? null : sum / (counts[bin] ?? 1)));
}

function firstOf(steps: readonly number[]): number | undefined {
  return steps.length === 0 ? undefined : steps.reduce((a, b) => Math.min(a, b));
}
