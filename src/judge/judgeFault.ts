import type { Exchange } from '../model/chat';

/** What is wrong with a judge's reply on one step, or on several. */
export type JudgeFaultCode =
  | 'not-json'
  /** A verdict is missing, one too many, or on another step than asked for. */
  | 'wrong-count'
  /** A score that is no integer 1 … 5. */
  | 'out-of-range'
  | 'refused'
  | 'empty'
  /** The reply was cut off at its most tokens. */
  | 'cut-off';

/** A reply that holds no valid verdict. The step stays unscored; others go on. */
export class JudgeFault extends Error {
  override readonly name = 'JudgeFault';

  constructor(
    readonly code: JudgeFaultCode,
    /** Names the step as shown (the first is 1) or the answer, and what to do. */
    message: string,
    readonly exchanges: readonly Exchange[] = [],
  ) {
    super(message);
  }
}

/** By name, not by class: parts that are loaded on demand carry a copy of the class. */
export function isJudgeFault(error: unknown): error is JudgeFault {
  return error instanceof Error && error.name === 'JudgeFault';
}
