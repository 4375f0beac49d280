import type { Container, FileBytes, RowIndex } from './container';
import { GrowingSpans } from './growingSpans';
import { editedJson } from './editedJson';
import { writesAscii } from './jsonWriting';
import { jsonRow, LARGEST_ROW, rowBytes, unread } from './readRow';
import { splicedRows } from './splicedRows';
import { asBuffer, HEAD, markLength, wholeFile } from './wholeFile';

/** What the index of JSON Lines keeps besides. */
interface Lines {
  /** Does the file write characters beyond ASCII as `\u` escapes? */
  readonly ascii: boolean;
  /** Blank lines: where there are none, the number of a row is that of its line. */
  readonly blank: number;
}

/** One JSON object a line. Blank lines are no rows; a last line without a line end is one. */
export const jsonl: Container = {
  name: 'jsonl',
  writable: true,

  detect(head, fileName) {
    const text = asBuffer(head).toString('utf8').replace(/^\uFEFF/, '');
    const [first = '', second] = text.trimStart().split(/[\r\n]+\s*/, 3).filter((line) => line.trim() !== '');
    // Some give a list in pretty print this name.
    if (/\.(?:jsonl|ndjson|jsonlines)$/i.test(fileName)) return !first.startsWith('[') || second?.startsWith('[') === true;
    return second?.startsWith('{') === true && isObject(first);
  },

  async index(file, tools) {
    const head = await file.read(0, Math.min(HEAD, file.size));
    const lines = new LineScan(markLength(head, file.path));
    for await (const { bytes, base } of wholeFile(file, tools)) lines.chunk(bytes, base);
    const torn = lines.end(file.size);
    const index = {
      count: lines.spans.count,
      spans: lines.spans.done(),
      more: { ascii: writesAscii(head), blank: lines.blankLines } satisfies Lines,
      problems: [],
    };
    return torn ? { ...index, problems: await tornLast(file, index) } : index;
  },

  async row(file, index, ordinal) {
    const read = await rowBytes(file, index, ordinal);
    return read.problem === undefined ? jsonRow(read.bytes, nameOf(index, ordinal)) : unread(read.problem);
  },

  edited: (raw, edits, index) => editedJson(raw, edits, (index.more as Lines).ascii),

  withRows: splicedRows,
};

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function nameOf({ more }: RowIndex, ordinal: number): string {
  const number = String(ordinal + 1);
  return (more as Lines).blank === 0 ? `Row ${number} (line ${number})` : `Row ${number}`;
}

/** A last line without a line end may be whole, or what a writer got done before it stopped. */
async function tornLast(file: FileBytes, index: RowIndex): Promise<string[]> {
  const [start = 0, end = 0] = index.spans.subarray(-2);
  if (end - start > LARGEST_ROW) return [];
  if (jsonRow(await file.read(start, end), '').value !== undefined) return [];
  return [`The last line (row ${String(index.count)}) is torn: it is no whole JSON object and has no line end. The rows before it are not touched by it.`];
}

/** Finds lines in one pass. The search for line ends is native, so that it is about as quick as reading. */
class LineScan {
  readonly spans = new GrowingSpans();
  blankLines = 0;
  /** Where the line that goes on from the chunk before began, and what is known of it. */
  private lineStart: number;
  private blank = true;
  private last = 0;

  constructor(start: number) {
    this.lineStart = start;
  }

  chunk(bytes: Buffer, base: number): void {
    // The mark before the first line, which may lie in chunks of one byte.
    let at = Math.max(0, this.lineStart - base);
    if (this.lineStart < base) {
      at = this.continued(bytes, base);
      if (at === -1) return;
    }
    while (at < bytes.length) {
      const end = bytes[at] === 10 ? at : bytes.indexOf(10, at);
      if (end === -1) break;
      const to = end > at && bytes[end - 1] === 13 ? end - 1 : end;
      // Nearly every line begins with its object.
      if (bytes[at] === 0x7b || !isBlank(bytes, at, to)) this.spans.push(base + at, base + to);
      else this.blankLines++;
      at = end + 1;
    }
    this.lineStart = base + at;
    if (at < bytes.length) this.goesOn(bytes, at);
  }

  /** @returns whether the last line has no line end */
  end(size: number): boolean {
    if (this.lineStart >= size || this.blank) return false;
    this.spans.push(this.lineStart, this.last === 13 ? size - 1 : size);
    return true;
  }

  /** Ends the line that began in an earlier chunk. @returns where the next begins, -1 where it still goes on */
  private continued(bytes: Buffer, base: number): number {
    const end = bytes.indexOf(10);
    if (end === -1) {
      this.goesOn(bytes, 0);
      return -1;
    }
    const last = end > 0 ? bytes[end - 1] : this.last;
    if (!this.blank || !isBlank(bytes, 0, end)) this.spans.push(this.lineStart, base + end - (last === 13 ? 1 : 0));
    else this.blankLines++;
    this.blank = true;
    return end + 1;
  }

  private goesOn(bytes: Buffer, from: number): void {
    this.blank &&= isBlank(bytes, from, bytes.length);
    this.last = bytes[bytes.length - 1] ?? 0;
  }
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if (byte !== 32 && byte !== 9 && byte !== 13) return false;
  }
  return true;
}
