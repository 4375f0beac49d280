import { createHash } from 'node:crypto';
import type { FileFacts } from '../files';
import type { RowIndex } from './container';
import { asBuffer } from './wholeFile';

/**
 * An index as a file: a line that names the kind and version, a line of JSON, then the spans. A span is written as the distance from
 * the end of the row before and the length, in as many bytes as they need (7 bits a byte, lowest first): 3 to 4 bytes a row.
 */
const MARK = 'CoT Lens row index 1\n';

/** Which file an index was made of, and by what. */
export interface IndexedFile extends FileFacts {
  readonly container: string;
}

interface Header extends IndexedFile {
  readonly count: number;
  readonly problems: readonly string[];
  readonly more: unknown;
  readonly bytes: number;
  /** SHA-256 of the spans' bytes, cut: what is torn or was written over is not used. */
  readonly hash: string;
}

export function packIndex(index: RowIndex, { container, size, modified, identity }: IndexedFile): Uint8Array {
  const spans = packSpans(index.spans);
  const { count, problems, more } = index;
  const header: Header = { container, size, modified, identity, count, problems, more, bytes: spans.length, hash: hashOf(spans) };
  return Buffer.concat([Buffer.from(`${MARK}${JSON.stringify(header)}\n`, 'utf8'), spans]);
}

/** The index, if these bytes hold a whole one of just this file as it is now; `undefined` for anything else. Never throws. */
export function unpackIndex(bytes: Uint8Array, file: IndexedFile): RowIndex | undefined {
  const all = asBuffer(bytes);
  if (all.toString('latin1', 0, MARK.length) !== MARK) return undefined;
  const end = all.indexOf(10, MARK.length);
  if (end === -1) return undefined;
  const header = headerOf(all.toString('utf8', MARK.length, end));
  if (header === undefined) return undefined;
  if (header.container !== file.container || header.size !== file.size) return undefined;
  if (header.modified !== file.modified || header.identity !== file.identity) return undefined;
  const packed = all.subarray(end + 1);
  if (packed.length !== header.bytes || hashOf(packed) !== header.hash) return undefined;
  return { count: header.count, spans: unpackSpans(packed), more: header.more, problems: header.problems };
}

function headerOf(line: string): Header | undefined {
  try {
    const header = JSON.parse(line) as Partial<Header> | null;
    const good =
      typeof header?.count === 'number' && Array.isArray(header.problems) && typeof header.bytes === 'number' && typeof header.hash === 'string';
    return good ? (header as Header) : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/** Rows of archives may lie in any order, so that a distance may be negative: its sign is the lowest bit. */
function packSpans(spans: Float64Array): Buffer {
  // No number of a file's bytes takes more than 8 bytes of 7 bits.
  let packed = Buffer.allocUnsafe(Math.max(64, spans.length * 2));
  let at = 0;
  let before = 0;
  for (let i = 0; i < spans.length; i += 2) {
    if (at + 16 > packed.length) packed = Buffer.concat([packed], packed.length * 2 + 16);
    const start = spans[i] ?? 0;
    const end = spans[i + 1] ?? 0;
    const distance = start - before;
    at = put(packed, at, distance < 0 ? -distance * 2 + 1 : distance * 2);
    at = put(packed, at, end - start);
    before = end;
  }
  return packed.subarray(0, at);
}

/** Division and not shifts: files are larger than 32 bits. */
function put(bytes: Buffer, at: number, value: number): number {
  let rest = value;
  let i = at;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes[i++] = (rest % 128) | 0x80;
  bytes[i++] = rest;
  return i;
}

function unpackSpans(packed: Buffer): Float64Array {
  let numbers = 0;
  for (let i = 0; i < packed.length; i++) if ((packed[i] ?? 0) < 0x80) numbers++;
  const spans = new Float64Array(numbers);
  let before = 0;
  let value = 0;
  let scale = 1;
  let filled = 0;
  for (let i = 0; i < packed.length; i++) {
    const byte = packed[i] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte >= 0x80) {
      scale *= 128;
      continue;
    }
    if (filled % 2 === 0) before += value % 2 === 1 ? -(value - 1) / 2 : value / 2;
    else before += value;
    spans[filled++] = before;
    value = 0;
    scale = 1;
  }
  return spans;
}
