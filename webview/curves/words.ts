import type { CurvesModel, Figure, JudgeCurves, Place } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import { inRanges } from './runs';

export function placeName(place: Place, steps: number): string {
  return place === 'answer' ? 'Answer' : `Step ${String(place + 1)} of ${String(steps)}`;
}

/** One judge's scores of a place: `harmfulness 4, helpfulness –`. */
export function scoresInWords(judge: JudgeCurves, place: Place, series: readonly Series[]): string {
  const said = series.map((one) => {
    const score = (place === 'answer' ? judge.answer?.[one] : judge[one].scores[place]) ?? null;
    const spread = place === 'answer' ? null : judge[one].spread;
    const n = place === 'answer' ? 0 : (spread?.n[place] ?? 0);
    const mean = place === 'answer' ? null : (spread?.mean[place] ?? null);
    const samples =
      mean === null || place === 'answer'
        ? ''
        : ` (mean ${mean.toFixed(2)} of ${String(n)} samples, ${String(spread?.low[place])} to ${String(spread?.high[place])})`;
    return `${one} ${score === null ? '–' : String(score)}${samples}`;
  });
  return said.join(', ');
}

export function isStaleAt(judge: JudgeCurves, place: Place): boolean {
  return place === 'answer' ? judge.answer?.stale === true : inRanges(judge.stale)(place);
}

/** Everything about a place in one sentence: what a screen reader says when it is reached. */
export function placeInWords(model: CurvesModel, place: Place, series: readonly Series[]): string {
  const judges = model.judges.map((judge) => {
    const stale = isStaleAt(judge, place) ? ', stale' : '';
    return `${scoresInWords(judge, place, series)}${stale}, by ${judge.name}`;
  });
  return `${placeName(place, model.steps)}: ${judges.length === 0 ? 'not scored' : judges.join('; ')}`;
}

/** The page's trace in one sentence, for who hears it change. */
export function modelInWords(model: CurvesModel, series: readonly Series[]): string {
  const [shown] = model.judges;
  if (shown === undefined) return `${model.doc}: ${String(model.steps)} ${model.steps === 1 ? 'step' : 'steps'}, not scored yet.`;
  const words = series.filter((one) => shown[one].n > 0).map((one) => shown[one].words);
  const stale = shown.stale.length > 0 ? ' Some scores are stale.' : '';
  return `${model.doc}: ${words.length === 0 ? 'no scores' : words.join('; ')}, by ${shown.name}.${stale}`;
}

/** `0.62 (0.41 to 0.80)`; an interval over traces needs two of them. */
export function figureInWords({ value, low, high }: Figure, digits = 2, percent = false): string {
  const said = (part: number): string => (percent ? `${(part * 100).toFixed(0)} %` : part.toFixed(digits).replace('-', '−'));
  if (value === null) return 'cannot be said';
  if (low === null || high === null) return `${said(value)} (interval needs 2 traces or more)`;
  return `${said(value)} (${said(low)} to ${said(high)})`;
}
