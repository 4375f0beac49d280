import type { Dataset, DatasetChange, DatasetRow } from '../../src/session/datasets/dataset';
import { digest } from '../../src/judge/textChain';
import { EventSource } from '../../src/trace/event';
import type { Intent } from '../../src/trace/intent';
import type { RowPart, RowTrace } from '../../src/trace/rows/rowTrace';

/** A row of a made-up dataset. */
export interface ListedRow {
  readonly id?: string;
  readonly prompt?: string;
  readonly reasoning?: string;
  readonly answer?: string;
  readonly intent?: Intent;
  readonly model?: string;
  readonly summary?: boolean;
  readonly problem?: string;
  readonly variants?: readonly string[];
}

/** A dataset that is a list in memory, with rows as JSONL where a search may look at them. */
export class ListedDataset implements Dataset {
  readonly path = '/data/listed.jsonl';
  readonly container = 'jsonl';
  readonly formats = ['made up'];
  readonly writable = true;
  readonly problems: readonly string[] = [];
  readonly changes = new EventSource<DatasetChange>();
  /** Rows that were read, in the order they were. */
  readonly read: number[] = [];
  readonly raw: Dataset['raw'];
  private readonly bytes: Uint8Array;

  /** @param lines each row as it is written; absent: no bytes to search */
  constructor(
    public list: readonly ListedRow[],
    lines?: readonly string[],
  ) {
    const spans = new Float64Array(2 * list.length);
    let text = '';
    let at = 0;
    for (const [i, line] of (lines ?? []).entries()) {
      spans[2 * i] = at;
      at += Buffer.byteLength(line);
      spans[2 * i + 1] = at++;
      text += `${line}\n`;
    }
    this.bytes = Buffer.from(text);
    if (lines !== undefined) this.raw = { spans, read: (start, end) => Promise.resolve(this.bytes.subarray(start, end)) };
  }

  get count(): number {
    return this.list.length;
  }
  get size(): number {
    return this.bytes.length;
  }
  get onDidChange(): Dataset['onDidChange'] {
    return this.changes.event;
  }

  row(ordinal: number): Promise<DatasetRow> {
    this.read.push(ordinal);
    return Promise.resolve(this.made(ordinal));
  }

  async *rows(signal: AbortSignal, from = 0, to = this.count): AsyncIterable<DatasetRow> {
    for (let i = from; i < to; i++) {
      signal.throwIfAborted();
      if (i % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
      this.read.push(i);
      yield this.made(i);
    }
  }

  find(key: string): Promise<number | undefined> {
    const at = this.list.findIndex((row, i) => keyOf(row, i) === key);
    return Promise.resolve(at === -1 ? undefined : at);
  }

  text(ordinal: number, variant?: string): ReturnType<Dataset['text']> {
    const row = this.list[ordinal] ?? {};
    const { prompt = '', reasoning = '', answer = '', intent = 'unknown' } = row;
    const text = `---\nintent: ${intent}\n---\n${prompt}\n\n<think>\n${reasoning}\n</think>\n\n${answer}${variant ?? ''}\n`;
    return Promise.resolve({ ordinal, key: keyOf(row, ordinal), variant, text, hash: digest('row', text), readOnly: undefined });
  }

  dispose(): void {
    this.changes.dispose();
  }

  private made(ordinal: number): DatasetRow {
    const row = this.list[ordinal];
    if (row === undefined) throw new RangeError(`There is no row ${String(ordinal + 1)}.`);
    const traces = row.problem === undefined ? (row.variants ?? [undefined]).map((variant) => traceOf(row, variant)) : [];
    return { ordinal, key: keyOf(row, ordinal), hash: digest('row', JSON.stringify(row)), format: 'made up', traces, problem: row.problem };
  }
}

function keyOf({ id }: ListedRow, ordinal: number): string {
  return id ?? `row${String(ordinal + 1)}`;
}

function traceOf({ id, prompt = '', reasoning = '', answer = '', intent = 'unknown', model, summary }: ListedRow, variant: string | undefined): RowTrace {
  const parts: RowPart[] = [];
  if (reasoning !== '') parts.push({ kind: summary === true ? 'summary' : 'reasoning', text: reasoning });
  parts.push({ kind: 'text', text: answer });
  return {
    variant,
    id: id === undefined ? undefined : { value: id },
    intent,
    model: model === undefined ? undefined : { value: model },
    source: undefined,
    messages: [{ role: 'user', parts: [{ kind: 'text', text: prompt }] }, { role: 'assistant', parts }],
    notes: [],
    facts: [],
  };
}
