import { readFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { zipContent } from '../../../../src/trace/containers/zipContent';
import { readZipDirectory, type ZipDirectory } from '../../../../src/trace/containers/zipDirectory';
import type { ZipEntry } from '../../../../src/trace/containers/zipEntry';
import { spliceZip } from '../../../../src/trace/containers/zipSplice';
import { packsZstd, unpackSlowly, unpackZstd } from '../../../../src/trace/containers/zipZstd';
import { seeded } from '../../../seeded';
import { archiveOf, DEFLATE, rawZstd, STORED, ZSTD, type ArchiveEntry } from './archive';
import { fileOf, indexTools, joined } from './bytesOf';

const signal = new AbortController().signal;

const directoryOf = (bytes: Uint8Array): Promise<ZipDirectory> => readZipDirectory(fileOf(bytes), indexTools());

async function spliced(bytes: Uint8Array, changes: ReadonlyMap<number, Uint8Array>): Promise<Buffer> {
  const { entries, start } = await directoryOf(bytes);
  const contents = new Map([...changes].flatMap(([i, content]) => (entries[i] === undefined ? [] : [[entries[i], content] as const])));
  return joined(spliceZip(fileOf(bytes), start, contents, signal));
}

function anyEntry(random: () => number, i: number): ArchiveEntry {
  const pick = <T>(...some: readonly T[]): T => some[Math.floor(random() * some.length)] as T;
  const bytes = (most: number): Buffer => Buffer.from(Array.from({ length: Math.floor(random() * most) }, () => Math.floor(random() * 256)));
  const descriptor = pick<ArchiveEntry['descriptor']>(undefined, undefined, 'signed', 'bare', 'wide');
  const extra = random() < 0.4 ? Buffer.from([0x55, 0x54, 5, 0, 1, 1, 2, 3, 4]) : Buffer.alloc(0);
  return {
    name: pick('a', 'ü', 'deep/er') + String(i),
    content: random() < 0.3 ? bytes(300) : 'some text '.repeat(Math.floor(random() * 200)),
    method: pick(STORED, DEFLATE, ZSTD),
    extra,
    localExtra: random() < 0.4 ? Buffer.from([0x0a, 0x7f, 2, 0, 1, 2]) : Buffer.alloc(0),
    comment: random() < 0.3 ? 'a comment ü' : '',
    gap: random() < 0.2 ? bytes(30) : Buffer.alloc(0),
    ...(descriptor === undefined ? {} : { descriptor }),
    ...(descriptor === 'wide' || (descriptor === undefined && random() < 0.2) ? { localZip64: true } : {}),
  };
}

/** Everything of a directory record but what a change of content changes. */
function recordsOf(bytes: Buffer, start: number): { fixed: string; rest: string }[] {
  const records: { fixed: string; rest: string }[] = [];
  for (let at = start; bytes.readUInt32LE(at) === 0x02014b50; ) {
    const end = at + 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    const fixed = Buffer.from(bytes.subarray(at, at + 46));
    fixed.fill(0, 42, 46);
    records.push({ fixed: fixed.toString('hex'), rest: bytes.subarray(at + 46, end).toString('hex') });
    at = end;
  }
  return records;
}

describe('an archive with changed entries', () => {
  it('keeps every byte of the other entries, whatever it is made of', async () => {
    const random = seeded(93);
    for (let round = 0; round < 150; round++) {
      const made = Array.from({ length: 1 + Math.floor(random() * 8) }, (_, i) => anyEntry(random, i));
      const before = archiveOf(made, random() < 0.3 ? 'for all' : '');
      const old = await directoryOf(before);
      const changes = new Map(made.flatMap((_, i) => (random() < 0.4 ? [[i, Buffer.from(`new ${'ä'.repeat(Math.floor(random() * 3000))}`)] as const] : [])));
      const after = await spliced(before, changes);
      if (changes.size === 0) expect(after).toEqual(before);
      const now = await directoryOf(after);
      expect(now.entries.map(({ name }) => name)).toEqual(made.map(({ name }) => name));
      const [oldRecords, newRecords] = [recordsOf(before, old.start), recordsOf(after, now.start)];
      for (const [i, entry] of now.entries.entries()) {
        const was = old.entries[i] as ZipEntry;
        const content = changes.get(i);
        expect(Buffer.from((await zipContent(fileOf(after), entry)) as Uint8Array)).toEqual(Buffer.from(content ?? made[i]?.content ?? ''));
        expect(newRecords[i]?.rest).toBe(oldRecords[i]?.rest);
        if (content !== undefined) {
          expect(entry.method).toBe(was.method === ZSTD && !packsZstd() ? DEFLATE : was.method);
          continue;
        }
        expect(newRecords[i]?.fixed).toBe(oldRecords[i]?.fixed);
        // All of it up to the next, gaps and descriptors too.
        expect(after.subarray(entry.at, entry.next)).toEqual(before.subarray(was.at, was.next));
      }
      // What follows the directory's place in the end record: the archive's comment.
      expect(after.subarray(after.lastIndexOf('PK\x05\x06') + 20)).toEqual(before.subarray(before.lastIndexOf('PK\x05\x06') + 20));
      // And back again: the same archive, where packing gives the same bytes.
      if (made.every(({ method }) => method !== ZSTD)) {
        const originals = new Map([...changes.keys()].map((i) => [i, Buffer.from(made[i]?.content ?? '')]));
        expect(await spliced(after, originals)).toEqual(before);
      }
    }
  });

  it('may be changed again and again', async () => {
    let bytes = archiveOf([{ name: 'a', content: 'one', method: DEFLATE }, { name: 'b', content: 'two', method: ZSTD }, { name: 'c', content: 'three' }]);
    for (let i = 0; i < 5; i++) bytes = await spliced(bytes, new Map([[i % 3, Buffer.from(`version ${String(i)}`)]]));
    const { entries } = await directoryOf(bytes);
    const contents = await Promise.all(entries.map(async (entry) => Buffer.from((await zipContent(fileOf(bytes), entry)) as Uint8Array).toString()));
    expect(contents).toEqual(['version 3', 'version 4', 'version 2']);
  });

  it('is not written where it changed on disk', async () => {
    const entries: ArchiveEntry[] = [{ name: 'a', content: 'one' }, { name: 'b', content: 'two' }];
    const bytes = archiveOf(entries);
    const directory = await directoryOf(bytes);
    const other = archiveOf([{ name: 'a', content: 'ONE!' }, ...entries.slice(1)]);
    const first = directory.entries[0] as ZipEntry;
    await expect(joined(spliceZip(fileOf(other), directory.start, new Map([[first, Buffer.from('x')]]), signal))).rejects.toThrow(/^a .*(damaged|changed)/);
  });

  it('is not written where a descriptor is missing, an entry too large, or on a signal', async () => {
    const bytes = archiveOf([{ name: 'a', content: 'one', descriptor: 'signed' }, { name: 'b', content: 'two' }]);
    const at = bytes.indexOf('PK\x07\x08');
    const broken = Buffer.from(bytes);
    broken.fill(0, at, at + 16);
    await expect(spliced(broken, new Map([[0, Buffer.from('x')]]))).rejects.toThrow('a is not followed by the sizes that its header announces');
    await expect(spliced(bytes, new Map([[0, Buffer.alloc(51 * 1024 * 1024)]]))).rejects.toThrow('a would be 51.0 MB');
    const { start } = await directoryOf(bytes);
    await expect(joined(spliceZip(fileOf(bytes), start, new Map(), AbortSignal.abort(new Error('enough'))))).rejects.toThrow('enough');
  });

  it('of ZIP64 is read, and not written', async () => {
    const bytes = zip64Of(archiveOf([{ name: 'a', content: 'one' }, { name: 'b', content: 'two' }]));
    const { entries } = await directoryOf(bytes);
    expect(Buffer.from((await zipContent(fileOf(bytes), entries[1] as ZipEntry)) as Uint8Array).toString()).toBe('two');
    await expect(spliced(bytes, new Map([[0, Buffer.from('x')]]))).rejects.toThrow('This is a ZIP64 archive');
    expect(await spliced(bytes, new Map())).toEqual(bytes);
  });
});

/** Moves what the end record says into ZIP64 records. */
function zip64Of(bytes: Buffer): Buffer {
  const at = bytes.lastIndexOf('PK\x05\x06');
  const end = Buffer.from(bytes.subarray(at));
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 'latin1');
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(end.readUInt16LE(8)), 24);
  record.writeBigUInt64LE(BigInt(end.readUInt16LE(10)), 32);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(12)), 40);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(16)), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(at), 8);
  locator.writeUInt32LE(1, 16);
  end.fill(0xff, 8, 20);
  return Buffer.concat([bytes.subarray(0, at), record, locator, end]);
}

describe('Zstandard', () => {
  const text = Buffer.from('Bread keeps in a cloth. '.repeat(9000));

  it.each([['by Node, where it can', unpackZstd], ['without its help', (packed: Uint8Array, size: number) => Promise.resolve(unpackSlowly(packed, size))]])(
    'is unpacked %s: frames with and without a size, several and skipped ones',
    async (_name, unpack) => {
      const frame = rawZstd(text);
      expect(Buffer.from(await unpack(frame, text.length))).toEqual(text);
      expect(Buffer.from(await unpack(rawZstd(Buffer.alloc(0)), 0))).toHaveLength(0);
      expect(Buffer.from(await unpack(Buffer.concat([frame, frame]), 2 * text.length))).toEqual(Buffer.concat([text, text]));
      const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
      expect(Buffer.from(await unpack(Buffer.concat([skipped, frame, skipped]), text.length))).toEqual(text);
      await expect(async () => unpack(frame, text.length - 1)).rejects.toThrow();
      await expect(async () => unpack(frame.subarray(0, 1000), text.length)).rejects.toThrow();
      await expect(async () => unpack(deflateRawSync(text), text.length)).rejects.toThrow();
    },
  );

  it('of a real packer is unpacked without Node\'s help too', async () => {
    const bytes = readFileSync(path.join(import.meta.dirname, '../../../data/archives/reasoning-zstd.eval'));
    const { entries } = await directoryOf(bytes);
    for (const entry of entries) {
      const header = bytes.readUInt16LE(entry.at + 26) + bytes.readUInt16LE(entry.at + 28) + 30;
      const packed = bytes.subarray(entry.at + header, entry.at + header + entry.packed);
      expect(Buffer.from(unpackSlowly(packed, entry.size))).toEqual(Buffer.from((await zipContent(fileOf(bytes), entry)) as Uint8Array));
    }
    expect(entries).toHaveLength(7);
  });
});
