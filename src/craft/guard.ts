/** What a guard says of a text that a teacher wrote: does it hold operational detail? */
export interface GuardVerdict {
  /** `yes` blocks it, `unsure` asks the person, `no` lets it pass. */
  readonly verdict: 'yes' | 'no' | 'unsure';
  /** The words that it means, quoted from the text; absent for `no`, and where it quoted none that are there. */
  readonly span: string | undefined;
  readonly reason: string;
  /** The guard as its server names it, and the version of its rubric. */
  readonly guard: string;
  readonly rubric: string;
  /** What to know of this verdict, for the researcher: that the words it quotes are not in the text, for instance. */
  readonly note?: string;
}

/**
 * Why a guard gave no verdict. The text is then not checked: never is it taken for a `no`.
 * `refused`, `blocked`: it declined, or a filter did. `cut-off`: its reply ended in the middle. `shape`: the reply is no verdict, after one try
 * to repair it.
 */
export type GuardFaultCode = 'refused' | 'blocked' | 'cut-off' | 'shape';

export class GuardFault extends Error {
  override readonly name = 'GuardFault';
  constructor(
    readonly code: GuardFaultCode,
    /** For the researcher: what happened and what to do now. */
    message: string,
    /** What the guard said, as far as it came. */
    readonly text: string,
  ) {
    super(message);
  }
}

/** By name, not by class: parts that are loaded on demand carry a copy of the class. */
export function isGuardFault(error: unknown): error is GuardFault {
  return error instanceof Error && error.name === 'GuardFault';
}
