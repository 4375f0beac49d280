import { verlMetrics } from './verlMetrics';

/** One line of numbers that a trainer wrote, in the order it came. */
export interface MetricLine {
  /** The update, from 1, where the line says it (verl); else the place among such lines (TRL), which of a run that logs each update is the same. */
  readonly step: number;
  /** By the trainer's own names: `loss`, `learning_rate`, `reward`. Only finite numbers. */
  readonly values: Readonly<Record<string, number>>;
  /** Is it the summary that a trainer writes at its end (`train_runtime`)? */
  readonly last: boolean;
}

/** Characters of a line that numbers are looked for in; ours. */
export const LONGEST_LINE = 65_536;
/** What a line cannot begin with that has numbers. */
const NO_NUMBERS = '…';

/**
 * Reads the numbers out of a trainer's log as it grows. TRL writes a Python dict a line, its values quoted: `{'loss': '5.995', 'epoch':
 * '0.25'}`; verl writes `step:1 - actor/pg_loss:0.03`. Progress bars and all else are passed over. What a line is torn into by two readings is put together.
 */
export class MetricLines {
  private rest = '';
  private steps = 0;

  /** One that has read the same and reads on by itself. */
  copy(): MetricLines {
    const copy = new MetricLines();
    [copy.rest, copy.steps] = [this.rest, this.steps];
    return copy;
  }

  /** Goes on after lines that are known otherwise. @param step of the last of them */
  resume(step: number): void {
    this.steps = step;
  }

  /** @param more what the log says beyond what was read before @returns the lines that are whole now */
  read(more: string): readonly MetricLine[] {
    const lines = (this.rest + more).split(/\r\n|[\r\n]/);
    this.rest = lines.pop() ?? '';
    // No line of numbers is so long; putting its pieces together each time would take ever longer.
    if (this.rest.length > LONGEST_LINE) this.rest = NO_NUMBERS;
    return lines.flatMap((line) => {
      if (line.length > LONGEST_LINE) return [];
      const verl = verlMetrics(line);
      if (verl !== undefined) {
        this.steps = verl.step;
        return [{ ...verl, last: false }];
      }
      const values = metricsIn(line);
      if (values === undefined) return [];
      const last = 'train_runtime' in values;
      if (!last) this.steps++;
      return [{ step: this.steps, values, last }];
    });
  }
}

/** The numbers of one line of TRL's; `undefined` where it is none. */
export function metricsIn(line: string): Readonly<Record<string, number>> | undefined {
  const text = line.trim();
  if (!text.startsWith("{'") || !text.endsWith('}')) return undefined;
  const values: Record<string, number> = {};
  let at = 1;
  const pair = /\s*'([^'\\]{1,100})':\s*(?:'([^'\\]*)'|([^,'}\s]+))\s*(,|\}$)/y;
  while (at < text.length) {
    pair.lastIndex = at;
    const found = pair.exec(text);
    if (found === null) return undefined;
    const [, name = '', quoted, bare] = found;
    const value = Number(quoted ?? bare);
    if (Number.isFinite(value) && (quoted ?? bare ?? '').trim() !== '') values[name] = value;
    at = pair.lastIndex;
  }
  return Object.keys(values).length === 0 ? undefined : values;
}
