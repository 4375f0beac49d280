import { saidLine } from './saidLine';

/** A line that verl writes to the console after an update. */
export interface VerlMetrics {
  /** The update, from 1, as verl counts. */
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

/** verl’s names of what all trainers have, so that runs can be compared; all others keep their own. */
const TRAINERS_NAMES: ReadonlyMap<string, string> = new Map([
  ['critic/rewards/mean', 'reward'],
  ['actor/pg_loss', 'loss'],
  ['actor/lr', 'learning_rate'],
  ['actor/grad_norm', 'grad_norm'],
]);

const LINE = /^step:(\d{1,15}) - (.+)$/;
/** Ray says a line once that several actors say. */
const REPEATED = / \[repeated \d+x across cluster\][\s\S]*$/;
/** As Python writes a number, or one of numpy’s. */
const NUMBER = /^(?:np\.\w+\()?([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\)?$/i;

/**
 * The numbers of a line `step:12 - actor/pg_loss:0.03 - critic/rewards/mean:0.5`; `undefined` where it is none. Read in the source of
 * verl 1dda039 (`verl/utils/logger/aggregate_logger.py`); what is no finite number is passed over.
 */
export function verlMetrics(line: string): VerlMetrics | undefined {
  const [, step, rest] = LINE.exec(saidLine(line.trim()).trim()) ?? [];
  if (step === undefined || rest === undefined) return undefined;
  const values: Record<string, number> = {};
  for (const part of rest.replace(REPEATED, '').split(' - ')) {
    const at = part.lastIndexOf(':');
    const name = part.slice(0, at).trim();
    const value = Number(NUMBER.exec(part.slice(at + 1).trim())?.[1] ?? NaN);
    if (at > 0 && name !== '' && name.length <= 100 && Number.isFinite(value)) values[TRAINERS_NAMES.get(name) ?? name] = value;
  }
  return Object.keys(values).length === 0 ? undefined : { step: Number(step), values };
}
