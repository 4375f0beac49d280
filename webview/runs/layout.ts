import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { smoothed, type Point } from './smooth';

/** One run's line in a panel. */
export interface RunLine {
  /** The run's place on the page. */
  readonly run: number;
  /** As they were logged, by rising step. */
  readonly points: readonly Point[];
  /** The same, smoothed; the very same where it is not. */
  readonly drawn: readonly Point[];
}

/** One series, of all runs that have it. */
export interface RunPanel {
  readonly series: string;
  readonly title: string;
  readonly lines: readonly RunLine[];
  /** The plot's edges. */
  readonly top: number;
  readonly bottom: number;
  readonly y: ScaleLinear<number, number>;
}

export interface RunLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly panels: readonly RunPanel[];
  /** Step to x, the same in all panels. */
  readonly x: ScaleLinear<number, number>;
  /** How many steps each run is expected to have; `null`: not known. */
  readonly expected: readonly (number | null)[];
}

/** What the chart draws of a run. */
export interface ChartedRun {
  readonly expected: number | null;
  readonly series: Readonly<Record<string, readonly Point[]>>;
}

/** What a trainer sets and does not measure: an average of it would show what never was. */
const EXACT: ReadonlySet<string> = new Set(['learning_rate', 'epoch']);

const LEFT = 56;
const RIGHT = 20;
const TITLE = 28;
const PLOT = 190;
const SMALL_PLOT = 110;
const AXIS = 22;
const AXIS_TITLE = 16;
/** Room for the letters at the lines' ends. */
const LETTERS = 18;
const INSET = 8;

/**
 * Where everything stands on a page of this width.
 * @param shown names of series, from top to bottom
 * @param titleOf what a panel is called
 * @param weight of smoothing, see `smoothed`
 */
export function runLayout(runs: readonly ChartedRun[], shown: readonly string[], titleOf: (series: string) => string, weight: number, width: number): RunLayout {
  const right = Math.max(LEFT + 60, width - RIGHT - (runs.length > 1 ? LETTERS : 0));
  let top = 0;
  const panels = shown.map((series, index): RunPanel => {
    const lines = runs.flatMap((run, at): RunLine[] => {
      const points = own(run.series, series);
      return points.length === 0 ? [] : [{ run: at, points, drawn: EXACT.has(series) ? points : smoothed(points, weight) }];
    });
    const plotTop = top + TITLE;
    const bottom = plotTop + (index === 0 ? PLOT : SMALL_PLOT);
    top = bottom + AXIS;
    return { series, title: titleOf(series), lines, top: plotTop, bottom, y: scaleLinear(rangeOf(lines), [bottom - INSET, plotTop + INSET]).nice(4) };
  });
  const last = Math.max(1, ...panels.flatMap(({ lines }) => lines.map(({ points }) => points.at(-1)?.[0] ?? 0)), ...runs.map(({ expected }) => expected ?? 0));
  return { width, height: top + AXIS_TITLE, left: LEFT, right, panels, x: scaleLinear([0, last], [LEFT, right]), expected: runs.map(({ expected }) => expected) };
}

/** A series by its name, which is a trainer's own and may be any word. */
export function own(series: ChartedRun['series'], name: string): readonly Point[] {
  return Object.hasOwn(series, name) ? (series[name] ?? []) : [];
}

/** From the lowest to the highest value that was logged; of a single one, some room around it. */
function rangeOf(lines: readonly RunLine[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { points } of lines) {
    for (const [, value] of points) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return [0, 1];
  return low === high ? [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2] : [low, high];
}

/** The steps that have a value in any panel, rising, each once. */
export function stepsOf({ panels }: Pick<RunLayout, 'panels'>): readonly number[] {
  return [...new Set(panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([step]) => step))))].sort((a, b) => a - b);
}

/** The place in a rising list that is nearest to a number; -1 in an empty one. */
export function nearest(steps: readonly number[], to: number): number {
  let [low, high] = [0, steps.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? 0) < to) low = middle + 1;
    else high = middle;
  }
  return low > 0 && to - (steps[low - 1] ?? 0) <= (steps[low] ?? 0) - to ? low - 1 : Math.min(low, steps.length - 1);
}

/** What was logged at a step; `undefined` where nothing was. */
export function valueAt(points: readonly Point[], step: number): number | undefined {
  let [low, high] = [0, points.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [at, value] = points[middle] as Point;
    if (at === step) return value;
    if (at < step) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
