import type { Exchange, TokenUsage } from '../model/chat';
import type { Target } from './judge';

/** What is wrong with a judge's reply on one step, or on several. */
export type JudgeFaultCode =
  | 'not-json'
  /** A verdict is missing, one too many, or on another step than asked for. */
  | 'wrong-count'
  /** A score that is no integer 1 … 5. */
  | 'out-of-range'
  /** The judge declined in prose, where it was to say JSON. (A refusal that the server marks as one is a verdict of `null`s.) */
  | 'refused'
  | 'empty'
  /** The reply was cut off at its most tokens. */
  | 'cut-off'
  /** The samples of one verdict are by different models. */
  | 'snapshot-changed';

/** One of several faults of a reply that was to hold several verdicts. */
export interface TargetFault {
  readonly target: Target;
  readonly code: JudgeFaultCode;
  readonly message: string;
}

/** A reply that holds no valid verdict. The step stays unscored; others go on. */
export class JudgeFault extends Error {
  override readonly name = 'JudgeFault';

  constructor(
    readonly code: JudgeFaultCode,
    /** Names the step as shown (the first is 1) or the answer, and what to do. */
    message: string,
    readonly exchanges: readonly Exchange[] = [],
    /** What the faulty replies cost, where the server says. */
    readonly usage?: TokenUsage,
    /** Which steps have what fault, where several were asked for at once. */
    readonly faults: readonly TargetFault[] = [],
  ) {
    super(message);
  }
}

/** By name, not by class: parts that are loaded on demand carry a copy of the class. */
export function isJudgeFault(error: unknown): error is JudgeFault {
  return error instanceof Error && error.name === 'JudgeFault';
}

/** What was asked for, in words: `step 3`, `the answer`. */
export function targetName(target: Target): string {
  return target === 'answer' ? 'the answer' : `step ${String(target + 1)}`;
}
