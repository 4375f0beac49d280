import type { RunSeen } from '../../train/backends/backend';
import { failureReason } from '../../train/logs/failureReason';
import { BEGINNING, versionsIn } from '../../train/logs/trainerVersions';
import { hasEnded, mayComeBack, type Run, type RunEvent } from '../../train/runs/run';

/** What a backend says of a run beyond what is known of it; `undefined`: nothing. */
export function newsOf(run: Run, seen: Extract<RunSeen, { kind: 'seen' }>): Omit<RunEvent, 'at'> | undefined {
  const { state, job, reason, started, ended, model } = seen;
  // What is to be stopped goes on for a while: it is not stopped, and not as if nobody had asked.
  const waits = run.state === 'stop requested' && !hasEnded(state);
  const stays = hasEnded(run.state) && !mayComeBack(run.state);
  const why = state === 'failed' ? failureReason('', reason) : undefined;
  const news = {
    ...(waits || stays || state === run.state ? {} : { state }),
    ...(job === (run.job ?? run.id) ? {} : { job }),
    ...(started === undefined || started === run.started ? {} : { started }),
    ...(ended === undefined || ended === run.ended || !hasEnded(state) ? {} : { ended }),
    ...(model === undefined || model === run.model ? {} : { model }),
  };
  // What was put into words from the log is better than what is said here again.
  const said = 'state' in news ? { ...(why?.line === undefined ? (reason === undefined ? {} : { reason }) : { reason: why.line }), ...(why?.hint === undefined ? {} : { hint: why.hint }) } : {};
  return Object.keys(news).length === 0 ? undefined : { ...news, ...said };
}

/** Why a failed run failed, once its log is there to its end. */
export function reasonFromLog({ state, reason }: Pick<Run, 'state' | 'reason'>, log: string, message: string | undefined): Pick<RunEvent, 'reason' | 'hint'> {
  if (state !== 'failed') return {};
  const { line, hint } = failureReason(log, message ?? reason);
  return { ...(line === undefined ? {} : { reason: line }), ...(hint === undefined ? {} : { hint }) };
}

/**
 * The trainer’s versions, where a log says other ones than are noted; `undefined`: nothing new. Only a cluster’s trainer says them.
 * @param known the log’s beginning, as far as it was read before; empty where it begins anew
 * @param more what was read now
 */
export function versionsFromLog({ backend, versions }: Pick<Run, 'backend' | 'versions'>, known: string, more: string): Required<Pick<RunEvent, 'versions'>> | undefined {
  // They come before all that the trainer says: a log that is longer has said them, or says none.
  if (backend.kind !== 'ray' || known.length >= BEGINNING) return undefined;
  const found = versionsIn(known + more.slice(0, BEGINNING));
  return found === undefined || Object.entries(found).every(([name, version]) => versions[name] === version) ? undefined : { versions: found };
}
