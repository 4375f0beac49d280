import type * as vscode from 'vscode';
import { query as querySchema } from '../../webview/traces/messages';
import { ALL_ROWS, type RowQuery } from '../session/rows/rowQuery';

const KEY = 'cotLens.traces';
/** Datasets whose filters are remembered; the one used longest ago goes first. Ours. */
const MOST = 50;

interface Remembered {
  readonly last?: string;
  readonly queries?: Readonly<Record<string, unknown>>;
}

/** What the *Traces* view remembers of the workspace: the dataset shown last, and of each what its rows were filtered by. */
export class TracesMemory {
  constructor(private readonly memory: vscode.Memento) {}

  get last(): string | undefined {
    return this.now.last;
  }

  shown(id: string): void {
    this.keep({ ...this.now, last: id });
  }

  /** All rows where nothing is remembered, or something that cannot be read any more. */
  queryOf(id: string): RowQuery {
    const parsed = querySchema.safeParse(this.now.queries?.[id]);
    return parsed.success ? parsed.data : ALL_ROWS;
  }

  remember(id: string, query: RowQuery): void {
    const others: [string, unknown][] = Object.entries(this.now.queries ?? {}).filter(([one]) => one !== id);
    this.keep({ ...this.now, queries: Object.fromEntries([...others, [id, query] as [string, unknown]].slice(-MOST)) });
  }

  private get now(): Remembered {
    return this.memory.get<Remembered>(KEY) ?? {};
  }

  private keep(now: Remembered): void {
    void this.memory.update(KEY, now);
  }
}
