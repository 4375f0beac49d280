import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withEdits } from '../../../src/trace/textEdit';

describe('changes of a text', () => {
  it('are made whatever their order, by the offsets of the text before', () => {
    const edits = [{ start: 4, end: 5, text: 'E' }, { start: 0, end: 0, text: '>' }, { start: 1, end: 3, text: '' }];
    expect(withEdits('abcdef', edits)).toBe('>adEf');
    expect(withEdits('abcdef', edits.toReversed())).toBe('>adEf');
    expect(withEdits('ab', [{ start: 1, end: 1, text: '1' }, { start: 1, end: 1, text: '2' }])).toBe('a12b');
    expect(withEdits('ab', [])).toBe('ab');
  });

  it('may touch, and may not overlap', () => {
    expect(withEdits('abc', [{ start: 0, end: 1, text: 'A' }, { start: 1, end: 2, text: 'B' }])).toBe('ABc');
    expect(() => withEdits('abc', [{ start: 0, end: 2, text: '' }, { start: 1, end: 3, text: '' }])).toThrow(RangeError);
    expect(() => withEdits('abc', [{ start: 2, end: 1, text: '' }])).toThrow(RangeError);
  });

  it('are undone by their inverse', () => {
    const cuts = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 }), fc.string({ maxLength: 4 })), { maxLength: 6 });
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), cuts, (text, list) => {
        const edits: { start: number; end: number; text: string }[] = [];
        const back: { start: number; end: number; text: string }[] = [];
        let at = 0;
        let shift = 0;
        for (const [gap, length, put] of list) {
          const start = Math.min(text.length, at + gap + 1);
          const end = Math.min(text.length, start + length);
          if (start <= at) break;
          edits.push({ start, end, text: put });
          back.push({ start: start + shift, end: start + shift + put.length, text: text.slice(start, end) });
          shift += put.length - (end - start);
          at = end;
        }
        expect(withEdits(withEdits(text, edits), back)).toBe(text);
      }),
    );
  });
});
