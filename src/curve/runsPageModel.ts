/** A run as the Runs page shows it; travels to it as it is. Holds no secret and no text of any trace. */
export interface RunOnPage {
  readonly id: string;
  readonly title: string;
  /** As `RunState` of `train`, which pages cannot import. */
  readonly state: 'preparing' | 'submitting' | 'unknown' | 'pending' | 'running' | 'paused' | 'stop requested' | 'not started' | 'succeeded' | 'failed' | 'stopped' | 'lost';
  readonly stateInWords: string;
  /** The recipe's label. */
  readonly recipe: string;
  /** The backend's name. */
  readonly backend: string;
  readonly set: string;
  /** The model that is trained, as the recipe names it; `null` where it names none. */
  readonly from: string | null;
  /** When it was launched, ISO 8601. */
  readonly created: string;
  /** Seconds that it has run, or ran; `null` before it began. */
  readonly elapsed: number | null;
  /** Seconds until its last update, by the time that the updates so far took; `null` where that cannot be said. */
  readonly remaining: number | null;
  /** The last update that numbers came of; `null`: none came yet. */
  readonly step: number | null;
  /** Updates that the arithmetic expects; `null` where the backend chooses the batch. */
  readonly expected: number | null;
  /**
   * `[step, value]`, by step, under the trainer's own names: `loss`, `rewards/safety/mean`. Long ones are thinned so that the lowest and
   * highest of each stretch are kept.
   */
  readonly series: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  /** The last of each number, the trainer's summary at its end included. */
  readonly last: Readonly<Record<string, number>>;
  /** Why it is as it is; of a run that goes on, what keeps it from being followed now. */
  readonly reason: string | null;
  /** What to do about it, where that is known. */
  readonly hint: string | null;
  /** Where the trained model lies, or what the backend calls it. */
  readonly model: string | null;
  /** Can its backend be asked about it? */
  readonly lookable: boolean;
  /** With which versions it was launched and, once its trainer has said so, trains; empty where none are known. */
  readonly versions: string;
}

/** A line of a comparison: a value for each run, in the order of the runs. */
export interface ComparedRow {
  readonly name: string;
  /** `null`: this run has no such value. */
  readonly values: readonly (string | null)[];
}

/** What the Runs page shows. */
export interface RunsPageModel {
  /** Those that were chosen, in that order. */
  readonly runs: readonly RunOnPage[];
  /** Of two runs or more. */
  readonly differences: readonly ComparedRow[];
}
