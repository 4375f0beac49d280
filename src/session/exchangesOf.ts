import type { Place } from '../curve/curvesModel';
import type { FoundJudgement } from '../judge/exchangeLog';
import type { JudgeIdentity } from '../judge/judge';
import { identityKey } from '../judge/scoreRecord';
import { seenKeys } from '../judge/textChain';
import type { Intent } from '../trace/intent';
import type { TraceState } from './traceState';

/**
 * Finds what was sent to a judge for a verdict, and what came back; `undefined` where nothing was kept.
 * @param seen the hash that the verdict is filed under (`ScoreRecord.seen`)
 * @param judge `identityKey`
 * @param intent the trace's, where it is known: the same text is another question with another
 */
export type ExchangesOf = (uri: string, seen: string, judge: string, intent: Intent | undefined) => Promise<FoundJudgement | undefined>;

/**
 * The hash under which a judge's verdict on a place is filed: of the verdict that is shown, also where it is stale, else of the
 * text as it stands. `undefined` where there is no such place.
 */
export function seenAt(state: TraceState, place: Place, judge: JudgeIdentity): string | undefined {
  const { chain, turn } = state;
  const shown = state.judge !== undefined && identityKey(state.judge) === identityKey(judge);
  const joined = place === 'answer' ? state.answer : state.verdicts[place];
  if (shown && joined?.seen !== undefined) return joined.seen;
  const keys = seenKeys(judge.protocol, chain, turn.answer?.text);
  if (place === 'answer') return keys.answer;
  return chain.seen[place] === undefined ? undefined : keys.step(place);
}
