import type { Backend } from '../backends/backend';
import type { RunNotes } from './launchOnce';
import type { Run } from './run';
import { seenAsEvent } from './seenAsEvent';

/** How long after it was last heard of a run may still be on its way to the backend, in milliseconds. Ours. */
export const LAUNCH_GRACE = 120_000;

/**
 * Finds out what became of a run whose launch nobody follows to its end any more: the window was closed, or the backend did not say. It
 * asks and notes, and never submits anything. May be called again and again; what is not known stays as it is. Other states are left alone.
 * @param run that nobody launches now, in any window: what is found in `preparing` is taken to be given up
 * @param backend `undefined` where the settings have none any more: what was never submitted is settled all the same
 * @param tools `now` in milliseconds since 1970, by the clock that `run.heard` was written by
 * @returns why the backend could not say, in words; `undefined`: it said, or was not asked
 * @throws the signal's reason; Error where it cannot be noted
 */
export async function recoverRun(run: Run, backend: Pick<Backend, 'see' | 'launchesOnce' | 'name'> | undefined, notes: RunNotes, tools: { readonly now: () => number; readonly signal: AbortSignal }): Promise<string | undefined> {
  if (run.state === 'preparing') {
    await notes.note(run.id, { state: 'not started', reason: 'Its launch was cut off before anything was submitted, by a window that was closed or a crash. Launch it again.' });
    return undefined;
  }
  if ((run.state !== 'submitting' && run.state !== 'unknown') || backend === undefined) return undefined;
  const seen = await backend.see(run, tools.signal);
  if (seen.kind === 'unreachable') return seen.reason;
  if (seen.kind === 'seen') await notes.note(run.id, seenAsEvent(seen));
  // What was sent just before a window was killed can arrive after this look.
  else if (backend.launchesOnce && tools.now() - Date.parse(run.heard) >= LAUNCH_GRACE) {
    await notes.note(run.id, { state: 'not started', reason: `${backend.name} has no run of this name: it was not started, or was removed there since. Look there, then launch it again.` });
  } else if (run.state !== 'unknown') {
    const reason = backend.launchesOnce
      ? `${backend.name} has no run of this name yet. It is looked up again in two minutes.`
      : `${backend.name} lists no such run, which does not prove that it was not started. Look there before you launch it again.`;
    await notes.note(run.id, { state: 'unknown', reason });
  }
  return undefined;
}
