import type { CurvesModel } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import type { ExportFormat } from '../messages';
import { lookOf } from '../paintMarks';
import type { Chart } from './chart';
import { exportCsv, type Texts } from './exportCsv';
import { exportPng } from './exportPng';
import { exportSvg } from './exportSvg';
import { themeColors } from './themes';

export interface Export {
  readonly encoding: 'text' | 'base64';
  readonly data: string;
}

/** What is to be written to a file, of the chart as it is painted now. */
export async function exportAs(
  format: ExportFormat,
  model: CurvesModel,
  series: readonly Series[],
  chart: Chart,
  texts: Texts | undefined,
): Promise<Export> {
  if (format === 'csv') return { encoding: 'text', data: exportCsv(model, texts) };
  const { painted } = chart;
  if (painted === undefined) throw new Error('There is no chart to save yet.');
  const svg = exportSvg({
    model,
    ...painted,
    series,
    colors: themeColors(),
    lookOf: (mark) => lookOf(mark, chart.styleOf(mark.key)),
    day: new Date().toISOString().slice(0, 10),
  });
  return format === 'svg' ? { encoding: 'text', data: svg } : { encoding: 'base64', data: await exportPng(svg) };
}
