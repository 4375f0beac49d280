import { csvFormat } from 'd3-dsv';
import type { RunsPageModel } from '../../src/curve/runsPageModel';
import { themeColors } from '../curves/themes';
import { groupLetter } from '../means/groupStyles';
import { lookOf } from '../paintMarks';
import { svgFile } from '../svgFile';
import type { RunsChart } from './chart';
import { lastInWords, launchInWords, runLine } from './words';

/** The drawing as it is painted, with what has to be said of it beneath. @throws Error where nothing is drawn */
export function runsSvg(model: RunsPageModel, shown: readonly string[], smoothing: number, chart: RunsChart): string {
  const { painted } = chart;
  if (painted === undefined || painted.marks.length === 0) throw new Error('There is no chart to save yet.');
  return svgFile({
    ...{ width: painted.layout.width, height: painted.layout.height, marks: painted.marks, defs: '' },
    title: model.runs.map(({ title }) => title).join(' and '),
    lookOf: (mark) => lookOf(mark, chart.styleOf(mark.key)),
    legend: runsLegend(model, shown, smoothing, new Date().toISOString().slice(0, 10)),
    colors: themeColors(),
  });
}

/** What has to be said of the chart wherever it goes. */
export function runsLegend({ runs }: RunsPageModel, shown: readonly string[], smoothing: number, day: string): string[] {
  return [
    ...runs.flatMap((run, i) => [
      `${runs.length > 1 ? `${groupLetter(i)}: ` : ''}${run.title} · ${runLine(run)}`,
      `    ${[launchInWords(run), run.recipe, run.set, run.backend, lastInWords(run, shown)].filter((part) => part !== '').join(' · ')}`,
    ]),
    smoothing === 0 ? 'as it was logged, not smoothed' : `exponential moving average, weight ${String(smoothing)}; what was logged is drawn faintly`,
    `drawn ${day}`,
  ];
}

const COLUMNS = ['run', 'id', 'series', 'step', 'value', 'recipe', 'set', 'backend', 'state', 'model', 'launched'] as const;

/** All numbers that the page has (of long runs thinned ones), a row a run, series and step; never smoothed. */
export function runsCsv({ runs }: RunsPageModel): string {
  const rows = runs.flatMap(({ title, id, series, recipe, set, backend, state, from, created }) =>
    Object.entries(series).flatMap(([name, points]) => points.map(([step, value]) => ({ run: title, id, series: name, step, value, recipe, set, backend, state, model: from ?? '', launched: created }))),
  );
  return `${csvFormat(rows, [...COLUMNS])}\n`;
}
