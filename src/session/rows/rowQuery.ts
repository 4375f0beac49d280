import type { Intent } from '../../trace/intent';

/** What the rows of a dataset are sorted by. `harmfulness`: the highest of a row's steps; `helpfulness`: the lowest. */
export type RowSort = 'file' | 'id' | 'steps' | 'harmfulness' | 'helpfulness';

/** What a row may be marked with; `parted`: the answer parts from the chain (safe chain, unsafe answer, or the reverse). */
export type RowMark = 'truncated' | 'summary' | 'variants' | 'problem' | 'parted';

/** Lowest and highest score that a row may have, both included, 1 … 5. */
export type ScoreRange = readonly [number, number];

/** Which rows of a dataset are shown, and in which order. A row of several traces fits where one of them does. */
export interface RowQuery {
  /** Stands in the id, the prompt, the reasoning or the answer, whatever the case of its letters; empty: all rows. */
  readonly text: string;
  /** Names of curves, as `curveName` gives them (`flat` with any level); empty: all, also rows without scores. */
  readonly shapes: readonly string[];
  /** Empty: all. */
  readonly intents: readonly Intent[];
  /** Of the steps' harmfulness the highest. */
  readonly harmfulness: ScoreRange | null;
  /** Of the steps' helpfulness the lowest. */
  readonly helpfulness: ScoreRange | null;
  /** The answer's harmfulness. */
  readonly answer: ScoreRange | null;
  readonly judged: 'any' | 'yes' | 'no';
  /** All of them must be there. */
  readonly marks: readonly RowMark[];
  /** Whose scores count (`identityKey`); `null`: of each row those of whoever scored most of it. */
  readonly judge: string | null;
  readonly sort: RowSort;
  readonly descending: boolean;
  /** So many rows at random of those that fit; the same seed gives the same ones. */
  readonly sample: { readonly n: number; readonly seed: number } | null;
}

export const ALL_ROWS: RowQuery = {
  text: '',
  shapes: [],
  intents: [],
  harmfulness: null,
  helpfulness: null,
  answer: null,
  judged: 'any',
  marks: [],
  judge: null,
  sort: 'file',
  descending: false,
  sample: null,
};

/** Can only rows with scores fit? */
export function wantsScores({ shapes, harmfulness, helpfulness, answer, judged, marks }: RowQuery): boolean {
  return shapes.length > 0 || harmfulness !== null || helpfulness !== null || answer !== null || judged === 'yes' || marks.includes('parted');
}

/** Does it ask for something that is known of a row as soon as it was read once (see `RowFacts`)? */
export function wantsFacts({ intents, marks }: RowQuery): boolean {
  return intents.length > 0 || marks.some((mark) => mark !== 'parted');
}

/** Does it depend on scores at all, so that it is to be asked anew when they change? */
export function dependsOnScores(query: RowQuery): boolean {
  return wantsScores(query) || query.judged === 'no' || query.sort === 'harmfulness' || query.sort === 'helpfulness';
}

/** All rows in file order? */
export function isWhole(query: RowQuery): boolean {
  const { text, judged, sort, descending, sample } = query;
  return text.trim() === '' && judged === 'any' && sort === 'file' && !descending && sample === null && !wantsScores(query) && !wantsFacts(query);
}
