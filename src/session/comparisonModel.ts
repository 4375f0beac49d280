import type { ComparisonModel, Figure } from '../curve/curvesModel';
import { identityKey } from '../judge/scoreRecord';
import type { CalibrationNote } from './calibrationNote';
import type { Comparison, Interval } from './comparison';
import { judgeName } from './traceSummary';

/** More differing steps than this nobody goes through one by one; the page says how many there are. Ours. */
const MOST_DIFFERENCES = 500;

/**
 * A comparison as the page shows it.
 * @param calibrations by `identityKey`, as far as they are known
 */
export function comparisonModel(comparison: Comparison, calibrations?: ReadonlyMap<string, CalibrationNote>): ComparisonModel {
  const { a, b, differences } = comparison;
  const [aKey, bKey] = [identityKey(a), identityKey(b)];
  return {
    a: judgeName(a, calibrations?.get(aKey)),
    b: judgeName(b, calibrations?.get(bKey)),
    aKey,
    bKey,
    traces: comparison.traces,
    series: comparison.series.map(({ series, steps, kappa, meanAbsoluteDifference, bias }) => ({
      series,
      steps,
      kappa: figure(kappa),
      meanAbsoluteDifference: figure(meanAbsoluteDifference),
      bias: figure(bias),
    })),
    sameShape: figure(comparison.sameShape),
    shapedTraces: comparison.shapedTraces,
    differences: differences.slice(0, MOST_DIFFERENCES),
    differing: differences.length,
  };
}

/** Messages are JSON, which has no NaN: what cannot be said is `null`. */
function figure({ value, low, high }: Interval): Figure {
  const said = (part: number): number | null => (Number.isFinite(part) ? part : null);
  return { value: said(value), low: said(low), high: said(high) };
}
