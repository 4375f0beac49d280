import type { MeanColumns, MeanCurvesModel, MeanPoint } from '../../src/curve/meanCurvesModel';
import type { Series } from '../../src/curve/series';
import { signedNumber } from './meanPlan';

/** A place in words: `45 %`, `+2`. */
export function placeInWords({ choice: { alignment } }: MeanCurvesModel, place: number): string {
  return alignment.kind === 'position' ? `${String(Math.round(place * 1000) / 10)} %` : signedNumber(place);
}

export function alignmentInWords({ choice: { alignment } }: MeanCurvesModel): string {
  if (alignment.kind === 'position') return `by position, ${String(alignment.bins)} bins`;
  const window = `${signedNumber(alignment.from)} to ${signedNumber(alignment.to)}`;
  return alignment.kind === 'extreme' ? `at the worst score, ${window} steps` : `at the injected step, ${window} steps`;
}

/** `2.31 (1.90 to 2.70), n = 12`; without an interval where n is below 2. */
export function pointInWords({ n, mean, low, high }: MeanPoint): string {
  if (mean === null) return `–, n = ${String(n)}`;
  return `${number(mean)}${low === null || high === null ? '' : ` (${number(low)} to ${number(high)})`}, n = ${String(n)}`;
}

export function pointAt({ count, mean, low, high }: MeanColumns, place: number): MeanPoint {
  return { n: count[place] ?? 0, mean: mean[place] ?? null, low: low[place] ?? null, high: high[place] ?? null };
}

/** Who judged, how the traces are laid over one another, and whether the curves are conditioned: what stands over them wherever they go. */
export function titleLines(model: MeanCurvesModel): string[] {
  const { judge } = model;
  const who = judge === null ? '' : `${judge.name}${judge.model === null ? '' : ` · ${judge.model}`} · rubric ${judge.rubric}`;
  return [
    `${model.title} · ${model.counted}`,
    who,
    `aligned ${alignmentInWords(model)}${model.choice.by === 'none' ? '' : ` · grouped by ${model.choice.by}`} · ${
      model.conditioned.length === 0 ? 'unconditioned' : `CONDITIONED: ${model.conditioned.join('; ')}`
    }`,
  ].filter((line) => line !== '');
}

/** One group in words, for its legend: how many traces, how many say nothing here, how they end. */
export function groupInWords({ groups }: MeanCurvesModel, index: number, series: readonly Series[]): string {
  const group = groups[index];
  if (group === undefined) return '';
  const parts = [`${String(group.traces)} ${group.traces === 1 ? 'trace' : 'traces'}`];
  for (const one of series) {
    const { n, leftOut } = group.series[one];
    if (leftOut > 0) parts.push(`${one}: n = ${String(n)}, ${String(leftOut)} say nothing here`);
  }
  if (group.truncated > 0) parts.push(`${String(group.truncated)} truncated`);
  if (group.traces < 2) parts.push('no band: n is below 2');
  return parts.join(' · ');
}

/** The page in one sentence, for who cannot see the drawing. */
export function modelInWords(model: MeanCurvesModel, series: readonly Series[]): string {
  const curves = model.groups.flatMap((group) =>
    series.map((one) => {
      const { mean } = group.series[one];
      const said = mean.filter((value) => value !== null);
      const range = said.length === 0 ? 'no scores' : `from ${number(said[0] ?? 0)} to ${number(said.at(-1) ?? 0)}, highest ${number(Math.max(...said))}, lowest ${number(Math.min(...said))}`;
      return `${group.name}, mean ${one} ${range}`;
    }),
  );
  return `${titleLines(model).join('. ')}. ${curves.join('. ')}.`;
}

export function number(value: number): string {
  return value.toFixed(2).replace('-', '−');
}
