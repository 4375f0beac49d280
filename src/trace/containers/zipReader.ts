import { RandomAccessReader } from 'yauzl';
import type { FileBytes } from './container';

/** How much is read at once, in bytes: a directory is many small records one after the other. */
const WINDOW = 256 * 1024;

/** Gives yauzl the bytes of a file, with few and large reads. */
export class ZipReader extends RandomAccessReader {
  private start = 0;
  private window: Uint8Array = new Uint8Array(0);

  constructor(private readonly file: FileBytes) {
    super();
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    this.bytes(position, position + length).then(
      (bytes) => {
        buffer.set(bytes, offset);
        callback(bytes.length < length ? new Error('unexpected end of the file') : null);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  private async bytes(start: number, end: number): Promise<Uint8Array> {
    if (start < 0 || end > this.file.size) return new Uint8Array(0);
    if (start < this.start || end > this.start + this.window.length) {
      // The end of a file is read backwards, a directory forwards.
      const from = start + WINDOW > this.file.size ? Math.max(0, Math.min(start, this.file.size - WINDOW)) : start;
      this.window = await this.file.read(from, Math.min(this.file.size, Math.max(end, from + WINDOW)));
      this.start = from;
    }
    return this.window.subarray(start - this.start, end - this.start);
  }
}
