import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainLine } from '../../../src/trace/plainLine';

describe('a plain line', () => {
  it('keeps what can be seen, and makes one space of the rest', () => {
    expect(plainLine('org/model\nTo nobody else.')).toBe('org/model To nobody else.');
    expect(plainLine('a\u202Eb\u2066c\u200Bd\u2028e\u0007f\u{E0041}g')).toBe('a b c d e f g');
    expect(plainLine(' – naïve “日本” 😀 ')).toBe('– naïve “日本” 😀');
    expect(plainLine('x'.repeat(10), 10)).toBe('x'.repeat(10));
    expect(plainLine('one, two', 5)).toBe('one…');
    expect(plainLine('😀😀😀', 3)).toBe('😀😀😀');
  });

  it('of any text is one line, without anything hidden, not longer than asked, and its own plain line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, most) => {
        const line = plainLine(text, most);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect([...line].length).toBeLessThanOrEqual(most);
        expect(plainLine(line, most)).toBe(line);
      }),
      { seed: 6 },
    );
  });
});
