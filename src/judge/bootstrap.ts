import { quantileSorted } from 'd3-array';
import { randomLcg } from 'd3-random';

/** A figure with its interval; `low` and `high` are NaN where an interval cannot be said. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A figure as it follows from the sums of all traces' statistics; NaN where it cannot be said. */
export type Figure = (sums: Float64Array) => number;

export interface BootstrapOptions {
  /** How many resamples; 2,000 by default, as percentile intervals want (Efron & Tibshirani 1993, section 14.2: 1,000 or more). */
  readonly resamples?: number;
  /** Equal seeds give equal intervals. */
  readonly seed?: number;
  /** Of the interval, 0 … 1; 0.95 by default. */
  readonly level?: number;
}

/** Fewer traces than this have no interval: one trace resampled is always itself. */
export const FEWEST_TRACES = 2;

/**
 * Percentile intervals by bootstrap over traces (Efron 1979; whole clusters are drawn because steps of one trace depend on each
 * other): as many traces as there are, drawn with replacement, the pooled figure of each draw, and the quantiles of those
 * figures. A draw of which a figure cannot be said is left out of that figure's interval.
 * @param traces sufficient statistics, all of one length: a figure must follow from their sum. Their order does not matter.
 */
export function bootstrapOver(traces: readonly ArrayLike<number>[], figures: readonly Figure[], options: BootstrapOptions = {}): Estimate[] {
  const draws = bootstrapDraws(traces, figures, options);
  for (let next = draws.next(); ; next = draws.next()) if (next.done === true) return next.value;
}

/** The same draw by draw, for whoever must let other work run in between: stops after each, and returns the figures at the end. */
export function* bootstrapDraws(
  traces: readonly ArrayLike<number>[],
  figures: readonly Figure[],
  options: BootstrapOptions = {},
): Generator<void, Estimate[]> {
  const { resamples = 2000, seed = 1, level = 0.95 } = options;
  const width = traces[0]?.length ?? 0;
  const sums = new Float64Array(width);
  for (const trace of traces) for (let i = 0; i < width; i++) sums[i] = (sums[i] ?? 0) + (trace[i] ?? 0);
  const values = figures.map((figure) => figure(sums));
  if (traces.length < FEWEST_TRACES) return values.map((value) => ({ value, low: NaN, high: NaN }));

  const sparse = [...traces].sort(byContent).map(filledCells);
  const random = randomLcg(seed);
  const drawn = figures.map(() => new Float64Array(resamples));
  for (let draw = 0; draw < resamples; draw++) {
    sums.fill(0);
    for (let n = 0; n < sparse.length; n++) {
      const cells = sparse[Math.floor(random() * sparse.length)];
      if (cells === undefined) continue;
      for (let c = 0; c < cells.length; c += 2) {
        const at = cells[c] ?? 0;
        sums[at] = (sums[at] ?? 0) + (cells[c + 1] ?? 0);
      }
    }
    for (const [f, figure] of figures.entries()) (drawn[f] ?? sums)[draw] = figure(sums);
    yield;
  }
  const tail = (1 - level) / 2;
  return values.map((value, f) => {
    const sorted = [...(drawn[f] ?? sums).filter((one) => !Number.isNaN(one)).sort()];
    return { value, low: quantileSorted(sorted, tail) ?? NaN, high: quantileSorted(sorted, 1 - tail) ?? NaN };
  });
}

/** Traces in one order, whatever order they came in: the draws of a seed are then the same. */
function byContent(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Place and content of the cells that are not 0, in turn: of 52 cells a trace fills a few. */
function filledCells(trace: ArrayLike<number>): Float64Array {
  const cells: number[] = [];
  for (let i = 0; i < trace.length; i++) if (trace[i] !== 0) cells.push(i, trace[i] ?? 0);
  return Float64Array.from(cells);
}
