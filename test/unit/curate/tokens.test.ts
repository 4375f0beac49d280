import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../../src/curate/formats/rowParts';
import { tokenAt, tokenSpans, traitsOf } from '../../../src/curate/tokenSpans';
import { hasGenerationMarks, trainedTokenCounter } from '../../../src/curate/trainedTokens';
import { DROPS_REASONING, PLAIN } from './chatTemplates';

/** A tokenizer with a token for each byte, and the given ones above: its counts can be had by hand. */
function byteTokenizer(merges: readonly (readonly [string, string])[] = []): Record<string, unknown> {
  const letters: string[] = [];
  let next = 256;
  for (let byte = 0; byte < 256; byte++) letters.push(String.fromCharCode((byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174 ? byte : next++));
  const tokens = [...letters, ...merges.map((pair) => pair.join(''))];
  const added = ['<|im_start|>', '<|im_end|>', '<think>', '</think>'].map((content, i) => ({
    id: tokens.length + i, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: content.startsWith('<|'),
  }));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges },
  };
}

const files = { tokenizer: JSON.stringify(byteTokenizer()), config: '{}' };
const ask: ChatMessage = { role: 'user', content: 'Why?' };
const say = (content: string): ChatMessage => ({ role: 'assistant', content });

describe('the tokens that are trained on', () => {
  it('are those of the marked blocks, with the mark that ends the turn', () => {
    // <|im_start|> u s e r \n W h y ? <|im_end|> \n, the same opening for the assistant, then what it says.
    const count = trainedTokenCounter(PLAIN, files);
    expect(count([ask, say('<think>\nHm\n</think>\n\nNo.')], 8192)).toEqual({ tokens: 12 + 11 + 13, trained: 12, cut: 0 });
  });

  it('counts a letter of several bytes by its tokens', () => {
    const count = trainedTokenCounter(PLAIN, files);
    expect(count([ask, say('€😀')], 8192).trained).toBe(3 + 4 + 1);
  });

  it('cuts at the end what is too long, and says how much', () => {
    const count = trainedTokenCounter(PLAIN, files);
    const messages = [ask, say('0123456789')];
    expect(count(messages, 8192)).toEqual({ tokens: 12 + 11 + 11 + 1, trained: 11, cut: 0 });
    expect(count(messages, 27)).toEqual({ tokens: 27, trained: 4, cut: 8 });
    expect(count(messages, 10)).toEqual({ tokens: 10, trained: 0, cut: 25 });
  });

  it('counts every turn of the assistant', () => {
    const count = trainedTokenCounter(PLAIN, files);
    expect(count([ask, say('abc'), ask, say('de')], 8192).trained).toBe(4 + 3);
  });

  it('says so where the template marks nothing, the tokenizer is none, or it is of another kind', () => {
    expect(hasGenerationMarks(PLAIN.template)).toBe(true);
    expect(() => trainedTokenCounter(DROPS_REASONING, files)).toThrow(/_training\.jinja/);
    expect(() => trainedTokenCounter(PLAIN, { ...files, tokenizer: 'x' })).toThrow(/tokenizer\.json of the model is no JSON/);
    const other = { ...byteTokenizer(), pre_tokenizer: null, decoder: null };
    expect(() => trainedTokenCounter(PLAIN, { ...files, tokenizer: JSON.stringify(other) })([ask, say('x')], 10)).toThrow(/cut bytes/);
    expect(() => trainedTokenCounter(PLAIN, files)([ask, say('a\uE0CEb')], 10)).toThrow(/U\+E0CE/);
  });

  it('renders a template as it would be without the marks for counting', () => {
    const spaced = { ...PLAIN, template: "{% for m in messages %}\n  {%- if m.role == 'assistant' %}\n    {% generation %}\n{{ m.content }}\n    {% endgeneration %}\n  {%- else %}{{ m.content }}\n{% endif %}\n{% endfor %}" };
    const count = trainedTokenCounter(spaced, files);
    // The block trims the line end behind its own mark, and keeps the one behind the content.
    expect(count([ask, say('abc')], 100).trained).toBe(4);
  });
});

describe('where the tokens of a text stand', () => {
  const spansOf = (text: string, file: Record<string, unknown>): ReturnType<typeof tokenSpans> => tokenSpans(text, new Tokenizer(file, {}), traitsOf(file));

  it('cover any text without gap or overlap', () => {
    const file = byteTokenizer([['Ġ', 't'], ['h', 'e'], ['Ġt', 'he'], ['Ã', '¤']]);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('the', ' the', 'ä', '😀', '\n', ' ', '<think>', '<|im_end|>', 'x', '</', "'s") }), (text) => {
        const { starts, ends } = spansOf(text, file);
        expect([...starts, Buffer.byteLength(text)]).toEqual([0, ...ends]);
      }),
      { seed: 3 },
    );
  });

  it('leave blanks at the edges out where the tokenizer says so', () => {
    const merges = [['Ġ', 'a']] as const;
    const trimming = { ...byteTokenizer(merges), post_processor: { type: 'Sequence', processors: [{ type: 'ByteLevel', trim_offsets: true }] } };
    const plain = spansOf('b a', byteTokenizer(merges));
    expect([tokenAt(plain, 1, 2), tokenAt(plain, 2, 3)]).toEqual([1, 1]);
    const trimmed = spansOf('b a', trimming);
    expect([tokenAt(trimmed, 1, 2), tokenAt(trimmed, 2, 3)]).toEqual([undefined, 1]);
  });

  it('cannot be told where the tokenizer changes the text', () => {
    const lower = { ...byteTokenizer(), normalizer: { type: 'Lowercase' } };
    expect(() => spansOf('Abc', lower)).toThrow(/Token 1 is not found/);
  });
});
