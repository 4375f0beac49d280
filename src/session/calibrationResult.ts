import { biasOf, countsOf, exactShareOf, kappaOf, meanAbsoluteDifferenceOf } from '../judge/agreement';
import { bootstrapOver, type BootstrapOptions, type Figure } from '../judge/bootstrap';
import type { Score } from '../trace/verdict';
import type { CalibrationItem, CalibrationResult, Retest } from './calibration';

const FIGURES: readonly Figure[] = [kappaOf, meanAbsoluteDifferenceOf, biasOf, exactShareOf].map((figure) => (sums) => figure(sums));
const NOT_SAID = { value: NaN, low: NaN, high: NaN };

/**
 * How far judge and person agree over the items that both scored; intervals by bootstrap over the traces these stand in, NaN
 * where they stand in one. Items that the person skipped count nowhere.
 */
export function calibrationResult(items: readonly CalibrationItem[], options?: BootstrapOptions): CalibrationResult {
  const ofTrace = new Map<string, [number, number][]>();
  for (const { doc, judge, person } of items) {
    const both = pair(person, judge);
    if (both !== undefined) ofTrace.set(doc, [...(ofTrace.get(doc) ?? []), both]);
  }
  const tables = [...ofTrace.values()].map(tableOf);
  const [kappa, meanAbsoluteDifference, bias, exact] = tables.length === 0 ? [] : bootstrapOver(tables, FIGURES, options);
  const retest = retestOf(items);
  return {
    n: [...ofTrace.values()].reduce((n, pairs) => n + pairs.length, 0),
    traces: ofTrace.size,
    notScorable: items.filter(({ person }) => person === null).length,
    kappa: kappa ?? NOT_SAID,
    meanAbsoluteDifference: meanAbsoluteDifference ?? NOT_SAID,
    bias: bias ?? NOT_SAID,
    exact: exact ?? NOT_SAID,
    ...(retest === undefined ? {} : { retest }),
  };
}

/** `undefined` where the judge was not asked again. */
function retestOf(items: readonly CalibrationItem[]): Retest | undefined {
  const asked = items.filter(({ retest }) => retest !== undefined);
  if (asked.length === 0) return undefined;
  const pairs = asked.flatMap(({ judge, retest }) => {
    const both = pair(judge, retest);
    return both === undefined ? [] : [both];
  });
  const table = tableOf(pairs);
  return { n: pairs.length, kappa: kappaOf(table), exact: exactShareOf(table) };
}

function pair(a: Score | undefined, b: Score | undefined): [number, number] | undefined {
  return typeof a === 'number' && typeof b === 'number' ? [a, b] : undefined;
}

function tableOf(pairs: readonly (readonly [number, number])[]): Float64Array {
  return countsOf(pairs.map(([a]) => a), pairs.map(([, b]) => b));
}
