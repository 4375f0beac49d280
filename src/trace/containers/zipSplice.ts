import type { FileBytes } from './container';
import { localHeader, zipContent } from './zipContent';
import {
  DESCRIPTOR, DESCRIPTOR_FOLLOWS, DIRECTORY_RECORD, DIRECTORY_RECORD_LENGTH, IN_ZIP64, LARGEST_ENTRY, LOCAL_HEADER_LENGTH, megabytes,
  ZIP64_FIELD, type ZipEntry,
} from './zipEntry';
import { pack } from './zipPack';

/** How much is copied at once, in bytes. */
const PIECE = 1024 * 1024;
const END_RECORD = 0x06054b50;
const END_RECORD_LENGTH = 22;
const ZIP64_LOCATOR = 0x07064b50;

/** What becomes of a changed entry. */
interface Replacement {
  readonly entry: ZipEntry;
  /** Header, data and descriptor as they lie in the new archive. */
  readonly parts: readonly Uint8Array[];
  /** Where the old ones end. */
  readonly end: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly method: number;
  /** By how much what follows moves. */
  readonly moved: number;
}

/**
 * The whole archive with the contents of some entries replaced. All other entries, and whatever lies between them, keep their bytes;
 * a changed one is packed anew as it was before, and its header and the directory keep times, names, extra fields and comments. An entry
 * whose content is what it was keeps its packed bytes too.
 * @param start first byte of the directory
 * @throws Error in words where the archive cannot be written: ZIP64, changed or damaged; the signal's reason
 */
export async function* spliceZip(
  file: FileBytes,
  start: number,
  contents: ReadonlyMap<ZipEntry, Uint8Array>,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const changed = await changes(file, contents, signal);
  if (changed.length === 0) {
    yield* copied(file, 0, file.size, signal);
    return;
  }
  const directory = await newDirectory(file, start, changed);
  let position = 0;
  for (const { entry, parts, end } of changed) {
    yield* copied(file, position, entry.at, signal);
    yield* parts;
    position = end;
  }
  yield* copied(file, position, start, signal);
  yield directory;
}

/** What is to be replaced, in the archive's order. */
async function changes(file: FileBytes, contents: ReadonlyMap<ZipEntry, Uint8Array>, signal: AbortSignal): Promise<Replacement[]> {
  const changed: Replacement[] = [];
  for (const [entry, content] of contents) {
    signal.throwIfAborted();
    if (content.length > LARGEST_ENTRY) throw new Error(`${entry.name} would be ${megabytes(content.length)}; samples above ${megabytes(LARGEST_ENTRY)} are not written.`);
    const old = await zipContent(file, entry);
    if (typeof old === 'string') throw new Error(`${old}.`);
    if (Buffer.compare(old, content) === 0) continue;
    changed.push(await replacement(file, entry, content));
  }
  return changed.sort((a, b) => a.entry.at - b.entry.at);
}

async function replacement(file: FileBytes, entry: ZipEntry, content: Uint8Array): Promise<Replacement> {
  const found = await localHeader(file, entry);
  if (typeof found === 'string') throw new Error(`${entry.name} ${found}.`);
  const header = Buffer.from(found.bytes);
  const { data, method, crc } = await pack(content, entry.method);
  const sizes = { crc, packed: data.length, size: content.length };
  const after = found.data + entry.packed;
  const descriptor = (entry.flags & DESCRIPTOR_FOLLOWS) === 0 ? undefined : await descriptorAt(file, entry, after);
  header.writeUInt16LE(method, 8);
  // With a descriptor these fields are zero by the book; some writers fill them all the same.
  if (descriptor === undefined || header.readUInt32LE(14) !== 0) header.writeUInt32LE(crc, 14);
  const zip64 = header.readUInt32LE(18) === IN_ZIP64 || header.readUInt32LE(22) === IN_ZIP64;
  if (zip64) writeZip64(header, sizes, entry);
  else {
    if (descriptor === undefined || header.readUInt32LE(18) !== 0) header.writeUInt32LE(sizes.packed, 18);
    if (descriptor === undefined || header.readUInt32LE(22) !== 0) header.writeUInt32LE(sizes.size, 22);
  }
  const parts = [header, data, ...(descriptor === undefined ? [] : [newDescriptor(descriptor, sizes)])];
  const end = after + (descriptor?.length ?? 0);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return { entry, parts, end, method, moved: length - (end - entry.at), ...sizes };
}

interface Sizes {
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/** Sizes that stand in an entry's ZIP64 field, as Python writes them for entries whose size it does not know at first. */
function writeZip64(header: Buffer, { packed, size }: Sizes, entry: ZipEntry): void {
  for (let at = LOCAL_HEADER_LENGTH + header.readUInt16LE(26); at + 4 <= header.length; at += 4 + header.readUInt16LE(at + 2)) {
    if (header.readUInt16LE(at) !== ZIP64_FIELD || header.readUInt16LE(at + 2) < 16 || at + 20 > header.length) continue;
    // Zero where a descriptor tells them.
    if (header.readBigUInt64LE(at + 4) !== 0n) header.writeBigUInt64LE(BigInt(size), at + 4);
    if (header.readBigUInt64LE(at + 12) !== 0n) header.writeBigUInt64LE(BigInt(packed), at + 12);
    return;
  }
  throw new Error(`${entry.name} is described in a way that cannot be written; save the log again by Inspect and edit that.`);
}

/** The descriptor after an entry's data: with or without a signature, with sizes of 4 or 8 bytes. Nothing says which but its content. */
async function descriptorAt(file: FileBytes, entry: ZipEntry, at: number): Promise<Buffer> {
  const bytes = Buffer.from(await file.read(at, Math.min(entry.next, at + 24)));
  for (const signed of [true, false]) {
    for (const wide of [false, true]) {
      const from = signed ? 4 : 0;
      const length = from + (wide ? 20 : 12);
      if (bytes.length < length || (signed && bytes.readUInt32LE(0) !== DESCRIPTOR) || bytes.readUInt32LE(from) !== entry.crc) continue;
      const packed = wide ? Number(bytes.readBigUInt64LE(from + 4)) : bytes.readUInt32LE(from + 4);
      const size = wide ? Number(bytes.readBigUInt64LE(from + 12)) : bytes.readUInt32LE(from + 8);
      if (packed === entry.packed && size === entry.size) return bytes.subarray(0, length);
    }
  }
  throw new Error(`${entry.name} is not followed by the sizes that its header announces: the archive is damaged; copy it anew.`);
}

function newDescriptor(old: Buffer, { crc, packed, size }: Sizes): Buffer {
  const made = Buffer.from(old);
  const wide = old.length >= 20;
  const from = old.length - (wide ? 20 : 12);
  made.writeUInt32LE(crc, from);
  if (wide) {
    made.writeBigUInt64LE(BigInt(packed), from + 4);
    made.writeBigUInt64LE(BigInt(size), from + 12);
  } else {
    made.writeUInt32LE(packed, from + 4);
    made.writeUInt32LE(size, from + 8);
  }
  return made;
}

/** The directory and what follows it, with the changed entries' checksums and sizes and everybody's new place. */
async function newDirectory(file: FileBytes, start: number, changed: readonly Replacement[]): Promise<Buffer> {
  const bytes = Buffer.from(await file.read(start, file.size));
  const end = endRecord(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count === 0xffff || bytes.readUInt32LE(end + 16) === IN_ZIP64 || (end >= 20 && bytes.readUInt32LE(end - 20) === ZIP64_LOCATOR)) throw zip64();
  if (bytes.readUInt32LE(end + 16) !== start) throw new Error('The archive changed on disk, or something stands before it. Reload it and try again.');
  const byOrdinal = new Map(changed.map((one) => [one.entry.ordinal, one]));
  const moves = movesOf(changed);
  let at = 0;
  for (let ordinal = 0; ordinal < count; ordinal++) {
    if (at + DIRECTORY_RECORD_LENGTH > end || bytes.readUInt32LE(at) !== DIRECTORY_RECORD) throw new Error('The archive\'s directory is damaged, or changed on disk. Reload it and try again.');
    const place = bytes.readUInt32LE(at + 42);
    if ([20, 24, 42].some((field) => bytes.readUInt32LE(at + field) === IN_ZIP64)) throw zip64();
    const change = byOrdinal.get(ordinal);
    if (change !== undefined) {
      if (place !== change.entry.at || bytes.readUInt32LE(at + 16) !== change.entry.crc) throw new Error('The archive changed on disk. Reload it and try again.');
      bytes.writeUInt16LE(change.method, at + 10);
      bytes.writeUInt32LE(change.crc, at + 16);
      bytes.writeUInt32LE(change.packed, at + 20);
      bytes.writeUInt32LE(change.size, at + 24);
    }
    bytes.writeUInt32LE(place + moves(place), at + 42);
    at += DIRECTORY_RECORD_LENGTH + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  const moved = start + moves(start);
  if (moved >= IN_ZIP64) throw zip64();
  bytes.writeUInt32LE(moved, end + 16);
  return bytes;
}

/** By how much what lay at a place moves. */
function movesOf(changed: readonly Replacement[]): (place: number) => number {
  let sum = 0;
  const after = changed.map(({ entry, moved }) => ({ at: entry.at, sum: (sum += moved) }));
  return (place) => {
    let low = 0;
    let high = after.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((after[middle]?.at ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return after[low - 1]?.sum ?? 0;
  };
}

/** Where the end record begins: the last one whose comment ends with the file. */
function endRecord(bytes: Buffer): number {
  for (let at = bytes.length - END_RECORD_LENGTH; at >= 0 && at >= bytes.length - END_RECORD_LENGTH - 0xffff; at--) {
    if (bytes.readUInt32LE(at) === END_RECORD && bytes.readUInt16LE(at + 20) === bytes.length - END_RECORD_LENGTH - at) return at;
  }
  throw new Error('The archive changed on disk. Reload it and try again.');
}

function zip64(): Error {
  return new Error('This is a ZIP64 archive (over 4 GB, or over 65,534 entries); those are read but not written. Edit a log with fewer samples, or its .json.');
}

async function* copied(file: FileBytes, from: number, to: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
  for (let at = from; at < to; at += PIECE) {
    signal.throwIfAborted();
    const end = Math.min(to, at + PIECE);
    const bytes = await file.read(at, end);
    if (bytes.length < end - at) throw new Error('The archive became shorter while it was written; nothing was saved. Reload it and try again.');
    yield bytes;
  }
}
