import type { TraceState } from './traceState';

/** A step worth going to, and what happens there. */
export interface TurningStep {
  readonly step: number;
  readonly what: string;
}

/**
 * The turning points of all shown curves in step order, each step once. A curve that only rises or falls has none; there the
 * step of its largest single change stands in (ours), so that a snowball, too, can be gone to.
 */
export function turningSteps(state: TraceState): TurningStep[] {
  const found = new Map<number, string[]>();
  const note = (step: number, what: string): void => {
    found.set(step, [...(found.get(step) ?? []), what]);
  };
  for (const { series, scores, shape } of state.curves) {
    for (const { step, score, kind } of shape.turningPoints) note(step, `${series} ${kind} ${String(score)}`);
    if (shape.turningPoints.length > 0 || (shape.kind !== 'rising' && shape.kind !== 'falling')) continue;
    let before: number | undefined;
    let largest = { step: 0, from: 0, to: 0 };
    for (const [step, score] of scores.entries()) {
      if (score === null) continue;
      if (before !== undefined && Math.abs(score - before) > Math.abs(largest.to - largest.from)) {
        largest = { step, from: before, to: score };
      }
      before = score;
    }
    note(largest.step, `${series} ${shape.kind}, ${String(largest.from)} to ${String(largest.to)}`);
  }
  return [...found].map(([step, what]) => ({ step, what: what.join(', ') })).sort((a, b) => a.step - b.step);
}

/** The turning step after (or before) a step, going round at the ends; `undefined` where there is none at all. */
export function nextTurningStep(
  turning: readonly TurningStep[],
  from: number,
  direction: 'next' | 'previous',
): TurningStep | undefined {
  return direction === 'next'
    ? (turning.find(({ step }) => step > from) ?? turning[0])
    : (turning.findLast(({ step }) => step < from) ?? turning.at(-1));
}
