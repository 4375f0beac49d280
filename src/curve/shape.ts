import { DEFAULT_SHAPE_RULES, type ShapeRules } from './shapeRules';
import { turningPoints, type ScoredStep, type TurningPoint } from './turningPoints';

/** The geometry of a curve; what it means depends on series and intent (see `curveName`). */
export type ShapeKind = 'flat' | 'rising' | 'falling' | 'peak' | 'valley' | 'mixed' | 'too short';

/** What was seen of a curve, and the shape it makes. */
export interface Shape {
  readonly kind: ShapeKind;
  /** Where a flat curve lies. */
  readonly level: 'low' | 'middle' | 'high' | undefined;
  /** Mean of the first scored steps (the first fifth by default); `undefined` where nothing is scored. */
  readonly start: number | undefined;
  /** Mean of the last scored steps. */
  readonly end: number | undefined;
  /** The top of a peak, the bottom of a valley; of other shapes the most prominent interior extremum, if any. */
  readonly extremum: TurningPoint | undefined;
  /** How far the extremum stands out from both its sides, in points; 0 where there is none. */
  readonly prominence: number;
  readonly turningPoints: readonly TurningPoint[];
  /** Steps with a score, and steps in all. */
  readonly scored: number;
  readonly of: number;
}

/**
 * The shape of a series by the definitions of DESIGN section 3; the cut-offs are ours and configurable.
 * - `too short`: fewer than `minScored` scored steps;
 * - `peak`: an interior maximum at least `prominence` above the lowest score before and after it, ending at or below `low`;
 *   `valley`: the mirror, ending at or above `high`;
 * - `rising` / `falling`: the end lies at least `change` above / below the start;
 * - `flat`: the highest and the lowest score differ by less than `change`; low, high or middle by their mean;
 * - `mixed`: anything else.
 * They are tried in this order. `null` scores are gaps: they count in `of`, and neither as a score nor as a neighbour.
 */
export function shapeOf(scores: readonly (number | null)[], rules: ShapeRules = DEFAULT_SHAPE_RULES): Shape {
  const scored: ScoredStep[] = [];
  for (const [step, score] of scores.entries()) if (score !== null) scored.push({ step, score });
  const edge = Math.max(1, Math.floor(scored.length * rules.edgeShare));
  const start = mean(scored.slice(0, edge));
  const end = mean(scored.slice(-edge));
  const seen = {
    start,
    end,
    turningPoints: turningPoints(scored, rules.prominence),
    scored: scored.length,
    of: scores.length,
  };
  const none = { ...seen, level: undefined, extremum: undefined, prominence: 0 };
  if (start === undefined || end === undefined || scored.length < rules.minScored) return { ...none, kind: 'too short' };

  const top = mostProminent(scored, 'top');
  const bottom = mostProminent(scored, 'bottom');
  const found = (kind: ShapeKind, extremum: Extremum | undefined): Shape => ({
    ...none,
    kind,
    extremum: extremum?.point,
    prominence: extremum?.prominence ?? 0,
  });
  if (top !== undefined && top.prominence >= rules.prominence && end <= rules.low) return found('peak', top);
  if (bottom !== undefined && bottom.prominence >= rules.prominence && end >= rules.high) return found('valley', bottom);
  const stronger = (bottom?.prominence ?? 0) > (top?.prominence ?? 0) ? bottom : top;
  if (end - start >= rules.change) return found('rising', stronger);
  if (start - end >= rules.change) return found('falling', stronger);
  if (range(scored) < rules.change) {
    const middle = mean(scored) ?? 0;
    const level = middle <= rules.low ? 'low' : middle >= rules.high ? 'high' : 'middle';
    return { ...found('flat', stronger), level };
  }
  return found('mixed', stronger);
}

interface Extremum {
  readonly point: TurningPoint;
  readonly prominence: number;
}

/** The interior step that stands out most from the farthest score on either side; the first one where several tie. */
function mostProminent(scored: readonly ScoredStep[], kind: 'top' | 'bottom'): Extremum | undefined {
  const sign = kind === 'top' ? 1 : -1;
  const heights = scored.map(({ score }) => sign * score);
  const lowestAfter = new Array<number>(heights.length).fill(Infinity);
  for (let i = heights.length - 2; i >= 0; i--) {
    lowestAfter[i] = Math.min(lowestAfter[i + 1] ?? Infinity, heights[i + 1] ?? Infinity);
  }
  let lowestBefore = heights[0] ?? Infinity;
  let best: Extremum | undefined;
  for (let i = 1; i < heights.length - 1; i++) {
    const height = heights[i] ?? 0;
    const prominence = Math.min(height - lowestBefore, height - (lowestAfter[i] ?? Infinity));
    const at = scored[i];
    if (at !== undefined && prominence > (best?.prominence ?? 0)) best = { point: { ...at, kind }, prominence };
    lowestBefore = Math.min(lowestBefore, height);
  }
  return best;
}

function range(scored: readonly ScoredStep[]): number {
  // No spread into Math.max: a trace of many thousand steps would overflow the call stack.
  let high = -Infinity;
  let low = Infinity;
  for (const { score } of scored) {
    high = Math.max(high, score);
    low = Math.min(low, score);
  }
  return high - low;
}

function mean(scored: readonly ScoredStep[]): number | undefined {
  if (scored.length === 0) return undefined;
  return scored.reduce((sum, { score }) => sum + score, 0) / scored.length;
}
