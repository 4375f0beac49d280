import type { FileBytes } from '../../trace/containers/container';

/** A change of a file's bytes: what lies from `start` up to `end` gives way to others. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** Bytes copied at once. */
const PIECE = 1 << 20;

/** The file with these changes, in order and disjoint; every other byte as it is. */
export async function* splicedFile(file: FileBytes, splices: readonly Splice[]): AsyncIterable<Uint8Array> {
  let at = 0;
  for (const { start, end, bytes } of [...splices, { start: file.size, end: file.size, bytes: undefined }]) {
    if (start < at) throw new RangeError('Two changes of one file overlap.');
    for (; at < start; at = Math.min(start, at + PIECE)) {
      const piece = await file.read(at, Math.min(start, at + PIECE));
      if (piece.length === 0) throw new Error('The file became shorter while it was being written anew.');
      yield piece;
    }
    if (bytes !== undefined && bytes.length > 0) yield bytes;
    at = end;
  }
}
