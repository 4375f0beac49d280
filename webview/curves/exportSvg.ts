import type { CurvesModel, JudgeCurves } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import type { Mark } from './chartPlan';
import type { Layout } from './layout';
import { judgeLetter } from './markers';
import type { ThemeColors } from './themes';

/** How one mark looks, as SVG attributes. */
export type Look = Readonly<Record<string, string>>;

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

const LINE = 15;
const MARGIN = 12;
const INDENT = 14;

/**
 * The chart as a drawing that stands on its own: colours as the theme has them now, and beneath it who judged, how many steps,
 * by which rubric, and when. Holds no text of the trace.
 */
export function exportSvg({ model, layout, marks, series, colors, lookOf, day }: SvgInput): string {
  const legend = legendLines(model, series, day);
  const width = layout.width + 2 * MARGIN;
  const most = Math.max(20, Math.floor((width - 2 * MARGIN) / 5.6));
  const lines = legend.flatMap((line) => wrapped(line, most));
  const height = layout.height + lines.length * LINE + 3 * MARGIN;
  // A space at a line's start would be lost: lines that belong to the one above stand further in.
  const text = (words: string, i: number): string =>
    `<text x="${String(words.startsWith(' ') ? MARGIN + INDENT : MARGIN)}" y="${String(layout.height + 2 * MARGIN + (i + 1) * LINE - 4)}" font-size="11" fill="${escaped(colors.foreground)}">${escaped(words.trimStart())}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" font-family="${escaped(colors.fontFamily)}" font-size="12">`,
    `<title>${escaped(`Curves of ${model.doc}`)}</title>`,
    `<defs>${series.map((one) => gradient(one, layout, colors)).join('')}<clipPath id="plot"><rect x="${String(layout.left - 6)}" y="0" width="${String(layout.right - layout.left + 12)}" height="${String(layout.height)}"/></clipPath></defs>`,
    `<rect width="${String(width)}" height="${String(height)}" fill="${escaped(colors.background)}"/>`,
    `<g transform="translate(${String(MARGIN)} ${String(MARGIN)})">`,
    ...marks.map((mark) => drawn(mark, lookOf(mark))),
    '</g>',
    ...lines.map(text),
    '</svg>\n',
  ].join('\n');
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

function drawn(mark: Mark, look: Look): string {
  const attributes = Object.entries(look).map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
  if (mark.kind === 'path') {
    return mark.d === '' ? '' : `<path d="${mark.d}"${mark.clip ? ' clip-path="url(#plot)"' : ''}${attributes}/>`;
  }
  return `<text x="${String(mark.x)}" y="${String(mark.y)}" text-anchor="${mark.anchor}"${attributes}>${escaped(mark.text)}</text>`;
}

function gradient(series: Series, { panels }: Layout, { scores }: ThemeColors): string {
  const panel = panels.find((one) => one.series === series);
  if (panel === undefined) return '';
  const stops = scores[series].map((color, i) => `<stop offset="${String(i * 25)}%" stop-color="${escaped(color)}"/>`).join('');
  return `<linearGradient id="by-${series}" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${String(panel.y(1))}" y2="${String(panel.y(5))}">${stops}</linearGradient>`;
}

function wrapped(line: string, most: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > most) {
    const space = rest.lastIndexOf(' ', most);
    const at = space > most / 2 ? space : most;
    lines.push(rest.slice(0, at));
    rest = `    ${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest];
}

/** XML knows no control characters but tab and line ends, not even escaped. */
export function escaped(text: string): string {
  return text
    // eslint-disable-next-line no-control-regex -- exactly those that XML forbids
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
