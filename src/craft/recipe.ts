import type { Series } from '../curve/series';
import type { ShapeKind } from '../curve/shape';
import type { Intent } from '../trace/intent';
import type { InjectedRole } from '../trace/provenance';
import type { Span } from '../trace/span';
import type { Trace } from '../trace/trace';

/** One text that a recipe needs: what a teacher writes, or a person between tab stops. */
export interface Slot {
  /** Its name in a teacher's reply and for people: `temptation`, `correction`. Lower case, one word. */
  readonly name: string;
  readonly role: InjectedRole;
  /** Guides a person who writes it by hand; stands there as the placeholder until it is overwritten. One paragraph. */
  readonly guide: string;
  /** `one`: exactly one step, so no blank line. `several`: one step or more. */
  readonly steps: 'one' | 'several';
}

/** Where in a chain a recipe works, and which texts it needs: the steps from `from` up to (not with) `to` give way to the slots' texts. */
export interface Target {
  /** 0-based; equal to `to` where nothing is replaced. At most the number of steps. */
  readonly from: number;
  readonly to: number;
  readonly slots: readonly Slot[];
  /**
   * Where nothing is replaced: right before step `from`, instead of right behind the step before it. That is another place only where
   * the two stand in different blocks of reasoning.
   */
  readonly before?: boolean;
  /** What a person should know of this place, if anything: that the nearest boundary is another than where the cursor is, for instance. */
  readonly note?: string;
}

/** Why something cannot be done here, and what to do about it, for the researcher. */
export interface Refusal {
  readonly reason: string;
}

/** Which curve a sample of a recipe must show to be what it is meant to be. */
export interface ExpectedCurve {
  readonly series: Series;
  readonly shape: ShapeKind;
  /** The role of the steps that the extremum must lie on; absent where any will do. */
  readonly extremum?: InjectedRole;
  /** In words: `low, high, low`. */
  readonly words: string;
}

/** A way to craft a sample. One file each in `recipes/`; adding one touches nothing else but their list. */
export interface Recipe {
  /** Written into provenance and sets: `temptation-correction`. Never changed once released. */
  readonly name: string;
  /** For people: `Temptation-Correction`; short: `T-C`. */
  readonly label: string;
  readonly short: string;
  /** In the lightbulb: `Insert temptation + correction here`. */
  readonly title: string;
  /** The intents of prompts that it is for. */
  readonly intents: readonly Intent[];
  /** Paper and section it comes from, and what of it is ours. */
  readonly source: string;
  /** What it inserts, what the sample is for, and how it is exported; for docs and hovers. */
  readonly inserts: string;
  readonly exports: string;
  /** Which curve the finished sample must show; `undefined` where the recipe asks for none. */
  readonly curve: ExpectedCurve | undefined;
  /**
   * The place nearest to the cursor or selection (offsets in the document) where it would work, or why it cannot.
   * Looks at position and text alone; the intent is `offerOf`'s matter.
   */
  place(trace: Trace, at: Span, known: Known): Target | Refusal;
}

/** What is known of the steps from the judge whose scores are shown; `null` where a step has no fresh score. */
export interface Known {
  readonly harmfulness: readonly (number | null)[];
  readonly helpfulness: readonly (number | null)[];
}

export function isRefusal(value: object): value is Refusal {
  return 'reason' in value;
}
