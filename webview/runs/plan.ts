import { line } from 'd3-shape';
import type { Mark } from '../curves/chartPlan';
import { markerPath } from '../curves/markers';
import { groupClass, groupLetter, groupMarker } from '../means/groupStyles';
import type { RunLayout, RunLine, RunPanel } from './layout';
import { number } from './number';
import type { Point } from './smooth';
import { thinPoints } from './thinPoints';

/** Points closer together than this, in pixels, have no markers of their own. Ours. */
const MARKERS_FROM = 9;
/** Pixels between two letters at the lines' ends, and for a number of the axis. */
const LETTER_ROOM = 12;
const TICK_ROOM = 56;

/** Everything that is drawn of runs. */
export function runPlan(layout: RunLayout): Mark[] {
  const marks: Mark[] = [];
  for (const [index, panel] of layout.panels.entries()) {
    frame(marks, layout, panel, index === layout.panels.length - 1);
    expected(marks, layout, panel, index === 0);
    for (const one of panel.lines) curve(marks, layout, panel, one);
    if (layout.expected.length > 1) letters(marks, layout, panel);
  }
  return marks;
}

function frame(marks: Mark[], { left, right, x }: RunLayout, { series, title, top, bottom, y }: RunPanel, isLast: boolean): void {
  marks.push(text(`${series} title`, 'title', 4, top - 10, title));
  const ticks = y.ticks(bottom - top > 150 ? 5 : 3);
  marks.push(path(`${series} grid`, 'grid', ticks.map((tick) => `M${at(left)} ${at(y(tick))}H${at(right)}`).join('')));
  for (const tick of ticks) marks.push(text(`${series} tick ${String(tick)}`, 'tick', left - 8, y(tick) + 4, number(tick, 3), 'end'));
  marks.push(path(`${series} axis`, 'axis', `M${at(left)} ${at(bottom)}H${at(right)}`));
  const steps = x.ticks(Math.max(2, Math.floor((right - left) / TICK_ROOM))).filter(Number.isInteger);
  for (const step of steps) marks.push(text(`${series} x ${String(step)}`, 'tick', x(step), bottom + 14, step.toLocaleString('en-US'), 'middle'));
  if (isLast) marks.push(text('x title', 'axisTitle', (left + right) / 2, bottom + 30, 'step', 'middle'));
}

/** Where the runs are expected to end; runs that are expected to end at the same step share a line. */
function expected(marks: Mark[], { expected: all, x }: RunLayout, { series, top, bottom }: RunPanel, named: boolean): void {
  const ends = new Map<number, number[]>();
  for (const [run, step] of all.entries()) if (step !== null) ends.set(step, [...(ends.get(step) ?? []), run]);
  for (const [step, runs] of ends) {
    marks.push(path(`${series} expected ${String(step)}`, 'end', `M${at(x(step))} ${at(top)}V${at(bottom)}`));
    const whose = all.length > 1 ? ` (${runs.map(groupLetter).join(', ')})` : '';
    if (named) marks.push(text(`expected ${String(step)}`, 'axisTitle', x(step) - 4, top + 8, `${step.toLocaleString('en-US')} expected${whose}`, x(step) > 160 ? 'end' : 'start'));
  }
}

function curve(marks: Mark[], { x }: RunLayout, { series, y }: RunPanel, { run, points, drawn }: RunLine): void {
  const draw = line<Point>()
    .x(([step]) => tenth(x(step)))
    .y(([, value]) => tenth(y(value)));
  const shown = (all: readonly Point[]): string => draw([...thinPoints(all, (step) => Math.round(x(step)))]) ?? '';
  // The values as they were logged stay to be seen beneath the smoothed line.
  if (drawn !== points) marks.push(path(`${series} ${String(run)} raw`, `raw line ${groupClass(run)}`, shown(points)));
  marks.push(path(`${series} ${String(run)} line`, `line ${groupClass(run)}`, shown(drawn)));
  const [from, to] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
  const marked = drawn.length === 1 || (x(to) - x(from)) / (drawn.length - 1) >= MARKERS_FROM ? drawn : drawn.slice(-1);
  marks.push(path(`${series} ${String(run)} points`, `point ${groupMarker(run)} ${groupClass(run)}`, marked.map(([step, value]) => markerPath(groupMarker(run), x(step), y(value), 3)).join('')));
}

/** Letters at the ends of the lines, pushed apart where ends are close. */
function letters(marks: Mark[], { x }: RunLayout, { series, top, bottom, y, lines }: RunPanel): void {
  const ends = lines
    .map(({ run, drawn }) => {
      const [step, value] = drawn.at(-1) ?? [0, 0];
      // Above its own end: another run's line may go on there.
      return { run, x: x(step) + 7, y: y(value) - 4 };
    })
    .sort((a, b) => a.y - b.y);
  let lowest = top + 8;
  for (const end of ends) {
    end.y = Math.max(end.y, lowest);
    lowest = end.y + LETTER_ROOM;
  }
  // What was pushed out at the bottom goes up again.
  let highest = bottom;
  for (const end of ends.reverse()) {
    end.y = Math.min(end.y, highest);
    highest = end.y - LETTER_ROOM;
  }
  for (const end of ends) marks.push(text(`${series} ${String(end.run)} letter`, `name ${groupClass(end.run)}`, end.x, end.y, groupLetter(end.run)));
}

function path(key: string, style: string, d: string): Mark {
  return { kind: 'path', key, style, d, clip: false };
}

function text(key: string, style: string, x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end' = 'start'): Mark {
  return { kind: 'text', key, style, x: tenth(x), y: tenth(y), text: words, anchor };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function at(value: number): string {
  return String(tenth(value));
}
