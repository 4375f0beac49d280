import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, readChoice, writtenChoice } from '../../../../src/session/datasets/formatChoices';
import { overlayOf, withOverlay } from '../../../../src/session/datasets/overlays';
import { parseRowDoc, rowDoc } from '../../../../src/session/datasets/rowDoc';
import { KeyMaker, keyOrdinal, nameOfRow, ordinalKey } from '../../../../src/session/datasets/rowKeys';
import { nameOf, parseRowPath, rowPath } from '../../../../src/session/datasets/rowPath';
import type { RowTrace } from '../../../../src/trace/rows/rowTrace';

const withId = (id: string): RowTrace => ({ variant: undefined, id: { value: id }, intent: 'unknown', model: undefined, source: undefined, messages: [], notes: [], facts: [] });

describe('what is kept for the traces of a row', () => {
  it('is put and found for each by itself, and leaves nothing behind when it goes', () => {
    const one = withOverlay(undefined, undefined, { intent: 'benign' });
    const both = withOverlay(one, 'rejected', { intent: 'harmful' });
    expect(both).toEqual({ intent: 'benign', variants: { rejected: { intent: 'harmful' } } });
    expect(overlayOf(both, undefined)).toEqual({ intent: 'benign' });
    expect(overlayOf(both, 'rejected')).toEqual({ intent: 'harmful' });
    expect(overlayOf(both, 'constructor')).toBeUndefined();
    expect(withOverlay(both, undefined, undefined)).toEqual({ variants: { rejected: { intent: 'harmful' } } });
    expect(withOverlay(withOverlay(both, undefined, undefined), 'rejected', undefined)).toBeUndefined();
  });
});

describe('the keys of rows', () => {
  it('differ, are the same each time, and name a document that can be read back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 4 }), { maxLength: 30 }), (ids) => {
        const keys = (): string[] => {
          const maker = new KeyMaker();
          return ids.map((id, i) => maker.key(i, nameOfRow([withId(id)])));
        };
        const made = keys();
        expect(new Set(made).size).toBe(ids.length);
        expect(keys()).toEqual(made);
        for (const [ordinal, key] of made.entries()) {
          const place = { dataset: '/data/a.jsonl', key, ordinal, variant: undefined };
          expect(parseRowPath(rowPath(place))).toEqual(place);
          expect(parseRowDoc(rowDoc('sub/a#1.jsonl', { key, variant: 'chosen' }))).toEqual({ dataset: 'sub/a#1.jsonl', key, variant: 'chosen' });
        }
      }),
    );
  });

  it('that are numbers say which', () => {
    expect(keyOrdinal(ordinalKey(12))).toBe(12);
    for (const key of ['row0', 'row', 'rows1', 'row1~2']) expect(keyOrdinal(key)).toBeUndefined();
  });
});

describe('a choice of format', () => {
  it('is read as it was written, without what is none', () => {
    const choice = { format: 'columns', mapping: { prompt: 'a.0.b', intent: 'label', intents: { bad: 'harmful' as const } } };
    expect(readChoice(writtenChoice(choice))).toEqual(choice);
    expect(readChoice({ format: 7, mapping: { prompt: 3, later: 'x', intents: { bad: 'evil' } } })).toEqual({ mapping: {} });
    expect(readChoice({ other: 1 })).toBeUndefined();
    expect(writtenChoice({ mapping: {} })).toBeUndefined();
  });

  it('is made from the fields of a row, deep ones too, a hostile row within bounds', () => {
    expect(columnsOf({ a: 'x', b: { c: [1, { d: true }] }, e: null }).map(({ path }) => path)).toEqual(['a', 'b.c.0', 'b.c.1.d']);
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [nameOf(`k${String(i)}`), i]));
    expect(columnsOf(wide)).toHaveLength(300);
  });
});
