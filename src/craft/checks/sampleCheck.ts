import type { JudgeIdentity } from '../../judge/judge';
import type { ShapeRules } from '../../curve/shapeRules';
import type { Span } from '../../trace/span';
import type { TextEdit } from '../../trace/textEdit';
import type { Trace } from '../../trace/trace';
import type { Known, Recipe } from '../recipe';
import type { Injected } from '../../trace/provenance';

/** A crafted trace with all that its checks go by. */
export interface CheckedSample {
  readonly trace: Trace;
  readonly injected: Injected;
  /** The recipe that its provenance names; `undefined` where none or an unknown one is named. */
  readonly recipe: Recipe | undefined;
  /** The judge whose scores are shown; `undefined` where nobody has scored. */
  readonly judge: JudgeIdentity | undefined;
  /** Its fresh scores, one a step; `null` where a step as it is now has none. */
  readonly scores: Known;
  /** What makes a shape, as set for this document. */
  readonly rules: ShapeRules;
  /** That judge's verdict on the answer as it is now; `undefined` where it gave none. */
  readonly answer: { readonly harmfulness: number | null; readonly helpfulness: number | null } | undefined;
  /** Is the answer, word for word, the one that the base had? `undefined` where the base's is not known. */
  readonly answerIsBases: boolean | undefined;
  /** Where the step of a lost entry (by its place among the entries) stood when it was last seen, if that place is still there, 0-based. */
  readonly lastSeen: ReadonlyMap<number, number>;
  /** How long the sample is; `undefined` where nobody has counted yet. */
  readonly tokens: TokensOfSample | undefined;
}

/** The size of a sample's text (below the front matter, without a chat template) and how large it may be. */
export interface TokensOfSample {
  readonly limit: number;
  readonly counted: TokenCount | { readonly failed: string };
}

export interface TokenCount {
  readonly tokens: number;
  /** Who counted: the name of a tokenizer, or of an estimate the rule it goes by. */
  readonly by: string;
  readonly estimated: boolean;
}

export type FindingSeverity = 'error' | 'warning' | 'information';

/** What a check found; shown as a diagnostic. */
export interface Finding {
  /** Of the check: `no-peak`, `correction-not-after-error`; stable, shown as the diagnostic's code. */
  readonly code: string;
  readonly severity: FindingSeverity;
  /** What is wrong, at which step, by which judge, and what to do now. */
  readonly message: string;
  /** Where in the document. */
  readonly at: Span;
  /** What can be done about it with one click, in the order to be offered. */
  readonly fixes: readonly Fix[];
}

/**
 * What can be done about a finding. `rewrite`: by *Rewrite this step* on that step; `edit`: a change of the document, offsets of its text now; worked out when it is wanted,
 * `undefined` where it does not fit after all.
 */
export type Fix =
  | { readonly kind: 'score'; readonly title: string }
  | { readonly kind: 'chooseJudge'; readonly title: string }
  | { readonly kind: 'setIntent'; readonly title: string }
  | { readonly kind: 'rewrite'; readonly title: string; readonly step: number }
  | { readonly kind: 'edit'; readonly title: string; readonly edits: () => readonly TextEdit[] | undefined };

/** One thing that a sample must be. One file each; adding one touches nothing else but their list. Takes linear time, never throws. */
export interface SampleCheck {
  readonly name: string;
  check(sample: CheckedSample): readonly Finding[];
}
