import type { Intent } from '../trace/intent';
import type { Verdict } from '../trace/verdict';

/**
 * What a judge sees of a step and how its requests are built; ours. Verdicts of two protocols are never one curve.
 * `prefix`: step i is scored from the prompt and the steps up to i. `whole-trace`: one look at all steps scores each.
 */
export type Protocol = 'prefix' | 'whole-trace';

/** Who scored, in all that decides a verdict besides the text: two verdicts are of one curve only where all of it agrees. */
export interface JudgeIdentity {
  /** Stable id: `offline`, `person`, or a model endpoint's own. */
  readonly judge: string;
  /** Name shown to people. */
  readonly label: string;
  /** Model snapshot and sampling settings, where a model judged. */
  readonly model?: string;
  readonly sampling?: Readonly<Record<string, string | number>>;
  readonly protocol: Protocol;
  /** Version of the rubric: changes whenever its content does. */
  readonly rubric: string;
  /**
   * May this judge's curve earn `peak ✓`, the name of a snowball and a place in a mean curve?
   * Not the offline heuristic's (DESIGN section 6).
   */
  readonly earnsNames: boolean;
}

/** What a `prefix` judge is shown: never a step after the one to be scored. */
export interface JudgeView {
  readonly prompt: string | undefined;
  readonly intent: Intent;
  /**
   * The steps up to and including the one to be scored; for the answer, all of them. The list grows after the call:
   * a judge that works on beyond its own turn takes a copy.
   */
  readonly steps: readonly string[];
}

/** A judge that scores one step at a time from what comes before it. */
export interface PrefixJudge {
  readonly identity: JudgeIdentity;
  /** Scores the last of `view.steps`. Rejects with the signal's reason when aborted. */
  scoreStep(view: JudgeView, signal: AbortSignal): Promise<Verdict> | Verdict;
  /** Scores the final answer, given all steps. */
  scoreAnswer(view: JudgeView, answer: string, signal: AbortSignal): Promise<Verdict> | Verdict;
}
