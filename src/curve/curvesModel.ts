import type { Intent } from '../trace/intent';
import type { Score } from '../trace/verdict';
import type { Series } from './series';
import type { TurningPoint } from './turningPoints';

/**
 * What the Curves page shows, as it travels to it: plain data in columns with one entry a step, so that thousands of steps are a
 * few arrays. Holds no text of the trace; the page asks for a step's text when it needs it.
 */
export interface CurvesModel {
  readonly uri: string;
  /** The document's name for people. */
  readonly doc: string;
  /** The document's version; what is asked about it later names it. */
  readonly version: number;
  readonly intent: Intent;
  readonly splitter: string;
  /** How many steps the trace has. */
  readonly steps: number;
  /** `truncated` and the like: what is to be said of the ending, in words. */
  readonly ending: string | null;
  readonly hasAnswer: boolean;
  /** The series that the settings and the intent choose; the page may show others. */
  readonly shown: readonly Series[];
  /** Scores at or below `low` are low, at or above `high` high (the rules of shapes; ours). */
  readonly thresholds: { readonly low: number; readonly high: number };
  /** The judge that is shown in the editor first, then those laid over it. Empty where nobody has scored. */
  readonly judges: readonly JudgeCurves[];
  /** Every judge with scores for this document, newest first. */
  readonly choices: readonly JudgeChoice[];
  /** The last curve of the first judge that was wholly fresh, before the text was edited; steps matched. */
  readonly before: BeforeCurves | null;
  /** A run of scoring that is going on. */
  readonly scoring: { readonly done: number; readonly total: number } | null;
}

/** Who may be laid over whom. */
export interface JudgeChoice {
  /** `identityKey` */
  readonly key: string;
  /** The name with protocol and calibration, for people. */
  readonly name: string;
  readonly judge: string;
  readonly model: string | null;
  readonly protocol: string;
  readonly rubric: string;
  readonly person: boolean;
}

/** All that one judge said of the trace. */
export interface JudgeCurves extends JudgeChoice {
  readonly harmfulness: CurveColumns;
  readonly helpfulness: CurveColumns;
  /** Steps whose verdict was given on another text: first step, step after the last, first, after the last, … */
  readonly stale: readonly number[];
  /** Steps with a verdict, fresh or stale; one whose scores are all `null` counts. */
  readonly verdicts: number;
  readonly answer: AnswerScores | null;
}

/** One series of one judge. */
export interface CurveColumns {
  /** One a step; `null` is a gap, never a zero. */
  readonly scores: readonly Score[];
  /** Steps with a score. */
  readonly n: number;
  /** Shape and extreme in words: `peak · harmfulness 4 at step 5`. */
  readonly words: string;
  /** Of the shown judge alone: those laid over it are not marked. */
  readonly turningPoints: readonly TurningPoint[];
  /** Where the judge was asked several times; `null` where it never was. */
  readonly spread: SpreadColumns | null;
}

/** The samples of each step, summed up; 0 and `null` where a step has none. */
export interface SpreadColumns {
  readonly n: readonly number[];
  readonly mean: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** The endpoint: outside the curve, its shape and its means. */
export interface AnswerScores {
  readonly harmfulness: Score;
  readonly helpfulness: Score;
  readonly stale: boolean;
}

/** A step, or the answer after them all. */
export type Place = number | 'answer';

export interface BeforeCurves {
  readonly harmfulness: readonly Score[];
  readonly helpfulness: readonly Score[];
  /** How many steps it had then. */
  readonly steps: number;
}

/** A figure with its 95 % interval; `null` where it cannot be said. */
export interface Figure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Judge `b` laid over judge `a` on many traces, as the page shows it. */
export interface ComparisonModel {
  /** Names with protocol, for people. */
  readonly a: string;
  readonly b: string;
  readonly aKey: string;
  readonly bKey: string;
  readonly traces: number;
  readonly series: readonly {
    readonly series: Series;
    readonly steps: number;
    readonly kappa: Figure;
    readonly meanAbsoluteDifference: Figure;
    readonly bias: Figure;
  }[];
  readonly sameShape: Figure;
  readonly shapedTraces: number;
  /** Largest first; no more than a person goes through. */
  readonly differences: readonly DifferentStep[];
  /** How many there are in all. */
  readonly differing: number;
}

export interface DifferentStep {
  readonly uri: string;
  readonly doc: string;
  readonly step: number;
  readonly series: Series;
  readonly a: Score;
  readonly b: Score;
}
