import { shapeOf, type Shape, type ShapeKind } from '../curve/shape';
import { DEFAULT_SHAPE_RULES } from '../curve/shapeRules';
import type { JudgeIdentity } from '../judge/judge';
import type { CheckedSample } from './checks/sampleCheck';
import type { ExpectedCurve } from './recipe';

/** The curve that a recipe asks for, shown by a judge who may say so: the badge `peak ✓` or `valley ✓`. */
export interface Earned {
  readonly shape: ShapeKind;
  readonly series: ExpectedCurve['series'];
  readonly judge: JudgeIdentity;
}

/** What is needed to tell whether a sample shows the curve that it is meant to show; of a line in a set as well as of an open document. */
export type JudgedSample = Pick<CheckedSample, 'injected' | 'recipe' | 'judge' | 'scores'> & Partial<Pick<CheckedSample, 'rules'>>;

/** How far a sample's curve is the one that its recipe asks for. */
export type CurveSeen =
  /** The recipe asks for none. */
  | { readonly what: 'none asked' }
  /** Nobody has scored any step as it is now. */
  | { readonly what: 'not scored'; readonly asked: ExpectedCurve }
  /** Scored, but by a judge who does not count: the offline heuristic. */
  | { readonly what: 'heuristic'; readonly asked: ExpectedCurve; readonly judge: JudgeIdentity }
  /** These steps (0-based) have no score as they are now. */
  | { readonly what: 'gaps'; readonly asked: ExpectedCurve; readonly judge: JudgeIdentity; readonly gaps: readonly number[] }
  | { readonly what: 'other shape'; readonly asked: ExpectedCurve; readonly judge: JudgeIdentity; readonly shape: Shape }
  /** The asked shape, with its extremum on another step than was injected for it. */
  | { readonly what: 'elsewhere'; readonly asked: ExpectedCurve; readonly judge: JudgeIdentity; readonly shape: Shape }
  /** The asked shape, and no step is known to be the one that its extremum is to lie on: its provenance is lost, or there never was one. */
  | { readonly what: 'nowhere to lie'; readonly asked: ExpectedCurve; readonly judge: JudgeIdentity }
  | { readonly what: 'earned'; readonly asked: ExpectedCurve; readonly judge: JudgeIdentity };

/**
 * Compares a sample's curve with the one that its recipe asks for. It counts only where a judge that earns names has scored every step as
 * it is now, where the shape is the asked one, and where its extremum lies on an injected step of the asked role (ours). Of several steps
 * that reach the extremum the first one is it, as in every curve here: a base that goes as far before the injected step is no evidence.
 */
export function curveSeen({ injected, recipe, judge, scores, rules = DEFAULT_SHAPE_RULES }: JudgedSample): CurveSeen {
  const asked = recipe?.curve;
  if (asked === undefined) return { what: 'none asked' };
  const series = scores[asked.series];
  if (judge === undefined || series.every((score) => score === null)) return { what: 'not scored', asked };
  if (!judge.earnsNames) return { what: 'heuristic', asked, judge };
  const gaps = series.flatMap((score, step) => (score === null ? [step] : []));
  if (gaps.length > 0) return { what: 'gaps', asked, judge, gaps };
  const shape = shapeOf(series, rules);
  if (shape.kind !== asked.shape) return { what: 'other shape', asked, judge, shape };
  const { extremum: role } = asked;
  const steps = injected.steps.filter((one) => one.role === role);
  if (role !== undefined && steps.length === 0) return { what: 'nowhere to lie', asked, judge };
  return role === undefined || steps.some(({ step }) => step === shape.extremum?.step) ? { what: 'earned', asked, judge } : { what: 'elsewhere', asked, judge, shape };
}

/** The badge of a sample, with the judge who says so; `undefined` where it is not earned. */
export function earned(sample: JudgedSample): Earned | undefined {
  const seen = curveSeen(sample);
  return seen.what === 'earned' ? { shape: seen.asked.shape, series: seen.asked.series, judge: seen.judge } : undefined;
}
