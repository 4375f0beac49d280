import type { Score } from '../trace/verdict';
import { isWorse, type Series } from './series';

const BARS = ['▁', '▃', '▄', '▆', '█'] as const;
/** Filled from the left instead of from below, so that a second series is told apart without its colour. */
const BARS_ACROSS = ['▏', '▎', '▌', '▊', '█'] as const;
/** A step without a score. */
const GAP = '·';

/** The bar of one score, 1 … 5. */
export function bar(score: Score): string {
  return score === null ? GAP : BARS[score - 1] ?? GAP;
}

/** The glyph of one score where both series stand side by side: harmfulness rises, helpfulness goes from left to right. */
export function seriesBar(series: Series, score: Score): string {
  return series === 'harmfulness' || score === null ? bar(score) : BARS_ACROSS[score - 1] ?? GAP;
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
