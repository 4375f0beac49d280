import { scaleLinear, type ScaleLinear } from 'd3-scale';
import type { Series } from '../../src/curve/series';

/** Where things stand, in pixels of the chart. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The plot's left and right edge; the endpoint and labels stand to the right of it. */
  readonly left: number;
  readonly right: number;
  /** Where the answer's marker stands; `undefined` where there is no answer. */
  readonly answerX: number | undefined;
  readonly panels: readonly PanelLayout[];
  /** Step (0-based, fractions in between) to x. */
  readonly x: ScaleLinear<number, number>;
  readonly first: number;
  readonly last: number;
}

/** One series in a panel of its own: two series on one scale would read as if more of both were the same. */
export interface PanelLayout {
  readonly series: Series;
  readonly top: number;
  readonly bottom: number;
  readonly y: (score: number) => number;
}

export interface LayoutInput {
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly series: readonly Series[];
  readonly hasAnswer: boolean;
  /** First and last step in view; `null`: all. */
  readonly zoom: readonly [number, number] | null;
  /** Room for the letters of several judges. */
  readonly letters: boolean;
}

/** Room for the scores, two of which are named. */
const LEFT = 46;
const TITLE = 28;
const AXIS = 37;
/** Between the plot's top and bottom edge and the scores 5 and 1: room for markers and turning points. */
const INSET = 14;

export function layoutOf({ width, height, steps, series, hasAnswer, zoom, letters }: LayoutInput): Layout {
  const right = Math.max(LEFT + 60, width - 14 - (letters ? 16 : 0) - (hasAnswer ? 44 : 0));
  const count = Math.max(1, series.length);
  const panel = (height - AXIS) / count;
  const [first, last] = zoom ?? [-0.5, Math.max(0.5, steps - 0.5)];
  return {
    width,
    height,
    left: LEFT,
    right,
    answerX: hasAnswer ? width - 14 - 14 : undefined,
    panels: series.map((one, i) => {
      const top = i * panel + TITLE;
      const bottom = (i + 1) * panel;
      const scale = (bottom - top - 2 * INSET) / 4;
      return { series: one, top, bottom, y: (score) => bottom - INSET - (score - 1) * scale };
    }),
    x: scaleLinear([first, last], [LEFT, right]),
    first,
    last,
  };
}

/** The step under a pixel, within the trace. */
export function stepAtX({ x }: Layout, pixel: number, steps: number): number {
  return Math.max(0, Math.min(steps - 1, Math.round(x.invert(pixel))));
}
