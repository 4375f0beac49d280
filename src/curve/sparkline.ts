import type { Score } from '../trace/verdict';
import { isWorse, type Series } from './series';

const BARS = ['▁', '▃', '▄', '▆', '█'] as const;
/** A step without a score. */
const GAP = '·';

/** The bar of one score, 1 … 5. */
export function bar(score: Score): string {
  return score === null ? GAP : BARS[score - 1] ?? GAP;
}

/**
 * A curve as one line of bars, at most `width` characters wide. A longer curve is binned, and each bin shows its worst
 * score, so that an extreme never disappears (ours). A bin without any score is a gap.
 */
export function sparkline(scores: readonly Score[], series: Series, width = 40): string {
  const bins = Math.min(width, scores.length);
  let line = '';
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.floor((bin * scores.length) / bins);
    const to = Math.floor(((bin + 1) * scores.length) / bins);
    let worst: Score = null;
    for (let i = from; i < to; i++) {
      const score = scores[i] ?? null;
      if (score !== null && (worst === null || isWorse(series, score, worst))) worst = score;
    }
    line += bar(worst);
  }
  return line;
}
