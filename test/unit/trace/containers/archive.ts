import { crc32, deflateRawSync } from 'node:zlib';

export const STORED = 0;
export const DEFLATE = 8;
export const ZSTD = 93;

/** An entry to be written into an archive, and the lies to be told of it. */
export interface ArchiveEntry {
  readonly name: string;
  readonly content: Uint8Array | string;
  readonly method?: number;
  readonly flags?: number;
  /** Extra fields, as bytes, of the entry's own header and of the directory. */
  readonly localExtra?: Uint8Array;
  readonly extra?: Uint8Array;
  readonly comment?: string;
  /** Sizes after the data: with a signature, without one, or with sizes of eight bytes. */
  readonly descriptor?: 'signed' | 'bare' | 'wide';
  /** Sizes of the entry's own header in a ZIP64 field, as Python writes entries whose size it does not know at first. */
  readonly localZip64?: boolean;
  /** Said in place of what is true. */
  readonly says?: { readonly size?: number; readonly packed?: number; readonly crc?: number; readonly at?: number; readonly localName?: string };
  /** Its data, where that is not to be made from `content`. */
  readonly data?: Uint8Array;
  /** Bytes that belong to nothing, before the entry. */
  readonly gap?: Uint8Array;
}

/** A Zstandard frame that is not packed at all: blocks as they are (RFC 8878, 3.1.1.2). */
export function rawZstd(content: Uint8Array): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at === 0 || at < content.length; at += 0x10000) {
    const piece = content.subarray(at, at + 0x10000);
    const head = Buffer.alloc(3);
    head.writeUIntLE((piece.length << 3) | (at + 0x10000 >= content.length ? 1 : 0), 0, 3);
    blocks.push(head, Buffer.from(piece));
  }
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0]), size, ...blocks]);
}

function packed(content: Uint8Array, method: number): Uint8Array {
  if (method === DEFLATE) return deflateRawSync(content);
  return method === ZSTD ? rawZstd(content) : content;
}

/** Writes a ZIP archive, well or badly. */
export function archiveOf(entries: readonly ArchiveEntry[], comment = ''): Buffer {
  const parts: Uint8Array[] = [];
  const records: Uint8Array[] = [];
  let at = 0;
  const push = (...some: readonly Uint8Array[]): void => {
    for (const part of some) {
      parts.push(part);
      at += part.length;
    }
  };
  for (const entry of entries) {
    push(entry.gap ?? new Uint8Array(0));
    const start = at;
    const { header, name, data } = described(entry);
    push(...localParts(entry, header, data));
    const record = Buffer.alloc(14);
    record.writeUInt16LE(Buffer.byteLength(entry.comment ?? ''), 0);
    record.writeUInt32LE(0o100644 * 0x10000, 6);
    record.writeUInt32LE(entry.says?.at ?? start, 10);
    const extra = entry.extra ?? new Uint8Array(0);
    header.writeUInt16LE(extra.length, 24);
    records.push(Buffer.from('PK\x01\x02'), Buffer.from([45, 3]), header, record, name, extra, Buffer.from(entry.comment ?? ''));
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  end.writeUInt16LE(Buffer.byteLength(comment), 16);
  return Buffer.concat([...parts, directory, Buffer.from('PK\x05\x06'), end, Buffer.from(comment)]);
}

/** What the header and the directory's record have in common. */
function described({ name, content, method = STORED, flags = 0, descriptor, data, says }: ArchiveEntry): { header: Buffer; name: Buffer; data: Uint8Array } {
  const bytes = Buffer.from(content);
  const made = data ?? packed(bytes, method);
  const fileName = Buffer.from(name);
  const header = Buffer.alloc(26);
  header.writeUInt16LE(method === ZSTD ? 63 : 20, 0);
  header.writeUInt16LE(flags | 0x800 | (descriptor === undefined ? 0 : 8), 2);
  header.writeUInt16LE(method, 4);
  header.writeUInt32LE(0x5a212345, 6);
  header.writeUInt32LE(says?.crc ?? crc32(bytes) >>> 0, 10);
  header.writeUInt32LE(says?.packed ?? made.length, 14);
  header.writeUInt32LE(says?.size ?? bytes.length, 18);
  header.writeUInt16LE(fileName.length, 22);
  return { header, name: fileName, data: made };
}

function localParts({ name, descriptor, localExtra, localZip64 = false, says }: ArchiveEntry, header: Buffer, data: Uint8Array): Uint8Array[] {
  const local = Buffer.from(header);
  const fileName = Buffer.from(says?.localName ?? name);
  local.writeUInt16LE(fileName.length, 22);
  const sizes = { packed: header.readUInt32LE(14), size: header.readUInt32LE(18) };
  if (descriptor !== undefined) local.fill(0, 10, 22);
  const zip64 = Buffer.alloc(localZip64 ? 20 : 0);
  if (localZip64) {
    zip64.writeUInt32LE(0x00100001, 0);
    if (descriptor === undefined) {
      zip64.writeBigUInt64LE(BigInt(sizes.size), 4);
      zip64.writeBigUInt64LE(BigInt(sizes.packed), 12);
    }
    local.fill(0xff, 14, 22);
  }
  const extra = Buffer.concat([localExtra ?? new Uint8Array(0), zip64]);
  local.writeUInt16LE(extra.length, 24);
  return [Buffer.from('PK\x03\x04'), local, fileName, extra, data, ...(descriptor === undefined ? [] : [after(descriptor, header)])];
}

function after(kind: 'signed' | 'bare' | 'wide', header: Buffer): Buffer {
  const signature = Buffer.from('PK\x07\x08');
  if (kind === 'wide') {
    const wide = Buffer.alloc(20);
    header.copy(wide, 0, 10, 14);
    wide.writeUInt32LE(header.readUInt32LE(14), 4);
    wide.writeUInt32LE(header.readUInt32LE(18), 12);
    return Buffer.concat([signature, wide]);
  }
  return Buffer.concat([kind === 'signed' ? signature : Buffer.alloc(0), header.subarray(10, 22)]);
}
