import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { injectedEdit } from '../../../src/trace/injectedEdit';
import { parseTrace } from '../../../src/trace/parseTrace';
import { withEdits } from '../../../src/trace/textEdit';
import { HEADS } from '../craft/craftDocuments';

const draws = (count: number): { numRuns: number } => ({ numRuns: count * Number(process.env['COT_LENS_DRAWS'] ?? 1) });
const A = { step: 'aa', occurrence: 1, of: 1, role: 'error', by: 'person' };
const B = { step: '00', occurrence: 1, of: 1, role: 'correction' };

const put = (text: string, entries: readonly unknown[]): string => {
  const edit = injectedEdit(text, entries);
  if (edit === undefined) throw new Error(`No change fits ${JSON.stringify(text)}`);
  return withEdits(text, [edit]);
};
const read = (text: string): readonly unknown[] => parseTrace(text).frontMatter.injected;

describe('entries in front matter', () => {
  it.each([
    ['no front matter: some is made', 'Q', '---\ninjected:\n  - { step: aa, occurrence: 1, of: 1, role: error, by: person }\n---\n\nQ'],
    ['empty', '---\n---\nQ', '---\n{ injected: [ { step: aa, occurrence: 1, of: 1, role: error, by: person } ] }\n---\nQ'],
    ['a block', '---\nid: x # mine\n---\nQ', '---\nid: x # mine\ninjected:\n  - { step: aa, occurrence: 1, of: 1, role: error, by: person }\n---\nQ'],
    ['braces', '---\n{ id: x }\n---\nQ', '---\n{ injected: [ { step: aa, occurrence: 1, of: 1, role: error, by: person } ], id: x }\n---\nQ'],
    ['Windows lines and a byte-order mark', '\uFEFFQ\r\n', '\uFEFF---\r\ninjected:\r\n  - { step: aa, occurrence: 1, of: 1, role: error, by: person }\r\n---\r\n\r\nQ\r\n'],
    ['a list that is there', '---\ninjected: # by hand\n- step: "00"\n  role: error # why\nid: x\n---\nQ', '---\ninjected: # by hand\n- step: "00"\n  role: error # why\n- { step: aa, occurrence: 1, of: 1, role: error, by: person }\nid: x\n---\nQ'],
  ])('%s', (_name, text, expected) => {
    expect(put(text, [...read(text), A])).toBe(expected);
    expect(put(expected, read(text))).toBe(text);
  });

  it('keep their words and comments where they stay, however the list is written', () => {
    const text = '---\ninjected:\n  # first\n  - step: "00"   # its hash\n    occurrence: 1\n    of: 1\n    role: error\n  # second\n  - {step: "11", role: correction}\nid: x\n---\nQ';
    const [first, second] = read(text);
    const changed = put(text, [{ ...(first as object), occurrence: 2, of: 3 }, second]);
    expect(changed).toBe(text.replace('occurrence: 1\n    of: 1', 'occurrence: 2\n    of: 3'));
    expect(put(text, [second])).toBe('---\ninjected:\n  # first\n  # second\n  - {step: "11", role: correction}\nid: x\n---\nQ');
    expect(put(text, [first])).toBe(text.replace('  - {step: "11", role: correction}\n', ''));
    expect(put(text, [])).toBe('---\n  # first\n  # second\nid: x\n---\nQ');
  });

  it('leave a comment that stands behind one that goes', () => {
    const text = '---\ninjected:\n  - {step: a, role: error} # mine\n  - {step: b, role: error}\n---\nQ';
    expect(put(text, read(text).slice(1))).toBe('---\ninjected:\n   # mine\n  - {step: b, role: error}\n---\nQ');
  });

  it('say whatever they must: quotes, lines, marks of YAML, characters that are no lines', () => {
    const odd = { step: 'a', role: 'error', by: 'x: [y], {z} # "q" \'s\'', at: 'one\ntwo\r\nthree', from: '\u2028---\u2029', base: '---', guard: 'no\ud800', note: '😀é\u0000\u0085\ufeff', more: [1, { a: null }, true, ''] };
    for (const head of HEADS) {
      const text = `${head}Q\n`;
      // Half a character is kept where it was written by us; nothing else has them.
      expect(read(put(text, [...read(text), odd]))).toEqual([...read(text), odd]);
    }
  });

  it.each(['---\nid: x\nQ', '---\nid: [\n---\nQ', '---\n- a\n---\nQ', '---\ninjected: many\n---\nQ', '---\ninjected: {a: 1}\n---\nQ', '---\na: 1\na: 2\n---\nQ', '---\nx: &a 1\ny: *a\n---\nQ'])(
    'are for a person to write in %j',
    (text) => expect(injectedEdit(text, [A])).toBeUndefined(),
  );

  it('change nothing where they are what is there', () => {
    for (const head of HEADS) expect(put(`${head}Q`, read(`${head}Q`))).toBe(`${head}Q`);
    expect(put('Q', [])).toBe('Q');
  });
});

describe('laws', { timeout: 60_000 }, () => {
  const entry = fc.oneof(fc.constantFrom<unknown>(A, B, 7, 'x', null, { step: '00', role: 'error' }), fc.record({ step: fc.string(), role: fc.constantFrom('error', 'other'), occurrence: fc.nat(), by: fc.string({ unit: 'binary' }) }));
  const document = fc.tuple(fc.constantFrom(...HEADS), fc.constantFrom('', '\uFEFF'), fc.constantFrom('\n', '\r\n'), fc.constantFrom('Q', '\n\nQ', '', '---\nQ', '<think>\nA\n</think>\n')).map(([head, bom, eol, body]) => {
    // A text that begins with `---` has front matter.
    return (bom + head + (head === '' && body.startsWith('---') ? 'Q' : body)).replaceAll('\n', eol);
  });
  const rest = (text: string): unknown => {
    const { injected: _injected, ...others } = parseTrace(text).frontMatter;
    return others;
  };
  /** A comment in the middle of an entry goes with it. */
  const comments = (text: string): string[] => (text.match(/#.*/g) ?? []).filter((comment) => !comment.includes('gone'));

  it('what is put in and taken out again leaves the text byte for byte', () => {
    fc.assert(
      fc.property(document, fc.array(entry, { minLength: 1, maxLength: 3 }), (text, more) => {
        const was = read(text);
        const after = put(text, [...was, ...more]);
        expect(read(after)).toEqual([...was, ...more]);
        expect(put(after, was)).toBe(text);
      }),
      draws(250),
    );
  });

  it('any list becomes any other, and all else and every comment stays', () => {
    fc.assert(
      fc.property(document, fc.array(entry, { maxLength: 4 }), fc.array(entry, { maxLength: 4 }), fc.nat(), (text, first, second, pick) => {
        const from = put(text, [...read(text), ...first]);
        const now = [...read(from).filter((_entry, i) => (pick >> i) % 2 === 0), ...second];
        const after = put(from, now);
        expect(read(after)).toEqual(now);
        expect(rest(after)).toEqual(rest(text));
        for (const comment of comments(text)) expect(after).toContain(comment);
        expect(parseTrace(after).chain.steps.map((step) => step.text)).toEqual(parseTrace(text).chain.steps.map((step) => step.text));
      }),
      draws(250),
    );
  });
});
