import { createHash } from 'node:crypto';
import { setImmediate as otherWork } from 'node:timers/promises';
import { createDeflateRaw } from 'node:zlib';
import { Zip, ZipPassThrough } from 'fflate';

/** Ray takes no larger body: `Maximum request body size 104857600 exceeded.` */
export const LARGEST_PACKAGE = 100 * 1024 * 1024;
/** Of all entries: so that the same files make the same bytes, and by them the same name. The first day that a zip can hold. */
const MTIME = new Date('1980-01-01T12:00:00Z');
/** Bytes that are taken at a time; between them other work runs. */
const PIECE = 256 * 1024;

/** A working directory for a job: files at the root, named by their content. */
export interface RayPackage {
  readonly bytes: Uint8Array;
  /** `_ray_pkg_<16 hex>.zip` */
  readonly name: string;
}

/** Makes the package in memory; other work runs meanwhile. @throws the signal's reason */
export async function rayPackage(files: Readonly<Record<string, Uint8Array>>, signal: AbortSignal): Promise<RayPackage> {
  const pieces: Uint8Array[] = [];
  const digest = createHash('sha256');
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    pieces.push(piece);
    digest.update(piece);
  });
  // One after the other, and their pieces as they come: the order of the bytes is that of the names.
  for (const [name, bytes] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const entry = new DeflatedEntry(name);
    zip.add(entry);
    await entry.take(bytes, signal);
  }
  zip.end();
  return { bytes: Buffer.concat(pieces), name: `_ray_pkg_${digest.digest('hex').slice(0, 16)}.zip` };
}

/** One entry, deflated by Node’s own zlib, on another thread. fflate counts what is pushed, and adds up its checksum. */
class DeflatedEntry extends ZipPassThrough {
  private readonly deflate = createDeflateRaw({ level: 6, chunkSize: PIECE });
  private readonly done: Promise<void>;

  constructor(name: string) {
    super(name);
    this.compression = 8;
    this.mtime = MTIME;
    this.done = new Promise((resolve, reject) => {
      this.deflate.on('data', (piece: Buffer) => { this.ondata(null, piece, false); });
      this.deflate.on('end', () => {
        this.ondata(null, new Uint8Array(), true);
        resolve();
      });
      this.deflate.on('error', reject);
    });
  }

  /** Settles once all of it is in the zip. */
  async take(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    try {
      for (let at = 0; at < bytes.length || at === 0; at += PIECE) {
        signal.throwIfAborted();
        this.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
        await otherWork();
      }
      this.deflate.end();
      await this.done;
      signal.throwIfAborted();
    } finally {
      this.deflate.destroy();
    }
  }

  protected override process(piece: Uint8Array): void {
    this.deflate.write(piece);
  }
}
