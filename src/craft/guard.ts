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
}
