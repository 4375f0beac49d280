import type { FileBytes, IndexTools } from './container';
import { GrowingSpans } from './growingSpans';
import { wholeFile } from './wholeFile';

const NEWLINE = 10;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const CLOSE_LIST = 0x5d;

/**
 * Rows of a list whose brackets or quotes are out of balance, told apart by lines: each begins with `{` on a line that is indented
 * as the first row is, and ends with the last `}` before the next. Ours; no strings are looked at, since a quote may be what is missing.
 * Empty where the first row does not begin a line.
 * @param first the first byte of the first row
 * @param inObject the list stands in an object: it ends at a line that begins with `]` and is indented no deeper than the rows
 */
export async function rowsByLines(file: FileBytes, first: number | undefined, inObject: boolean, tools: IndexTools): Promise<GrowingSpans> {
  const rows = new GrowingSpans();
  const indent = first === undefined ? undefined : await indentBefore(file, first);
  if (first === undefined || indent === undefined) return rows;
  let start = -1;
  let end = -1;
  /** How much of the indentation was seen on this line; -1 where it is another line. */
  let seen = -1;
  /** How many blanks this line begins with; -1 once something else has come. */
  let blanks = -1;
  const finish = (): void => {
    if (start !== -1) rows.push(start, Math.max(end, start + 1));
  };
  for await (const { bytes, base } of wholeFile(file, tools)) {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === NEWLINE) blanks = 0;
      else if (blanks !== -1 && (byte === 32 || byte === 9)) blanks++;
      else {
        const ends = inObject && start !== -1 && byte === CLOSE_LIST && blanks !== -1 && blanks <= indent.length;
        blanks = -1;
        if (ends) {
          finish();
          return rows;
        }
      }
      if (byte === NEWLINE) seen = 0;
      else if (seen === indent.length && byte === OPEN) {
        finish();
        start = base + i;
        seen = -1;
      } else if (seen !== -1) seen = seen < indent.length && byte === indent[seen] ? seen + 1 : -1;
      if (byte === CLOSE) end = base + i + 1;
    }
  }
  finish();
  return rows;
}

/** The white space between a line's beginning and a byte; `undefined` where something else stands there. */
async function indentBefore(file: FileBytes, at: number): Promise<Uint8Array | undefined> {
  const before = await file.read(Math.max(0, at - 200), at);
  let start = before.length;
  while (start > 0 && (before[start - 1] === 32 || before[start - 1] === 9)) start--;
  return start > 0 && before[start - 1] === NEWLINE ? before.subarray(start) : undefined;
}
