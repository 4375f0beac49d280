import type { JsonValue } from '../../trace/rows/fieldRef';
import type { TrainerVersions } from '../logs/trainerVersions';

/**
 * How far a run is. `preparing`: nothing is submitted. `submitting`: it may be. `unknown`: the backend did not say whether it took the
 * run, and cannot be asked now. `not started`: it is certain that the backend has none of it. `stop requested`: asked for, and not true
 * yet. `lost`: the backend had it and has none of that name any more. `not started`, `succeeded`, `failed`, `stopped` and `lost` are ends.
 */
export type RunState = 'preparing' | 'submitting' | 'unknown' | 'pending' | 'running' | 'paused' | 'stop requested' | 'not started' | 'succeeded' | 'failed' | 'stopped' | 'lost';

export const RUN_STATES: readonly RunState[] = ['preparing', 'submitting', 'unknown', 'pending', 'running', 'paused', 'stop requested', 'not started', 'succeeded', 'failed', 'stopped', 'lost'];

const ENDS: ReadonlySet<RunState> = new Set(['not started', 'succeeded', 'failed', 'stopped', 'lost']);

/** Is there nothing more to be asked about it? */
export function hasEnded(state: RunState): boolean {
  return ENDS.has(state);
}

/** Is it not certain whether a backend has it? Then it is looked up by its name, and not yet followed. */
export function isUncertain(state: RunState): boolean {
  return state === 'preparing' || state === 'submitting' || state === 'unknown';
}

/** What a run was made of: with this it can be made again. It holds no secret. */
export interface RunPlan {
  /** Ours, and the backend's name for it where it lets us choose: letters, digits, `-` and `_`. */
  readonly id: string;
  /** What people call it. */
  readonly title: string;
  readonly backend: { readonly kind: string; readonly name: string; readonly url: string };
  /** `path` from the workspace folder; `sha256` of the set's bytes. */
  readonly set: { readonly path: string; readonly name: string; readonly sha256: string };
  /** The training file that was made of it. */
  readonly file: { readonly format: string; readonly rows: number; readonly sha256: string; readonly ablation: boolean; /** The set’s canary, which stands in the file. */ readonly canary?: string; /** Ids of the samples that depart from the dual-use rule; records from before have none. */ readonly ablations?: readonly string[]; /** Where the cluster reads it, where it does not travel in the package. */ readonly at?: string };
  /** The recipe's name and all its values. */
  readonly recipe: string;
  readonly values: JsonValue;
  /** What the arithmetic said before. */
  readonly expected: { readonly optimiserSteps?: number; /** Of one pass. */ readonly trainedTokens?: number };
  /** Of CoT Lens and the backend; the trainer’s become known once it begins. */
  readonly versions: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly created: string;
}

/** What became known of a run, in the order it did. */
export interface RunEvent {
  /** ISO 8601. */
  readonly at: string;
  readonly state?: RunState;
  /** The backend's name for it, where it is another than ours. */
  readonly job?: string;
  /** Why, in words. */
  readonly reason?: string;
  /** What to do about it, where that is known. */
  readonly hint?: string;
  /** Of the cluster's clock, ISO 8601. */
  readonly started?: string;
  readonly ended?: string;
  /** Where the trained model lies, or what the backend calls it. */
  readonly model?: string;
  /** The trainer’s, as its log says them; they stand beside those of the plan. */
  readonly versions?: TrainerVersions;
  /** Of a run that has ended: its log was read to the end, or cannot be had any more, and is not asked for again. */
  readonly logRead?: boolean;
}

/** A run as it is known now. */
export interface Run extends RunPlan {
  readonly state: RunState;
  readonly job: string | undefined;
  readonly reason: string | undefined;
  readonly hint?: string | undefined;
  readonly started: string | undefined;
  readonly ended: string | undefined;
  readonly model: string | undefined;
  readonly logRead?: boolean | undefined;
  /** When anything was last heard of it. */
  readonly heard: string;
}

/** A run from its plan and what became known since. An end that a backend told of stays: what is told later of another state does not bring it back. */
export function runOf(plan: RunPlan, events: readonly RunEvent[]): Run {
  let run: Run = { ...plan, state: 'preparing', job: undefined, reason: undefined, started: undefined, ended: undefined, model: undefined, heard: plan.created };
  for (const event of events) run = withEvent(run, event);
  return run;
}

/** A run once more is known of it. What was said of why it is in one state does not hold in the next, nor what is said of one that it does not come to. */
export function withEvent(run: Run, { at, state, job, reason, hint, started, ended, model, versions, logRead }: RunEvent): Run {
  const changes = state !== undefined && state !== run.state && mayFollow(run.state, state);
  const holds = changes || state === undefined || state === run.state;
  const { reason: oldReason, hint: oldHint, ...kept } = run;
  return {
    ...kept,
    heard: at,
    state: changes ? state : run.state,
    job: job ?? run.job,
    reason: (holds ? reason : undefined) ?? (changes ? undefined : oldReason),
    ...pick('hint', (holds ? hint : undefined) ?? (changes ? undefined : oldHint)),
    started: started ?? run.started,
    ended: ended ?? run.ended,
    model: model ?? run.model,
    versions: versions === undefined ? run.versions : { ...run.versions, ...versions },
    ...pick('logRead', logRead ?? run.logRead),
  };
}

/** What a backend can say of a run that it has. */
const SEEN: ReadonlySet<RunState> = new Set(['pending', 'running', 'paused', 'succeeded', 'failed', 'stopped']);

/** Is that state only what we took it for, as the backend had none of the run? It may be seen there after all. */
export function mayComeBack(state: RunState): boolean {
  return state === 'not started' || state === 'lost';
}

/** Is there something that its backend can be asked of it? What a fine-tuning API was certain not to have taken has no name there. */
export function isLookable({ state, backend }: Pick<RunPlan, 'backend'> & { readonly state: RunState }): boolean {
  if (state === 'preparing') return false;
  return !hasEnded(state) || state === 'lost' || (state === 'not started' && backend.kind === 'ray');
}

/** Can its backend be asked for its end? Not before it has the run, and not again by a person once it was asked: that is done by itself. */
export function isStoppable({ state }: { readonly state: RunState }): boolean {
  return !hasEnded(state) && !isUncertain(state) && state !== 'stop requested';
}

/**
 * Ends stay, but for what may be seen at the backend after all. What is to be stopped is so until it is. What the backend was seen to have
 * stays certain: a window that slept in its launch notes late what it did not hear. Nothing is prepared a second time.
 */
function mayFollow(before: RunState, state: RunState): boolean {
  if (state === 'preparing') return false;
  if (before === 'not started') return true;
  if (before === 'lost') return SEEN.has(state);
  if (before === 'stop requested') return hasEnded(state) && state !== 'not started';
  if (SEEN.has(before) && (isUncertain(state) || state === 'not started')) return false;
  return !hasEnded(before);
}

function pick<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<Key, Value>>);
}
