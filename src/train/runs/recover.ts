import type { Backend } from '../backends/backend';
import type { RunNotes } from './launchOnce';
import type { Run } from './run';

/** How long after it was last heard of a run may still be on its way to the backend, in milliseconds. Ours. */
export const LAUNCH_GRACE = 120_000;

/**
 * Finds out what became of a run whose launch nobody follows to its end any more: the window was closed, or the backend did not say. It
 * asks and notes, and never submits anything. May be called again and again; what is not known stays as it is. Other states are left alone.
 * @param run that nobody launches now, in any window: what is found in `preparing` is taken to be given up
 * @param tools `now` in milliseconds since 1970, by the clock that `run.heard` was written by
 * @throws the signal's reason; Error where it cannot be noted
 */
export async function recoverRun(run: Run, backend: Pick<Backend, 'see' | 'launchesOnce' | 'name'>, notes: RunNotes, tools: { readonly now: () => number; readonly signal: AbortSignal }): Promise<void> {
  if (run.state === 'preparing') return notes.note(run.id, { state: 'not started', reason: 'Its launch was cut off before anything was submitted, by a window that was closed or a crash. Launch it again.' });
  if (run.state !== 'submitting' && run.state !== 'unknown') return;
  const seen = await backend.see(run, tools.signal);
  if (seen.kind === 'unreachable') return;
  if (seen.kind === 'seen') {
    const { state, job, reason, started, ended, model } = seen;
    return notes.note(run.id, { state, job, ...(reason === undefined ? {} : { reason }), ...(started === undefined ? {} : { started }), ...(ended === undefined ? {} : { ended }), ...(model === undefined ? {} : { model }) });
  }
  // What was sent just before a window was killed can arrive after this look.
  if (backend.launchesOnce && tools.now() - Date.parse(run.heard) >= LAUNCH_GRACE) {
    return notes.note(run.id, { state: 'not started', reason: `${backend.name} has no run of this name: it was not started. Launch it again.` });
  }
  if (run.state === 'unknown') return;
  const reason = backend.launchesOnce
    ? `${backend.name} has no run of this name yet. It is looked up again in two minutes.`
    : `${backend.name} lists no such run, which does not prove that it was not started. Look there before you launch it again.`;
  return notes.note(run.id, { state: 'unknown', reason });
}
