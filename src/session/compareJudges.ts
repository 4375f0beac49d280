import { ALL_SERIES, type Series } from '../curve/series';
import { shapeOf, type Shape } from '../curve/shape';
import { biasOf, kappaOf, meanAbsoluteDifferenceOf } from '../judge/agreement';
import { bootstrapOver, type BootstrapOptions, type Figure } from '../judge/bootstrap';
import type { JudgeIdentity } from '../judge/judge';
import { identityKey } from '../judge/scoreRecord';
import type { Score } from '../trace/verdict';
import type { Comparison, Difference, Interval, SeriesComparison } from './comparison';
import { ownSeries, type JudgedSteps, type ScoredTrace } from './scoredTrace';

const LEVELS = 5;
const CELLS = LEVELS * LEVELS;
/** What follows from a trace: a table of counts for each series, whether both curves have a shape, and whether it is the same. */
const SHAPED = ALL_SERIES.length * CELLS;
const SAME = SHAPED + 1;

const NOT_SAID: Interval = { value: NaN, low: NaN, high: NaN };

/**
 * Lays judge `b` over judge `a`, on all traces where they scored a step in common. Figures are pooled over the steps that both
 * scored, each step counting once; intervals are by bootstrap over traces (see `bootstrapOver`; NaN below two traces).
 */
export function compareJudges(traces: readonly ScoredTrace[], a: JudgeIdentity, b: JudgeIdentity, options?: BootstrapOptions): Comparison {
  const [keyA, keyB] = [identityKey(a), identityKey(b)];
  const statistics: Float64Array[] = [];
  const differences: Difference[] = [];
  for (const trace of traces) {
    const ofA = trace.judges.find(({ key }) => key === keyA);
    const ofB = trace.judges.find(({ key }) => key === keyB);
    if (ofA === undefined || ofB === undefined) continue;
    const counted = statisticsOf(trace, ofA, ofB);
    if (counted.subarray(0, SHAPED).every((count) => count === 0)) continue;
    statistics.push(counted);
    differences.push(...differencesOf(trace, ofA, ofB));
  }

  const figures = [kappaOf, meanAbsoluteDifferenceOf, biasOf];
  const ofSeries = ALL_SERIES.flatMap((_series, s) => figures.map((figure): Figure => (sums) => figure(tableOf(sums, s))));
  const share: Figure = (sums) => (sums[SAME] ?? 0) / (sums[SHAPED] ?? 0);
  const said = statistics.length === 0 ? [] : bootstrapOver(statistics, [...ofSeries, share], options);
  const total = (from: number, to: number): number =>
    statistics.reduce((sum, one) => one.subarray(from, to).reduce((counted, count) => counted + count, sum), 0);
  return {
    a,
    b,
    traces: statistics.length,
    series: ALL_SERIES.map((series, s): SeriesComparison => {
      const [kappa, meanAbsoluteDifference, bias] = said.slice(s * figures.length);
      return {
        series,
        steps: total(s * CELLS, (s + 1) * CELLS),
        kappa: kappa ?? NOT_SAID,
        meanAbsoluteDifference: meanAbsoluteDifference ?? NOT_SAID,
        bias: bias ?? NOT_SAID,
      };
    }),
    sameShape: said.at(-1) ?? NOT_SAID,
    shapedTraces: total(SHAPED, SHAPED + 1),
    differences: differences.sort(largestFirst),
  };
}

function tableOf(sums: Float64Array, series: number): Float64Array {
  return sums.subarray(series * CELLS, (series + 1) * CELLS);
}

function statisticsOf(trace: ScoredTrace, a: JudgedSteps, b: JudgedSteps): Float64Array {
  const counted = new Float64Array(SAME + 1);
  for (const [s, series] of ALL_SERIES.entries()) {
    const table = tableOf(counted, s);
    for (const { a: i, b: j } of pairsOf(series, a, b)) table[(i - 1) * LEVELS + j - 1] = (table[(i - 1) * LEVELS + j - 1] ?? 0) + 1;
  }
  const shapes = shapesOf(trace, a, b);
  counted[SHAPED] = shapes.length > 0 ? 1 : 0;
  counted[SAME] = shapes.length > 0 && shapes.every(([one, other]) => sameShape(one, other)) ? 1 : 0;
  return counted;
}

/** The steps that both scored. */
function* pairsOf(series: Series, a: JudgedSteps, b: JudgedSteps): Generator<{ step: number; a: number; b: number }> {
  const other = b.scores[series];
  for (const [step, score] of a.scores[series].entries()) {
    const second = other[step] ?? null;
    if (score !== null && second !== null) yield { step, a: score, b: second };
  }
}

/**
 * Both curves' shapes on each of the trace's own series, as far as both have one. Drawn over the steps that both scored (ours):
 * a judge that left half of a trace unscored would else differ in shape where it never differed in a score.
 */
function shapesOf(trace: ScoredTrace, a: JudgedSteps, b: JudgedSteps): (readonly [Shape, Shape])[] {
  return ownSeries(trace).flatMap((series) => {
    const one: Score[] = trace.seen.map(() => null);
    const other = [...one];
    for (const pair of pairsOf(series, a, b)) [one[pair.step], other[pair.step]] = [pair.a as Score, pair.b as Score];
    const shapes = [shapeOf(one, trace.rules), shapeOf(other, trace.rules)] as const;
    return shapes.some(({ kind }) => kind === 'too short') ? [] : [shapes];
  });
}

/** The same kind; of flat curves also the same level: flat at 1 and flat at 5 are no agreement (ours). */
function sameShape(a: Shape, b: Shape): boolean {
  return a.kind === b.kind && a.level === b.level;
}

function differencesOf({ uri, doc }: ScoredTrace, a: JudgedSteps, b: JudgedSteps): Difference[] {
  return ALL_SERIES.flatMap((series) =>
    [...pairsOf(series, a, b)].flatMap((pair): Difference[] =>
      pair.a === pair.b ? [] : [{ uri, doc, step: pair.step, series, a: pair.a as Score, b: pair.b as Score }],
    ),
  );
}

function largestFirst(one: Difference, other: Difference): number {
  const size = ({ a, b }: Difference): number => Math.abs((a ?? 0) - (b ?? 0));
  if (size(one) !== size(other)) return size(other) - size(one);
  if (one.doc !== other.doc) return one.doc < other.doc ? -1 : 1;
  return one.step - other.step || ALL_SERIES.indexOf(one.series) - ALL_SERIES.indexOf(other.series);
}
