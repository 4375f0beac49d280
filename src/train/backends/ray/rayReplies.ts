import type { RunSeen } from '../backend';
import { BackendFault } from '../backend';
import type { RayReply } from './rayRequest';

/** What Ray says of a job, as far as we read it. */
export interface RayJob {
  readonly submission_id: string;
  readonly status: string;
  readonly message: string | null;
  readonly error_type: string | null;
  readonly start_time: number | null;
  readonly end_time: number | null;
}

/** A reply that is JSON of this kind. @throws BackendFault in words */
export function rayJson(reply: RayReply, what: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(reply.text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, in the same words.
  }
  throw new BackendFault('odd', `The cluster answered ${what} with what is no JSON object (HTTP ${String(reply.status)}): ${beginning(reply.words())}. Is this address a Ray dashboard’s?`);
}

/** A job out of a reply; `undefined` where it is none. */
export function rayJob(value: unknown): RayJob | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { submission_id: id, status, message, error_type: type, start_time: start, end_time: end } = value as Record<string, unknown>;
  if (typeof id !== 'string' || typeof status !== 'string') return undefined;
  return {
    submission_id: id,
    status,
    message: typeof message === 'string' ? message : null,
    error_type: typeof type === 'string' ? type : null,
    start_time: typeof start === 'number' && start > 0 ? start : null,
    end_time: typeof end === 'number' && end > 0 ? end : null,
  };
}

const STATES: ReadonlyMap<string, Extract<RunSeen, { kind: 'seen' }>['state']> = new Map([['PENDING', 'pending'], ['RUNNING', 'running'], ['SUCCEEDED', 'succeeded'], ['FAILED', 'failed'], ['STOPPED', 'stopped']]);

/** A job as a run is seen. A status that Ray did not have when this was written is a run that goes on. @param words takes out what nobody may see */
export function seenOf({ submission_id: job, status, message, error_type: type, start_time: start, end_time: end }: RayJob, words: (text: string) => string): Extract<RunSeen, { kind: 'seen' }> {
  const state = STATES.get(status.toUpperCase()) ?? 'running';
  const why = words([type, message].filter((part) => part !== null).join(': '));
  return { kind: 'seen', job, state, reason: state === 'failed' ? why || undefined : undefined, started: iso(start), ended: iso(end), model: undefined };
}

/** A reply that is no success, in words. @param isGone that it has nothing of that name */
export function faultOf({ status, words, location }: RayReply, what: string, isGone = false): BackendFault {
  const text = words();
  if (status === 401 || status === 403) {
    return new BackendFault('auth', `The cluster did not let us in (HTTP ${String(status)}: ${beginning(text)}). Set its token with “Set Backend Key…”.`);
  }
  if (status === 405 && /browser traffic/i.test(text)) {
    return new BackendFault('refused', `The cluster takes us for a browser and refuses to ${what}. A proxy between may add headers such as Origin or Referer: connect to the dashboard directly.`);
  }
  if (status >= 300 && status < 400) {
    return new BackendFault('refused', `Asked to ${what}, this address sends us elsewhere (HTTP ${String(status)}${location === undefined ? '' : ` to ${originOf(location)}`}), and is not followed: the token is for this address alone. Set the dashboard’s own address as the backend’s url.`);
  }
  if (status === 429) return new BackendFault('busy', `The cluster, or a proxy before it, could not ${what}: it was asked too often (HTTP 429). Try again in a minute.`);
  if (status === 413) return new BackendFault('too-large', 'The package is larger than the cluster takes (100 MB). Give the set by a path or an address that the cluster can read.');
  return new BackendFault(isGone ? 'gone' : status >= 500 ? 'odd' : 'refused', `The cluster could not ${what} (HTTP ${String(status)}): ${lastLine(text)}`);
}

/** Does it say that it has no such job? A proxy’s page for what is not there says nothing of a run. */
export function saysNoSuchJob({ status, text }: RayReply, id: string): boolean {
  return status === 404 && text.includes(`Job ${id} does not exist`);
}

/** Does it say that it has a job of this name? Other things of others exist already, too. */
export function saysJobExists({ status, text }: RayReply, id: string): boolean {
  return status >= 400 && text.includes(`submission_id ${id} already exists`);
}

/** The last line of Python’s tracebacks that holds words says what happened: where Ray quotes one of another process, a lone full stop follows. */
export function lastLine(text: string): string {
  return (text.split(/[\r\n]+/).findLast((line) => /[\p{L}\p{N}]/u.test(line)) ?? 'no reason was given').trim().slice(0, 500);
}

function beginning(text: string): string {
  const words = text.replace(/\s+/g, ' ').trim();
  return words === '' ? 'nothing' : words.slice(0, 200);
}

/** Without what may follow it: an address to log in at can hold a secret. */
function originOf(location: string): string {
  try {
    return new URL(location).origin;
  } catch {
    return 'another path';
  }
}

function iso(ms: number | null): string | undefined {
  return ms === null || !Number.isFinite(ms) || Math.abs(ms) > 8.64e15 ? undefined : new Date(ms).toISOString();
}
