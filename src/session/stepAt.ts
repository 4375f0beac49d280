import type { TraceState } from './traceState';
import type { Step } from '../trace/trace';

/** The step that an offset lies in, or the one before it where the offset lies between steps; none before the first. */
export function stepAt(state: TraceState, offset: number): Step | undefined {
  const { steps } = state.turn;
  const last = state.turn.blocks.at(-1);
  if (last === undefined || offset > last.end) return undefined;
  let low = 0;
  let high = steps.length - 1;
  let found: Step | undefined;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const step = steps[middle];
    if (step === undefined) break;
    if (step.start <= offset) {
      found = step;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}
