import type { RowTrace } from '../../trace/rows/rowTrace';
import type { Datasets } from '../datasets/dataset';

/** The prompts of an evaluation, read out of its file. */
export interface EvaluationPrompts {
  /** In the order of the rows, one for each user message. */
  readonly prompts: readonly string[];
  /** Rows in which no prompt was found: what they ask is not looked for. */
  readonly without: number;
}

/**
 * Reads what an evaluation asks out of any file that opens as a dataset (JSON, JSON Lines, CSV, Inspect logs, Parquet).
 * @param progress told now and then how many rows are read, of how many
 * @throws the signal's reason; Error where the file is no dataset or holds no prompt, in words
 */
export async function readEvaluationPrompts(
  datasets: Pick<Datasets, 'open'>,
  path: string,
  signal: AbortSignal,
  progress?: (rows: number, of: number) => void,
): Promise<EvaluationPrompts> {
  const dataset = await datasets.open(path, { signal });
  try {
    const prompts: string[] = [];
    let without = 0;
    for await (const { ordinal, traces } of dataset.rows(signal)) {
      const asked = askedIn(traces[0]);
      if (asked.length === 0) without++;
      prompts.push(...asked);
      if (ordinal % 1000 === 0) progress?.(ordinal, dataset.count);
    }
    if (prompts.length === 0) throw new Error(`No prompt was found in ${path}. Choose a file whose rows have one, or say which field holds it: open it in the *Traces* view and use *Choose Format…*, *Map columns…*.`);
    return { prompts, without };
  } finally {
    dataset.dispose();
  }
}

/** What the user says in a trace. All traces of a row answer the same prompt. */
function askedIn(trace: RowTrace | undefined): string[] {
  const users = (trace?.messages ?? []).filter(({ role }) => role === 'user');
  return users.map(({ parts }) => parts.map(({ text }) => text).join('\n\n')).filter((text) => text.trim() !== '');
}
