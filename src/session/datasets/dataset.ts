import type { Disposable } from '../../trace/event';
import type { FieldEdit, JsonObject } from '../../trace/rows/fieldRef';
import type { ColumnMapping } from '../../trace/rows/rowFormat';
import type { RowTrace } from '../../trace/rows/rowTrace';

/** One trace of one row, as text to open. */
export interface RowText {
  readonly ordinal: number;
  readonly key: string;
  readonly variant: string | undefined;
  /** The document: a `.cot` text. */
  readonly text: string;
  /** Hash of the row's bytes that it was made of. */
  readonly hash: string;
  /** Why it cannot be saved back, in words; `undefined` where it can. */
  readonly readOnly: string | undefined;
}

/** A row of a dataset, read. */
export interface DatasetRow {
  /** 0-based place in the file; shown to people as `ordinal + 1`. */
  readonly ordinal: number;
  /**
   * Names the row in its dataset also after others came or went: its id, else a hash of its prompt, with `~2`, `~3` … where several
   * rows have the same. In datasets too large to look through on opening: `row` and the number. Safe in file names.
   */
  readonly key: string;
  /** Hash of the row's bytes. */
  readonly hash: string;
  /** The format it was read by; `undefined` where none fits or the row is broken. */
  readonly format: string | undefined;
  /** At least one, except where `problem` says why there is none. */
  readonly traces: readonly RowTrace[];
  readonly problem: string | undefined;
}

/** How a dataset is read, where a person has said so. */
export interface FormatChoice {
  /** A format's name; absent: by content, row by row. */
  readonly format?: string;
  readonly mapping?: ColumnMapping;
}

/** What changed on disk. */
export interface DatasetChange {
  /** Rows may have come, gone or moved: everything known by ordinal is void. Otherwise only `rows` changed. */
  readonly all: boolean;
  readonly rows: readonly number[];
}

/** A file of traces, open for reading row by row. Never held in memory as a whole. */
export interface Dataset extends Disposable {
  /** Absolute path. */
  readonly path: string;
  readonly count: number;
  /** How rows lie in the file: `jsonl`, `json`, `csv`, `tsv`, `parquet`, `eval`. */
  readonly container: string;
  /** The format of most of the first rows, and the others among them. */
  readonly formats: readonly string[];
  readonly writable: boolean;
  /** Bytes; above 64 MB edits are kept aside until *Apply Edits*. */
  readonly size: number;
  /** What is wrong with the file as a whole, in words. */
  readonly problems: readonly string[];
  readonly onDidChange: (listener: (change: DatasetChange) => void) => Disposable;
  /** @throws RangeError where there is no such row */
  row(ordinal: number): Promise<DatasetRow>;
  /** The rows in file order, read in large pieces and never all at once; lets other work run in between. @throws the signal's reason */
  rows(signal: AbortSignal, from?: number, to?: number): AsyncIterable<DatasetRow>;
  /** Where the row with this key lies, near `ordinal` first; `undefined` where it is gone. */
  find(key: string, ordinal: number): Promise<number | undefined>;
  /** A row's trace as a document, with edits that are kept aside. */
  text(ordinal: number, variant?: string): Promise<RowText>;
  /**
   * The rows' own bytes, where they lie one after the other as text (jsonl, json, csv, tsv): a search then skips what cannot hold
   * what is looked for. Absent for other containers; everything then works, only slower. Like `rows` without edits kept aside.
   */
  readonly raw?: RawRows | undefined;
}

/** Rows as bytes. Void after a change of the dataset. */
export interface RawRows {
  /** As `RowIndex.spans`. */
  readonly spans: Float64Array;
  /** The bytes of the file from `start` up to `end`. */
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
}

/** A row's document that is to be written back. */
export interface RowSave {
  readonly key: string;
  /** 0-based; where the row lay when it was read. */
  readonly ordinal: number;
  readonly variant: string | undefined;
  /** The whole document as it is now. */
  readonly text: string;
  /** `textHash` of the document as it was last read or saved; `undefined`: whatever is there now is written over. */
  readonly base: string | undefined;
}

/**
 * What became of it. `conflict`: the row reads otherwise now than it did, nothing was written; `gone`: it is not there any more;
 * `refused`: the edit cannot be written, `why` says so to the researcher.
 */
export type RowSaved =
  | { readonly how: 'saved'; readonly row: RowText }
  | { readonly how: 'conflict'; readonly row: RowText }
  | { readonly how: 'gone' | 'refused'; readonly why: string };

/** An edit kept aside that cannot be written into the dataset. */
export interface EditConflict {
  readonly key: string;
  /** 0-based; where the row lay. */
  readonly ordinal: number;
  readonly variant: string | undefined;
  /** The whole document as it was saved. */
  readonly text: string;
  readonly why: string;
}

export interface AppliedEdits {
  readonly applied: number;
  readonly conflicts: readonly EditConflict[];
}

/** Changes of a row's own fields that come from no document, such as scores. */
export interface FieldsSave {
  readonly key: string;
  /** 0-based; where the row lay when it was read. */
  readonly ordinal: number;
  /** `DatasetRow.hash` of the row that the edits were made for. */
  readonly hash: string;
  readonly edits: readonly FieldEdit[];
}

/** A dataset whose rows can be written. */
export interface EditableDataset extends Dataset {
  /** When the file was last changed, in milliseconds. */
  readonly modified: number;
  /**
   * Writes a row's document back; touches the bytes of the fields that changed and no others. Rows saved at about the same time are
   * written together. Of a large dataset the edit is kept aside.
   * @throws Error in words where the file cannot be written; it is then as it was
   */
  save(save: RowSave): Promise<RowSaved>;
  /**
   * Writes fields of rows, in one go and into the file itself, however large; rows that changed meanwhile are left alone.
   * @returns the places of those, 0-based
   * @throws Error in words where the file cannot be written; it is then as it was
   */
  writeFields(saves: readonly FieldsSave[], signal: AbortSignal, progress: (share: number) => void): Promise<readonly number[]>;
  /** How many edits are kept aside. */
  editsAside(): Promise<number>;
  /** Writes all edits that are kept aside into the dataset, in one pass; those in conflict stay aside. @throws the signal's reason */
  applyEdits(signal: AbortSignal, progress: (share: number) => void): Promise<AppliedEdits>;
  /** Drops all edits that are kept aside. */
  discardEdits(): Promise<void>;
  /** How its rows are to be read, where somebody has said so. */
  choice(): Promise<FormatChoice | undefined>;
  /** Says how its rows are to be read, here and in every window; `undefined` leaves it to the content again. */
  choose(choice: FormatChoice | undefined): Promise<void>;
  /** The row as JSON, for choosing which of its fields mean what; `undefined` where it is broken. */
  value(ordinal: number): Promise<JsonObject | undefined>;
  /** Where the row begins in a file of text, as a byte; `undefined` where its rows do not lie one after the other. */
  startsAt(ordinal: number): Promise<number | undefined>;
}

/** Opens datasets, each once. What is heavy is loaded with the first. */
export interface Datasets {
  /**
   * Opens a file as a dataset, from the kept index where that still fits the file. Released by `Dataset.dispose`; a second call for the
   * same path gives the same one.
   * @throws Error in words where the file is no dataset that can be read
   */
  open(path: string, tools?: { readonly signal?: AbortSignal; readonly progress?: (share: number) => void }): Promise<Dataset>;
  /** Is this file, by name and first bytes, one that holds traces? Reads at most 64 KiB. */
  looksLikeTraces(path: string): Promise<boolean>;
}
