import { area, line } from 'd3-shape';
import type { CurvesModel, JudgeCurves, SpreadColumns } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import type { Score } from '../../src/trace/verdict';
import type { Layout, PanelLayout } from './layout';
import { judgeClass, judgeLetter, judgeMarker, judgeShift, markerPath } from './markers';
import { inRanges, runsOf, type Run } from './runs';
import { thin } from './thin';

/**
 * Everything that is drawn, as few elements, whatever the number of steps: the page paints them with d3, an export prints them.
 * `style` names how it looks (a class of `curves.css`); `key` stays with an element from one picture to the next.
 */
export type Mark =
  | { readonly kind: 'path'; readonly key: string; readonly style: string; readonly d: string; readonly clip: boolean }
  | {
      readonly kind: 'text';
      readonly key: string;
      readonly style: string;
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly anchor: 'start' | 'middle' | 'end';
    };

export interface PlanChoice {
  /** Draw the curve before the edit. */
  readonly before: boolean;
}

/** Steps closer together than this, in pixels, have no markers of their own. Ours. */
const MARKERS_FROM = 7;
/** More turning points than this in view are not labelled. Ours. */
const MOST_LABELS = 12;
/** Turning points closer together than this, in pixels, are no help: they show when the view is zoomed in. Ours. */
const TURN_ROOM = 8;

const TITLES: Readonly<Record<Series, string>> = {
  harmfulness: 'Harmfulness (5 is worst)',
  helpfulness: 'Helpfulness (5 is best)',
};

/** The chart of a model in a layout. Holds no text of the trace. */
export function chartPlan(model: CurvesModel, layout: Layout, choice: PlanChoice): Mark[] {
  const marks: Mark[] = [];
  for (const panel of layout.panels) {
    frame(marks, model, layout, panel);
    if (choice.before && model.before !== null) beforeEdit(marks, model.before[panel.series], layout, panel);
    const ends: { y: number; letter: string; style: string }[] = [];
    // The shown judge is drawn last, so that it lies on top.
    for (let index = model.judges.length - 1; index >= 0; index--) {
      const judge = model.judges[index];
      if (judge === undefined) continue;
      judgeMarks(marks, judge, index, layout, panel);
      const end = lastScore(judge[panel.series].scores, layout);
      if (end !== undefined) ends.push({ y: panel.y(end) + judgeShift(index), letter: judgeLetter(index), style: judgeClass(index) });
    }
    if (model.judges.length > 1) letters(marks, ends, layout, panel);
    const [shown] = model.judges;
    if (shown !== undefined) turns(marks, shown, layout, panel);
    answers(marks, model, layout, panel);
  }
  axis(marks, model, layout);
  return marks;
}

function path(key: string, style: string, d: string, clip = true): Mark {
  return { kind: 'path', key, style, d, clip };
}

function text(key: string, style: string, x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end' = 'start'): Mark {
  return { kind: 'text', key, style, x: tenth(x), y: tenth(y), text: words, anchor };
}

function frame(marks: Mark[], { thresholds }: CurvesModel, { left, right }: Layout, { series, top, y }: PanelLayout): void {
  const across = (score: number): string => `M${String(left)} ${String(tenth(y(score)))}H${String(right)}`;
  marks.push(path(`${series} grid`, 'grid', [1, 2, 3, 4, 5].map(across).join('')));
  marks.push(path(`${series} thresholds`, 'threshold', across(thresholds.low) + across(thresholds.high)));
  const named = new Map([[thresholds.low, 'low'], [thresholds.high, 'high']]);
  for (const score of new Set([1, 2, 3, 4, 5, ...named.keys()])) {
    const name = named.get(score);
    const words = name === undefined ? String(score) : `${name} ${String(score)}`;
    marks.push(text(`${series} ${String(score)}`, 'tick', left - 8, y(score) + 4, words, 'end'));
  }
  marks.push(text(`${series} title`, 'title', left, top - 8, TITLES[series]));
}

function judgeMarks(marks: Mark[], judge: JudgeCurves, index: number, layout: Layout, panel: PanelLayout): void {
  const { series } = panel;
  const { scores, spread } = judge[series];
  const style = `${judgeClass(index)} ${series}`;
  const shift = judgeShift(index);
  const { from, to, pixels } = view(layout);
  const kept = thin(scores, from, to, pixels);
  if (spread !== null) band(marks, spread, kept, `${series} ${judge.key}`, style, layout, panel, shift);
  const isStale = inRanges(judge.stale);
  const runs = runsOf(scores, kept, isStale);
  const draw = strokes(scores, layout, panel, shift);
  marks.push(path(`${series} ${judge.key} line`, `line ${style}`, draw(runs.fresh)));
  if (runs.stale.length > 0) marks.push(path(`${series} ${judge.key} stale`, `line stale ${style}`, draw(runs.stale)));
  if (pixels / Math.max(1, to - from) < MARKERS_FROM) return;
  let solid = '';
  let hollow = '';
  for (const step of kept) {
    const score = scores[step] ?? null;
    if (score === null) continue;
    const marker = markerPath(judgeMarker(index, series), layout.x(step), panel.y(score) + shift, index === 0 ? 3.6 : 3.2);
    if (isStale(step)) hollow += marker;
    else solid += marker;
  }
  marks.push(path(`${series} ${judge.key} points`, `point ${style}`, solid));
  if (hollow !== '') marks.push(path(`${series} ${judge.key} stale points`, `point stale ${style}`, hollow));
}

function strokes(scores: readonly Score[], { x }: Layout, { y }: PanelLayout, shift: number): (runs: readonly Run[]) => string {
  const stroke = line<number>((step) => x(step), (step) => y(scores[step] ?? 1) + shift).digits(1);
  return (runs) => runs.map((run) => stroke(run) ?? '').join('');
}

function beforeEdit(marks: Mark[], scores: readonly Score[], layout: Layout, panel: PanelLayout): void {
  const { from, to, pixels } = view(layout);
  const runs = runsOf(scores, thin(scores, from, to, pixels), () => false);
  marks.push(path(`${panel.series} before`, `before ${panel.series}`, strokes(scores, layout, panel, 0)(runs.fresh)));
}

/** Least to greatest sample, and their mean. */
function band(
  marks: Mark[],
  { low, high, mean }: SpreadColumns,
  kept: readonly number[],
  key: string,
  style: string,
  { x }: Layout,
  { y }: PanelLayout,
  shift: number,
): void {
  const has = (step: number): boolean => (low[step] ?? null) !== null;
  const between = area<number>(
    (step) => x(step),
    (step) => y(low[step] ?? 1) + shift,
    (step) => y(high[step] ?? 1) + shift,
  );
  marks.push(path(`${key} band`, `band ${style}`, between.defined(has).digits(1)(kept) ?? ''));
  const middle = line<number>((step) => x(step), (step) => y(mean[step] ?? 1) + shift);
  marks.push(path(`${key} mean`, `mean ${style}`, middle.defined(has).digits(1)(kept) ?? ''));
}

function turns(marks: Mark[], judge: JudgeCurves, { x, first, last, left, right }: Layout, { series, y }: PanelLayout): void {
  const inView = judge[series].turningPoints.filter(({ step }) => step >= first && step <= last);
  if (inView.length * TURN_ROOM > right - left) return;
  let d = '';
  for (const { step, score, kind } of inView) d += markerPath(kind === 'top' ? 'down' : 'up', x(step), y(score) + (kind === 'top' ? -9 : 9), 3.4);
  marks.push(path(`${series} turns`, 'turn', d, false));
  if (inView.length > MOST_LABELS) return;
  for (const { step, score, kind } of inView) {
    const at = kind === 'top' ? y(score) - 4 : y(score) + 12;
    marks.push(text(`${series} turn ${String(step)}`, 'turnLabel', x(step) + 7, at - (kind === 'top' ? 2 : 0), String(step + 1)));
  }
}

/** The endpoint: outside the curve, never joined to it. Harmfulness is a diamond, helpfulness a ring. */
function answers(marks: Mark[], { judges }: CurvesModel, { answerX, left: _left, right }: Layout, { series, top, bottom, y }: PanelLayout): void {
  if (answerX === undefined) return;
  marks.push(path(`${series} end`, 'end', `M${String(tenth((right + answerX) / 2 + 4))} ${String(tenth(top))}V${String(tenth(bottom))}`, false));
  const seen = new Map<number, number>();
  for (const [index, { key, answer }] of judges.entries()) {
    const score = answer?.[series] ?? null;
    if (answer === null || score === null) continue;
    // Equal answers of several judges stand beside each other.
    const beside = seen.get(score) ?? 0;
    seen.set(score, beside + 1);
    const shape = markerPath(series === 'harmfulness' ? 'diamond' : 'ring', answerX + (judges.length > 1 ? 5 : 0) - beside * 8, y(score), index === 0 ? 5 : 4);
    const stale = answer.stale ? ' stale' : '';
    marks.push(path(`${series} ${key} answer`, `answer ${series} score${String(score)} ${judgeClass(index)}${stale}`, shape, false));
  }
}

/** Letters at the curves' ends, pushed apart where they would cover each other. */
function letters(
  marks: Mark[],
  ends: { y: number; letter: string; style: string }[],
  { right }: Layout,
  { series, bottom }: PanelLayout,
): void {
  let free = -Infinity;
  const placed = ends
    .sort((a, b) => a.y - b.y)
    .map((end) => {
      const at = Math.max(end.y, free);
      free = at + 12;
      return { ...end, y: at };
    });
  const over = Math.max(0, free - 8 - bottom);
  for (const { y, letter, style } of placed) marks.push(text(`${series} letter ${letter}`, `letter ${style}`, right + 5, y + 4 - over, letter));
}

function axis(marks: Mark[], { steps }: CurvesModel, { x, left, right, height, first, last, answerX, panels }: Layout): void {
  const bottom = panels.at(-1)?.bottom ?? height;
  const wanted = Math.max(2, Math.floor((right - left) / 70));
  const all = (right - left) / Math.max(1, last - first) >= 26;
  const numbers = all ? Array.from({ length: steps }, (_, i) => i + 1) : x.ticks(wanted).filter((tick) => Number.isInteger(tick));
  // People count from 1; the round numbers are theirs.
  const shown = [...new Set([0, ...numbers.map((number) => Math.max(0, number - 1)), steps - 1])]
    .filter((step) => step >= Math.max(0, first) && step <= Math.min(steps - 1, last))
    .sort((a, b) => a - b);
  let d = `M${String(left)} ${String(tenth(bottom))}H${String(right)}`;
  let free = -Infinity;
  for (const step of shown) {
    const at = tenth(x(step));
    d += `M${String(at)} ${String(tenth(bottom))}v4`;
    const words = String(step + 1);
    // The last step's number matters most: a neighbour too close to it goes without.
    const crowded = at - free < 4 || (step !== steps - 1 && shown.includes(steps - 1) && x(steps - 1) - at < 12 + words.length * 7);
    if (crowded) continue;
    marks.push(text(`tick ${String(step)}`, 'tick', at, bottom + 19, words, 'middle'));
    free = at + words.length * 7;
  }
  marks.push(path('axis', 'axis', d, false));
  marks.push(text('axis title', 'axisTitle', (left + right) / 2, bottom + 34, `step (of ${String(steps)})`, 'middle'));
  if (answerX !== undefined) marks.push(text('answer title', 'axisTitle', answerX, bottom + 19, 'answer', 'middle'));
}

function lastScore(scores: readonly Score[], { last }: Layout): number | undefined {
  for (let i = Math.min(scores.length - 1, Math.floor(last)); i >= 0; i--) {
    const score = scores[i] ?? null;
    if (score !== null) return score;
  }
  return undefined;
}

function view({ first, last, left, right }: Layout): { from: number; to: number; pixels: number } {
  return { from: first, to: last, pixels: Math.max(1, Math.floor(right - left)) };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
