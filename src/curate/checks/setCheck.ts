import type { CuratedSample } from '../sample';

/** What a check across the samples of a set found. */
export interface SetFinding {
  /** `duplicate`, `near-duplicate`, `reused-error`, `evaluation-overlap`. */
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
  check(samples: readonly CuratedSample[], options: SetCheckOptions, signal: AbortSignal): Promise<readonly SetFinding[]>;
}

export interface SetCheckOptions {
  /** Prompts of evaluations that were chosen, by the name of their file. */
  readonly evaluationPrompts: ReadonlyMap<string, readonly string[]>;
  /** Two samples at least so alike are near-duplicates, 0 … 1. */
  readonly nearDuplicate: number;
}
