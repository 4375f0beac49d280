import { promisify } from 'node:util';
import { crc32, inflateRaw, type ZlibOptions } from 'node:zlib';
import { getFileNameLowLevel, parseExtraFields } from 'yauzl';
import type { FileBytes } from './container';
import { DEFLATE, ENCRYPTED, LARGEST_ENTRY, LOCAL_HEADER, LOCAL_HEADER_LENGTH, megabytes, STORED, ZSTD, type ZipEntry } from './zipEntry';
import { unpackZstd } from './zipZstd';

/** An entry's own header, which stands before its data. */
export interface LocalHeader {
  /** All its bytes, name and extra fields with them. */
  readonly bytes: Uint8Array;
  /** Where its data begins in the archive. */
  readonly data: number;
}

/** More than the unpacked size that data which does not shrink may take when packed; DEFLATE and Zstandard add far less. */
const OVERHEAD = 1024 * 1024;

/**
 * Unpacks an entry. What the headers say is checked, never trusted: memory stays within the entry's stated size, which is 50 MB at most.
 * @returns its bytes, or in words why it cannot be read
 */
export async function zipContent(file: FileBytes, entry: ZipEntry): Promise<Uint8Array | string> {
  const refused = refusal(entry);
  if (refused !== undefined) return `${entry.name} ${refused}`;
  const header = await localHeader(file, entry);
  if (typeof header === 'string') return `${entry.name} ${header}`;
  const packed = await file.read(header.data, header.data + entry.packed);
  if (packed.length < entry.packed) return `${entry.name} is cut off: the file has become shorter`;
  let bytes: Uint8Array;
  try {
    bytes = await unpacked(packed, entry);
  } catch (error) {
    return `${entry.name} cannot be unpacked: ${larger(error) ? `it holds more than the ${megabytes(entry.size)} it says` : `its data is damaged (${said(error)})`}; copy the archive anew`;
  }
  if (bytes.length !== entry.size) return `${entry.name} holds ${String(bytes.length)} bytes, not the ${String(entry.size)} it says: the archive is damaged; copy it anew`;
  if (crc32(bytes) >>> 0 !== entry.crc) return `${entry.name} is damaged: its checksum is another than the archive says; copy the archive anew`;
  return bytes;
}

function refusal({ problem, size, packed, method }: ZipEntry): string | undefined {
  if (problem !== undefined) return problem;
  if (size > LARGEST_ENTRY) return `is ${megabytes(size)} unpacked; samples above ${megabytes(LARGEST_ENTRY)} are not read`;
  if (packed > size + OVERHEAD) return `takes ${megabytes(packed)} for ${megabytes(size)} of content: its sizes are false`;
  if (method !== STORED && method !== DEFLATE && method !== ZSTD) {
    return `is packed by method ${String(method)}; stored, DEFLATE (8) and Zstandard (93) are read. Save the log again by Inspect`;
  }
  return undefined;
}

/** Reads the header in front of an entry, which must agree with the directory; else gives in words what is wrong. */
export async function localHeader(file: FileBytes, entry: ZipEntry): Promise<LocalHeader | string> {
  const fixed = Buffer.from(await file.read(entry.at, entry.at + LOCAL_HEADER_LENGTH));
  if (fixed.length < LOCAL_HEADER_LENGTH || fixed.readUInt32LE(0) !== LOCAL_HEADER) return 'is not where the archive says: it is damaged, or was changed meanwhile';
  const names = fixed.readUInt16LE(26);
  const length = LOCAL_HEADER_LENGTH + names + fixed.readUInt16LE(28);
  const bytes = Buffer.from(await file.read(entry.at, entry.at + length));
  const data = entry.at + length;
  if (bytes.length < length || data + entry.packed > entry.next) return 'lies over another entry or outside the archive: the archive is damaged, or made to deceive';
  const flags = bytes.readUInt16LE(6);
  if ((flags & ENCRYPTED) !== 0) return 'is encrypted; save the log again without a password';
  if (bytes.readUInt16LE(8) !== entry.method || nameIn(bytes, flags, names) !== entry.name) {
    return 'is described in two ways that differ: the archive is damaged, or made to deceive';
  }
  return { bytes, data };
}

function nameIn(header: Buffer, flags: number, length: number): string | undefined {
  const name = header.subarray(LOCAL_HEADER_LENGTH, LOCAL_HEADER_LENGTH + length);
  try {
    return getFileNameLowLevel(flags, name, parseExtraFields(header.subarray(LOCAL_HEADER_LENGTH + length)), true);
  } catch {
    // Extra fields that cannot be read: those of headers are often sloppy, and here they could only tell another name.
    return getFileNameLowLevel(flags, name, [], true);
  }
}

async function unpacked(packed: Uint8Array, { method, size }: ZipEntry): Promise<Uint8Array> {
  if (method === STORED) return packed;
  if (method === ZSTD) return unpackZstd(packed, size);
  return promisify<Uint8Array, ZlibOptions, Uint8Array>(inflateRaw)(packed, { maxOutputLength: Math.max(1, size) });
}

function larger(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_BUFFER_TOO_LARGE' || error instanceof RangeError || said(error) === 'more data than it says';
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
