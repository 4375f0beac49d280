import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withTexts } from '../../../src/train/backends/openai/withTexts';
import { secretForms } from '../../../src/model/secretForms';

/** As some library's JSON may write a character: JSON leaves it open. */
function asJson(character: string, way: number): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i).toString(16).padStart(4, '0'));
  if (way === 1) return units.map((hex) => `\\u${hex}`).join('');
  if (way === 2) return units.map((hex) => `\\u${hex.toUpperCase()}`).join('');
  return way === 3 && character === '/' ? '\\/' : JSON.stringify(character).slice(1, -1);
}

describe('a secret in a text', () => {
  const secrets = fc.string({ unit: fc.constantFrom(...'abkKnu09-_./+=~$"\\ é🔑'), minLength: 8, maxLength: 40 });
  const ways = fc.array(fc.nat(3), { minLength: 1, maxLength: 7 });

  it('law: is taken out however JSON writes it, within JSON as well, and what is left is JSON', () => {
    fc.assert(
      fc.property(secrets, ways, fc.nat(2), (secret, way, deep) => {
        const clean = (words: string): string => words.replace(secretForms(secret), '…');
        let written = `<${Array.from(secret, (character, i) => asJson(character, way[i % way.length] ?? 0)).join('')}>`;
        for (let level = 0; level < deep; level++) written = JSON.stringify(written).slice(1, -1);
        written = clean(written);
        for (let level = 0; level <= deep; level++) {
          written = withTexts(JSON.parse(`"${written}"`), clean) as string;
          expect(written).not.toContain(secret);
        }
        // What is left of backslashes, and of how they were written, is not told apart from others’.
        if (secret.includes('\\')) expect(written).toContain('…');
        else expect(written).toBe('<…>');
      }),
      { numRuns: 1000, seed: 6 },
    );
  });

  it('is found as an address writes it, and nothing else is taken for it', () => {
    expect('/login?key=sk-a%2Fb%2fc%C3%A9!'.replace(secretForms('sk-a/b/cé'), '…')).toBe('/login?key=…!');
    expect('sk-aXb sk-a/B s k-a/b k-a/b'.replace(secretForms('sk-a/b'), '…')).toBe('sk-aXb sk-a/B s k-a/b k-a/b');
    expect('axb a.b'.replace(secretForms('a.b'), '…')).toBe('axb …');
  });
});

describe('the texts of a JSON value', () => {
  const through = (text: string): string => text.replaceAll('key', '…');

  it('are those of all depths, and the names of fields; numbers and order stay', () => {
    expect(JSON.stringify(withTexts(JSON.parse('{"a":["key",1,null,{"key 2":"a key","b":true}],"c":"none"}'), through))).toBe('{"a":["…",1,null,{"b":true,"… 2":"a …"}],"c":"none"}');
    expect([withTexts('key', through), withTexts(null, through), withTexts(3, through)]).toEqual(['…', null, 3]);
  });

  it('may lie deeper than calls can be nested, and under any name', () => {
    const depth = 200_000;
    let at = withTexts(JSON.parse(`${'['.repeat(depth)}"key"${']'.repeat(depth)}`), through);
    for (let i = 0; i < depth; i++) at = (at as unknown[])[0];
    expect(at).toBe('…');
    const odd = withTexts(JSON.parse('{"__proto__":"key","constructor":{"key":1}}'), through) as object;
    expect(Object.getPrototypeOf(odd)).toBe(Object.prototype);
    expect(JSON.stringify(odd)).toBe('{"__proto__":"…","constructor":{"…":1}}');
  });
});
