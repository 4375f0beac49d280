import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { decompressLz4, decompressLz4Raw, decompressSnappy } from 'hyparquet-compressors';
import { megabytes } from './zipEntry';
import { unpackZstdNow } from './zipZstd';

/** Largest page that is unpacked, in bytes; ours. Writers make pages of about 1 MB. */
const LARGEST_PAGE = 256 * 1024 * 1024;
/** Most that is unpacked to read rows at once, in bytes; ours. */
const MOST_AT_ONCE = 1024 * 1024 * 1024;

/**
 * Unpacks the pages of a Parquet file, each no larger than it says and all together within bounds: what a few kilobytes claim to
 * hold must not fill the memory. Node's own unpacking where it has it.
 * @param most bytes for the life of what is returned
 */
export function boundedCompressors(most = MOST_AT_ONCE): Compressors {
  let left = most;
  const bounded =
    (unpack: (packed: Uint8Array, size: number) => Uint8Array) =>
    (packed: Uint8Array, size: number): Uint8Array => {
      if (size < 0 || size > LARGEST_PAGE) throw new Error(`a page of ${megabytes(size)} is more than the ${megabytes(LARGEST_PAGE)} that are read`);
      left -= size;
      if (left < 0) throw new Error(`a row group of more than ${megabytes(most)} is too large to be read`);
      // A page of nothing but nulls.
      return size === 0 ? new Uint8Array(0) : unpack(packed, size);
    };
  return {
    SNAPPY: bounded(decompressSnappy),
    GZIP: bounded((packed, size) => gunzipSync(packed, { maxOutputLength: size })),
    BROTLI: bounded((packed, size) => brotliDecompressSync(packed, { maxOutputLength: size })),
    ZSTD: bounded(unpackZstdNow),
    LZ4: bounded(decompressLz4),
    LZ4_RAW: bounded(decompressLz4Raw),
  };
}
