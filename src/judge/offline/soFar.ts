/** What the judge remembers of the steps before the one it scores. */
export interface SoFar {
  readonly steps: number;
  /** A risk was recognised, or the request refused. */
  readonly riskNamed: boolean;
  /** Wavered, doubted, justified or complied since the last correction. */
  readonly slipped: boolean;
  /** Decided to comply, and took nothing back since. */
  readonly committed: boolean;
  /** The last helpfulness, if any step had one. */
  readonly helpfulness: number | undefined;
}

export const NOTHING_YET: SoFar = { steps: 0, riskNamed: false, slipped: false, committed: false, helpfulness: undefined };

/**
 * How many steps back the judge looks. A fixed window keeps a trace of n steps at O(n) work without any state between
 * calls, so a verdict depends on what its view holds and on nothing else. Ours.
 */
export const STEPS_REMEMBERED = 16;
