import { countOf } from '../countOf';
import type { FieldEdit, JsonObject } from '../rows/fieldRef';
import { cellsOf, cellTexts, type CellPlace } from './cells';
import type { Container, FileBytes, RawRow, RowIndex } from './container';
import { decoded, exactText, NOT_UTF8, rowBytes, unread } from './readRow';
import { splicedRows } from './splicedRows';
import { TableScanner } from './tableScanner';
import { asBuffer, HEAD, markLength, wholeFile } from './wholeFile';

const COMMA = 0x2c;
const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 0x22;

/** Lines with more cells are no rows of a table, and as many names would take more memory than the file. Ours. */
const MOST_CELLS = 10_000;

/** What the index of a table keeps besides. */
export interface TableMore {
  /** The names in the header line, made different where two are the same. */
  readonly columns: readonly string[];
  /** The byte between two cells. */
  readonly delimiter: number;
}

/** A table with a header line: `csv` with commas, semicolons or tabs, as its header shows; `tsv` by tabs. */
function delimited(name: string, ending: RegExp): Container {
  return {
    name,
    writable: true,
    detect: (head, fileName) => ending.test(fileName) && !startsAsArchive(head),
    index: (file, tools) => indexTable(file, tools, name === 'tsv' ? TAB : COMMA),
    row: readTableRow,
    edited: editedTableRow,
    withRows: splicedRows,
  };
}

export const csv = delimited('csv', /\.csv$/i);
export const tsv = delimited('tsv', /\.(?:tsv|tab)$/i);

/** Parquet and zip files under another name. */
function startsAsArchive(head: Uint8Array): boolean {
  const start = asBuffer(head.subarray(0, 4)).toString('latin1');
  return start === 'PAR1' || start === 'PK\x03\x04';
}

async function indexTable(file: FileBytes, tools: Parameters<Container['index']>[1], usual: number): Promise<RowIndex> {
  const head = asBuffer(await file.read(0, Math.min(HEAD, file.size)));
  const mark = markLength(head, file.path);
  const start = head.subarray(mark);
  const newline = rowEndOf(start);
  const delimiter = delimiterOf(start, newline, usual);
  const scan = new TableScanner(mark, delimiter, newline);
  for await (const { bytes, base } of wholeFile(file, tools)) scan.chunk(bytes, base);
  const open = scan.end(file.size);
  const spans = scan.spans.done();
  const [from, to] = spans;
  if (from === undefined || to === undefined) {
    return { count: 0, spans, more: { columns: [], delimiter } satisfies TableMore, problems: ['The file is empty: a table begins with a line of column names.'] };
  }
  if (scan.columns > MOST_CELLS) {
    const problem = `The first line has ${String(scan.columns)} cells, which no table of traces has (${String(MOST_CELLS)} at most): is it a line of column names?`;
    return { count: 0, spans: spans.slice(0, 0), more: { columns: [], delimiter } satisfies TableMore, problems: [problem] };
  }
  const header = asBuffer(await file.read(from, to));
  const { columns, problems } = columnsOf(header, delimiter, scan.columns);
  const count = spans.length / 2 - 1;
  if (scan.ragged > 0) {
    const rows = scan.ragged === 1 ? '1 row has' : `${String(scan.ragged)} rows have`;
    problems.push(`${rows} another number of cells than the header (${String(columns.length)}), first row ${String(scan.firstRagged)}.`);
  }
  if (open) problems.push(`A quote in row ${String(count)}, the last, is never closed: all that follows it was taken for one cell.`);
  return { count, spans: spans.slice(2), more: { columns, delimiter } satisfies TableMore, problems };
}

/** The byte that ends rows: a carriage return where no line feed does. One in quotes is a cell's own, and may have been typed here. */
function rowEndOf(head: Uint8Array): number {
  let quoted = false;
  let returns = false;
  for (const byte of head) {
    if (byte === QUOTE) quoted = !quoted;
    else if (!quoted && byte === NEWLINE) return NEWLINE;
    else if (!quoted && byte === RETURN) returns = true;
  }
  return returns ? RETURN : NEWLINE;
}

/** The byte that stands most often in the header, quotes left out; the usual one where none does. */
function delimiterOf(head: Uint8Array, newline: number, usual: number): number {
  const counts = new Map([[usual, 0], [COMMA, 0], [0x3b, 0], [TAB, 0]]);
  let quoted = false;
  for (const byte of head) {
    if (byte === QUOTE) quoted = !quoted;
    else if (!quoted && byte === newline) break;
    else if (!quoted && counts.has(byte)) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  }
  return [...counts].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
}

function columnsOf(header: Buffer, delimiter: number, found: number): { columns: string[]; problems: string[] } {
  const texts = textsOf(header, delimiter) ?? [decoded(header).text];
  const problems: string[] = [];
  const seen = new Set<string>();
  const columns: string[] = [];
  for (const [i, text] of texts.entries()) {
    let name = text;
    for (let n = 2; seen.has(name); n = seen.size + n) name = `${text} (${String(n)})`;
    if (name !== text && problems.length === 0) {
      problems.push(`Two columns have the same name; column ${String(i + 1)} and others like it are shown with a number.`);
    }
    seen.add(name);
    columns.push(name);
  }
  if (texts.length !== found) problems.push('The header has a quote that is never closed, so that the columns cannot be told apart.');
  return { columns, problems };
}

/** The cells' texts; `undefined` where a quote never closes. */
function textsOf(row: Buffer, delimiter: number, cells = cellsOf(row, delimiter)): readonly string[] | undefined {
  return cells.open ? undefined : cellTexts(row, decoded(row).text, cells, delimiter);
}

async function readTableRow(file: FileBytes, index: RowIndex, ordinal: number): Promise<RawRow> {
  const read = await rowBytes(file, index, ordinal);
  if (read.problem !== undefined) return unread(read.problem);
  const { bytes } = read;
  const name = `Row ${String(ordinal + 1)}`;
  const { columns, delimiter } = index.more as TableMore;
  const cells = cellsOf(asBuffer(bytes), delimiter);
  if (cells.places.length > columns.length + MOST_CELLS) {
    return unread(`${name} has ${String(cells.places.length)} cells, the header ${String(columns.length)}: it is no row of this table.`, bytes);
  }
  const texts = textsOf(asBuffer(bytes), delimiter, cells);
  if (texts === undefined) return unread(`${name} has a quote that is never closed. Close it in the file; the rows before it are not touched by it.`, bytes);
  const value: JsonObject = Object.fromEntries(texts.map((text, i) => [columnName(columns, i), text]));
  const problem = [ragged(name, texts.length, columns), decoded(bytes).exact ? undefined : `${name} ${NOT_UTF8}`].filter((said) => said !== undefined);
  return problem.length === 0 ? { bytes, value } : { bytes, value, problem: problem.join(' ') };
}

/** Cells beyond the header are kept under their numbers. */
function columnName(columns: readonly string[], i: number): string {
  const name = columns[i];
  if (name !== undefined) return name;
  const numbered = `column ${String(i + 1)}`;
  return columns.includes(numbered) ? `${numbered} (no name)` : numbered;
}

function ragged(name: string, cells: number, columns: readonly string[]): string | undefined {
  if (cells === columns.length) return undefined;
  if (cells > columns.length) return `${name} has ${countOf(cells, 'cell')}, the header ${String(columns.length)}: the others are shown by number.`;
  return `${name} has ${countOf(cells, 'cell')}, the header ${String(columns.length)}: ${columns.slice(cells).slice(0, 5).join(', ')} ${columns.length - cells === 1 ? 'is' : 'are'} missing.`;
}

function editedTableRow(raw: RawRow, edits: readonly FieldEdit[], { more }: RowIndex): Uint8Array {
  if (raw.value === undefined) throw new Error(raw.problem ?? 'This row could not be read, so that nothing can be written to it.');
  exactText(raw.bytes);
  const { columns, delimiter } = more as TableMore;
  const row = asBuffer(raw.bytes);
  const { places } = cellsOf(row, delimiter);
  const changed = new Map<number, Buffer>();
  for (const { path, value } of edits) {
    const [column, ...deeper] = path;
    const i = places.findIndex((_, at) => columnName(columns, at) === String(column));
    const place = places[i];
    if (place === undefined || deeper.length > 0) {
      throw new Error(`This row has no cell ${path.join('.')}: a table holds only its columns (${columns.join(', ')}).`);
    }
    const text = cellText(value, String(column));
    if (text !== raw.value[String(column)]) changed.set(i, Buffer.from(written(text, place, delimiter, places.length === 1), 'utf8'));
    else changed.delete(i);
  }
  if (changed.size === 0) return raw.bytes;
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const [i, bytes] of [...changed].sort(([a], [b]) => a - b)) {
    const { start, end } = places[i] ?? { start: at, end: at };
    pieces.push(row.subarray(at, start), bytes);
    at = end;
  }
  return Buffer.concat([...pieces, row.subarray(at)]);
}

/** Nothing is written as an empty cell. */
function cellText(value: FieldEdit['value'], column: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') throw new Error(`A table's cell holds text only: no list or object can be written to ${column}.`);
  const text = String(value);
  if (!text.isWellFormed()) throw new Error(`The text for ${column} holds half of a character (a lone surrogate), which a file cannot hold. Delete or replace it.`);
  return text;
}

function written(text: string, place: CellPlace, delimiter: number, alone: boolean): string {
  const must = text.includes(String.fromCharCode(delimiter)) || /["\r\n]/.test(text) || (alone && text === '');
  return must || place.quoted ? `"${text.replaceAll('"', '""')}"` : text;
}
