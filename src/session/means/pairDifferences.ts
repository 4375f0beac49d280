import type { Series } from '../../curve/series';
import type { Score } from '../../trace/verdict';
import { pairsIn } from './meanCurves';
import { scoresBy, type MeanTrace } from './meanTrace';
import { judgesIn, ownSeries, type CountedJudge } from '../scoredTrace';

/** How the traces of a pair differ by one judge. */
export interface PairDifference {
  /** 0-based. */
  readonly pair: number;
  /** The series of the prompt's intent; harmfulness where both are its own (ours). */
  readonly series: Series;
  /** Means over the scored steps of the first and the second trace. */
  readonly before: number;
  readonly after: number;
}

/** The judge that scored most pairs on both sides. */
export function judgeOfPairs(traces: readonly MeanTrace[]): CountedJudge | undefined {
  const both = pairsIn(traces).map(([before, after]) => ({ judges: before.judges.filter(({ key }) => after.judges.some((one) => one.key === key)) }));
  return judgesIn(both)[0];
}

/** The pairs that the judge scored on both sides, the largest difference of the means over steps first. */
export function pairDifferences(traces: readonly MeanTrace[], judge: string): PairDifference[] {
  return pairsIn(traces)
    .flatMap(([before, after]): PairDifference[] => {
      const series = ownSeries(before)[0] ?? 'harmfulness';
      const [a, b] = [mean(scoresBy(before, judge, series)), mean(scoresBy(after, judge, series))];
      return a === undefined || b === undefined ? [] : [{ pair: before.pair?.number ?? 0, series, before: a, after: b }];
    })
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || a.pair - b.pair);
}

function mean(scores: readonly Score[]): number | undefined {
  const scored = scores.filter((score) => score !== null);
  return scored.length === 0 ? undefined : scored.reduce<number>((sum, score) => sum + score, 0) / scored.length;
}
