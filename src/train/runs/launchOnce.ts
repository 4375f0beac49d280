import type { Backend, Pushed, Shipment } from '../backends/backend';
import type { RunEvent, RunPlan } from './run';
import { seenAsEvent } from './seenAsEvent';

/** What is kept of a run, so that it survives the window: written before this resolves. */
export interface RunNotes {
  note(id: string, event: Omit<RunEvent, 'at'>): Promise<void>;
}

/** How often a launch is looked up where the backend did not say whether it took it, and how long is waited between. Ours. */
const LOOKS = 4;
const WAIT = 1500;

/**
 * Starts a run, once. That it may be submitted is written down before it is; what is not known after it is looked up, and asked for again
 * only where the backend cannot start it twice. Whatever happens, the last thing noted is true: `pending`, `not started` or `unknown`.
 * @throws BackendFault where nothing was submitted (noted as `not started`); the signal's reason
 */
export async function launchOnce(
  plan: RunPlan,
  shipment: Shipment,
  backend: Backend,
  notes: RunNotes,
  tools: { readonly signal: AbortSignal; readonly progress: (share: number) => void; readonly wait: (ms: number, signal: AbortSignal) => Promise<void> },
): Promise<void> {
  let pushed: Pushed;
  try {
    pushed = await backend.push(plan, shipment, tools.signal, tools.progress);
    tools.signal.throwIfAborted();
  } catch (error) {
    await notes.note(plan.id, { state: 'not started', reason: inWords(error) });
    throw error;
  }
  await notes.note(plan.id, { state: 'submitting' });
  // From here on it is not cancelled any more: a request that is on its way cannot be taken back.
  const never = new AbortController().signal;
  let reason = '';
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) {
      await tools.wait(WAIT * look, never);
      const seen = await backend.see({ id: plan.id, job: undefined, created: plan.created, values: plan.values }, never);
      if (seen.kind === 'seen') return notes.note(plan.id, seenAsEvent(seen));
      if (seen.kind === 'unreachable') reason = seen.reason;
      if (seen.kind === 'unreachable' || !backend.launchesOnce) continue;
    }
    const outcome = await backend.launch(plan, shipment.job, pushed, never);
    if (outcome.kind === 'taken') return notes.note(plan.id, { state: 'pending', job: outcome.job });
    // A no now says nothing of the request before, which may have been taken.
    if (outcome.kind === 'refused' && look === 0) return notes.note(plan.id, { state: 'not started', reason: outcome.reason });
    ({ reason } = outcome);
  }
  await notes.note(plan.id, { state: 'unknown', reason });
}

function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
