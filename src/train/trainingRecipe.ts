import type * as z from 'zod';
import type { JsonObject } from '../trace/rows/fieldRef';

/** What a trainer on a cluster is given besides the rows: files at the root of the package, and how it is started. */
export interface TrainerJob {
  readonly kind: 'trainer';
  /** By name, all at the root: `sft.yaml`, `safety_rewards.py`. */
  readonly files: Readonly<Record<string, string>>;
  /** A stock trainer; we write no training loop. */
  readonly entrypoint: string;
  /** Set for the entry point. Never a secret: Ray shows these to anyone who asks. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the trained model is written, on storage that the cluster shares. */
  readonly outputDir: string;
  /** GPUs that the entry point asks the cluster for: exactly these it sees. They come before the backend’s setting; absent, that counts. */
  readonly gpus?: number;
  /** GPUs that the trainer takes from the cluster by itself, on all nodes together. */
  readonly gpusByItself?: number;
}

/** What a fine-tuning API is asked for, besides the file of rows. */
export interface FineTuningJob {
  readonly kind: 'fine-tuning';
  readonly model: string;
  /** All other fields of the request but `training_file` and `metadata`, as they are sent. */
  readonly body: JsonObject;
}

export type TrainingJob = TrainerJob | FineTuningJob;

/** What a run comes to, by arithmetic alone. */
export interface RunArithmetic {
  /** Updates of the model's weights; `undefined` where the backend chooses the batch. */
  readonly optimiserSteps: number | undefined;
  /** Of them, while the learning rate rises; `undefined` where the backend chooses. */
  readonly warmupSteps: number | undefined;
  /** Rows that one update sees, on all processes together; `undefined` where the backend chooses. */
  readonly batchSize: number | undefined;
  /** Rows (of RL: completions) that are gone through, all passes together. */
  readonly examples: number;
}

/** Values that contradict each other, in words that name the fields. */
export interface WrongValues {
  readonly wrong: string;
}

/** A ready-made choice of values: the paper's, or a variant of ours. */
export interface RecipePreset<Values> {
  readonly name: string;
  readonly label: string;
  readonly detail: string;
  readonly values: Partial<Values>;
}

/**
 * A way to train: one file each in `train/recipes/`. Its values are a typed object that people see and edit before anything is launched;
 * with the hash of the set, the versions and the seed it makes a run again.
 */
export interface TrainingRecipe<Values = unknown> {
  /** In files and records: `advchain-sft`. */
  readonly name: string;
  readonly label: string;
  /** In titles of runs, where there is little room: `RECAP verl`. */
  readonly short: string;
  /** What it does, in a sentence, and honestly: what it leaves out of the paper's way as well. */
  readonly about: string;
  readonly source: string;
  /** The training format that its rows have (`curate/formats`). */
  readonly format: string;
  /** The kind of backend that can run it. */
  readonly backend: 'ray' | 'openai';
  /** All values with their ranges, defaults and sources. */
  readonly schema: z.ZodType<Values>;
  readonly presets: readonly RecipePreset<Values>[];
  /** @param rows of the training file */
  arithmetic(values: Values, rows: number): RunArithmetic | WrongValues;
  /**
   * What the trainer is given.
   * @param rowsAt the file of the rows, as the trainer finds it: `ROWS_FILE` in the package, or a path or address that the cluster reads
   * @throws Error in words where `arithmetic` finds the values wrong
   */
  job(values: Values, rowsAt: string): TrainingJob;
  /** What of the paper's way these values leave out, or the backend cannot express; a line each, shown before anything is launched. */
  leavesOut(values: Values): readonly string[];
}

export function isWrong(found: RunArithmetic | WrongValues): found is WrongValues {
  return 'wrong' in found;
}
