import type { SetFinding } from '../curate/checks/setCheck';
import type { SampleCard } from '../session/curated/curatedSet';
import type { CheckedProblems, SetProblem } from '../session/curated/setProblems';

/** A finding across samples, with those of its samples that are still there. */
export interface FoundAcross {
  readonly finding: SetFinding;
  readonly cards: readonly SampleCard[];
}

/** What a check across the samples of a set found, and of which samples: kept by their ids, so that it speaks of the same ones after others came or went. */
export class CheckedSet {
  constructor(
    private readonly found: readonly SetProblem[],
    private readonly checked: CheckedProblems['checked'],
  ) {}

  /** Came, went or moved any sample since, or was the text of one changed? */
  isStale(cards: readonly SampleCard[]): boolean {
    return cards.length !== this.checked.length || cards.some(({ id, text }, i) => id !== this.checked[i]?.id || text !== this.checked[i].text);
  }

  /** What still holds: a finding of several samples needs two of them, one of a single sample that one. */
  now(cards: readonly SampleCard[]): readonly FoundAcross[] {
    const known = new Map(cards.map((card) => [card.id, card]));
    return this.found.flatMap((finding) => {
      const { ids } = finding;
      const left = ids.flatMap((id) => known.get(id) ?? []);
      return left.length >= Math.min(2, Math.max(1, ids.length)) ? [{ finding, cards: left }] : [];
    });
  }
}
