import type { MetricLine } from '../logs/metricLines';
import type { Run, RunPlan, RunState } from '../runs/run';
import type { TrainerJob } from '../trainingRecipe';

/** What leaves the machine for a run, and where it goes. */
export interface Shipment {
  readonly rows: Uint8Array;
  readonly job: TrainerJob;
}

/** What a backend says of itself before anything is sent. */
export interface BackendCheck {
  /** `Ray 2.58.0` */
  readonly version: string;
  /** Whether it takes what we would send; in words where not. */
  readonly problems: readonly string[];
}

/**
 * What became of asking a backend to start a run. `taken`: it has the run. `refused`: it certainly has not, in words. `unknown`: no answer
 * that says either; the run may have been started.
 */
export type LaunchOutcome =
  | { readonly kind: 'taken'; readonly job: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What a backend says of a run. `absent`: that it has none of that name. */
export type RunSeen =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | {
      readonly kind: 'seen';
      readonly job: string;
      readonly state: Extract<RunState, 'pending' | 'running' | 'succeeded' | 'failed' | 'stopped'>;
      readonly reason: string | undefined;
      readonly started: string | undefined;
      readonly ended: string | undefined;
      readonly model: string | undefined;
    };

/** Where training happens. One file or folder each in `train/backends/`. */
export interface Backend {
  readonly kind: string;
  readonly name: string;
  /** With its path; what is shown as the destination. */
  readonly url: string;
  /**
   * Can a run that may have been started be asked for again without starting a second one? Ray takes no second job of one name; an API
   * that makes up names itself does.
   */
  readonly launchesOnce: boolean;
  /** Is it there, and may we? @throws BackendFault in words */
  check(signal: AbortSignal): Promise<BackendCheck>;
  /** Takes what a run needs there; may be done again. @throws BackendFault in words */
  push(plan: RunPlan, shipment: Shipment, signal: AbortSignal, progress: (share: number) => void): Promise<Pushed>;
  launch(plan: RunPlan, job: TrainerJob, pushed: Pushed, signal: AbortSignal): Promise<LaunchOutcome>;
  /** Looks a run up, by its name or by what was said of it at the launch. Never throws but the signal's reason. */
  see(run: Pick<Run, 'id' | 'job' | 'created'>, signal: AbortSignal): Promise<RunSeen>;
  /** Asks for its end; whether it came is told by `see`. @throws BackendFault in words */
  stop(run: Pick<Run, 'id' | 'job'>, signal: AbortSignal): Promise<void>;
  /** The log beyond what was read, and the numbers in it. @param from how much of it was read before, as it was given back */
  log(run: Pick<Run, 'id' | 'job'>, from: number, signal: AbortSignal): Promise<LogPart>;
}

/** What was pushed, as the backend names it: a package, a file. It is kept with the run. */
export interface Pushed {
  readonly uri: string;
  readonly bytes: number;
}

export interface LogPart {
  readonly text: string;
  /** To be given as `from` the next time. */
  readonly next: number;
  /** Numbers that come otherwise than in the text. */
  readonly metrics?: readonly MetricLine[];
}

/** What a backend answered, or that it did not, in words for a researcher. */
export class BackendFault extends Error {
  /** @param kind `auth`: it does not know us; `unreachable`: no whole answer; `refused`: it said no; `too-large`: of what was pushed */
  constructor(
    readonly kind: 'auth' | 'unreachable' | 'refused' | 'too-large' | 'odd',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'BackendFault';
  }
}
