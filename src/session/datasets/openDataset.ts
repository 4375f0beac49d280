import { basename } from 'node:path';
import { EventSource, type Disposable } from '../../trace/event';
import type { FileBytes, RawRow } from '../../trace/containers/container';
import type { EvalLog } from '../../trace/containers/inspectEvalLog';
import type { JsonObject } from '../../trace/rows/fieldRef';
import type { RowTrace } from '../../trace/rows/rowTrace';
import { breather } from './breather';
import { chooseTrace, RowUnreadable, type ChosenTrace, type FullRow } from './chosenTrace';
import type { AppliedEdits, DatasetChange, DatasetRow, EditableDataset, FieldsSave, FormatChoice, RawRows, RowSave, RowSaved, RowText } from './dataset';
import type { DatasetTools } from './datasetTools';
import type { EditsAside } from './editsAside';
import { readChoice, writtenChoice } from './formatChoices';
import { FormerNames } from './formerNames';
import { IndexedFile, type Indexed, type IndexingTools } from './indexedFile';
import type { KeptJson } from './keptJson';
import { KnownRows } from './knownRows';
import { logOfRows, withLog } from './logOfRows';
import { overlaidTraces } from './overlaidTraces';
import { inPieces } from './pieces';
import type { FileState } from './replaceFile';
import { rowHash } from './rowHash';
import { keyOrdinal, nameOfRow, ordinalKey } from './rowKeys';
import { RowSaves } from './rowSaves';
import type { RenamedRow, RowTable } from './rowTable';
import { whyReadOnly, withNote } from './whyReadOnly';

/** Rows by which the formats of a dataset are told. */
const FIRST = 20;

/** Containers whose rows cannot hold what a person adds to them. */
const CANNOT_HOLD: readonly string[] = ['csv', 'tsv', 'eval', 'parquet'];

/** Containers whose rows lie one after the other as text. */
const TEXT_ROWS: readonly string[] = ['jsonl', 'json', 'csv', 'tsv'];

/** A dataset of this machine's file system. */
export class OpenDataset implements EditableDataset {
  readonly file: IndexedFile;
  readonly edits: EditsAside;
  private readonly changes = new EventSource<DatasetChange>();
  private readonly saves: RowSaves;
  private readonly overlays: KeptJson;
  private readonly former: FormerNames;
  private readonly known: KnownRows;
  private readonly choices: KeptJson;
  private readonly listening: Disposable[];
  private log: { readonly of: Indexed; readonly said: Promise<EvalLog> } | undefined;
  private chosen: FormatChoice | undefined;
  private names: readonly string[] = [];
  private looking: NodeJS.Timeout | undefined;
  private besides: NodeJS.Timeout | undefined;

  constructor(
    readonly path: string,
    readonly tools: DatasetTools,
    private readonly onDispose: () => void,
  ) {
    const kept = tools.keptOf(path);
    this.file = new IndexedFile(path, tools);
    this.edits = kept.edits;
    [this.overlays, this.choices] = [kept.overlays, kept.choices];
    this.former = new FormerNames(kept.aliases);
    this.known = new KnownRows(this.file, tools.reader, tools.large);
    this.saves = new RowSaves(this);
    const look = (): void => {
      // A writer writes in several steps; one look after the last of them is enough.
      clearTimeout(this.looking);
      this.looking = setTimeout(() => void this.look(), tools.debounce);
    };
    // What another window edits, or says of the format, changes rows as well.
    const besides = (): void => {
      clearTimeout(this.besides);
      this.besides = setTimeout(() => void this.choice().then(() => this.changes.fire({ all: true, rows: [] })), tools.debounce);
    };
    this.listening = [
      this.file.onDidChange((now) => void this.changed(now)),
      tools.watch(path, look),
      ...kept.paths.map((one) => tools.watch(one, besides)),
    ];
  }

  get count(): number {
    return this.file.last.index.count;
  }
  get container(): string {
    return this.file.last.container.name;
  }
  get formats(): readonly string[] {
    return this.names;
  }
  get writable(): boolean {
    return this.file.last.container.writable;
  }
  get size(): number {
    return this.file.last.state.size;
  }
  get modified(): number {
    return this.file.last.state.modified;
  }
  get problems(): readonly string[] {
    return this.file.last.index.problems;
  }
  get raw(): RawRows | undefined {
    const { container, index } = this.file.last;
    if (!TEXT_ROWS.includes(container.name)) return undefined;
    return { spans: index.spans, read: (start, end) => this.file.reading((file) => file.read(start, end)) };
  }
  get onDidChange(): (listener: (change: DatasetChange) => void) => Disposable {
    return this.changes.event;
  }
  /** Too large to be looked through, and to be written anew with each save. */
  get large(): boolean {
    return this.size > this.tools.large;
  }
  get holdsOverlays(): boolean {
    return !CANNOT_HOLD.includes(this.container);
  }

  /** Indexes the file; before it nothing else may be asked. */
  async begin(tools: IndexingTools): Promise<void> {
    await this.file.current(tools);
    this.chosen = await this.readChosen();
    await this.tellFormats();
  }

  async row(ordinal: number): Promise<DatasetRow> {
    return (await this.full(ordinal)).row;
  }

  async *rows(signal: AbortSignal, from = 0, to = Number.POSITIVE_INFINITY): AsyncIterable<DatasetRow> {
    const { file, indexed } = await this.file.opened({ signal });
    try {
      const table = await this.tableOf(indexed);
      const log = await this.logOf(file, indexed);
      const beside = this.holdsOverlays ? undefined : await this.overlays.all();
      const buffered = inPieces(file);
      const breathe = breather(signal);
      for (let i = from; i < Math.min(to, indexed.index.count); i++) {
        signal.throwIfAborted();
        const raw = await indexed.container.row(buffered, indexed.index, i);
        const key = table?.keys[i] ?? ordinalKey(i);
        const kept = beside === undefined ? raw.value?.['cotlens'] : beside(key);
        yield this.read(raw, i, { key, hash: table?.hashes[i] }, log, kept).row;
        await breathe();
      }
    } finally {
      await file.close();
    }
  }

  async find(key: string, ordinal: number): Promise<number | undefined> {
    const indexed = await this.file.current();
    const table = await this.tableOf(indexed);
    const named = keyOrdinal(key);
    const numbered = named !== undefined && named < indexed.index.count ? named : undefined;
    // A file that grows or shrinks may come to be large, or be so no more, while its rows are open under the other kind of key.
    if (table === undefined) return numbered ?? (named === undefined && (await this.isCalled(ordinal, key)) ? ordinal : undefined);
    if (table.keys[ordinal] === key) return ordinal;
    return (await this.former.find(table, key, ordinal)) ?? numbered;
  }

  /** Is the row there called so by itself? */
  private async isCalled(ordinal: number, key: string): Promise<boolean> {
    return this.file.reading(async (file, { container, index }) => {
      const value = ordinal < index.count ? (await container.row(file, index, ordinal)).value : undefined;
      const name = value === undefined ? undefined : nameOfRow(this.tools.reader.read(value).traces);
      return name !== undefined && (name === key || name === key.replace(/~\d+$/, ''));
    });
  }

  async text(ordinal: number, variant?: string): Promise<RowText> {
    const chosen = await this.trace(ordinal, variant);
    if ('why' in chosen) throw new RowUnreadable(chosen.why);
    return this.textOf(chosen, await this.asideOf(chosen));
  }

  save(save: RowSave): Promise<RowSaved> {
    return this.saves.save(save);
  }

  writeFields(saves: readonly FieldsSave[], signal: AbortSignal, progress: (share: number) => void): Promise<readonly number[]> {
    return this.saves.fields(saves, signal, progress);
  }

  async editsAside(): Promise<number> {
    return (await this.edits.all()).length;
  }

  applyEdits(signal: AbortSignal, progress: (share: number) => void): Promise<AppliedEdits> {
    return this.saves.apply(signal, progress);
  }

  async discardEdits(): Promise<void> {
    await this.edits.done(await this.edits.all());
    this.changes.fire({ all: true, rows: [] });
  }

  async choice(): Promise<FormatChoice | undefined> {
    this.chosen = await this.readChosen();
    return this.chosen;
  }

  async choose(choice: FormatChoice | undefined): Promise<void> {
    const { doc } = this.tools.placeOf(this.path);
    await this.tools.lock(this.path, () => this.choices.set({ [doc]: choice === undefined ? undefined : writtenChoice(choice) }));
    await this.choice();
    await this.tellFormats();
    this.changes.fire({ all: true, rows: [] });
  }

  async value(ordinal: number): Promise<JsonObject | undefined> {
    return (await this.full(ordinal)).raw.value;
  }

  async startsAt(ordinal: number): Promise<number | undefined> {
    const { index } = await this.file.current();
    return index.spans[2 * ordinal];
  }

  dispose(): void {
    this.onDispose();
  }

  /** Ends it for good: nobody has it open any more. */
  end(): void {
    clearTimeout(this.looking);
    clearTimeout(this.besides);
    for (const one of this.listening) one.dispose();
    this.file.dispose();
    this.changes.dispose();
  }

  /** @throws RangeError where there is no such row */
  async full(ordinal: number): Promise<FullRow> {
    return this.file.reading((file, indexed) => this.fullOf(file, indexed, ordinal));
  }

  async fullOf(file: FileBytes, indexed: Indexed, ordinal: number): Promise<FullRow> {
    const { index, container } = indexed;
    if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal >= index.count) {
      throw new RangeError(`${basename(this.path)} has no row ${String(ordinal + 1)}, only ${String(index.count)}.`);
    }
    const key = (await this.tableOf(indexed))?.keys[ordinal] ?? ordinalKey(ordinal);
    const log = await this.logOf(file, indexed);
    const raw = await container.row(file, index, ordinal);
    const kept = this.holdsOverlays ? raw.value?.['cotlens'] : await this.overlays.get(key);
    // The hash of the bytes that are handed out, and not of those that the table was made of.
    return { raw, kept, ...this.read(raw, ordinal, { key, hash: undefined }, log, kept) };
  }

  /** A trace of a row by its variant's name, or why there is none. */
  async trace(ordinal: number, variant: string | undefined): Promise<ChosenTrace | { readonly why: string }> {
    return chooseTrace(await this.full(ordinal), variant);
  }

  textOf({ row, raw, trace, variant, overlay }: ChosenTrace, aside: string | undefined): RowText {
    return {
      ...{ ordinal: row.ordinal, key: row.key, variant, hash: row.hash },
      text: aside ?? this.tools.reader.compose(trace, overlay),
      readOnly: whyReadOnly(this.file.last, raw, trace),
    };
  }

  /** The edit that is kept aside for this trace, if it was made on the row as it is. */
  async asideOf({ row, variant }: ChosenTrace): Promise<string | undefined> {
    const edit = await this.edits.of(row.key, variant);
    return edit?.hash === row.hash ? edit.text : undefined;
  }

  /** Puts what cannot stand in rows beside the file. */
  async keep(overlays: ReadonlyMap<string, JsonObject | undefined>): Promise<void> {
    if (overlays.size > 0) await this.overlays.set(Object.fromEntries(overlays));
  }

  /** After rows were written: what is kept beside goes with rows that an edit gave another name, and their old names are remembered. */
  async renamed(rows: readonly RenamedRow[]): Promise<void> {
    if (rows.length === 0) return;
    const beside = this.holdsOverlays ? undefined : await this.overlays.all();
    if (beside !== undefined && rows.some(({ old, now }) => beside(old) !== undefined || beside(now) !== undefined)) {
      const gone = rows.map(({ old }) => [old, undefined] as const);
      await this.keep(new Map([...gone, ...rows.map(({ old, now }) => [now, beside(old)] as const)]));
    }
    await this.former.remember(rows);
    await this.tools.onRenamed?.(this.path, rows);
  }

  /** Takes over what is known of the file as it was before some of its rows were written anew, by us, with these bytes. */
  async rewritten(before: Indexed, rows: ReadonlyMap<number, Uint8Array>, state: FileState | undefined): Promise<void> {
    if (state !== undefined) await this.known.rewritten(before, rows, state);
  }

  fireRows(rows: readonly number[]): void {
    this.changes.fire({ all: false, rows });
  }

  /** The keys of a file's rows as they are at that moment; `undefined` where it is too large to look through. */
  tableOf(indexed: Indexed): Promise<RowTable | undefined> {
    return this.known.of(indexed);
  }

  private logOf(file: FileBytes, indexed: Indexed): Promise<EvalLog> {
    if (this.log?.of !== indexed) this.log = { of: indexed, said: logOfRows(file, indexed) };
    return this.log.said;
  }

  private read(raw: RawRow, ordinal: number, { key, hash }: { readonly key: string; readonly hash: string | undefined }, log: EvalLog, kept: unknown): { readonly row: DatasetRow; readonly own: readonly RowTrace[] } {
    const read = raw.value === undefined ? undefined : this.tools.reader.read(raw.value, this.chosen);
    const own = withLog(withNote(read?.traces ?? [], raw.problem), log);
    const row = {
      ...{ ordinal, key, format: read?.format, traces: overlaidTraces(own, kept) },
      hash: hash ?? rowHash(raw.bytes),
      problem: own.length > 0 ? undefined : (read?.problem ?? raw.problem ?? `Row ${String(ordinal + 1)} is of no format that is known here. Say with “Choose Format…” which of its fields mean what.`),
    };
    return { row, own };
  }

  private async look(): Promise<void> {
    try {
      await this.file.current();
    } catch {
      // It is gone, or holds no rows any more: whoever asks for one is told.
      this.changes.fire({ all: true, rows: [] });
    }
  }

  private async changed(now: Indexed): Promise<void> {
    const change = await this.known.change(now);
    await this.tellFormats().catch(() => undefined);
    if (change.all || change.rows.length > 0) this.changes.fire(change);
  }

  private async readChosen(): Promise<FormatChoice | undefined> {
    try {
      return readChoice(await this.choices.get(this.tools.placeOf(this.path).doc));
    } catch (error) {
      this.tools.log.warn(`The remembered formats cannot be read, so rows are read by their content: ${String(error)}`);
      return undefined;
    }
  }

  private async tellFormats(): Promise<void> {
    const counts = new Map<string, number>();
    await this.file.reading(async (file, { container, index }) => {
      for (let i = 0; i < Math.min(FIRST, index.count); i++) {
        const { value } = await container.row(file, index, i);
        const { format } = value === undefined ? { format: undefined } : this.tools.reader.read(value, this.chosen);
        if (format !== undefined) counts.set(format, (counts.get(format) ?? 0) + 1);
      }
    });
    this.names = [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
  }
}
