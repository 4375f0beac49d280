import type { ModelErrorCode } from '../model/modelError';
import type { JudgeFaultCode } from './judgeFault';

/** Why a run of scoring ended before its end: the endpoint's fault, or what we will not go on with. */
export type StopCode =
  | ModelErrorCode
  /** Three replies in a row held no valid verdict. */
  | 'faults-in-row'
  /** The server answers as another model than the one that gave the trace's earlier verdicts. */
  | 'snapshot-changed';

/** All that can go wrong with a judge's work, and `withheld`: verdicts of `null`, since the judge declined or a filter blocked it. */
export type TroubleCode = StopCode | JudgeFaultCode | 'withheld';

/**
 * What the researcher is offered to do next. `score-again` asks for what is missing, `ask-again` for what was withheld too;
 * `set-context` states the size of the model's context; `what-was-sent` shows the request and the reply.
 */
export type Offer =
  | 'score-again'
  | 'ask-again'
  | 'set-key'
  | 'choose-judge'
  | 'set-context'
  | 'what-was-sent'
  | 'show-log'
  | 'open-settings';

const OFFERS: Readonly<Record<TroubleCode, readonly Offer[]>> = {
  unauthorized: ['set-key', 'choose-judge'],
  'model-not-found': ['choose-judge', 'open-settings'],
  'too-long': ['set-context', 'choose-judge'],
  'rate-limited': ['score-again', 'open-settings'],
  'server-error': ['score-again', 'choose-judge'],
  'bad-request': ['what-was-sent', 'open-settings'],
  'timed-out': ['score-again', 'open-settings'],
  'connection-lost': ['score-again', 'choose-judge'],
  redirected: ['open-settings', 'choose-judge'],
  'not-understood': ['what-was-sent', 'choose-judge'],
  'not-allowed': ['score-again', 'choose-judge'],
  'faults-in-row': ['what-was-sent', 'choose-judge', 'show-log'],
  'snapshot-changed': ['score-again', 'choose-judge'],
  'not-json': ['score-again', 'what-was-sent', 'choose-judge'],
  'wrong-count': ['score-again', 'what-was-sent', 'choose-judge'],
  'out-of-range': ['score-again', 'what-was-sent', 'choose-judge'],
  refused: ['score-again', 'what-was-sent', 'choose-judge'],
  empty: ['score-again', 'what-was-sent', 'choose-judge'],
  'cut-off': ['open-settings', 'what-was-sent'],
  withheld: ['ask-again', 'what-was-sent', 'choose-judge'],
};

/** What to offer, the most likely remedy first. */
export function offersFor(code: TroubleCode): readonly Offer[] {
  return OFFERS[code];
}
