import type { FileBytes } from '../../trace/containers/container';
import { LARGEST_ROW } from '../../trace/containers/readRow';

/** Where a line lies in its file; the line end is `end` up to `next`. */
export interface LineSpan {
  readonly start: number;
  readonly end: number;
  /** Where the next line begins. */
  readonly next: number;
}

/** A line of a file with its bytes, without the line end. Valid until the next lines are asked for. */
export interface Line extends LineSpan {
  /** `undefined` where it is too long to be read. */
  readonly bytes: Uint8Array | undefined;
}

/** The mark that some editors put before the first line of a file. */
const MARK = [0xef, 0xbb, 0xbf];

/** All lines of a file in order, blank ones too, as many at once as lie in a chunk. A last line without a line end is one, unless it is empty. */
export async function* linesOf(file: FileBytes, signal: AbortSignal): AsyncIterable<readonly Line[]> {
  const head = await file.read(0, Math.min(MARK.length, file.size));
  let start = MARK.every((byte, i) => head[i] === byte) ? MARK.length : 0;
  let at = start;
  let carried: Buffer[] = [];
  let carriedLength = 0;
  const take = (rest: Buffer): Uint8Array | undefined => {
    const tooLong = carriedLength + rest.length > LARGEST_ROW;
    const bytes = tooLong ? undefined : carried.length === 0 ? rest : Buffer.concat([...carried, rest]);
    carried = [];
    carriedLength = 0;
    return bytes;
  };
  for await (const some of file.chunks(start, signal)) {
    const chunk = Buffer.from(some.buffer, some.byteOffset, some.byteLength);
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const next = at + end + 1;
      const bytes = take(chunk.subarray(from, end));
      // Only the end of the line tells whether its last byte belongs to a line end of two.
      const isCrlf = bytes === undefined ? false : bytes[bytes.length - 1] === 13;
      lines.push({ start, end: next - 1 - (isCrlf ? 1 : 0), next, bytes: isCrlf ? bytes?.subarray(0, -1) : bytes });
      start = next;
      from = end + 1;
    }
    yield lines;
    if (from < chunk.length) {
      carriedLength += chunk.length - from;
      // The chunk is used again for the next one.
      if (carriedLength <= LARGEST_ROW) carried.push(Buffer.from(chunk.subarray(from)));
      else carried = [];
    }
    at += chunk.length;
  }
  if (at > start) yield [{ start, end: at, next: at, bytes: take(Buffer.alloc(0)) }];
}
