import type { JudgeIdentity } from '../../judge/judge';
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
  /** The judge whose scores are shown, and its fresh scores; `undefined` where nobody has scored. */
  readonly judge: JudgeIdentity | undefined;
  readonly scores: Known;
  /** That judge's verdict on the answer as it is now, and on the base's answer where it is known (the answer's text is the same, or it was scored before). */
  readonly answer: { readonly harmfulness: number | null; readonly helpfulness: number | null } | undefined;
  /** Counts tokens of the whole sample as it would be trained on, and who counts: `o200k_base`, or a model's own tokenizer. */
  readonly tokens: { readonly count: (text: string) => number; readonly tokenizer: string; readonly limit: number } | undefined;
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

/** What can be done about a finding. `rewrite`: by *Rewrite this step* on that step; `edit`: a change of the document, offsets of its text now. */
export type Fix =
  | { readonly kind: 'score'; readonly title: string }
  | { readonly kind: 'chooseJudge'; readonly title: string }
  | { readonly kind: 'setIntent'; readonly title: string }
  | { readonly kind: 'rewrite'; readonly title: string; readonly step: number }
  | { readonly kind: 'edit'; readonly title: string; readonly edits: readonly TextEdit[] };

/** One thing that a sample must be. One file each; adding one touches nothing else but their list. Takes linear time, never throws. */
export interface SampleCheck {
  readonly name: string;
  check(sample: CheckedSample): readonly Finding[];
}
