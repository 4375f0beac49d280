import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { Decompress, decompress } from 'fzstd';

/** Largest window of a frame that is unpacked, in bytes: what the reference decoder takes without being told to. */
const LARGEST_WINDOW = 128 * 1024 * 1024;

/** More frames in a row are nothing that a packer makes. */
const MOST_FRAMES = 1000;

/** Can this Node pack Zstandard? From 22.15 on. */
export function packsZstd(): boolean {
  return typeof zlib.zstdCompress === 'function';
}

/** Packs as one frame. Only where `packsZstd`. */
export function packZstd(bytes: Uint8Array): Promise<Uint8Array> {
  return promisify(zlib.zstdCompress)(bytes);
}

/**
 * Unpacks Zstandard frames of `size` bytes together.
 * @throws Error where there are more or fewer, or the data is damaged
 */
export async function unpackZstd(packed: Uint8Array, size: number): Promise<Uint8Array> {
  if (typeof zlib.zstdDecompress !== 'function') return unpackSlowly(packed, size);
  const unpack = promisify<Uint8Array, zlib.ZstdOptions, unknown>(zlib.zstdDecompress);
  const frames = new Frames(packed, size);
  while (frames.wanted) frames.add(await unpack(frames.rest, frames.options));
  return frames.all();
}

/** The same at once, for libraries that cannot wait. */
export function unpackZstdNow(packed: Uint8Array, size: number): Uint8Array {
  if (typeof zlib.zstdDecompressSync !== 'function') return unpackSlowly(packed, size);
  const frames = new Frames(packed, size);
  while (frames.wanted) frames.add(zlib.zstdDecompressSync(frames.rest, frames.options));
  return frames.all();
}

/** Node unpacks one frame and leaves what follows it; most data is one. */
class Frames {
  private readonly found: Uint8Array[] = [];
  private filled = 0;

  constructor(
    public rest: Uint8Array,
    private readonly size: number,
  ) {}

  get wanted(): boolean {
    return this.filled < this.size && this.rest.length > 0;
  }

  get options(): zlib.ZstdOptions {
    return { maxOutputLength: this.size - this.filled, info: true };
  }

  /** @param result with `info`: what was unpacked, and an engine that counts what it took in */
  add(result: unknown): void {
    const { buffer, engine } = result as { readonly buffer: Uint8Array; readonly engine: { readonly bytesWritten: number } };
    this.found.push(buffer);
    this.filled += buffer.length;
    if (engine.bytesWritten <= 0 || this.found.length > MOST_FRAMES) throw new Error('too many Zstandard frames');
    this.rest = this.rest.subarray(engine.bytesWritten);
  }

  all(): Uint8Array {
    if (this.filled < this.size) throw new Error('less data than it says');
    const [first] = this.found;
    return first !== undefined && this.found.length === 1 ? first : Buffer.concat(this.found);
  }
}

/** Without Node's help; never more memory than the window and `size`. */
export function unpackSlowly(packed: Uint8Array, size: number): Uint8Array {
  const { window, content } = frameHeader(packed);
  if (window > LARGEST_WINDOW) throw new Error('the Zstandard window is larger than 128 MB');
  const out = new Uint8Array(size);
  // One frame for all is the usual case, and the fast one.
  if (content === size) return size === 0 ? out : decompress(packed, out);
  let filled = 0;
  const stream = new Decompress((chunk) => {
    if (filled + chunk.length > size) throw new Error('more data than it says');
    out.set(chunk, filled);
    filled += chunk.length;
  });
  stream.push(packed, true);
  if (filled < size) throw new Error('less data than it says');
  return out;
}

/** What the first frame says of itself (RFC 8878, 3.1.1.1). `content` is `undefined` where it does not say. */
function frameHeader(packed: Uint8Array): { window: number; content: number | undefined } {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length < 6) throw new Error('no Zstandard frame');
  const magic = view.getUint32(0, true);
  // A frame to be skipped has nothing to unpack; what follows is found by the decoder.
  if (magic >>> 4 === 0x0184d2a5) return { window: 0, content: undefined };
  if (magic !== 0xfd2fb528) throw new Error('no Zstandard frame');
  const descriptor = view.getUint8(4);
  const single = (descriptor & 0x20) !== 0;
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  const bytes = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  if (packed.length < at + bytes) throw new Error('no Zstandard frame');
  const content =
    bytes === 0 ? undefined : bytes === 1 ? view.getUint8(at) : bytes === 2 ? view.getUint16(at, true) + 256 : bytes === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
  if (single) return { window: content ?? 0, content };
  const exponent = view.getUint8(5);
  const base = 2 ** (10 + (exponent >>> 3));
  return { window: base + (base / 8) * (exponent & 7), content };
}
