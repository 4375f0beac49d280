import type { Series } from '../curve/series';
import type { JudgeIdentity } from '../judge/judge';
import type { Score } from '../trace/verdict';

/** A figure with its 95 % interval, by bootstrap over traces (percentile method). NaN where it cannot be said. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How far two judges agree on one series, over the steps that both scored (no `null`). */
export interface SeriesComparison {
  readonly series: Series;
  /** Steps that both scored. */
  readonly steps: number;
  /** Cohen's kappa with quadratic weights, −1 … 1. */
  readonly kappa: Interval;
  /** Mean absolute difference in points, 0 … 4. */
  readonly meanAbsoluteDifference: Interval;
  /** Mean of `b − a` in points, −4 … 4. */
  readonly bias: Interval;
}

/** A step on which two judges differ. */
export interface Difference {
  readonly uri: string;
  /** The document's name for people. */
  readonly doc: string;
  /** 0-based. */
  readonly step: number;
  readonly series: Series;
  readonly a: Score;
  readonly b: Score;
}

/** Judge `b` laid over judge `a`, on all traces that both scored. */
export interface Comparison {
  readonly a: JudgeIdentity;
  readonly b: JudgeIdentity;
  /** Traces with at least one step that both scored. */
  readonly traces: number;
  readonly series: readonly SeriesComparison[];
  /** Share of traces, 0 … 1, on which both curves of the intent's own series have the same shape. */
  readonly sameShape: Interval;
  /** Traces that count for `sameShape`: both curves have a shape. */
  readonly shapedTraces: number;
  /** Largest difference first. */
  readonly differences: readonly Difference[];
}
