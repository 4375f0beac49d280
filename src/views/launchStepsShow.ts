import type * as vscode from 'vscode';
import { LateProgress } from '../host/lateProgress';
import { plainLabel } from '../host/plainLabel';
import { launchPreview } from '../session/training/launchPreview';
import type { PreflightCheck } from '../session/training/preflight';
import { preflightReport } from '../session/training/preflightReport';
import { rowsWayInWords } from '../session/training/rowsWay';
import type { PlannedRequest } from '../train/backends/backend';
import { askPick, BACK } from './askInSteps';
import { rowsWay } from './launchRowsPlace';
import { frame } from './launchStepsAsk';
import { known, type Asking } from './launchSteps';
import type { ReadyLaunch } from './launchStepsPreflight';

/** What a launch would send, made once: its package may be large. */
const PLANNED = new WeakMap<ReadyLaunch, readonly PlannedRequest[]>();

/** The row that sends. */
export function goRow({ doing, draft }: Asking, ready: ReadyLaunch): vscode.QuickPickItem & { readonly action: 'go' } {
  const what = doing === 'launch' ? 'Launch on' : (draft.at ?? ready.plan.file.at) === undefined ? 'Push to' : 'Push for';
  return { label: `$(rocket) ${what} ${plainLabel(known(draft.backend, 'backend').name)}…`, description: 'asks once more', action: 'go' };
}

/** Asks under a document, in a list so short that it can be read; `undefined` where the person leaves. */
export async function readBelow(asking: Asking, ready: ReadyLaunch | undefined): Promise<'go' | 'back' | undefined> {
  const rows: readonly (vscode.QuickPickItem & { readonly action?: 'go' })[] = [...(ready === undefined ? [] : [goRow(asking, ready)]), { label: '$(arrow-left) Back to What Was Looked At' }];
  const next = await askPick({ ...frame(asking), placeholder: 'Read it below. Nothing is sent before you say so', rows });
  if (next === undefined) return undefined;
  return next !== BACK && next.action === 'go' ? 'go' : 'back';
}

/** All that was looked at, whole: a list shows the beginning of each. @param at the place of the check that is to be seen first */
export async function showReport({ documents, doing, draft }: Asking, checks: readonly PreflightCheck[], at: number): Promise<void> {
  const [set, backend, recipe] = [known(draft.set, 'set'), known(draft.backend, 'backend'), known(draft.recipe, 'recipe')];
  const head = [`What was looked at before ${set.name} goes out: ${doing === 'launch' ? 'Launch Fine-Tune…' : 'Push Curated Set…'}`, `Backend: ${backend.name}, ${backend.url}`, `Recipe: ${recipe.label}`];
  const { text, lines } = preflightReport(head, checks);
  await documents.show(draft, `${set.name}.preflight.txt`, text, lines[at]);
}

/**
 * Shows all that would leave the machine.
 * @returns what is done with rows that go by a path, in words, said before anything is done; `undefined` where the person cancelled
 */
export async function showPreview(asking: Asking, ready: ReadyLaunch, checks: readonly PreflightCheck[]): Promise<{ readonly way: string | undefined } | undefined> {
  const { documents, doing, draft, memory } = asking;
  const { plan, exported } = ready;
  const run = new AbortController();
  const late = new LateProgress(`Making the preview of what would go to ${plainLabel(plan.backend.name)}`, run);
  try {
    const requests = await requestsOf(asking, ready, run.signal);
    const found = await rowsWay(memory, plan, exported);
    run.signal.throwIfAborted();
    const way = found === undefined ? undefined : rowsWayInWords(found);
    await documents.show(draft, `${plan.set.name} to ${plan.backend.name.replace(/[\\/]/g, '-')}.preview.txt`, launchPreview({ plan, requests, rows: exported.text, checks, way, doing }));
    return { way };
  } catch (error) {
    if (run.signal.aborted) return undefined;
    throw error;
  } finally {
    late.end();
  }
}

async function requestsOf({ doing }: Asking, ready: ReadyLaunch, signal: AbortSignal): Promise<readonly PlannedRequest[]> {
  // Rows that are pushed to a place go there and nowhere else.
  if (doing === 'push' && ready.plan.file.at !== undefined) return [];
  const requests = PLANNED.get(ready) ?? (await ready.backend.planned(ready.plan, ready.shipment, signal));
  PLANNED.set(ready, requests);
  // The last request starts the run.
  return doing === 'launch' ? requests : requests.slice(0, -1);
}
