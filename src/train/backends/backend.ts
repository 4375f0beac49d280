import type { MetricLine } from '../logs/metricLines';
import type { Run, RunPlan, RunState } from '../runs/run';
import type { TrainingJob } from '../trainingRecipe';

/** What leaves the machine for a run. */
export interface Shipment {
  /** The training file; `undefined` where the cluster reads it from elsewhere (`plan.file.at`). */
  readonly rows: Uint8Array | undefined;
  readonly job: TrainingJob;
}

/** What a backend says of itself before anything is sent. */
export interface BackendCheck {
  /** `Ray 2.58.0` */
  readonly version: string;
  /** What speaks against a launch, in words. */
  readonly problems: readonly string[];
}

/** One request that a launch makes, as it is shown before. Keys are never in it. */
export interface PlannedRequest {
  /** `the package, 3 files` */
  readonly what: string;
  readonly method: string;
  readonly url: string;
  /** The body where it is text, else what it holds, in words. */
  readonly body: string;
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
      readonly state: Extract<RunState, 'pending' | 'running' | 'paused' | 'succeeded' | 'failed' | 'stopped'>;
      readonly reason: string | undefined;
      /** ISO 8601, by the backend's clock. */
      readonly started: string | undefined;
      readonly ended: string | undefined;
      /** What the backend calls the trained model, where it does. */
      readonly model: string | undefined;
    };

/** What a run left behind. */
export interface Artifact {
  readonly label: string;
  /** A path on the cluster's storage, or the backend's name of a model. */
  readonly where: string;
  /** The update it was made after. */
  readonly step?: number;
}

/** A run as backends know it. */
export type RunName = Pick<Run, 'id' | 'job' | 'created' | 'values'>;

/** Asked before each request: lets it be made, and counts it, or says that it is too soon for another. */
export interface MayAsk {
  take(): boolean;
}

/** Where training happens. One folder each in `train/backends/`. */
export interface Backend {
  readonly kind: 'ray' | 'openai';
  readonly name: string;
  /** With its path; what is shown as the destination. */
  readonly url: string;
  /**
   * Can a run that may have been started be asked for again without starting a second one? Ray takes no second job of one name; an API
   * that makes up names itself does.
   */
  readonly launchesOnce: boolean;
  /** Is it there, and may we? @param model where given, whether the backend knows it, as far as it tells @throws BackendFault in words */
  check(signal: AbortSignal, model?: string): Promise<BackendCheck>;
  /** All that a launch would send, in the order it would, with its destination; nothing is sent. */
  planned(plan: RunPlan, shipment: Shipment, signal: AbortSignal): Promise<readonly PlannedRequest[]>;
  /** Takes what a run needs there; may be done again, and then sends only what is not there yet. @throws BackendFault in words */
  push(plan: RunPlan, shipment: Shipment, signal: AbortSignal, progress: (share: number) => void): Promise<Pushed>;
  /** Never throws: an error is an outcome. */
  launch(plan: RunPlan, job: TrainingJob, pushed: Pushed, signal: AbortSignal): Promise<LaunchOutcome>;
  /**
   * Looks a run up, by its name or by what was said of it at the launch. Never throws but the signal's reason. Where `may` ends it early it
   * is `unreachable`, and goes on from there the next time.
   */
  see(run: RunName, signal: AbortSignal, may?: MayAsk): Promise<RunSeen>;
  /** The same of many, with as few requests as the backend lets us; those that were not asked about for lack of `may` are missing. */
  seeAll(runs: readonly RunName[], may: MayAsk, signal: AbortSignal): Promise<ReadonlyMap<string, RunSeen>>;
  /** Asks for its end; whether it came is told by `see`. @throws BackendFault in words */
  stop(run: RunName, signal: AbortSignal): Promise<void>;
  pause?(run: RunName, signal: AbortSignal): Promise<void>;
  resume?(run: RunName, signal: AbortSignal): Promise<void>;
  /**
   * The log beyond what was read, and the numbers that do not stand in it as text.
   * @param from `next` of the part before; 0 at the beginning
   * @param may where it says no, what is there so far comes back, with `more`
   * @throws BackendFault in words
   */
  log(run: RunName, from: number, signal: AbortSignal, may?: MayAsk): Promise<LogPart>;
  /** What the run left behind, as far as it is known. @throws BackendFault in words, also where `may` says no */
  artifacts(run: RunName, signal: AbortSignal, may?: MayAsk): Promise<readonly Artifact[]>;
}

/** What was pushed, as the backend names it: a package, a file. It is kept with the run. */
export interface Pushed {
  readonly uri: string;
  readonly bytes: number;
}

export interface LogPart {
  readonly text: string;
  /** To be given as `from` the next time. It never falls while a log goes on; what it counts is the backend's own. */
  readonly next: number;
  /** There is more that was not asked for, since it may not be yet: this is not the log's end. */
  readonly more?: boolean;
  /** The backend has nothing of the log any more, though it had: what was read before is all there is. */
  readonly gone?: boolean;
  /** Numbers that come otherwise than in the text. */
  readonly metrics?: readonly MetricLine[];
}

/** What a backend answered, or that it did not, in words for a researcher. */
export class BackendFault extends Error {
  /** @param kind `auth`: it does not know us; `unreachable`: no whole answer; `busy`: asked too often; `gone`: it has nothing of that name; `refused`: it said no; `too-large`: of what was pushed */
  constructor(
    readonly kind: 'auth' | 'unreachable' | 'busy' | 'gone' | 'refused' | 'too-large' | 'odd',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'BackendFault';
  }
}
