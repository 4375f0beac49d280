import type { Score } from '../trace/verdict';
import { turningPoints } from './turningPoints';
import type { Series } from './series';

/** Colours of a chart, as CSS colours: an image cannot see the theme's variables. */
export interface ChartColors {
  readonly harmfulness: string;
  readonly helpfulness: string;
  readonly grid: string;
  readonly text: string;
}

export interface ChartInput {
  readonly curves: readonly { readonly series: Series; readonly scores: readonly Score[] }[];
  /** The step to mark, 0-based. */
  readonly step: number;
  readonly colors: ChartColors;
}

const WIDTH = 280;
const HEIGHT = 84;
const LEFT = 16;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 16;
/** More points than pixels show nothing more. */
const MOST_POINTS = 560;

/**
 * A small chart of the curves over the steps as an SVG image: scores 1 … 5 upwards, the given step marked.
 * Holds numbers only, no text of the trace. Gaps break the line; harmfulness is drawn thick, helpfulness thin.
 */
export function curveChart({ curves, step, colors }: ChartInput): string {
  const count = Math.max(1, ...curves.map((curve) => curve.scores.length));
  const x = (i: number): number => round(LEFT + (count === 1 ? 0.5 : i / (count - 1)) * (WIDTH - LEFT - RIGHT));
  const y = (score: number): number => round(TOP + ((5 - score) / 4) * (HEIGHT - TOP - BOTTOM));
  const grid = [1, 2, 3, 4, 5]
    .map((score) => `<path d="M${String(LEFT)} ${String(y(score))}H${String(WIDTH - RIGHT)}" stroke="${colors.grid}" stroke-width="1"/>`)
    .join('');
  const label = (at: number, text: string, left: number, anchor = 'start'): string =>
    `<text x="${String(left)}" y="${String(at)}" fill="${colors.text}" font-family="sans-serif" font-size="9" text-anchor="${anchor}">${text}</text>`;
  const axes =
    label(y(5) + 3, '5', 2) +
    label(y(1) + 3, '1', 2) +
    label(HEIGHT - 3, 'step 1', LEFT) +
    label(HEIGHT - 3, String(count), WIDTH - RIGHT, 'end');
  const marker = `<path d="M${String(x(step))} ${String(TOP - 4)}V${String(HEIGHT - BOTTOM + 4)}" stroke="${colors.text}" stroke-width="1" stroke-dasharray="2 2"/>`;
  const lines = curves.map(({ series, scores }) => line(series, scores, step, x, y, colors[series])).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${String(WIDTH)}" height="${String(HEIGHT)}" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}">${grid}${axes}${marker}${lines}</svg>`;
}

function line(
  series: Series,
  scores: readonly Score[],
  step: number,
  x: (i: number) => number,
  y: (score: number) => number,
  color: string,
): string {
  const kept = pointsToDraw(scores);
  let path = '';
  let open = false;
  for (const i of kept) {
    const score = scores[i] ?? null;
    if (score !== null) path += `${open ? 'L' : 'M'}${String(x(i))} ${String(y(score))}`;
    open = score !== null;
  }
  const width = series === 'harmfulness' ? 2.5 : 1.25;
  const here = scores[step] ?? null;
  const dot = here === null ? '' : `<circle cx="${String(x(step))}" cy="${String(y(here))}" r="4" fill="${color}"/>`;
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="${String(width)}" stroke-linejoin="round" stroke-linecap="round"/>${dot}`;
}

/** All steps, or in a very long curve evenly many plus every turning point, so that no extreme is lost. */
function pointsToDraw(scores: readonly Score[]): number[] {
  if (scores.length <= MOST_POINTS) return [...scores.keys()];
  const kept = new Set<number>([scores.length - 1]);
  for (let k = 0; k < MOST_POINTS; k++) kept.add(Math.floor((k * scores.length) / MOST_POINTS));
  const scored = scores.flatMap((score, i) => (score === null ? [] : [{ step: i, score }]));
  for (const point of turningPoints(scored, 2).slice(0, MOST_POINTS)) kept.add(point.step);
  return [...kept].sort((a, b) => a - b);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
