import { open, type FileHandle } from 'node:fs/promises';
import type { FileBytes } from '../../trace/containers/container';

/** Measured: below this calls take longer than what they read, and the scans of a chunk still take far less than 50 ms. Bytes. */
const CHUNK = 4 << 20;

/** A file that was opened; to be closed. */
export interface OpenFileBytes extends FileBytes {
  close(): Promise<void>;
}

/**
 * Opens a file for reading as needed. What is read is the file that was there then, also when another takes its name;
 * what is appended later is not seen.
 * @throws the system's error
 */
export async function openFileBytes(path: string, chunkSize = CHUNK): Promise<OpenFileBytes> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return {
      path,
      size,
      read: (start, end) => readAt(file, start, Math.min(end, size)),
      chunks: (start, signal) => chunksOf(file, start, size, chunkSize, signal),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readAt(file: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, end - start));
  const filled = await fill(file, bytes, bytes.length, start);
  return filled === bytes.length ? bytes : bytes.subarray(0, filled);
}

/** Fills the first `length` bytes of a buffer; fewer only at the end of the file. */
async function fill(file: FileHandle, buffer: Buffer, length: number, start: number): Promise<number> {
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** While the caller works on one buffer the other is filled. */
async function* chunksOf(file: FileHandle, from: number, size: number, chunkSize: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
  if (from >= size) return;
  const length = Math.min(chunkSize, size - from);
  let next = Buffer.allocUnsafeSlow(length);
  let free = length < size - from ? Buffer.allocUnsafeSlow(length) : next;
  let at = from;
  const ahead = (buffer: Buffer): Promise<number> => {
    const reading = fill(file, buffer, Math.min(length, size - at), at);
    // A caller that stops early never looks at it.
    reading.catch(() => undefined);
    return reading;
  };
  let reading = ahead(next);
  try {
    for (;;) {
      signal.throwIfAborted();
      const filled = await reading;
      signal.throwIfAborted();
      if (filled === 0) return;
      const full = next;
      at += filled;
      const more = at < size;
      next = free;
      if (more) reading = ahead(next);
      yield full.subarray(0, filled);
      if (!more) return;
      free = full;
    }
  } finally {
    // The system writes into the buffer until then.
    await reading.catch(() => undefined);
  }
}
