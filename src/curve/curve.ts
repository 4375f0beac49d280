import type { Intent } from '../trace/intent';
import type { Score, Verdict } from '../trace/verdict';
import { curveName } from './curveName';
import { isWorse, scoresOf, type Series } from './series';
import { shapeOf, type Shape } from './shape';
import type { ShapeRules } from './shapeRules';

/** One series of a turn with all that is said of it. */
export interface Curve {
  readonly series: Series;
  readonly scores: readonly Score[];
  readonly shape: Shape;
  /** Geometry, or the snowball's name where it is earned. */
  readonly name: string;
  /** The worst score and the first step that has it (highest harmfulness, lowest helpfulness); none where nothing is scored. */
  readonly extreme: { readonly step: number; readonly score: number } | undefined;
}

/** The curve of one series over a turn's verdicts. */
export function curveOf(
  verdicts: readonly (Verdict | undefined)[],
  series: Series,
  intent: Intent,
  earnsNames: boolean,
  rules: ShapeRules,
): Curve {
  const scores = scoresOf(verdicts, series);
  const shape = shapeOf(scores, rules);
  return {
    series,
    scores,
    shape,
    name: curveName(shape, series, intent, earnsNames, rules),
    extreme: worst(scores, series),
  };
}

function worst(scores: readonly Score[], series: Series): Curve['extreme'] {
  let found: Curve['extreme'];
  for (const [step, score] of scores.entries()) {
    if (score !== null && (found === undefined || isWorse(series, score, found.score))) found = { step, score };
  }
  return found;
}
