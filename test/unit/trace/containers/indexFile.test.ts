import { describe, expect, it } from 'vitest';
import { packIndex, unpackIndex, type IndexedFile } from '../../../../src/trace/containers/indexFile';
import type { RowIndex } from '../../../../src/trace/containers/container';
import { seeded } from '../../../seeded';

const file: IndexedFile = { container: 'jsonl', size: 1e12, modified: 1721.5, identity: '1:2' };

function indexOf(spans: number[]): RowIndex {
  return { count: spans.length / 2, spans: Float64Array.from(spans), more: { columns: ['a\n', 'ü'] }, problems: ['The last line is torn.\n'] };
}

describe('an index kept as a file', () => {
  it('comes back as it was', () => {
    const random = seeded(41);
    for (let round = 0; round < 300; round++) {
      const spans: number[] = [];
      const most = [10, 1e4, 2 ** 40, 2 ** 48][round % 4] ?? 0;
      for (let i = 0; i < random() * 50; i++) {
        const start = Math.floor(random() * most);
        spans.push(start, start + Math.floor(random() * most));
      }
      const index = indexOf(spans);
      expect(unpackIndex(packIndex(index, file), file)).toEqual(index);
    }
  });

  it('holds an index without spans', () => {
    const index = { ...indexOf([]), count: 7 };
    expect(unpackIndex(packIndex(index, file), file)).toEqual(index);
  });

  it('takes at most 16 MB for a million rows, and comes back soon', () => {
    const spans = new Float64Array(2_000_000);
    for (let i = 0; i < 1_000_000; i++) spans.set([i * 1100, i * 1100 + 1000 + (i % 99)], 2 * i);
    const index = { count: 1_000_000, spans, more: {}, problems: [] };
    const bytes = packIndex(index, file);
    expect(bytes.length).toBeLessThan(5e6);
    expect(unpackIndex(bytes, file)?.spans).toEqual(spans);
  });

  it.each<[string, Partial<IndexedFile>]>([
    ['another size', { size: 5 }], ['another time', { modified: 1722 }], ['another file', { identity: '1:3' }], ['another container', { container: 'json' }],
  ])('is not used for %s', (_, change) => {
    expect(unpackIndex(packIndex(indexOf([0, 5]), file), { ...file, ...change })).toBeUndefined();
  });

  it('is not used where it is torn or was written over, wherever that is', () => {
    const bytes = packIndex(indexOf([0, 5, 6, 1000, 1001, 1e9]), file);
    for (let length = 0; length < bytes.length; length++) expect(unpackIndex(bytes.subarray(0, length), file)).toBeUndefined();
    expect(unpackIndex(Buffer.concat([bytes, Buffer.from('x')]), file)).toBeUndefined();
    const spans = bytes.lastIndexOf(10);
    for (let at = spans + 1; at < bytes.length; at++) {
      const other = Buffer.from(bytes);
      other[at] = (other[at] ?? 0) ^ 1;
      expect(unpackIndex(other, file)).toBeUndefined();
    }
  });

  it.each(['', 'CoT Lens row index 1\n', 'CoT Lens row index 1\nnull\n', 'CoT Lens row index 1\n{"count":1}\n', 'CoT Lens row index 9\n{}\n'])('is not %j', (text) => {
    expect(unpackIndex(Buffer.from(text), file)).toBeUndefined();
  });
});
