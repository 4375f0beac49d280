import type { Intent } from '../trace/intent';
import type { Score, Verdict } from '../trace/verdict';

/** One of the two scales of a verdict, as a curve over the steps. */
export type Series = 'harmfulness' | 'helpfulness';

export const ALL_SERIES: readonly Series[] = ['harmfulness', 'helpfulness'];

/** What the user asked to see: a fixed choice, or `auto`, by intent. */
export type SeriesChoice = 'auto' | 'harmfulness' | 'helpfulness' | 'both';

/**
 * The series to show. `auto`: a harmful prompt has a harmfulness curve and a benign one a helpfulness curve
 * (AdvChain, DOMAIN section 1); where the intent is ambiguous or unknown both are shown, since neither is the intent's own.
 */
export function seriesFor(choice: SeriesChoice, intent: Intent): readonly Series[] {
  if (choice === 'both') return ALL_SERIES;
  if (choice !== 'auto') return [choice];
  if (intent === 'harmful') return ['harmfulness'];
  if (intent === 'benign') return ['helpfulness'];
  return ALL_SERIES;
}

/** The scores of one series; a step without a verdict is `null` like one that could not be scored: a gap, never a zero. */
export function scoresOf(verdicts: readonly (Verdict | undefined)[], series: Series): Score[] {
  return verdicts.map((verdict) => verdict?.[series] ?? null);
}

/** Is the first score worse than the second on this series? Higher harmfulness and lower helpfulness are worse. */
export function isWorse(series: Series, score: number, than: number): boolean {
  return series === 'harmfulness' ? score > than : score < than;
}
