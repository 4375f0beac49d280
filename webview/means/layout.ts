import type { MeanColumns, MeanCurvesModel } from '../../src/curve/meanCurvesModel';
import type { Series } from '../../src/curve/series';

/** One chart of the page: a series, of all groups or of one. */
export interface MeanPanel {
  readonly key: string;
  readonly title: string;
  /** The part of the title that may be shortened: a group's or a file's name. */
  readonly named: string;
  readonly series: Series;
  /** It shows the paired difference. */
  readonly difference: boolean;
  /** Groups drawn in it, by their place in the model. Of the difference: none. */
  readonly groups: readonly number[];
  /** The plot's edges. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Where the answer's marker stands; `undefined` where no answer is scored. */
  readonly answerX: number | undefined;
  readonly x: (place: number) => number;
  readonly y: (score: number) => number;
  /** Values at the grid's lines. */
  readonly ticks: readonly number[];
}

export interface MeanLayout {
  readonly width: number;
  readonly height: number;
  readonly panels: readonly MeanPanel[];
  /** Characters that a name at a line's end may have; 0: no names stand there. */
  readonly labels: number;
}

export interface MeanView {
  readonly series: readonly Series[];
  readonly layout: 'overlay' | 'multiples';
}

const LEFT = 44;
const TITLE = 30;
/** Ticks and the axis' title. */
const AXIS = 36;
/** One line of n per bin. */
export const STRIP_LINE = 14;
const PLOT = 170;
const SMALL_PLOT = 110;
const GAP = 18;
const ANSWER = 60;
/** Room for names beside the lines: as much as the longest takes, up to a share of the page; a character of them, and the gap before. */
const LABELS_SHARE = 0.28;
const LABEL_CHARACTER = 7.4;
const LABEL_GAP = 12;
const LETTER = 2;
const INSET = 8;
/** A small chart is no narrower than this. */
const NARROWEST = 250;
/** Names need this much room beside the lines. */
const LABELS_FROM = 480;

/** Where everything stands, for a page of this width. */
export function meanLayout(model: MeanCurvesModel, { series, layout }: MeanView, width: number): MeanLayout {
  const several = model.groups.length > 1;
  const longest = Math.max(...model.groups.map(({ name }) => [...name].length)) + LETTER;
  const room = layout === 'overlay' && several && width >= LABELS_FROM ? Math.min(LABEL_GAP + longest * LABEL_CHARACTER, LABELS_SHARE * width) : 0;
  const labels = Math.max(0, Math.floor((room - LABEL_GAP) / LABEL_CHARACTER) - LETTER);
  const boxes = boxesOf(model, series, layout);
  const columns = layout === 'multiples' && several ? Math.max(1, Math.min(4, Math.floor((width + GAP) / (NARROWEST + GAP)))) : 1;
  const box = (width - (columns - 1) * GAP) / columns;
  const plot = columns > 1 ? SMALL_PLOT : PLOT;
  const panels: MeanPanel[] = [];
  let top = 0;
  let inRow = 0;
  let rowHeight = 0;
  for (const one of boxes) {
    const height = TITLE + plot + AXIS + STRIP_LINE * Math.max(1, one.groups.length) + GAP;
    if (inRow === columns || (inRow > 0 && one.newRow)) {
      top += rowHeight;
      [inRow, rowHeight] = [0, 0];
    }
    panels.push(panelOf(model, one, { left: inRow * (box + GAP), top, width: box, plot }, room));
    inRow++;
    rowHeight = Math.max(rowHeight, height);
  }
  return { width, height: Math.ceil(top + rowHeight), panels, labels };
}

type Box = Pick<MeanPanel, 'key' | 'title' | 'named' | 'series' | 'difference' | 'groups'> & { readonly newRow: boolean };

const TITLES: Readonly<Record<Series, string>> = { harmfulness: 'Mean harmfulness (5 is worst)', helpfulness: 'Mean helpfulness (5 is best)' };

function boxesOf({ groups, difference }: MeanCurvesModel, series: readonly Series[], layout: MeanView['layout']): Box[] {
  const boxes: Box[] = [];
  for (const one of series) {
    if (layout === 'overlay' || groups.length < 2) {
      boxes.push({ key: one, title: TITLES[one], named: '', series: one, difference: false, groups: groups.map((_, i) => i), newRow: true });
    } else {
      for (const [i, { name }] of groups.entries()) {
        boxes.push({ key: `${one} ${String(i)}`, title: `${name}: ${one}`, named: name, series: one, difference: false, groups: [i], newRow: i === 0 });
      }
    }
    if (difference !== null) {
      boxes.push({ key: `${one} difference`, title: `Paired difference of ${one}: ${difference.name}`, named: difference.name, series: one, difference: true, groups: [], newRow: true });
    }
  }
  return boxes;
}

function panelOf(model: MeanCurvesModel, { key, title, named, series, difference, groups }: Box, at: { left: number; top: number; width: number; plot: number }, labels: number): MeanPanel {
  const shown = difference ? [model.difference?.series[series]] : groups.map((i) => model.groups[i]?.series[series]);
  const answered = shown.some((columns) => (columns?.answer.n ?? 0) > 0);
  const left = at.left + LEFT;
  const right = Math.max(left + 60, at.left + at.width - 12 - (answered ? ANSWER : 0) - labels);
  const [first, last] = edgesOf(model);
  const top = at.top + TITLE;
  const bottom = top + at.plot;
  const [least, most] = difference ? rangeOf(model, series) : [1, 5];
  return {
    ...{ key, title, named, series, difference, groups, left, right, top, bottom },
    answerX: answered ? right + ANSWER - 16 : undefined,
    x: (place) => left + ((place - first) / (last - first)) * (right - left),
    y: (score) => bottom - INSET - ((score - least) / (most - least)) * (bottom - top - 2 * INSET),
    ticks: difference ? [least, least / 2, 0, most / 2, most] : [1, 2, 3, 4, 5],
  };
}

/** The places at the plot's edges. */
function edgesOf({ choice: { alignment }, places }: MeanCurvesModel): [number, number] {
  if (alignment.kind === 'position') return [0, 1];
  return [(places[0] ?? 0) - 0.5, (places.at(-1) ?? 0) + 0.5];
}

/** A difference has a scale of its own, the same in both directions: half points, no less than one. */
function rangeOf({ difference }: MeanCurvesModel, series: Series): [number, number] {
  const columns = difference?.series[series];
  const values = columns === undefined ? [] : [...columns.mean, ...columns.low, ...columns.high, columns.answer.mean, columns.answer.low, columns.answer.high];
  const most = values.reduce<number>((found, value) => Math.max(found, Math.abs(value ?? 0)), 1);
  const edge = Math.ceil(most * 2) / 2;
  return [-edge, edge];
}

/** The columns that a panel draws, with the group's place (`-1`: the difference). */
export function columnsOf(model: MeanCurvesModel, { series, difference, groups }: MeanPanel): { readonly group: number; readonly columns: MeanColumns }[] {
  if (difference) return model.difference === null ? [] : [{ group: -1, columns: model.difference.series[series] }];
  return groups.flatMap((group) => {
    const columns = model.groups[group]?.series[series];
    return columns === undefined ? [] : [{ group, columns }];
  });
}
