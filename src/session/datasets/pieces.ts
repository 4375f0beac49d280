import type { FileBytes } from '../../trace/containers/container';

/** Bytes read at once where rows are read one after the other. */
const PIECE = 1 << 20;

/** The same file, read in large pieces: for reading many rows in file order. What it gives is valid until the next read. */
export function inPieces(file: FileBytes): FileBytes {
  let from = 0;
  let piece: Uint8Array = new Uint8Array(0);
  return {
    path: file.path,
    size: file.size,
    chunks: (start, signal) => file.chunks(start, signal),
    async read(start, end) {
      if (end - start >= PIECE) return file.read(start, end);
      if (start < from || end > from + piece.length) {
        piece = await file.read(start, Math.min(file.size, start + PIECE));
        from = start;
      }
      return piece.slice(start - from, end - from);
    },
  };
}
