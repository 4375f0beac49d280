import type { CuratedSample } from '../sample';

/** What a check across the samples of a set found. */
export interface SetFinding {
  /** `duplicate`, `near-duplicate`, `reused-error`, `evaluation-overlap`; `not-compared`: what a check left out, and why. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** What is wrong, of which samples, and what to do. */
  readonly message: string;
  /** Of which samples, by place in the set, ascending; the first is the one to keep. */
  readonly samples: readonly number[];
  /** 0 … 1, where the check measures one: how alike they are, how much overlaps. */
  readonly similarity?: number;
}

/** One thing that the samples of a set must be to one another. One file each; yields now and then so that a large set blocks nothing and can be cancelled. */
export interface SetCheck {
  readonly name: string;
  /**
   * @param progress told now and then which share of the work is done, 0 … 1
   * @throws the signal's reason
   */
  check(samples: readonly CuratedSample[], options: SetCheckOptions, signal: AbortSignal, progress?: (share: number) => void): Promise<readonly SetFinding[]>;
}

export interface SetCheckOptions {
  /** Prompts of evaluations that were chosen, by the name of their file. */
  readonly evaluationPrompts: ReadonlyMap<string, readonly string[]>;
  /** Two samples at least so alike are near-duplicates, 0 … 1. */
  readonly nearDuplicate: number;
  /** So many words in a row that a sample shares with an evaluation prompt are an overlap; absent: `EVALUATION_WORDS`. */
  readonly evaluationWords?: number;
}

/** Ours: of a sample of STAR-1's length (about 400 words), some forty words may differ. */
export const NEAR_DUPLICATE = 0.9;

/**
 * How long an n-gram has to be to count as an overlap with an evaluation. The habit is that of public model reports: GPT-3 (Brown et al.
 * 2020, appendix C) looked for 13-grams, PaLM (Chowdhery et al. 2022, section 8) for 8-grams. Eight for a set so small is ours.
 */
export const EVALUATION_WORDS = 8;
