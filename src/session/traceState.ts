import type { Curve } from '../curve/curve';
import type { Series } from '../curve/series';
import type { JudgeIdentity } from '../judge/judge';
import type { JudgeScores } from '../judge/scoreShard';
import type { TextChain } from '../judge/textChain';
import type { Trace, Turn } from '../trace/trace';
import type { Verdict } from '../trace/verdict';
import type { CalibrationNote } from './calibrationNote';

/** A verdict joined with a step of the open text. */
export interface JoinedVerdict {
  readonly verdict: Verdict;
  /** Given on another text than the one that stands there now: shown dashed, and asked for again. */
  readonly stale: boolean;
  /** When it was given, ISO 8601. */
  readonly time: string;
  /** The hash that it is filed under (`ScoreRecord.seen`): with the judge's key it finds what was sent, also of a stale one. */
  readonly seen?: string;
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
  /** Every judge with scores for this document, newest first; of a trace that is being scored blind, only who scores. */
  readonly judges: readonly JudgeScores[];
  /** How those of them that were calibrated agreed with a person, by `identityKey`. */
  readonly calibrations: ReadonlyMap<string, CalibrationNote>;
  /** One entry a step. */
  readonly verdicts: readonly (JoinedVerdict | undefined)[];
  readonly answer: JoinedVerdict | undefined;
  /** The series to show, by the user's choice and the intent, with their shapes. */
  readonly curves: readonly Curve[];
  readonly shown: readonly Series[];
  readonly scoring: Scoring | undefined;
  /** While somebody scores by hand: the first step that they must not see yet. Its text is not to be shown anywhere. */
  readonly hiddenFrom: number | undefined;
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
