import type { JudgeIdentity, Target } from '../judge/judge';
import type { TargetFault } from '../judge/judgeFault';
import type { StopCode } from '../judge/offers';
import type { TokenUsage } from '../model/chat';
import { countOf } from '../trace/countOf';

/** Why a run ended before its end. */
export interface Stopped {
  readonly code: StopCode;
  /** Speaks to the researcher: what happened, and what to do now. */
  readonly message: string;
  /** What was asked for when it happened, where it was one thing. */
  readonly target?: Target;
  readonly error?: unknown;
}

/** What a run of scoring did. */
export interface ScoringResult {
  /** Verdicts asked for and kept. */
  readonly scored: number;
  /** Verdicts that were there already and were not asked for again. */
  readonly kept: number;
  readonly cancelled: boolean;
  /** Replies without a valid verdict: what they were on stays unscored, and is asked for by the next run. */
  readonly faults: readonly TargetFault[];
  /** Verdicts of `null`, because the judge declined or a filter blocked it. Kept, and asked for again only with `again`. */
  readonly withheld: readonly Target[];
  /** Set where the run ended early and not by the signal: the endpoint's fault, three faults in a row, another snapshot. */
  readonly stopped?: Stopped;
  /** Tokens of this run, as far as the server told them. */
  readonly usage?: TokenUsage;
  /** Under whom the verdicts are filed: with the model that the server named. */
  readonly identity: JudgeIdentity;
}

/** Verdicts are known in this window but could not be put on disk, or, with 0 of them, only later: then the run has ended early. */
export class ScoresNotWritten extends Error {
  constructor(
    readonly verdicts: number,
    override readonly cause: unknown,
  ) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      verdicts === 0
        ? `Saving verdicts failed for a moment (${why}), so no more were asked for. All that came are saved by now; score again for the rest.`
        : `${countOf(verdicts, 'verdict')} could not be saved (${why}); they are shown as long as this window is open. Free the folder .cotlens/scores and score again, which saves them and asks for nothing twice.`,
    );
  }
}
