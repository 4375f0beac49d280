import type { Alignment } from './alignment';
import type { Series } from './series';

/** What the traces of a mean curve are told apart by. */
export type GroupBy = 'none' | 'recipe' | 'shape' | 'intent' | 'source' | 'model' | 'file';

/** What a person chooses on the Mean Curves page, as far as it decides the numbers. */
export interface MeanChoice {
  /** `identityKey`; `null`: the judge with most traces. */
  readonly judge: string | null;
  readonly alignment: Alignment;
  readonly by: GroupBy;
}

/** A judge that may stand in a mean curve, with how many of the traces it scored. */
export interface MeanJudge {
  readonly key: string;
  /** With protocol and calibration. */
  readonly name: string;
  readonly model: string | null;
  readonly protocol: string;
  readonly rubric: string;
  readonly traces: number;
}

/** A mean with its 95 % interval over traces; the interval is `null` where fewer than two traces stand behind it. */
export interface MeanPoint {
  readonly n: number;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** One series of one group, in columns with one entry a place. */
export interface MeanColumns {
  /** Traces that say something at any place. */
  readonly n: number;
  /** Traces of the group that have no score of this series, or no such event. */
  readonly leftOut: number;
  /** Traces behind each mean. */
  readonly count: readonly number[];
  readonly mean: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** The answers of the group: outside the curve. */
  readonly answer: MeanPoint;
}

export type BySeries = Readonly<Record<Series, MeanColumns>>;

export interface MeanGroup {
  readonly name: string;
  /** Traces of the group that the judge scored. */
  readonly traces: number;
  /** Those of them that end without an answer. */
  readonly truncated: number;
  readonly series: BySeries;
}

/** Of a curated set: how many samples it has of each recipe, against the mix that it is to have. */
export interface MixModel {
  readonly parts: readonly {
    /** The recipe's, for people. */
    readonly name: string;
    readonly samples: number;
    /** Its share of the target, 0 … 1; 0 where the target does not name it. */
    readonly target: number;
  }[];
  /** `12 T-C : 3 H-C, target 800 : 200`, and what is missing. */
  readonly words: readonly string[];
}

/** What the Mean Curves page shows, as it travels to it. Holds no text of any trace. */
export interface MeanCurvesModel {
  /** What the traces are of: files, in words. */
  readonly title: string;
  readonly choice: MeanChoice;
  /** The judge whose scores these are; `null` where none may be shown, see `why`. */
  readonly judge: MeanJudge | null;
  readonly judges: readonly MeanJudge[];
  /** Why nothing is shown, and what to do. */
  readonly why: string | null;
  /** Traces that were asked for. */
  readonly asked: number;
  /** Those of them that stand behind the curves. */
  readonly scored: number;
  /** `n = 212 of 1,000 traces; 788 not scored by it`, in words. */
  readonly counted: string;
  /** The series to show, by the traces' intents; the page may show others. */
  readonly shown: readonly Series[];
  /** Middles of the bins (0 … 1), or distances from the event in steps. */
  readonly places: readonly number[];
  /** The largest first, except where groups have an order of their own. */
  readonly groups: readonly MeanGroup[];
  /** By what the set was chosen, or the traces were told apart or aligned, that depends on scores. Empty: unconditioned. */
  readonly conditioned: readonly string[];
  readonly notes: readonly string[];
  /** Of same-prompt pairs: second file less first, over the pairs that both files have at a place. */
  readonly difference: { readonly name: string; readonly series: BySeries } | null;
  /** Where the traces are the samples of a curated set. */
  readonly mix?: MixModel | undefined;
}
