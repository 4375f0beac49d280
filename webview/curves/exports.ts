import type { CurvesModel } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import type { ExportFormat } from '../messages';
import type { Chart } from './chart';
import type { Mark } from './chartPlan';
import { exportCsv, type Texts } from './exportCsv';
import { exportPng } from './exportPng';
import { exportSvg, type Look } from './exportSvg';
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
    lookOf: (mark) => lookOf(mark, chart),
    day: new Date().toISOString().slice(0, 10),
  });
  return format === 'svg' ? { encoding: 'text', data: svg } : { encoding: 'base64', data: await exportPng(svg) };
}

const OF_PATH = ['fill', 'fill-opacity', 'stroke', 'stroke-opacity', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity'];
const OF_TEXT = ['fill', 'font-size', 'font-weight', 'opacity'];

/** The computed style, as attributes: a file cannot see the theme's variables. */
function lookOf(mark: Mark, chart: Chart): Look {
  const style = chart.styleOf(mark.key);
  if (style === undefined) return {};
  const look: Record<string, string> = {};
  for (const name of mark.kind === 'path' ? OF_PATH : OF_TEXT) {
    const value = style.getPropertyValue(name);
    const gradient = /url\("?[^")]*#(by-[a-z]+)"?\)/.exec(value);
    if (value !== '') look[name] = gradient === null ? value : `url(#${gradient[1] ?? ''})`;
  }
  return look;
}
