import type { JudgeIdentity } from '../judge/judge';
import type { Score } from '../trace/verdict';
import type { Comparison, Difference } from './comparison';

/** Goes through the steps on which two judges differ, the largest difference first, and round at the ends. */
export class Disagreements {
  private at = -1;

  constructor(private readonly comparison: Pick<Comparison, 'a' | 'b' | 'differences'>) {}

  get count(): number {
    return this.comparison.differences.length;
  }

  go(direction: 'next' | 'previous'): Difference | undefined {
    const { count } = this;
    if (count === 0) return undefined;
    this.at = direction === 'next' ? (this.at + 1) % count : (Math.max(this.at, 0) + count - 1) % count;
    return this.comparison.differences[this.at];
  }

  /** Where one stands now, in words: `3 of 17: GPT-4o 1, you 4`. */
  inWords(difference: Difference, you: JudgeIdentity): string {
    const { a, b } = this.comparison;
    const name = (judge: JudgeIdentity): string => {
      if (judge.judge === 'person' && judge.label === you.label) return 'you';
      return a.label === b.label ? `${judge.label}, ${judge.protocol}` : judge.label;
    };
    const said = (judge: JudgeIdentity, score: Score): string => `${name(judge)} ${score === null ? 'no score' : String(score)}`;
    return `${String(this.at + 1)} of ${String(this.count)}: ${said(a, difference.a)}, ${said(b, difference.b)} (${difference.series})`;
  }
}
