import type { ScoreRecord } from '../judge/scoreRecord';
import { answerSeen, wholeTraceSeen } from '../judge/textChain';
import type { TraceState } from './traceState';

/** Which records the text as it is now can reach, of whatever judge, intent or splitter; the others only serve an undo. */
export function reachable(state: TraceState): (record: ScoreRecord) => boolean {
  const seen = new Set(state.chain.seen);
  state.chain.seen.forEach((_hash, step) => seen.add(wholeTraceSeen(state.chain, step)));
  if (state.turn.answer !== undefined) seen.add(answerSeen(state.chain, state.turn.answer.text));
  return (record) => seen.has(record.seen) || record.splitter !== state.trace.splitter;
}
