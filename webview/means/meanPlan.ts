import { area, line } from 'd3-shape';
import type { MeanColumns, MeanCurvesModel } from '../../src/curve/meanCurvesModel';
import type { Mark } from '../curves/chartPlan';
import { markerPath } from '../curves/markers';
import { groupClass, groupLetter, groupMarker } from './groupStyles';
import { columnsOf, STRIP_LINE, type MeanLayout, type MeanPanel } from './layout';

/** Pixels between two names, and for one number of a strip. */
const NAME_ROOM = 12;
const DIGIT = 6.5;
const HALF_WHISKER = 4;

type Anchor = 'start' | 'middle' | 'end';

/** Everything that is drawn of mean curves. */
export function meanPlan(model: MeanCurvesModel, layout: MeanLayout): Mark[] {
  return layout.panels.flatMap((panel) => {
    const marks: Mark[] = [];
    frame(marks, panel);
    const drawn = columnsOf(model, panel);
    // Bands first: no line is to lie under another's band.
    for (const { group, columns } of drawn) band(marks, model, panel, group, columns);
    for (const { group, columns } of drawn) curve(marks, model, panel, group, columns);
    for (const [i, { group, columns }] of drawn.entries()) answer(marks, panel, group, columns, i, drawn.length);
    if (layout.labels > 0 && !panel.difference) names(marks, model, panel, drawn, layout.labels);
    axis(marks, model, panel);
    strip(marks, model, panel, drawn);
    return marks;
  });
}

function path(key: string, style: string, d: string): Mark {
  return { kind: 'path', key, style, d, clip: false };
}

function text(key: string, style: string, x: number, y: number, words: string, anchor: Anchor = 'start'): Mark {
  return { kind: 'text', key, style, x: tenth(x), y: tenth(y), text: words, anchor };
}

function frame(marks: Mark[], { key, title, named, left, right, top, y, ticks }: MeanPanel): void {
  const across = (score: number): string => `M${at(left)} ${at(y(score))}H${at(right)}`;
  marks.push(path(`${key} grid`, 'grid', ticks.map(across).join('')));
  const signed = ticks.some((tick) => tick < 0);
  if (signed) marks.push(path(`${key} zero`, 'threshold', across(0)));
  for (const tick of ticks) marks.push(text(`${key} tick ${String(tick)}`, 'tick', left - 8, y(tick) + 4, signed ? signedNumber(tick) : String(tick), 'end'));
  const room = Math.max(12, Math.floor((right - left + 30) / DIGIT));
  marks.push(text(`${key} title`, 'title', left - 20, top - 12, titleIn(title, named, room)));
}

/** The runs of neighbouring places that have a mean: a gap stays a gap. */
function runs(columns: MeanColumns, has: (place: number) => boolean): number[][] {
  const found: number[][] = [];
  let run: number[] = [];
  for (let place = 0; place <= columns.mean.length; place++) {
    if (place < columns.mean.length && has(place)) run.push(place);
    else if (run.length > 0) {
      found.push(run);
      run = [];
    }
  }
  return found;
}

function band(marks: Mark[], { places }: MeanCurvesModel, { key, x, y }: MeanPanel, group: number, columns: MeanColumns): void {
  const draw = area<number>()
    .x((place) => tenth(x(places[place] ?? 0)))
    .y0((place) => tenth(y(columns.low[place] ?? 0)))
    .y1((place) => tenth(y(columns.high[place] ?? 0)));
  let d = '';
  for (const run of runs(columns, (place) => isNumber(columns.low[place]) && isNumber(columns.high[place]))) {
    const [only] = run;
    // A band of one place has no width: there it is a bar.
    if (run.length === 1 && only !== undefined) d += whisker(x(places[only] ?? 0), y(columns.low[only] ?? 0), y(columns.high[only] ?? 0));
    else d += draw(run) ?? '';
  }
  if (d !== '') marks.push(path(`${key} ${String(group)} band`, `band ${groupClass(group)}`, d));
}

function curve(marks: Mark[], { places }: MeanCurvesModel, { key, x, y }: MeanPanel, group: number, columns: MeanColumns): void {
  const draw = line<number>()
    .x((place) => tenth(x(places[place] ?? 0)))
    .y((place) => tenth(y(columns.mean[place] ?? 0)));
  const found = runs(columns, (place) => isNumber(columns.mean[place]));
  marks.push(path(`${key} ${String(group)} line`, `line ${groupClass(group)}`, found.map((run) => draw(run) ?? '').join('')));
  const points = found.flat().map((place) => markerPath(groupMarker(group), x(places[place] ?? 0), y(columns.mean[place] ?? 0), 3.2));
  marks.push(path(`${key} ${String(group)} points`, `point ${groupMarker(group)} ${groupClass(group)}`, points.join('')));
}

function answer(marks: Mark[], { key, answerX, y }: MeanPanel, group: number, { answer: { mean, low, high } }: MeanColumns, index: number, of: number): void {
  if (answerX === undefined || mean === null) return;
  // Side by side, so that equal means are seen as several.
  const x = answerX + (index - (of - 1) / 2) * Math.min(6, 26 / of);
  if (low !== null && high !== null) marks.push(path(`${key} ${String(group)} answer interval`, `interval ${groupClass(group)}`, whisker(x, y(low), y(high))));
  marks.push(path(`${key} ${String(group)} answer`, `point ${groupMarker(group)} ${groupClass(group)}`, markerPath(groupMarker(group), x, y(mean), 4)));
}

function whisker(x: number, low: number, high: number): string {
  const cap = (y: number): string => `M${at(x - HALF_WHISKER)} ${at(y)}h${at(2 * HALF_WHISKER)}`;
  return `M${at(x)} ${at(low)}V${at(high)}${cap(low)}${cap(high)}`;
}

/** Names at the ends of the lines, pushed apart where ends are close. */
function names(marks: Mark[], model: MeanCurvesModel, { key, right, top, bottom, y, answerX }: MeanPanel, drawn: ReturnType<typeof columnsOf>, most: number): void {
  const ends = drawn
    .flatMap(({ group, columns }) => {
      const last = columns.mean.findLast((mean) => mean !== null) ?? null;
      return last === null ? [] : [{ group, y: y(last) + 4 }];
    })
    .sort((a, b) => a.y - b.y);
  let lowest = top + 4;
  for (const end of ends) {
    end.y = Math.max(end.y, lowest);
    lowest = end.y + NAME_ROOM;
  }
  // What was pushed out at the bottom goes up again.
  let highest = bottom + 4;
  for (const end of ends.reverse()) {
    end.y = Math.min(end.y, highest);
    highest = end.y - NAME_ROOM;
  }
  const x = (answerX === undefined ? right : answerX + 18) + 8;
  for (const end of ends) {
    const words = `${groupLetter(end.group)} ${cut(model.groups[end.group]?.name ?? '', most)}`;
    marks.push(text(`${key} ${String(end.group)} name`, `name ${groupClass(end.group)}`, x, end.y, words));
  }
}

function axis(marks: Mark[], { places, choice: { alignment } }: MeanCurvesModel, { key, left, right, top, bottom, x, answerX }: MeanPanel): void {
  marks.push(path(`${key} axis`, 'axis', `M${at(left)} ${at(bottom)}H${at(right)}`));
  const y = bottom + 14;
  if (alignment.kind === 'position') {
    for (const share of [0, 0.25, 0.5, 0.75, 1]) marks.push(text(`${key} x ${String(share)}`, 'tick', x(share), y, `${String(share * 100)} %`, 'middle'));
  } else {
    const every = Math.max(1, Math.ceil((places.length * 22) / (right - left)));
    for (const place of places) if (place % every === 0) marks.push(text(`${key} x ${String(place)}`, 'tick', x(place), y, signedNumber(place), 'middle'));
    marks.push(path(`${key} event`, 'end', `M${at(x(0))} ${at(top)}V${at(bottom)}`));
  }
  const what = alignment.kind === 'position' ? 'share of the reasoning' : alignment.kind === 'extreme' ? 'steps from the worst score' : 'steps from the injected step';
  marks.push(text(`${key} x title`, 'axisTitle', (left + right) / 2, y + 14, what, 'middle'));
  if (answerX !== undefined) marks.push(text(`${key} x answer`, 'tick', answerX, y, 'answer', 'middle'));
}

/** How many traces stand behind each mean: a line a group, beneath the axis. Where there is no room for all, every second, third, … */
function strip(marks: Mark[], { places }: MeanCurvesModel, { key, left, right, bottom, x, answerX }: MeanPanel, drawn: ReturnType<typeof columnsOf>): void {
  const widest = Math.max(1, ...drawn.flatMap(({ columns }) => columns.count.map((n) => String(n).length)));
  const every = Math.max(1, Math.ceil((places.length * (widest * DIGIT + 6)) / (right - left)));
  for (const [i, { group, columns }] of drawn.entries()) {
    const y = bottom + 28 + (i + 1) * STRIP_LINE;
    const letter = drawn.length > 1 ? `${groupLetter(group)} ` : '';
    marks.push(text(`${key} ${String(group)} n`, 'count label', left - 8, y, `${letter}n`, 'end'));
    for (const [place, n] of columns.count.entries()) {
      if (place % every === 0) marks.push(text(`${key} ${String(group)} n ${String(place)}`, n < 2 ? 'count few' : 'count', x(places[place] ?? 0), y, String(n), 'middle'));
    }
    if (answerX !== undefined) marks.push(text(`${key} ${String(group)} n answer`, columns.answer.n < 2 ? 'count few' : 'count', answerX, y, String(columns.answer.n), 'middle'));
  }
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number';
}

/** `+2`, `−1.5`, `0`. */
export function signedNumber(value: number): string {
  return value > 0 ? `+${String(value)}` : String(value).replace('-', '−');
}

/** Shortens the name in a title, so that what else it says stays whole. */
function titleIn(title: string, named: string, most: number): string {
  const over = [...title].length - most;
  if (over <= 0 || named === '') return title;
  return title.replace(named, () => cut(named, Math.max(8, [...named].length - over)));
}

/** Shortened in the middle: names often begin alike and end differently. */
function cut(words: string, most: number): string {
  const characters = [...words];
  if (characters.length <= most) return words;
  const kept = Math.max(2, most - 1);
  return `${characters.slice(0, Math.ceil(kept / 2)).join('')}…${characters.slice(characters.length - Math.floor(kept / 2)).join('')}`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function at(value: number): string {
  return String(tenth(value));
}
