import type { CurvesModel, JudgeCurves } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import type { Mark } from './chartPlan';
import type { Layout } from './layout';
import { judgeLetter } from './markers';
import { escaped, svgFile, type Look } from '../svgFile';
import type { ThemeColors } from './themes';

export { escaped, type Look };

export interface SvgInput {
  readonly model: CurvesModel;
  readonly layout: Layout;
  readonly marks: readonly Mark[];
  readonly series: readonly Series[];
  readonly colors: ThemeColors;
  /** How a mark is really painted. */
  readonly lookOf: (mark: Mark) => Look;
  /** Day of the export, ISO 8601. */
  readonly day: string;
}

/**
 * The chart as a drawing that stands on its own: colours as the theme has them now, and beneath it who judged, how many steps,
 * by which rubric, and when. Holds no text of the trace.
 */
export function exportSvg({ model, layout, marks, series, colors, lookOf, day }: SvgInput): string {
  const { left, right, width, height } = layout;
  const clip = `<clipPath id="plot"><rect x="${String(left - 6)}" y="0" width="${String(right - left + 12)}" height="${String(height)}"/></clipPath>`;
  return svgFile({
    ...{ width, height, marks, lookOf, colors },
    title: `Curves of ${model.doc}`,
    defs: `${series.map((one) => gradient(one, layout, colors)).join('')}${clip}`,
    legend: legendLines(model, series, day),
  });
}

/** What has to be said of a chart wherever it goes. */
export function legendLines({ doc, steps, intent, judges, before, ending }: CurvesModel, series: readonly Series[], day: string): string[] {
  const lines = [`${doc} · ${String(steps)} steps · intent ${intent}${ending === null ? '' : ` · ${ending}`} · drawn ${day}`];
  for (const [i, judge] of judges.entries()) {
    const letter = judges.length > 1 ? `${judgeLetter(i)}: ` : '';
    lines.push(`${letter}${judge.name}${judge.model === null ? '' : ` · ${judge.model}`} · rubric ${judge.rubric} · ${counted(judge, series)}`);
    for (const one of series) if (judge[one].n > 0) lines.push(`    ${judge[one].words}`);
  }
  return [...lines, chartNotes({ judges, before }, series).join(' · ')];
}

/** How what is drawn is to be read, as far as it is drawn. */
export function chartNotes({ judges, before }: Pick<CurvesModel, 'judges' | 'before'>, series: readonly Series[]): string[] {
  const notes: string[] = [];
  if (judges.some(({ answer }) => answer !== null)) notes.push('diamond or ring: the answer, outside the curve');
  if (judges.some((judge) => series.some((one) => judge[one].turningPoints.length > 0))) notes.push('small triangle: turning point');
  if (judges.some(({ stale }) => stale.length > 0)) notes.push('dashed and hollow: given before an edit');
  if (before !== null) notes.push('faint: before the edit');
  if (judges.some((judge) => series.some((one) => judge[one].spread !== null))) notes.push('band: least to greatest sample, thin line their mean');
  if (judges.length > 1) notes.push('judges stand a little apart where their scores are equal');
  return notes;
}

/** On how many steps a judge's curve stands. */
export function counted(judge: JudgeCurves, series: readonly Series[]): string {
  const same = series.every((one) => judge[one].n === judge[series[0] ?? one].n);
  const parts = (same ? series.slice(0, 1) : series).map((one) => `n = ${String(judge[one].n)}${same ? '' : ` (${one})`}`);
  const samples = series.flatMap((one) => judge[one].spread?.n ?? []).filter((n) => n > 0);
  if (samples.length === 0) return parts.join(', ');
  const least = samples.reduce((a, b) => Math.min(a, b));
  const most = samples.reduce((a, b) => Math.max(a, b));
  return `${parts.join(', ')}, ${least === most ? String(most) : `${String(least)} to ${String(most)}`} samples a step`;
}

function gradient(series: Series, { panels }: Layout, { scores }: ThemeColors): string {
  const panel = panels.find((one) => one.series === series);
  if (panel === undefined) return '';
  const stops = scores[series].map((color, i) => `<stop offset="${String(i * 25)}%" stop-color="${escaped(color)}"/>`).join('');
  return `<linearGradient id="by-${series}" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${String(panel.y(1))}" y2="${String(panel.y(5))}">${stops}</linearGradient>`;
}
