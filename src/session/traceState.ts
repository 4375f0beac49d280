import type { Curve } from '../curve/curve';
import type { Series } from '../curve/series';
import type { JudgeIdentity } from '../judge/judge';
import type { JudgeScores } from '../judge/scoreShard';
import type { TextChain } from '../judge/textChain';
import type { Trace, Turn } from '../trace/trace';
import type { Verdict } from '../trace/verdict';

/** A verdict joined with a step of the open text. */
export interface JoinedVerdict {
  readonly verdict: Verdict;
  /** Given on another text than the one that stands there now: shown dashed, and asked for again. */
  readonly stale: boolean;
  /** When it was given, ISO 8601. */
  readonly time: string;
}

/** A run of scoring on an open document. */
export interface Scoring {
  readonly judge: JudgeIdentity;
  readonly done: number;
  readonly total: number;
}

/** All that is known of one open document at one version. */
export interface TraceState {
  readonly uri: string;
  readonly version: number;
  readonly trace: Trace;
  readonly turn: Turn;
  readonly chain: TextChain;
  /** The judge whose scores are shown; `undefined` where nobody has scored. */
  readonly judge: JudgeIdentity | undefined;
  /** Every judge with scores for this document, newest first. */
  readonly judges: readonly JudgeScores[];
  /** One entry a step. */
  readonly verdicts: readonly (JoinedVerdict | undefined)[];
  readonly answer: JoinedVerdict | undefined;
  /** The series to show, by the user's choice and the intent, with their shapes. */
  readonly curves: readonly Curve[];
  readonly shown: readonly Series[];
  readonly scoring: Scoring | undefined;
}

/** The runs of stale steps, as half-open ranges of step indices. Steps without any verdict lie in none. */
export function staleRuns(verdicts: readonly (JoinedVerdict | undefined)[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  let from = -1;
  for (let i = 0; i <= verdicts.length; i++) {
    const stale = verdicts[i]?.stale === true;
    if (stale && from === -1) from = i;
    if (!stale && from !== -1) {
      runs.push({ from, to: i });
      from = -1;
    }
  }
  return runs;
}
