import { basename } from 'node:path';
import type { FileBytes, IndexTools } from './container';

/** So much of a file's beginning is enough to tell what it is and how it is written. */
export const HEAD = 1 << 16;

/** A stretch of a file; `bytes` is valid until the next is asked for. */
export interface Stretch {
  readonly bytes: Buffer;
  /** Where in the file it begins. */
  readonly base: number;
}

/**
 * All bytes of a file, in order.
 * @throws Error in words where the file has become shorter meanwhile; the signal's reason
 */
export async function* wholeFile(file: FileBytes, tools: IndexTools): AsyncIterable<Stretch> {
  let base = 0;
  for await (const chunk of file.chunks(0, tools.signal)) {
    tools.signal.throwIfAborted();
    // A Buffer's search is the processor's own; that of plain arrays takes ten times as long.
    yield { bytes: asBuffer(chunk), base };
    base += chunk.length;
    tools.progress(base);
  }
  if (base < file.size) throw shorter(file, base);
}

/** What to say where a file ends before it should. */
export function shorter(file: FileBytes, now: number): Error {
  return new Error(
    `${basename(file.path)} became shorter while it was read: ${String(now)} of ${String(file.size)} bytes are there. Open it again when nothing writes to it.`,
  );
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * How many bytes at the beginning are a mark of UTF-8 and no content: 3 or 0.
 * @throws Error in words where the text is UTF-16, whose bytes nothing here could read
 */
export function markLength(head: Uint8Array, path: string): number {
  const [first, second, third] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new Error(`${basename(path)} is written in UTF-16. Save it as UTF-8 and open it again.`);
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
}

/** The number of the line (from 1) in which a byte stands. Reads up to there: for what is said once. */
export async function lineOf(file: FileBytes, at: number, signal: AbortSignal): Promise<number> {
  let line = 1;
  let base = 0;
  for await (const chunk of file.chunks(0, signal)) {
    const bytes = asBuffer(chunk);
    for (let i = bytes.indexOf(10); i !== -1 && base + i < at; i = bytes.indexOf(10, i + 1)) line++;
    base += chunk.length;
    if (base >= at) break;
  }
  return line;
}
