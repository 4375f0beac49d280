import type { Exchange, TokenUsage } from '../model/chat';
import type { Intent } from '../trace/intent';
import type { Verdict } from '../trace/verdict';

/**
 * What a judge sees of a step and how its requests are built; ours. Verdicts of two protocols are never one curve.
 * `prefix`: step i is scored from the prompt and the steps up to i. `whole-trace`: one look at all steps scores each.
 */
export type Protocol = 'prefix' | 'whole-trace';

/** What of a trace is scored: a step (0-based), or the final answer. */
export type Target = number | 'answer';

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
  /**
   * By step, what stands between it and the reasoning before it: what was said, what a tool gave back. Context that is never scored.
   * `undefined` where nothing does, absent where that is so everywhere. Grows with `steps`; after the last step's there may be one
   * more, that of the answer, once it is shown.
   */
  readonly leads?: readonly (string | undefined)[];
}

/** What a judge said of a step, with what it took to learn it. */
export interface Judgement extends Verdict {
  /**
   * Under whom it is to be filed, where that is known only from the reply: a model's snapshot. Absent: `judge.identity`, and for a
   * filter's block, which bears no model's name, whoever gives the verdicts beside it.
   */
  readonly by?: JudgeIdentity;
  /** Why all scores are `null` although the judge was asked: it declined, or a content filter withheld the reply. */
  readonly withheld?: 'refused' | 'blocked';
  readonly usage?: TokenUsage;
  readonly exchanges?: readonly Exchange[];
}

/** What went over the wire for several verdicts at once, told when it is complete. */
export interface Exchanged {
  /** What was asked for, whether a verdict came on it or not. */
  readonly targets: readonly Target[];
  /** As `Judgement.by`. */
  readonly by?: JudgeIdentity;
  readonly usage?: TokenUsage;
  readonly exchanges: readonly Exchange[];
}

/** A judge that scores one step at a time from what comes before it. */
export interface PrefixJudge {
  /** A model judge's takes on the snapshot that its server named last; before the first reply it may have none. */
  readonly identity: JudgeIdentity;
  /** How many steps may be asked for at once; 1 where absent. */
  readonly parallel?: number;
  /**
   * Scores the last of `view.steps`. Rejects with the signal's reason when aborted; with a `JudgeFault` where the reply held no
   * verdict (the other steps go on); with a `ModelError` where no further request makes sense.
   */
  scoreStep(view: JudgeView, signal: AbortSignal): Promise<Judgement> | Judgement;
  /** Scores the final answer, given all steps. */
  scoreAnswer(view: JudgeView, answer: string, signal: AbortSignal): Promise<Judgement> | Judgement;
}

/** What a `whole-trace` judge is shown, and of what it is to say something. */
export interface WholeView extends JudgeView {
  readonly answer: string | undefined;
  /** 0-based steps that a verdict is wanted on, ascending. */
  readonly wanted: readonly number[];
  readonly wantsAnswer: boolean;
}

/** A judge that sees all steps at once; any edit makes all it said stale. */
export interface WholeTraceJudge {
  readonly identity: JudgeIdentity;
  /** How many traces may be asked for at once; 1 where absent. */
  readonly parallel?: number;
  /**
   * Calls `said` for each wanted step as its verdict comes, in whatever order. Rejects as `PrefixJudge.scoreStep` does; what was
   * said before is kept.
   * @param exchanged called for each reply that came to its end, after its verdicts
   */
  scoreAll(
    view: WholeView,
    said: (target: Target, judgement: Judgement) => void,
    signal: AbortSignal,
    exchanged?: (exchanged: Exchanged) => void,
  ): Promise<void>;
}

export type Judge = PrefixJudge | WholeTraceJudge;

export function isWholeTraceJudge(judge: Judge): judge is WholeTraceJudge {
  return 'scoreAll' in judge;
}
