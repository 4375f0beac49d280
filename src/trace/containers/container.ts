import type { FieldEdit, JsonObject } from '../rows/fieldRef';

/** The bytes of a file, read as needed. All calls reject with the system's error. */
export interface FileBytes {
  readonly path: string;
  readonly size: number;
  /** The bytes from `start` up to `end`; fewer only where the file has become shorter. */
  read(start: number, end: number): Promise<Uint8Array>;
  /** All bytes from `start` on, in order. A chunk is valid until the next is asked for. */
  chunks(start: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface IndexTools {
  readonly signal: AbortSignal;
  /** Bytes read so far. */
  readonly progress: (bytes: number) => void;
}

/** Where the rows of a file lie. Plain data that can be stored: see `indexFile.ts`. */
export interface RowIndex {
  readonly count: number;
  /** First byte and the byte after the last of each row in turn (2 × count); empty for containers that do not lie row by row. */
  readonly spans: Float64Array;
  /** What the container needs besides, as JSON: columns and delimiter of a table, entries of an archive, fields before the rows. */
  readonly more: unknown;
  /** What is wrong with the file as a whole: a torn last line, text after the end. In words. */
  readonly problems: readonly string[];
}

/** A row as it was read. */
export interface RawRow {
  /** The row's own bytes; of containers that do not lie row by row, the bytes of its content. */
  readonly bytes: Uint8Array;
  /** The row as JSON; of a table, an object of its cells, all strings. `undefined` where it cannot be read: see `problem`. */
  readonly value: JsonObject | undefined;
  /**
   * Why it cannot be read, with the line or entry, and what to do. Beside a value: what is wrong with it all the same (bytes that are not
   * UTF-8, cells that are missing); whether it can be written, `edited` says.
   */
  readonly problem?: string;
}

/** How rows lie in a file. One file each, in `trace/containers/`. */
export interface Container {
  /** Never changed once released: stored with the index. */
  readonly name: string;
  /** Can a row be written back? */
  readonly writable: boolean;
  /** Is the file of this kind, by its first bytes (64 KiB or all) and its name? */
  detect(head: Uint8Array, fileName: string): boolean;
  /** Finds the rows in one pass, in time linear in the size and memory linear in the number of rows. @throws the signal's reason */
  index(file: FileBytes, tools: IndexTools): Promise<RowIndex>;
  /** Reads one row. A row that is broken is no exception, but a `problem`. */
  row(file: FileBytes, index: RowIndex, ordinal: number): Promise<RawRow>;
  /**
   * The row's bytes with some fields changed and every other byte as it was; keeps the row's way of writing (escapes, quoting).
   * @throws Error that says to the researcher why a field cannot be written
   */
  edited?(raw: RawRow, edits: readonly FieldEdit[], index: RowIndex): Uint8Array;
  /** The whole file with some rows' bytes replaced; the bytes of all others as they are. */
  withRows?(file: FileBytes, index: RowIndex, rows: ReadonlyMap<number, Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array>;
}
