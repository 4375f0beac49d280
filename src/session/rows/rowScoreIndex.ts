import type { JudgeIdentity } from '../../judge/judge';
import type { ScoreShard } from '../../judge/scoreShard';
import type { Disposable } from '../../trace/event';
import type { Dataset, DatasetChange } from '../datasets/dataset';
import type { ScoresOfRows } from './rowQueryRun';
import { nameOf } from '../datasets/rowPath';
import { rowVerdicts, type RowVerdict } from './rowScores';
import type { TraceOptions } from '../traceStore';

/** A score file of one of a dataset's rows. */
export interface ScoredRowFile {
  /** `DatasetRow.key`. */
  readonly key: string;
  /** As `nameOf` writes it; `undefined` where the row has one trace only. */
  readonly variant: string | undefined;
  /** Changes whenever the file does. */
  readonly stamp: string;
  read(): Promise<ScoreShard>;
}

/** Where the scores of a dataset's rows are found. */
export interface RowScoreSource {
  list(signal: AbortSignal): Promise<readonly ScoredRowFile[]>;
  /** Somebody scored, here or in another window. */
  readonly onDidChange: (listener: () => void) => Disposable;
}

/** A judge with scores of rows. */
export interface JudgeOfRows {
  /** `identityKey`. */
  readonly key: string;
  readonly identity: JudgeIdentity;
  readonly rows: number;
}

interface Known {
  readonly stamp: string;
  readonly ordinal: number;
  readonly verdicts: readonly RowVerdict[];
}

/**
 * What judges say of a dataset's rows: read for the rows that have score files alone, and again only where a file or its row has
 * changed. No text is kept.
 */
export class RowScoreIndex implements ScoresOfRows {
  private known = new Map<string, Known>();
  private byRow = new Map<number, readonly RowVerdict[]>();
  private sorted: readonly number[] = [];

  constructor(
    private readonly dataset: Dataset,
    private readonly source: RowScoreSource,
    private readonly options: () => TraceOptions,
  ) {}

  of(ordinal: number): readonly RowVerdict[] {
    return this.byRow.get(ordinal) ?? [];
  }

  get ordinals(): readonly number[] {
    return this.sorted;
  }

  /** Everybody with scores, those with most rows first. */
  get judges(): readonly JudgeOfRows[] {
    const found = new Map<string, JudgeOfRows>();
    for (const verdicts of this.byRow.values()) {
      for (const [key, { identity }] of new Map(verdicts.map((one) => [one.judge, one]))) found.set(key, { key, identity, rows: (found.get(key)?.rows ?? 0) + 1 });
    }
    return [...found.values()].sort((a, b) => b.rows - a.rows || (a.key < b.key ? -1 : 1));
  }

  /** Rows changed on disk, or were edited: what was said of them is to be joined anew. */
  forget({ all, rows }: DatasetChange): void {
    for (const [id, { ordinal }] of this.known) if (all || rows.includes(ordinal)) this.known.delete(id);
  }

  /** How documents are read has changed. */
  forgetAll(): void {
    this.known.clear();
  }

  /**
   * Reads what is new. @returns whether anything is other than before
   * @throws the signal's reason
   */
  async refresh(signal: AbortSignal): Promise<boolean> {
    const files = await this.source.list(signal);
    const now = new Map<string, Known>();
    let changed = false;
    for (const file of files) {
      signal.throwIfAborted();
      const id = `${file.key}.${file.variant ?? ''}`;
      const before = this.known.get(id);
      const joined = before?.stamp === file.stamp ? before : await this.join(file, before?.ordinal);
      if (joined !== undefined) now.set(id, joined);
      changed ||= joined !== before;
    }
    changed ||= now.size !== this.known.size;
    this.known = now;
    if (changed) this.arrange();
    return changed;
  }

  /** `undefined` where the row is gone, or cannot be read: its scores stay on disk and speak of nothing that is there. */
  private async join(file: ScoredRowFile, near: number | undefined): Promise<Known | undefined> {
    const numbered = /^row(\d+)$/.exec(file.key)?.[1];
    const ordinal = await this.dataset.find(file.key, near ?? (numbered === undefined ? 0 : Number(numbered) - 1));
    if (ordinal === undefined) return undefined;
    const { traces } = await this.dataset.row(ordinal);
    const trace = traces.find(({ variant }) => (variant === undefined ? undefined : nameOf(variant)) === file.variant);
    if (trace === undefined) return undefined;
    const [{ text }, shard] = await Promise.all([this.dataset.text(ordinal, file.variant), file.read()]);
    return { stamp: file.stamp, ordinal, verdicts: rowVerdicts(text, trace.variant, shard, this.options()) };
  }

  private arrange(): void {
    const byRow = new Map<number, RowVerdict[]>();
    for (const { ordinal, verdicts } of this.known.values()) {
      if (verdicts.length > 0) byRow.set(ordinal, [...(byRow.get(ordinal) ?? []), ...verdicts]);
    }
    this.byRow = byRow;
    this.sorted = [...byRow.keys()].sort((a, b) => a - b);
  }
}
