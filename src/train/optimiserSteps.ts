import type { RunArithmetic, WrongValues } from './trainingRecipe';

/** How rows come together in one update. */
export interface Batching {
  readonly epochs: number;
  /** Rows that one update sees, on all processes together. */
  readonly batchSize: number;
  readonly perDeviceBatchSize: number;
  readonly processes: number;
  /** Below 1 a share of all updates, else their number. */
  readonly warmup: number;
  /** Updates after which the run ends, in place of `epochs`. */
  readonly maxSteps?: number | undefined;
}

/** How often gradients are added up before an update: batch = per device × accumulation × processes. `undefined` where it does not come out even. */
export function accumulationOf({ batchSize, perDeviceBatchSize, processes }: Pick<Batching, 'batchSize' | 'perDeviceBatchSize' | 'processes'>): number | undefined {
  const steps = batchSize / (perDeviceBatchSize * processes);
  return Number.isInteger(steps) && steps >= 1 ? steps : undefined;
}

/**
 * The updates of a supervised run as transformers' `Trainer` counts them: the last batches of a pass are smaller, and the last update of a
 * pass may add up fewer of them. AdvChain's 1,000 rows, batch 128 and 5 epochs make 40.
 */
export function optimiserSteps(batching: Batching, rows: number): RunArithmetic | WrongValues {
  const { epochs, batchSize, perDeviceBatchSize, processes, warmup, maxSteps } = batching;
  const accumulation = accumulationOf(batching);
  if (accumulation === undefined) return { wrong: unevenBatch(batching) };
  if (rows < 1) return { wrong: 'No row goes out, so there is nothing to train on.' };
  const batches = Math.ceil(rows / (perDeviceBatchSize * processes));
  const perPass = Math.ceil(batches / accumulation);
  const steps = maxSteps ?? epochs * perPass;
  // Only the last update of a pass is smaller.
  const examples = Math.floor(steps / perPass) * rows + (steps % perPass) * batchSize;
  return { optimiserSteps: steps, warmupSteps: warmupStepsOf(warmup, steps), batchSize, examples };
}

export function unevenBatch({ batchSize, perDeviceBatchSize, processes }: Pick<Batching, 'batchSize' | 'perDeviceBatchSize' | 'processes'>): string {
  return `batchSize ${String(batchSize)} is no multiple of perDeviceBatchSize × processes (${String(perDeviceBatchSize)} × ${String(processes)} = ${String(perDeviceBatchSize * processes)}), so that gradients cannot be added up to it.`;
}

/** As transformers’ `get_warmup_steps`: a number below 1 is a share of all updates, rounded up; of another what is behind the point is dropped. */
export function warmupStepsOf(warmup: number, steps: number): number {
  return Math.min(steps, warmup < 1 ? Math.ceil(warmup * steps) : Math.trunc(warmup));
}
