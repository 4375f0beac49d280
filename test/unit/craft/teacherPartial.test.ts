import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partialTexts } from '../../../src/craft/partialReply';

const NAMES = ['temptation', 'correction'];
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '{', '}', ':', ',', '😀', '\u2028', '/') }));

describe('the texts of a reply so far', () => {
  it('law: of every beginning of a reply they are beginnings of the texts, and of all of it the texts', () => {
    fc.assert(
      fc.property(text, text, fc.boolean(), fc.nat(), (temptation, correction, spaced, cut) => {
        const reply = JSON.stringify({ temptation, correction }, null, spaced ? 2 : 0);
        expect(partialTexts(reply, NAMES)).toEqual([temptation, correction]);
        const [first = '', second = ''] = partialTexts(reply.slice(0, cut % (reply.length + 1)), NAMES);
        expect(temptation.startsWith(first)).toBe(true);
        expect(correction.startsWith(second)).toBe(true);
        expect(second === '' || first === temptation).toBe(true);
      }),
    );
  });

  it('law: they only grow', () => {
    fc.assert(
      fc.property(text, text, (temptation, correction) => {
        const reply = JSON.stringify({ temptation, correction });
        let before = ['', ''] as readonly string[];
        for (let end = 0; end <= reply.length; end += 1 + Math.floor(reply.length / 60)) {
          const now = partialTexts(reply.slice(0, end), NAMES);
          for (const i of [0, 1]) expect((now[i] ?? '').startsWith(before[i] ?? '')).toBe(true);
          before = now;
        }
      }),
    );
  });

  it.each([
    ['escapes', '{"temptation":"a\\u00e9\\n\\"b', ['aé\n"b', '']],
    ['half an escape', '{"temptation":"a\\u00', ['a', '']],
    ['a backslash at the end', '{"temptation":"a\\', ['a', '']],
    ['half a character', '{"temptation":"a\\ud83d', ['a', '']],
    ['prose and a fence before it', 'Sure {ok}:\n```json\n{ "temptation" : "a", "correction": "b', ['a', 'b']],
    ['thoughts before it', '<think>{"temptation":"no"}</think>{"temptation":"yes', ['yes', '']],
    ['thoughts that go on', '<think>{"temptation":"no"}', ['', '']],
    ['members in another order', '{"correction":"b","temptation":"a', ['a', 'b']],
    ['another member first', '{"why":"x","temptation":"a', ['a', '']],
    ['no string', '{"temptation":["a"],"correction":"b"}', ['', '']],
    ['the name of an object’s own', '{"constructor":"x","temptation":"a"}', ['a', '']],
    ['nothing', '', ['', '']],
  ])('%s', (_name, reply, expected) => {
    expect(partialTexts(reply, NAMES)).toEqual(expected);
  });
});
