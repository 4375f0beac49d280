import type { JsonValue } from '../../trace/rows/fieldRef';

/**
 * How far a run is. `preparing`: nothing is submitted. `submitting`: it may be. `unknown`: the backend did not say whether it took the
 * run, and cannot be asked now. `not started`: it is certain that the backend has none of it. `stop requested`: asked for, and not true
 * yet. `not started`, `succeeded`, `failed` and `stopped` are ends.
 */
export type RunState = 'preparing' | 'submitting' | 'unknown' | 'pending' | 'running' | 'paused' | 'stop requested' | 'not started' | 'succeeded' | 'failed' | 'stopped';

const ENDS: ReadonlySet<RunState> = new Set(['not started', 'succeeded', 'failed', 'stopped']);

/** Is there nothing more to be asked about it? */
export function hasEnded(state: RunState): boolean {
  return ENDS.has(state);
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
  readonly file: { readonly format: string; readonly rows: number; readonly sha256: string; readonly ablation: boolean; /** Where the cluster reads it, where it does not travel in the package. */ readonly at?: string };
  /** The recipe's name and all its values. */
  readonly recipe: string;
  readonly values: JsonValue;
  /** What the arithmetic said before. */
  readonly expected: { readonly optimiserSteps?: number; /** Of one pass. */ readonly trainedTokens?: number };
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
  /** Of the cluster's clock, ISO 8601. */
  readonly started?: string;
  readonly ended?: string;
  /** Where the trained model lies, or what the backend calls it. */
  readonly model?: string;
}

/** A run as it is known now. */
export interface Run extends RunPlan {
  readonly state: RunState;
  readonly job: string | undefined;
  readonly reason: string | undefined;
  readonly started: string | undefined;
  readonly ended: string | undefined;
  readonly model: string | undefined;
  /** When anything was last heard of it. */
  readonly heard: string;
}

/** A run from its plan and what became known since. An end stays: what is told later of another state does not bring it back. */
export function runOf(plan: RunPlan, events: readonly RunEvent[]): Run {
  let run: Run = { ...plan, state: 'preparing', job: undefined, reason: undefined, started: undefined, ended: undefined, model: undefined, heard: plan.created };
  for (const event of events) run = withEvent(run, event);
  return run;
}

export function withEvent(run: Run, { at, state, job, reason, started, ended, model }: RunEvent): Run {
  return {
    ...run,
    heard: at,
    state: state === undefined || (hasEnded(run.state) && !(run.state === 'not started' && state !== 'preparing')) ? run.state : state,
    job: job ?? run.job,
    reason: reason ?? run.reason,
    started: started ?? run.started,
    ended: ended ?? run.ended,
    model: model ?? run.model,
  };
}
