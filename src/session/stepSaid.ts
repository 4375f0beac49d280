import type { Place } from '../curve/curvesModel';
import { answerTextHash } from './joinVerdicts';
import { seenAt } from './exchangesOf';
import type { TraceState } from './traceState';

/** A place's text and what a judge said of it. While somebody scores by hand, what they must not see yet has neither. */
export interface StepSaid {
  readonly text: string;
  readonly reason: string;
  /** ISO 8601; `undefined` where this judge said nothing of it. */
  readonly time: string | undefined;
}

/**
 * The text of a step or of the answer, with a judge's reason; `undefined` where there is no such place.
 * @param judge `identityKey`; `undefined` for the judge that is shown
 */
export function stepSaid(state: TraceState, place: Place, judge: string | undefined): StepSaid | undefined {
  if (state.hiddenFrom !== undefined && (place === 'answer' || place >= state.hiddenFrom)) {
    return { text: '(hidden while the trace is scored by hand)', reason: '', time: undefined };
  }
  const section = place === 'answer' ? state.turn.answer : state.turn.steps[place];
  if (section === undefined) return undefined;
  const scores = judge === undefined ? undefined : state.judges.find(({ key }) => key === judge);
  if (scores === undefined) {
    const joined = place === 'answer' ? state.answer : state.verdicts[place];
    return { text: section.text, reason: joined?.verdict.reason ?? '', time: joined?.time };
  }
  const seen = seenAt(state, place, scores.identity) ?? '';
  const own = place === 'answer' ? answerTextHash(section.text) : (state.chain.own[place] ?? '');
  const record = scores.exact(seen, state.trace.intent, state.trace.splitter) ?? scores.lastOn(own);
  return { text: section.text, reason: record?.reason ?? '', time: record?.time };
}
