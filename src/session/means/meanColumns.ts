import { aligned, placesOf, type Alignment } from '../../curve/alignment';
import type { MeanColumns, MeanPoint } from '../../curve/meanCurvesModel';
import type { Series } from '../../curve/series';
import { bootstrapDraws, type BootstrapOptions, type Estimate, type Figure } from '../../judge/bootstrap';
import { scoresBy, type MeanTrace } from './meanTrace';

/** What one trace, or the difference of two, says at each place; and of the answer. `null` where it says nothing. */
export interface Said {
  readonly places: readonly (number | null)[];
  readonly answer: number | null;
}

/** What a trace says; no place at all where it has no such event. */
export function saidBy(trace: MeanTrace, judge: string, series: Series, alignment: Alignment): Said {
  const scores = scoresBy(trace, judge, series);
  const places = aligned(scores, series, alignment, trace.injected) ?? placesOf(alignment).map(() => null);
  return { places, answer: trace.judges.find(({ key }) => key === judge)?.answer?.[series] ?? null };
}

/** What `after` says more than `before`, where both say something. */
export function differenceOf(before: Said, after: Said): Said {
  const less = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : b - a);
  return { places: before.places.map((one, p) => less(one, after.places[p] ?? null)), answer: less(before.answer, after.answer) };
}

/**
 * Means at each place with percentile intervals by bootstrap over traces (see `bootstrapOver`): each trace that says something at a
 * place counts once there. Where fewer than two do, there is no interval. Stops between the draws.
 */
export function* meanColumns(said: readonly Said[], places: number, options: BootstrapOptions = {}): Generator<unknown, MeanColumns> {
  const columns = places + 1;
  const statistics: Float64Array[] = [];
  const counts = new Array<number>(columns).fill(0);
  let n = 0;
  for (const one of said) {
    const cells = new Float64Array(2 * columns);
    let speaks = false;
    for (let p = 0; p < columns; p++) {
      const value = (p < places ? one.places[p] : one.answer) ?? null;
      if (value === null) continue;
      cells[2 * p] = value;
      cells[2 * p + 1] = 1;
      counts[p] = (counts[p] ?? 0) + 1;
      if (p < places) speaks = true;
    }
    if (speaks) n++;
    statistics.push(cells);
    if (statistics.length % 1000 === 0) yield;
  }
  const figures = counts.map((_, p): Figure => (sums) => (sums[2 * p] ?? 0) / (sums[2 * p + 1] ?? 0));
  const estimates = yield* bootstrapDraws(statistics, figures, options);
  const points = counts.map((count, p) => pointOf(count, estimates[p]));
  const curve = points.slice(0, places);
  return {
    n,
    leftOut: said.length - n,
    count: counts.slice(0, places),
    mean: curve.map(({ mean }) => mean),
    low: curve.map(({ low }) => low),
    high: curve.map(({ high }) => high),
    answer: points[places] ?? { n: 0, mean: null, low: null, high: null },
  };
}

function pointOf(n: number, estimate: Estimate | undefined): MeanPoint {
  const number = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);
  // One trace that speaks here is itself in every draw that it is in: its interval would be of no width, and say nothing.
  const interval = n < 2 ? undefined : estimate;
  return { n, mean: n === 0 ? null : number(estimate?.value), low: number(interval?.low), high: number(interval?.high) };
}
