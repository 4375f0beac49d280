import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import type { Container, RowIndex } from '../../../../src/trace/containers/container';
import { parquetContainer, type ParquetIndex } from '../../../../src/trace/containers/parquet';
import { boundedCompressors } from '../../../../src/trace/containers/parquetCompressors';
import type { JsonObject } from '../../../../src/trace/rows/fieldRef';
import { seeded } from '../../../seeded';
import { fileOf, indexTools, type MemoryFile } from './bytesOf';

const FIXTURE = readFileSync(path.join(import.meta.dirname, '../../../data/archives/messages-zstd.parquet'));

async function opened(bytes: Uint8Array): Promise<{ container: Container; file: MemoryFile; index: RowIndex }> {
  const container = parquetContainer();
  const file = fileOf(bytes, '/data/set.parquet');
  return { container, file, index: await container.index(file, indexTools()) };
}

async function allRows(bytes: Uint8Array): Promise<JsonObject[]> {
  const { container, file, index } = await opened(bytes);
  const rows: JsonObject[] = [];
  for (let i = 0; i < index.count; i++) {
    const { value, problem } = await container.row(file, index, i);
    expect(problem).toBeUndefined();
    if (value !== undefined) rows.push(value);
  }
  return rows;
}

const TEXTS = Array.from({ length: 500 }, (_, i) => `Row ${String(i)}: ${'a little text about beans. '.repeat(20)}`);

function written(codec: string, more: { rowGroupSize?: number; compressors?: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> } = {}): Uint8Array {
  const columnData = [
    { name: 'id', data: TEXTS.map((_, i) => `r${String(i)}`) },
    { name: 'response', data: TEXTS },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, codec: codec as 'SNAPPY', rowGroupSize: 100, ...more }));
}

describe('a Parquet file', () => {
  it('written by pyarrow opens: Zstandard, nested messages, and values that JSON has no type for', async () => {
    const { index } = await opened(FIXTURE);
    expect(index.count).toBe(6);
    expect((index.more as ParquetIndex).columns).toEqual(['id', 'messages', 'tags', 'big', 'when', 'day', 'raw', 'share', 'harmful', 'nothing', 'extra']);
    const rows = await allRows(FIXTURE);
    expect(rows[0]).toEqual({
      id: 'row-0',
      messages: [
        { role: 'user', content: 'What grows in garden 0?', reasoning: null },
        { role: 'assistant', content: 'Answer 0: beans.', reasoning: 'Step one of 0.\n\nStep two.' },
      ],
      tags: ['garden', null, 'ü'],
      big: 1,
      when: '2025-01-02T03:04:05Z',
      day: '2025-01-02',
      raw: 'plain',
      share: 0.5,
      harmful: true,
      nothing: null,
      extra: { a: 0 },
    });
    expect(rows.map((row) => row['big'])).toEqual([1, '9007199254740993', '-9223372036854775808', null, 0, 7]);
    expect(rows.map((row) => row['when'])).toEqual([
      '2025-01-02T03:04:05Z', '2025-01-02T03:04:05.123Z', '2025-01-02T03:04:05.123456Z', '2025-01-02T03:04:05.000001Z',
      '2025-01-02T03:04:05Z', '2025-01-02T03:04:05Z',
    ]);
    expect(rows.map((row) => row['raw'])).toEqual(['plain', '(3 bytes that are no text)', null, '', 'x', 'y']);
    expect(rows.map((row) => row['share'])).toEqual([0.5, null, 'Infinity', null, 1e300, -0.25]);
    expect(rows[2]?.['tags']).toBeNull();
    expect(rows[3]?.['messages']).toEqual([]);
    expect(rows[4]?.['extra']).toBeNull();
  });

  it.each([
    ['UNCOMPRESSED', {}],
    ['SNAPPY', {}],
    ['GZIP', { compressors: { GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)) } }],
    ['BROTLI', { compressors: { BROTLI: (bytes: Uint8Array) => new Uint8Array(brotliCompressSync(bytes)) } }],
  ])('of %s pages reads back what was written', async (codec, more) => {
    const rows = await allRows(written(codec, more));
    expect(rows.map((row) => row['response'])).toEqual(TEXTS);
    expect(rows[123]?.['id']).toBe('r123');
  });

  it('keeps random values of all types, at any place', async () => {
    const random = seeded(4);
    const some = <T>(make: () => T): (T | null)[] => Array.from({ length: 57 }, () => (random() < 0.2 ? null : make()));
    const columns = {
      text: some(() => 'aü\n"\uFEFF😀'.repeat(Math.floor(random() * 4))),
      number: some(() => random() * 1e9),
      flag: some(() => random() < 0.5),
      json: some(() => ({ a: [1, { b: 'x' }], c: null })),
    };
    const columnData = Object.entries(columns).map(([name, data]) => ({ name, data, nullable: true }));
    const rows = await allRows(new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 10 })));
    for (const [name, data] of Object.entries(columns)) expect(rows.map((row) => row[name])).toEqual(data);
  });

  it('is unpacked once for each stretch when rows are read in order, and little of it for one row', async () => {
    const bytes = written('SNAPPY');
    const { container, file, index } = await opened(bytes);
    file.reads.bytes = 0;
    await container.row(file, index, 450);
    expect(file.reads.bytes).toBeLessThan(bytes.length / 2);
    for (let i = 0; i < index.count; i++) await container.row(file, index, i);
    expect(file.reads.bytes).toBeLessThan(2 * bytes.length);
    // Two places at once do not chase each other away.
    file.reads.bytes = 0;
    for (let i = 300; i < 400; i++) for (const at of [i, i + 100]) await container.row(file, index, at);
    expect(file.reads.bytes).toBeLessThan(bytes.length);
  });

  it('has rows whose bytes are the same each time they are read', async () => {
    const one = await opened(FIXTURE);
    const other = await opened(FIXTURE);
    for (let i = 0; i < 6; i++) {
      expect((await one.container.row(one.file, one.index, i)).bytes).toEqual((await other.container.row(other.file, other.index, i)).bytes);
    }
  });

  it('is recognised, and cannot be written', () => {
    const container = parquetContainer();
    expect(container.detect(FIXTURE, 'x')).toBe(true);
    expect(container.detect(Buffer.from('PK\x03\x04'), 'x')).toBe(false);
    expect(container.detect(Buffer.from('version https://git-lfs'), 'train-00000.parquet')).toBe(true);
    expect(container.writable).toBe(false);
  });

  it('has no row beyond its last', async () => {
    const { container, file, index } = await opened(FIXTURE);
    await expect(container.row(file, index, 6)).rejects.toThrow(RangeError);
    await expect(container.row(file, index, -1)).rejects.toThrow(RangeError);
  });
});

describe('a Parquet file that is broken', () => {
  it.each([
    ['empty', Buffer.alloc(0)],
    ['a pointer of Git LFS', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n')],
    ['cut off', FIXTURE.subarray(0, FIXTURE.length - 20)],
    ['a mark alone', Buffer.from('PAR1')],
  ])('is said to be none: %s', async (_name, bytes) => {
    await expect(opened(bytes)).rejects.toThrow(/set\.parquet is no Parquet file, or was cut off.*Copy it anew/);
  });

  it('is said to be encrypted where it is', async () => {
    await expect(opened(Buffer.concat([FIXTURE.subarray(0, -4), Buffer.from('PARE')]))).rejects.toThrow('is encrypted');
  });

  it('does not take a footer longer than the file, or than is sensible', async () => {
    const longer = Buffer.from(FIXTURE);
    longer.writeUInt32LE(0xfffffff0, longer.length - 8);
    await expect(opened(longer)).rejects.toThrow('footer would be longer than the file');
    const large = Buffer.concat([Buffer.alloc(17 * 1024 * 1024), FIXTURE.subarray(-8)]);
    large.writeUInt32LE(large.length - 100, large.length - 8);
    await expect(opened(large)).rejects.toThrow('has a footer of 17.0 MB');
  });

  it('whose beginning is missing is damaged', async () => {
    await expect(opened(FIXTURE.subarray(100))).rejects.toThrow(/is damaged: its footer cannot be read \(column .* lies outside the file/);
  });

  it('damaged in one row group gives the rows of the others', async () => {
    const bytes = Buffer.from(written('SNAPPY'));
    // The first pages of the first group, behind the mark and the page's header.
    bytes.fill(0xee, 40, 400);
    const { container, file, index } = await opened(bytes);
    const first = await container.row(file, index, 3);
    expect(first.value).toBeUndefined();
    expect(first.problem).toMatch(/^Row 4 cannot be read: rows 1 to 100 are damaged.*The other rows are not touched/);
    expect((await container.row(file, index, 100)).value?.['response']).toBe(TEXTS[100]);
  });

  it('with any byte changed gives rows, a problem or an error in words, and never anything else', async () => {
    const random = seeded(11);
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(FIXTURE);
      for (let i = 0; i < 3; i++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      try {
        const { container, file, index } = await opened(bytes);
        for (let i = 0; i < Math.min(index.count, 6); i++) {
          const { value, problem } = await container.row(file, index, i);
          expect(value === undefined).toBe(problem !== undefined);
        }
      } catch (error) {
        expect((error as Error).message).toMatch(/set\.parquet (is|has|says)/);
      }
    }
  });

  it('unpacks no page beyond what it says, and not more than the bound', () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const { GZIP } = boundedCompressors(1_000_000);
    expect(() => GZIP?.(bomb, 1000)).toThrow();
    expect(() => GZIP?.(bomb, 2_000_000)).toThrow('too large to be read');
    expect(() => boundedCompressors().SNAPPY?.(bomb, 1 << 30)).toThrow('more than the 256.0 MB that are read');
  });

  it('tells a system error to who asked, and reads again when it has passed', async () => {
    const { container, file, index } = await opened(FIXTURE);
    let broken = true;
    const flaky = {
      ...file,
      read: (start: number, end: number) =>
        broken ? Promise.reject(Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', errno: -5, syscall: 'read' })) : file.read(start, end),
    };
    await expect(container.row(flaky, index, 0)).rejects.toThrow('EIO');
    broken = false;
    expect((await container.row(flaky, index, 0)).value?.['id']).toBe('row-0');
  });
});
