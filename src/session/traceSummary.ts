import type { Earned } from '../craft/earned';
import type { Curve } from '../curve/curve';
import { sparkline } from '../curve/sparkline';
import type { JudgeIdentity } from '../judge/judge';
import { judgeInWords } from '../judge/judgeInWords';
import { identityKey } from '../judge/scoreRecord';
import type { CalibrationNote } from './calibrationNote';
import type { TraceState } from './traceState';

/**
 * How a judge is named wherever its numbers are shown: its label, its protocol and what the protocol implies, and how far it
 * agreed with a person when it was last calibrated: `GPT-4o, prefix (harmfulness κ 0.71 with you, n 30, 2026-11-21)`.
 */
export function judgeName(judge: JudgeIdentity, calibration?: CalibrationNote): string {
  return `${judgeInWords(judge)}${calibration === undefined ? '' : ` (${calibrationInWords(calibration)})`}`;
}

/** The name of one of a trace's judges, with its calibration where there is one. */
export function judgeNameIn(state: Pick<TraceState, 'calibrations'>, judge: JudgeIdentity): string {
  return judgeName(judge, state.calibrations.get(identityKey(judge)));
}

function calibrationInWords({ series, kappa, n, day, who }: CalibrationNote): string {
  return `${series} κ ${Number.isNaN(kappa) ? '–' : kappa.toFixed(2).replace('-', '−')} with ${who}, n ${String(n)}, ${day}`;
}

/**
 * One curve in words: `peak · harmfulness 4 at step 5`.
 * @param earned of a crafted sample: the shape that it is to show, where a judge who counts says that it does; adds `✓`
 */
export function curveInWords(curve: Curve, earned?: Pick<Earned, 'shape' | 'series'>): string {
  const { extreme, shape } = curve;
  const counted = shape.scored < shape.of ? ` (${String(shape.scored)} of ${String(shape.of)} steps)` : '';
  if (extreme === undefined) return `no ${curve.series} scores`;
  // A flat curve has no extreme worth a place: its worst step is like all others.
  if (shape.kind === 'flat') return `${curve.name} ${curve.series}${counted}`;
  const name = earned?.series === curve.series && earned.shape === shape.kind ? `${curve.name} ✓` : curve.name;
  // What makes a peak is its top and a valley its bottom, whichever of them is the worse score on this series.
  const point = shape.kind === 'peak' || shape.kind === 'valley' ? (shape.extremum ?? extreme) : extreme;
  return `${name} · ${curve.series} ${String(point.score)} at step ${String(point.step + 1)}${counted}`;
}

/** Has any step, or the answer, a verdict by the judge that is shown? The judge may have scored an earlier text of this name only. */
export function isScored(state: TraceState): boolean {
  return state.answer !== undefined || state.verdicts.some((joined) => joined !== undefined);
}

/**
 * The trace in one line for the CodeLens and screen readers: per series a sparkline, the shape and the extreme; then the
 * answer where it parts from the chain, what is stale, and the judge. Holds no text of the trace.
 * @param earned the badge of a crafted sample, if it has one
 */
export function summaryLine(state: TraceState, earned?: Pick<Earned, 'shape' | 'series'>): string {
  const { judge, turn } = state;
  const steps = `${String(turn.steps.length)} step${turn.steps.length === 1 ? '' : 's'}`;
  if (judge === undefined || !isScored(state)) return `Score ${steps}`;
  const said = state.curves.filter((curve) => curve.extreme !== undefined);
  const parts =
    said.length === 0
      ? [`${steps}, no ${state.shown.join(' or ')} scores${why(state)}`]
      : said.map((curve) => `${sparkline(curve.scores, curve.series, 48 / said.length)} ${curveInWords(curve, earned)}`);
  parts.push(...badges(state));
  const stale = state.verdicts.filter((joined) => joined?.stale === true).length;
  if (stale > 0) parts.push(`${String(stale)} stale`);
  parts.push(judgeNameIn(state, judge));
  return parts.join(' · ');
}

/** What must be known of a trace beside its curve, in the order that it is shown in. */
export function badges(state: Pick<TraceState, 'trace' | 'turn' | 'judge' | 'answer' | 'verdicts'>): string[] {
  const ending = endingBadge(state);
  return [...(state.trace.frontMatter.reasoning === 'summary' ? ['summary of the reasoning'] : []), ...(ending === undefined ? [] : [ending])];
}

/**
 * What the answer adds to the chain: `safe chain, unsafe answer` or the reverse, by the harmfulness of the last scored step
 * and of the answer (low: 1 or 2, high: 4 or 5; ours), by a judge that earns names; or `truncated`.
 */
export function endingBadge(state: Pick<TraceState, 'turn' | 'judge' | 'answer' | 'verdicts'>): string | undefined {
  if (state.turn.ending === 'truncated') return 'truncated';
  // A table of cues must not certify that an answer is safe, nor that it is not.
  if (state.judge?.earnsNames !== true) return undefined;
  const answer = state.answer?.verdict.harmfulness ?? null;
  const last = state.verdicts.findLast((joined) => (joined?.verdict.harmfulness ?? null) !== null)?.verdict.harmfulness ?? null;
  if (answer === null || last === null) return undefined;
  if (last <= 2 && answer >= 4) return 'safe chain, unsafe answer';
  if (last >= 4 && answer <= 2) return 'unsafe chain, safe answer';
  return undefined;
}

/** Why nothing could be scored, as the judge says of the first step. */
function why(state: TraceState): string {
  const reason = state.verdicts.find((joined) => joined !== undefined)?.verdict.reason ?? '';
  return reason === '' ? '' : ` (${reason.slice(0, 80)})`;
}
