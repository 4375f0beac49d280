import { countOf } from '../../trace/countOf';
import type { Pushed } from '../../train/backends/backend';
import type { Run, RunPlan } from '../../train/runs/run';

/** What a person is asked before anything leaves the machine. @param more `cost`: what it costs, in words, where somebody bills it */
export function launchQuestion(plan: RunPlan, { trainedInAll, way, leavesOut, cost }: { readonly trainedInAll: number | undefined; readonly way: string | undefined; readonly leavesOut: readonly string[]; readonly cost: string | undefined }): { readonly question: string; readonly detail: string } {
  const { backend, file, expected, values } = plan;
  const { model } = values as { readonly model?: unknown };
  const tokens = trainedInAll === undefined ? 'not counted' : trainedInAll.toLocaleString('en-US');
  const detail = [
    way === undefined
      ? `To ${backend.url}: ${countOf(file.rows, 'row')}${file.ablation ? ', as an ablation' : ''}, the recipe’s values and nothing else.`
      : `To ${backend.url}: the recipe’s values and nothing else. It is trained on ${countOf(file.rows, 'row')}${file.ablation ? ', as an ablation' : ''}, by a path.`,
    ...(typeof model === 'string' ? [`Model: ${model}`] : []),
    `Updates: ${expected.optimiserSteps === undefined ? 'chosen by the backend' : expected.optimiserSteps.toLocaleString('en-US')}. Trained tokens, all passes together: ${tokens}.`,
    ...(way === undefined ? [] : [way]),
    ...(leavesOut.length === 0 ? [] : [`Left out of the recipe: ${leavesOut.join(' ')}`]),
    ...(cost === undefined ? [] : [cost]),
  ];
  return { question: `Launch ${plan.title} on ${backend.name}?`, detail: detail.join('\n\n') };
}

/** The same before rows alone are pushed: to the backend, or to a place that it reads. */
export function pushQuestion({ backend, set, file }: RunPlan, way: string | undefined): { readonly question: string; readonly detail: string } {
  const rows = `${countOf(file.rows, 'row')} (${file.format})${file.ablation ? ', as an ablation' : ''}`;
  const detail =
    way === undefined
      ? [`To ${backend.url}: ${rows}, and nothing else.`, 'Files are kept there until somebody deletes them; the provider may bill their storage.']
      : [`To ${file.at ?? ''}: ${rows}. Nothing is sent to ${backend.url}.`, way];
  return { question: `Push ${set.name} ${way === undefined ? 'to' : 'for'} ${backend.name}?`, detail: detail.join('\n\n') };
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
