import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import { DEFLATE, STORED, ZSTD } from './zipEntry';
import { packsZstd, packZstd } from './zipZstd';

/**
 * Packs an entry's content by the method it had; DEFLATE in place of Zstandard where this Node cannot pack that, which every reader
 * of such logs reads too.
 */
export async function pack(content: Uint8Array, method: number): Promise<{ data: Uint8Array; method: number; crc: number }> {
  const crc = crc32(content) >>> 0;
  if (method === STORED) return { data: content, method, crc };
  if (method === ZSTD && packsZstd()) return { data: await packZstd(content), method, crc };
  return { data: await promisify<Uint8Array, Uint8Array>(deflateRaw)(content), method: DEFLATE, crc };
}
