import type { MeanChoice } from '../../curve/meanCurvesModel';
import { INTENTS } from '../../trace/intent';
import { countOf } from '../../trace/countOf';
import type { MeanSet } from './meanCurves';
import type { TraceGroup } from './meanGroups';
import type { MeanTrace } from './meanTrace';

/** `1,000` */
function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** `n = 212 of 1,000 traces; 788 not scored by it`. Where rows hold several traces: `n = 400 traces, of 212 of 1,000 rows; 788 not scored by it`. */
export function countedInWords({ asked, unit = 'trace', paired }: MeanSet, traces: readonly MeanTrace[]): string {
  const rows = unit === 'row' ? new Set(traces.map(({ file, row, uri }) => `${row === undefined ? uri : String(row)} ${file}`)).size : traces.length;
  const [n, of, noun, side] = paired === undefined ? [rows, asked, unit, ''] : [traces.length / 2, paired.pairs, 'same-prompt pair', ' on both sides'];
  const rest = of - n;
  const several = paired === undefined && rows < traces.length ? `${number(traces.length)} traces, of ` : '';
  return `n = ${several}${number(n)} of ${number(of)} ${noun}${of === 1 ? '' : 's'}${rest === 0 ? '' : `; ${number(rest)} not scored by it${side}`}`;
}

/** Why there is no judge to show, and what to do. */
export function whyNone({ traces, asked, unit = 'trace' }: MeanSet): string {
  if (asked === 0) return 'There is no trace in this set.';
  if (traces.length === 0 && unit === 'sample') return `None of these ${number(asked)} samples has scores with it. Open a sample, score it, and run “Take Over Scores” on it in the Curated Set view.`;
  if (traces.length === 0) return `None of these ${number(asked)} ${unit}s is scored, as its text is now. Choose a judge and score them.`;
  return (
    `Only the offline heuristic has scored these traces (${number(traces.length)} of ${number(asked)}). It is a table of cues for a first look, ` +
    'and has no place in a mean curve: averaged, its errors would look like findings. Choose a judge that is a language model, or score by hand.'
  );
}

/** What makes a mean depend on the scores that it is of. Empty: unconditioned. */
export function conditionsOf({ conditioned }: Pick<MeanSet, 'conditioned'>, { by, alignment }: MeanChoice): string[] {
  const conditions = conditioned.map((words) => `chosen by scores: ${words}`);
  if (by === 'shape') conditions.push('grouped by shape: the groups are made of the same scores that are averaged');
  if (alignment.kind === 'extreme') {
    conditions.push(
      'aligned at each trace’s extreme: the score at 0 was chosen for being extreme, and those beside it lie nearer the mean for that reason alone (regression to the mean)',
    );
  }
  return conditions;
}

/** What else must be known to read the curves. */
export function notesOf({ notes }: Pick<MeanSet, 'notes'>, traces: readonly MeanTrace[], { by, alignment }: MeanChoice, undrawn: readonly TraceGroup[]): string[] {
  const said = [
    'Band and bars: 95 % interval of the mean by bootstrap over traces (2,000 draws); none where n is below 2.',
    alignment.kind === 'position'
      ? 'Step i of n stands at (i − 0.5) / n. Each trace counts once in each bin: with the mean of its steps there, or its nearest step where it has fewer steps than bins.'
      : `0 is the ${alignment.kind === 'extreme' ? 'first step with the worst score' : 'first injected step'} of each trace. Traces begin and end at different distances from it, so n falls towards the ends, and other traces are left there.`,
    'The answer stands outside the curve, with its own mean and n.',
    ...notes,
  ];
  if (undrawn.length > 0) said.push(`Not drawn: ${countOf(undrawn.length, 'further group')} with ${number(undrawn.reduce((sum, group) => sum + group.traces.length, 0))} traces.`);
  if (by === 'shape') said.push('Shapes are those of harmfulness; on benign prompts, of helpfulness.');
  const intents = INTENTS.map((intent) => ({ intent, n: traces.filter((trace) => trace.intent === intent).length })).filter(({ n }) => n > 0);
  if (by !== 'intent' && intents.length > 1) said.push(`Intents are mixed: ${intents.map(({ intent, n }) => `${intent} ${number(n)}`).join(', ')}.`);
  const count = (fits: (trace: MeanTrace) => boolean): number => traces.filter(fits).length;
  const truncated = count(({ ending }) => ending === 'truncated');
  if (truncated > 0) said.push(`${countOf(truncated, 'trace')} ${truncated === 1 ? 'ends' : 'end'} without an answer (truncated).`);
  const summaries = count(({ summary }) => summary);
  if (summaries > 0) said.push(`Of ${countOf(summaries, 'trace')} the steps are a provider’s summary of its reasoning, not the reasoning.`);
  const lost = traces.reduce((sum, trace) => sum + trace.injectedLost, 0);
  if (alignment.kind === 'injected' && lost > 0) said.push(`${countOf(lost, 'mark')} of injected steps name steps that are no longer in their traces.`);
  const splitters = [...new Set(traces.map(({ splitter }) => splitter))].sort();
  if (splitters.length > 1) said.push(`Steps were split in different ways: ${splitters.join(', ')}.`);
  return said;
}
