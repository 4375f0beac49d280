import type { FileBytes, IndexTools } from '../../../../src/trace/containers/container';

/** Bytes in memory as a file, which counts what is read of it. */
export interface MemoryFile extends FileBytes {
  readonly reads: { count: number; bytes: number };
}

export function fileOf(bytes: Uint8Array, path = '/data/test'): MemoryFile {
  const reads = { count: 0, bytes: 0 };
  return {
    path,
    size: bytes.length,
    reads,
    read(start, end) {
      const piece = bytes.slice(start, end);
      reads.count++;
      reads.bytes += piece.length;
      return Promise.resolve(piece);
    },
    async *chunks(start, signal) {
      for (let at = start; at < bytes.length; at += 1000) {
        signal.throwIfAborted();
        await Promise.resolve();
        yield bytes.slice(at, at + 1000);
      }
    },
  };
}

export function indexTools(signal: AbortSignal = new AbortController().signal): IndexTools {
  return { signal, progress: () => undefined };
}

export async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(Uint8Array.from(piece));
  return Buffer.concat(all);
}
