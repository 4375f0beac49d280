import type { JsonObject } from '../rows/fieldRef';
import type { FileBytes, RawRow, RowIndex } from './container';
import { isDeeper } from './jsonPlaces';

/** Rows above this are not read: VS Code hands extensions no document that large. */
export const LARGEST_ROW = 50 * 1024 * 1024;

/**
 * Rows nested deeper are not read, so that whoever walks a value may call himself for each level. Ours: traces take about 10 levels,
 * and the engine's own printer ends at some thousands.
 */
export const DEEPEST = 1000;

const EMPTY = new Uint8Array(0);

/** A row's bytes as they lie in the file, or why they cannot be had. */
export type RowBytes = { readonly bytes: Uint8Array; readonly problem?: undefined } | { readonly problem: string };

/** Reads a row's bytes. @throws RangeError where there is no such row */
export async function rowBytes(file: FileBytes, index: RowIndex, ordinal: number): Promise<RowBytes> {
  const start = index.spans[2 * ordinal];
  const end = index.spans[2 * ordinal + 1];
  if (start === undefined || end === undefined) throw new RangeError(`There is no row ${String(ordinal + 1)} of ${String(index.count)}.`);
  const row = `Row ${String(ordinal + 1)}`;
  if (end - start > LARGEST_ROW) {
    const size = `${String(Math.round((end - start) / (1024 * 1024)))} MB`;
    return { problem: `${row} is ${size} long. Rows above 50 MB cannot be opened; split it, or take it out of the file.` };
  }
  const bytes = await file.read(start, end);
  if (bytes.length < end - start) return { problem: `${row} is cut off: the file became shorter since it was opened. Open it again.` };
  return { bytes };
}

/** A row that cannot be read. */
export function unread(problem: string, bytes: Uint8Array = EMPTY): RawRow {
  return { bytes, value: undefined, problem };
}

/** Text of bytes; `exact` is false where bytes are not UTF-8, and replacement characters stand for them. */
export function decoded(bytes: Uint8Array): { readonly text: string; readonly exact: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), exact: true };
  } catch {
    return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), exact: false };
  }
}

/** @throws Error in words where writing the row back would lose bytes */
export function exactText(bytes: Uint8Array): string {
  const { text, exact } = decoded(bytes);
  if (!exact) throw new Error('This row holds bytes that are not UTF-8; saving would lose them. Convert the file to UTF-8 first.');
  return text;
}

/** What is said of a row that is read all the same. */
export const NOT_UTF8 = 'holds bytes that are not UTF-8, shown as U+FFFD. It can be read, but not saved: convert the file to UTF-8 first.';

/** @param name the row for people: `Row 7`, `Row 7 (line 9)` */
export function jsonRow(bytes: Uint8Array, name: string): RawRow {
  const { text, exact } = decoded(bytes);
  if (bytes.length > DEEPEST && isDeeper(text, DEEPEST)) {
    return unread(`${name} is nested more than ${String(DEEPEST)} levels deep, which no trace is. It is kept as it is.`, bytes);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return unread(`${name} is no JSON: ${reason(error)}. Correct it in the file; the other rows are not touched by it.`, bytes);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return unread(`${name} is ${kindOf(value)}, not an object with fields.`, bytes);
  }
  const row = { bytes, value: value as JsonObject };
  return exact ? row : { ...row, problem: `${name} ${NOT_UTF8}` };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

/** The engine's words, without the piece of the row that it quotes. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message
    .replace(/, (?:\.\.\.)?".*"(?:\.\.\.)? is not valid JSON$/s, '')
    .replace(/ in JSON(?= at position)/, '')
    .replace(/ \(line (\d+) column (\d+)\)$/, (_, line, column) => (line === '1' ? '' : ` (its line ${String(line)}, column ${String(column)})`));
}
