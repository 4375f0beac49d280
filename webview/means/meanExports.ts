import { csvFormat } from 'd3-dsv';
import type { MeanColumns, MeanCurvesModel, MeanPoint } from '../../src/curve/meanCurvesModel';
import type { Series } from '../../src/curve/series';
import { exportPng } from '../curves/exportPng';
import { themeColors } from '../curves/themes';
import { lookOf } from '../paintMarks';
import { svgFile } from '../svgFile';
import type { MeanChart } from './meanChart';
import { groupLetter } from './groupStyles';
import { groupInWords, pointAt, titleLines } from './words';

export type MeanFormat = 'svg' | 'png' | 'csv';

/** What is to be written to a file, of the charts as they are painted now. */
export async function exportMeans(
  format: MeanFormat,
  model: MeanCurvesModel,
  series: readonly Series[],
  chart: MeanChart,
): Promise<{ encoding: 'text' | 'base64'; data: string }> {
  if (format === 'csv') return { encoding: 'text', data: meansCsv(model) };
  const { painted } = chart;
  if (painted === undefined) throw new Error('There is no chart to save yet.');
  const svg = svgFile({
    ...{ width: painted.layout.width, height: painted.layout.height, marks: painted.marks, defs: '' },
    title: `Mean curves of ${model.title}`,
    lookOf: (mark) => lookOf(mark, chart.styleOf(mark.key)),
    legend: meansLegend(model, series, new Date().toISOString().slice(0, 10)),
    colors: themeColors(),
  });
  return format === 'svg' ? { encoding: 'text', data: svg } : { encoding: 'base64', data: await exportPng(svg) };
}

/** What has to be said of the charts wherever they go. */
export function meansLegend(model: MeanCurvesModel, series: readonly Series[], day: string): string[] {
  const groups = model.groups.map((group, i) => `    ${model.groups.length > 1 ? `${groupLetter(i)}: ` : ''}${group.name} · ${groupInWords(model, i, series)}`);
  return [...titleLines(model), ...groups, ...model.notes, `drawn ${day}`];
}

const COLUMNS = [
  ...['group', 'series', 'place', 'n', 'mean', 'low', 'high', 'traces'],
  ...['judge', 'judge_key', 'model', 'protocol', 'rubric', 'alignment', 'grouped_by', 'conditioned', 'set'],
];

/**
 * All means as a table: a row a group, series and place. `place` is the middle of the bin (0 … 1), the distance from the event in steps,
 * or `answer`; `low` and `high` bound the 95 % interval. The paired difference of two files is a group named so.
 */
export function meansCsv(model: MeanCurvesModel): string {
  const { judge, choice } = model;
  const how = {
    ...{ judge: judge?.name ?? '', judge_key: judge?.key ?? '', model: judge?.model ?? '', protocol: judge?.protocol ?? '', rubric: judge?.rubric ?? '' },
    alignment: choice.alignment.kind,
    grouped_by: choice.by,
    conditioned: model.conditioned.join('; '),
    set: model.title,
  };
  const point = (name: string, series: Series, place: number | string, { n, mean, low, high }: MeanPoint, traces: number): Record<string, string | number> => ({
    ...{ group: name, series, place, n, mean: mean ?? '', low: low ?? '', high: high ?? '', traces },
    ...how,
  });
  const rows = (name: string, series: Series, columns: MeanColumns, traces: number): Record<string, string | number>[] => [
    ...model.places.map((place, i) => point(name, series, place, pointAt(columns, i), traces)),
    point(name, series, 'answer', columns.answer, traces),
  ];
  const all = (['harmfulness', 'helpfulness'] as const).flatMap((series) => [
    ...model.groups.flatMap((group) => rows(group.name, series, group.series[series], group.traces)),
    ...(model.difference === null ? [] : rows(`difference: ${model.difference.name}`, series, model.difference.series[series], model.scored)),
  ]);
  return `${csvFormat(all, COLUMNS)}\n`;
}
