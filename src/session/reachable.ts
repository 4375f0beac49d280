import type { ScoreRecord } from '../judge/scoreRecord';
import { seenKeys } from '../judge/textChain';
import type { TraceState } from './traceState';

/** Which records the text as it is now can reach, of whatever judge, intent or splitter; the others only serve an undo. */
export function reachable(state: TraceState): (record: Pick<ScoreRecord, 'seen' | 'splitter'>) => boolean {
  const seen = new Set(state.chain.seen);
  const whole = seenKeys('whole-trace', state.chain, state.turn.answer?.text);
  state.chain.seen.forEach((_hash, step) => seen.add(whole.step(step)));
  if (whole.answer !== undefined) seen.add(whole.answer);
  return (record) => seen.has(record.seen) || record.splitter !== state.trace.splitter;
}
