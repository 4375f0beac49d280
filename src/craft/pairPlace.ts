import { injectedOf } from '../trace/provenance';
import type { Span } from '../trace/span';
import type { Trace } from '../trace/trace';
import { boundaryAt } from './boundary';
import type { Refusal, Slot, Target } from './recipe';

/**
 * Where a pair of error and correction goes: the step boundary nearest to the cursor, after the first step of its turn or later
 * (AdvChain: k ≥ 1), and never between an error and the correction that is there already.
 */
export function pairPlace(trace: Trace, at: Span, slots: readonly Slot[]): Target | Refusal {
  const boundary = boundaryAt(trace, at);
  if (boundary === undefined) {
    return { reason: trace.chain.steps.length === 0
      ? 'There is no reasoning here yet. Write at least one step, then try again.'
      : 'Put the cursor into the reasoning: the pair goes between two of its steps, or after the last.' };
  }
  const { after, isHere, before } = boundary;
  const roles = new Map(injectedOf(trace).steps.map(({ step, role }) => [step, role]));
  if (roles.get(after - 1) === 'error' && roles.get(after) === 'correction') {
    return { reason: `Steps ${String(after)} and ${String(after + 1)} are an error and its correction, which stay together. Put the cursor before or after them.` };
  }
  const next = trace.chain.steps[after];
  const isLast = next === undefined || next.block !== trace.chain.steps[after - 1]?.block;
  const where = isLast && !before ? `after step ${String(after)}` : `between steps ${String(after)} and ${String(after + 1)}`;
  return { from: after, to: after, slots, ...(before ? { before } : {}), ...(isHere ? {} : { note: `The nearest step boundary is ${where}.` }) };
}
