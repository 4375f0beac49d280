import type { Score } from '../trace/verdict';
import type { LaneLines } from './laneLines';
import { ALL_SERIES, type Series } from './series';

/** What is to be drawn: the steps' places, the series shown with a score per step, the answer's marker, and what is stale. */
export interface LaneInput {
  readonly lines: LaneLines;
  readonly series: readonly { readonly series: Series; readonly scores: readonly Score[] }[];
  /** The runs of steps with stale verdicts, as half-open ranges of step indices. */
  readonly stale: readonly { readonly from: number; readonly to: number }[];
}

/**
 * A piece of the curve, as a small number: which series, the score it comes from and the score it goes to.
 * A vertical has both equal. The number is the key under which a decoration type is made once and kept.
 */
export type PieceKey = number;

export interface Piece {
  readonly series: Series;
  readonly from: number;
  readonly to: number;
}

const LEVELS = 6;

export function pieceKey(series: Series, from: number, to: number): PieceKey {
  return ALL_SERIES.indexOf(series) * LEVELS * LEVELS + from * LEVELS + to;
}

export function pieceOf(key: PieceKey): Piece {
  const within = key % (LEVELS * LEVELS);
  return {
    series: key < LEVELS * LEVELS ? 'harmfulness' : 'helpfulness',
    from: Math.floor(within / LEVELS),
    to: within % LEVELS,
  };
}

/** Line ranges, flat: first line, last line, first line, last line, … in document order. */
export type LineRanges = readonly number[];

/** The lane of one document: for each piece the lines it is drawn on. */
export interface LanePlan {
  readonly pieces: ReadonlyMap<PieceKey, LineRanges>;
  /** Lines drawn over with the stale mask. */
  readonly stale: LineRanges;
  /** First and last line of the lane, or none. */
  readonly frame: LineRanges;
}

/**
 * Plans the lane (DESIGN section 5): beside a step a vertical at its score, on one line between two steps
 * the bend (see `laneLines`), above it a vertical at the score before, below it at the next. A step without a score leaves
 * a gap: no vertical beside it, no bend to or from it. Takes one pass over the steps.
 */
export function planLane(input: LaneInput): LanePlan {
  const { steps } = input.lines;
  const pieces = new Map<PieceKey, number[]>();
  const first = steps[0];
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return { pieces, stale: [], frame: [] };
  for (const { series, scores } of input.series) planSeries(pieces, pieceKey(series, 0, 0), input.lines, scores);
  return {
    pieces,
    stale: input.stale.flatMap(({ from, to }) => [steps[from]?.firstLine ?? 0, steps[to - 1]?.lastLine ?? 0]),
    frame: [first.firstLine, last.lastLine],
  };
}

function planSeries(
  pieces: Map<PieceKey, number[]>,
  base: PieceKey,
  { steps, bends }: LaneLines,
  scores: readonly Score[],
): void {
  // One slot per piece, found by number rather than by hashing: this loop runs on every keystroke.
  const ranges = new Array<number[] | undefined>(LEVELS * LEVELS);
  let before = 0;
  for (const [i, step] of steps.entries()) {
    const score = scores[i] ?? 0;
    if (score > 0) {
      const vertical = (ranges[score * LEVELS + score] ??= []);
      if (before === 0) vertical.push(step.firstLine, step.lastLine);
      // Equal neighbours and the lines between them are one straight line, one range.
      else if (before === score) vertical[vertical.length - 1] = step.lastLine;
      else {
        const bend = bends[i - 1] ?? step.firstLine;
        (ranges[before * LEVELS + score] ??= []).push(bend, bend);
        const upper = ranges[before * LEVELS + before];
        if (upper !== undefined) upper[upper.length - 1] = bend - 1;
        if (bend < step.lastLine) vertical.push(bend + 1, step.lastLine);
        // The bend stands on the step's only line: its vertical is the empty range after it, dropped below.
        else vertical.push(bend + 1, bend);
      }
    }
    before = score;
  }
  for (const [piece, found] of ranges.entries()) {
    if (found === undefined) continue;
    const drawn = found.some((line, k) => k % 2 === 1 && line < (found[k - 1] ?? 0)) ? withoutEmpty(found) : found;
    if (drawn.length > 0) pieces.set(base + piece, drawn);
  }
}

function withoutEmpty(ranges: readonly number[]): number[] {
  const kept: number[] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const first = ranges[i] ?? 0;
    const last = ranges[i + 1] ?? 0;
    if (last >= first) kept.push(first, last);
  }
  return kept;
}
