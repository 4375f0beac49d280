import type { Container, FileBytes, IndexTools, RawRow, RowIndex } from '../../../../src/trace/containers/container';

export const tools: IndexTools = { signal: new AbortController().signal, progress: () => undefined };

/** Bytes as a file whose chunks are as long as `next` says; a chunk is overwritten as soon as the next is asked for. */
export function memoryBytes(content: Uint8Array | string, next: () => number = () => 65536, path = '/data/set.x'): FileBytes {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return {
    path,
    size: bytes.length,
    read: (start, end) => Promise.resolve(Uint8Array.from(bytes.subarray(start, end))),
    async *chunks(start, signal) {
      for (let at = start; at < bytes.length; ) {
        signal.throwIfAborted();
        const to = Math.min(bytes.length, at + Math.max(1, next()));
        const chunk = Uint8Array.from(bytes.subarray(at, to));
        yield chunk;
        chunk.fill(0x7b);
        at = to;
        await Promise.resolve();
      }
    },
  };
}

/** Chunk lengths from 1 to `most` by the random source. */
export function upTo(random: () => number, most: number): () => number {
  return () => 1 + Math.floor(random() * most);
}

export async function indexed(container: Container, content: Uint8Array | string, next?: () => number): Promise<{ file: FileBytes; index: RowIndex }> {
  const file = memoryBytes(content, next);
  return { file, index: await container.index(file, tools) };
}

/** All rows as they read. */
export async function rowsOf(container: Container, content: Uint8Array | string): Promise<{ index: RowIndex; rows: RawRow[] }> {
  const { file, index } = await indexed(container, content);
  const rows: RawRow[] = [];
  for (let i = 0; i < index.count; i++) rows.push(await container.row(file, index, i));
  return { index, rows };
}

export async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const kept: Uint8Array[] = [];
  for await (const piece of pieces) kept.push(Uint8Array.from(piece));
  return Buffer.concat(kept);
}

/** The file after some rows were written back. */
export async function saved(container: Container, file: FileBytes, index: RowIndex, rows: ReadonlyMap<number, Uint8Array>): Promise<Buffer> {
  if (container.withRows === undefined) throw new Error(`${container.name} cannot be written.`);
  return joined(container.withRows(file, index, rows, tools.signal));
}

/** A row's text after edits. */
export function editedText(container: Container, raw: RawRow, edits: Parameters<NonNullable<Container['edited']>>[1], index: RowIndex): string {
  if (container.edited === undefined) throw new Error(`${container.name} cannot be written.`);
  return Buffer.from(container.edited(raw, edits, index)).toString('utf8');
}
