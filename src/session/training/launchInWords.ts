import { countOf } from '../../trace/countOf';
import { plainLine } from '../../trace/plainLine';
import type { Pushed } from '../../train/backends/backend';
import type { Run, RunPlan } from '../../train/runs/run';

/** What is said in one piece, in characters; more is cut, and stands whole in the preview. Ours. */
const LONGEST = 600;

/** What a launch is asked for with. */
interface LaunchSaid {
  readonly trainedInAll: number | undefined;
  readonly way: string | undefined;
  readonly leavesOut: readonly string[];
  /** What it costs, in words, where somebody bills it. */
  readonly cost: string | undefined;
  /** What the person is to mind, though it keeps nothing back: what of another run would be lost. */
  readonly warnings?: readonly string[];
}

/** What a person is asked before anything leaves the machine. Values may come from somebody else’s recipe file: each stays in its own paragraph. */
export function launchQuestion(plan: RunPlan, { trainedInAll, way, leavesOut, cost, warnings = [] }: LaunchSaid): { readonly question: string; readonly detail: string } {
  const { backend, file, expected, values } = plan;
  const { model } = values as { readonly model?: unknown };
  const tokens = trainedInAll === undefined ? 'not counted' : trainedInAll.toLocaleString('en-US');
  const detail: (string | readonly string[])[] = [
    way === undefined
      ? `To ${backend.url}: ${countOf(file.rows, 'row')}${file.ablation ? ', as an ablation' : ''}, the recipe’s values and nothing else.`
      : `To ${backend.url}: the recipe’s values and nothing else. It is trained on ${countOf(file.rows, 'row')}${file.ablation ? ', as an ablation' : ''}, by a path.`,
    ...mind(warnings),
    ...(typeof model === 'string' ? [`Model: ${model}`] : []),
    `Updates: ${expected.optimiserSteps === undefined ? 'chosen by the backend' : expected.optimiserSteps.toLocaleString('en-US')}. Trained tokens, all passes together: ${tokens}.`,
    ...(way === undefined ? [] : [way]),
    ...(leavesOut.length === 0 ? [] : [['Left out of the recipe:', ...leavesOut]]),
    ...(cost === undefined ? [] : [cost]),
  ];
  return { question: `Launch ${plan.title} on ${backend.name}?`, detail: paragraphs(detail) };
}

/** The same before rows alone are pushed: to the backend, or to a place that it reads. */
export function pushQuestion({ backend, set, file }: RunPlan, way: string | undefined, warnings: readonly string[] = []): { readonly question: string; readonly detail: string } {
  const rows = `${countOf(file.rows, 'row')} (${file.format})${file.ablation ? ', as an ablation' : ''}`;
  const detail =
    way === undefined
      ? [`To ${backend.url}: ${rows}, and nothing else.`, 'Files are kept there until somebody deletes them; the provider may bill their storage.']
      : [`To ${file.at ?? ''}: ${rows}. Nothing is sent to ${backend.url}.`, ...mind(warnings), way];
  return { question: `Push ${set.name} ${way === undefined ? 'to' : 'for'} ${backend.name}?`, detail: paragraphs(detail) };
}

function mind(warnings: readonly string[]): readonly string[] {
  return warnings.map((warning) => `Mind: ${warning}`);
}

/** One below the other, each of one or more pieces. */
function paragraphs(of: readonly (string | readonly string[])[]): string {
  return of.map((one) => [one].flat().map((piece) => plainLine(piece, LONGEST)).join(' ')).join('\n\n');
}

/** What a set is called once it is pushed. */
export function pushedInWords({ set, backend, file }: RunPlan, { uri, bytes }: Pushed): string {
  return `${set.name} is pushed to ${backend.name}: ${countOf(file.rows, 'row')}, ${bytes.toLocaleString('en-US')} bytes, called ${uri} there.`;
}

/** Where a set lies once its rows are put where a cluster reads them. */
export function putInWords({ set, backend, file }: RunPlan): string {
  return `${set.name} is pushed for ${backend.name}: ${countOf(file.rows, 'row')} at ${file.at ?? ''}. “Launch Fine-Tune…” on ${backend.name} reads them there, as long as set and recipe give these rows.`;
}

/** What became of a launch, for the message at its end. */
export function launchedInWords({ title, backend, state, reason }: Pick<Run, 'title' | 'backend' | 'state' | 'reason'>): { readonly how: 'information' | 'warning' | 'error'; readonly said: string } {
  if (state === 'not started') return { how: 'error', said: `${title} was not started: ${reason ?? 'the backend gave no reason.'}` };
  if (state === 'failed') return { how: 'error', said: `${title} failed: ${reason ?? 'the backend gave no reason.'}` };
  if (state === 'unknown' || state === 'submitting' || state === 'preparing') {
    return { how: 'warning', said: `It is not known whether ${backend.name} took ${title}: ${reason ?? 'nobody answered.'} It is looked up when the backend answers again, and never launched a second time by itself.` };
  }
  return { how: 'information', said: `${title} is launched on ${backend.name}.` };
}
