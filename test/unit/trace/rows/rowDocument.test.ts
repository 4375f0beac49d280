import { describe, expect, it } from 'vitest';
import { parseTrace } from '../../../../src/trace/parseTrace';
import type { JsonObject } from '../../../../src/trace/rows/fieldRef';
import { composeRow, rowEdits } from '../../../../src/trace/rows/rowDocument';
import type { RowMessage, RowPart, RowTrace } from '../../../../src/trace/rows/rowTrace';

const RESPONSE = '<think>\nPeel it.\n\nChop it.\n</think>\n\nLike this.';
const ROW = { id: '68', question: 'How do I chop an onion?', response: RESPONSE, source: 'kitchen' };

const user = (text: string, path = 'question'): RowMessage => ({ role: 'user', parts: [{ kind: 'text', text, at: { path: [path] } }] });
const assistant = (...parts: RowPart[]): RowMessage => ({ role: 'assistant', parts });
const field = (kind: RowPart['kind'], text: string, path: string): RowPart => ({ kind, text, at: { path: [path] } });

function traceOf(messages: readonly RowMessage[], more: Partial<RowTrace> = {}): RowTrace {
  return { variant: undefined, id: { value: '68', at: { path: ['id'] } }, intent: 'unknown', model: undefined, source: { value: 'kitchen', at: { path: ['source'] } }, messages, notes: [], facts: [], ...more };
}

/** A response with both texts in one string, as STAR-1 has them. */
function inOneString(response: string): RowMessage {
  const [open, close] = [response.indexOf('<think>\n'), response.indexOf('\n</think>')];
  const end = close === -1 ? response.length : close;
  const reasoning: RowPart =
    open === -1
      ? { kind: 'reasoning', text: '', at: { path: ['response'], slice: { start: 0, end: 0 }, absent: { before: '<think>\n', after: '\n</think>\n\n' } } }
      : { kind: 'reasoning', text: response.slice(8, end), at: { path: ['response'], slice: { start: 8, end }, whole: { start: 0, end: close === -1 ? end : close + 11 } } };
  const start = close === -1 ? (open === -1 ? 0 : end) : close + 11;
  const at = { path: ['response'], slice: { start, end: response.length } };
  const text: RowPart =
    open !== -1 && close === -1
      ? { kind: 'text', text: '', at: { ...at, absent: { before: '\n</think>\n\n', after: '' } } }
      : { kind: 'text', text: response.slice(start), at: { ...at, whole: { start: open === -1 ? start : end, end: response.length } } };
  return assistant(reasoning, text);
}

const STAR = traceOf([user(ROW.question), inOneString(RESPONSE)]);
const TEXT = '---\nid: "68"\nsource: kitchen\n---\nHow do I chop an onion?\n\n<think>\nPeel it.\n\nChop it.\n</think>\n\nLike this.\n';

const edit = (text: string, trace = STAR, row: JsonObject = ROW, overlay?: JsonObject) => rowEdits(trace, overlay, row, text);

describe('a row as a document', () => {
  it('is a .cot text', () => {
    expect(composeRow(STAR, undefined)).toBe(TEXT);
    const { chain, problems, frontMatter } = parseTrace(TEXT);
    expect(frontMatter).toMatchObject({ id: '68', source: 'kitchen' });
    expect([chain.prompt?.text, chain.steps.map(({ text }) => text), chain.answer?.text]).toEqual([ROW.question, ['Peel it.', 'Chop it.'], 'Like this.']);
    expect(problems).toEqual([]);
  });

  it('with system message, tools and several turns', () => {
    const trace = traceOf(
      [
        { role: 'system', parts: [{ kind: 'text', text: 'You are a cook.' }] },
        user('Q1'),
        assistant(field('reasoning', 'R1', 'r'), field('text', 'Let me look.', 't'), { kind: 'toolCall', text: '{"q": "x"}', name: 'search' }),
        { role: 'tool', name: 'search', parts: [{ kind: 'text', text: 'found' }] },
        assistant({ kind: 'redacted', text: '' }, field('text', 'A1', 'a')),
        user('Q2', 'q2'),
        assistant(field('summary', 'R2', 's'), field('text', 'A2', 'b')),
      ],
      { id: undefined, source: undefined },
    );
    expect(composeRow(trace, undefined)).toBe(
      [
        '---\nreasoning: summary\n---\n--- system ---\nYou are a cook.\n\n--- user ---\nQ1\n\n<think>\nR1\n</think>\n\nLet me look.\n\n--- tool call search ---\n{"q": "x"}',
        '--- tool result search ---\nfound\n\n--- redacted reasoning ---\n\n--- assistant ---\nA1\n\n--- user ---\nQ2\n\n<think>\nR2\n</think>\n\nA2\n',
      ].join('\n\n'),
    );
    expect(parseTrace(composeRow(trace, undefined)).turns).toHaveLength(2);
  });

  it('marks its own tags and lines where a text has some', () => {
    const question = 'What does\n<think>\nmean, and\n--- user ---\n?';
    const text = composeRow(traceOf([user(question), inOneString(RESPONSE)]), undefined);
    expect(text).toContain('mark: 7f\n---\nWhat does\n<think>\n');
    expect(text).toContain('\n\n<think-7f>\nPeel it.\n\nChop it.\n</think-7f>\n\n');
    expect(parseTrace(text).chain).toMatchObject({ prompt: { text: question }, answer: { text: 'Like this.' } });
  });

  it('of a prompt alone says so', () => {
    const text = composeRow(traceOf([user('Q')], { id: undefined, source: undefined }), undefined);
    expect(text).toBe('--- user ---\nQ\n');
    expect(parseTrace(text).chain).toMatchObject({ prompt: { text: 'Q' }, steps: [], ending: 'truncated' });
  });
});

describe('edits of one text', () => {
  it.each([
    ['Chop it.', 'Slice it.', 'response', RESPONSE.replace('Chop', 'Slice')],
    ['Like this.', 'So.', 'response', RESPONSE.replace('Like this.', 'So.')],
    ['Like this.\n', '\n', 'response', RESPONSE.replace('Like this.', '')],
    ['chop an onion', 'peel one', 'question', 'How do I peel one?'],
    ['"68"', '"69"', 'id', '69'],
    ['source: kitchen', 'source: garden', 'source', 'garden'],
  ])('%j to %j', (from, to, path, value) => {
    expect(edit(TEXT.replace(from, to))).toEqual({ edits: [{ path: [path], value }], overlay: undefined });
  });

  it('bear damaged blank lines', () => {
    const text = TEXT.replace('?\n\n<think>\n', '?\n<think>').replace('\n</think>\n\n', '</think>\n').trimEnd();
    expect(edit(text).edits).toEqual([]);
  });

  it('of two texts in one string are one edit', () => {
    expect(edit(TEXT.replace('Peel', 'Wash').replace('Like', 'Just like')).edits).toEqual([
      { path: ['response'], value: RESPONSE.replace('Peel', 'Wash').replace('Like', 'Just like') },
    ]);
  });

  it('keep the row’s own line ends when the editor gives all lines one', () => {
    const row = { ...ROW, question: 'One\r\ntwo\r\nthree?' };
    const trace = traceOf([user(row.question), inOneString(RESPONSE)]);
    const text = composeRow(trace, undefined).replaceAll('\r\n', '\n');
    expect(edit(text, trace, row).edits).toEqual([]);
    expect(edit(text.replace('two', 'two\nand'), trace, row).edits).toEqual([{ path: ['question'], value: 'One\r\ntwo\r\nand\r\nthree?' }]);
  });
});

describe('reasoning and answer that come or go', () => {
  it('a truncated trace takes a closing tag and an answer', () => {
    const response = '<think>\nPeel it.';
    const trace = traceOf([user(ROW.question), inOneString(response)]);
    const text = composeRow(trace, undefined);
    expect(text).toMatch(/<think>\nPeel it\.\n$/);
    const row = { ...ROW, response };
    expect(edit(text, trace, row).edits).toEqual([]);
    expect(edit(`${text}</think>\n\nSo.\n`, trace, row).edits).toEqual([{ path: ['response'], value: '<think>\nPeel it.\n</think>\n\nSo.' }]);
    expect(edit(`${text}</think>\n`, trace, row).edits).toEqual([{ path: ['response'], value: '<think>\nPeel it.\n</think>\n\n' }]);
  });

  it('an answer goes with its closing tag', () => {
    expect(edit(TEXT.replace('\n</think>\n\nLike this.', '')).edits).toEqual([{ path: ['response'], value: '<think>\nPeel it.\n\nChop it.' }]);
  });

  it.each(['<think>\nHm.\n</think>\n\nLike this.', '<think>\nHm.\n</think>\n\n--- assistant ---\nLike this.', '--- assistant ---\n<think>\nHm.\n</think>\n\nLike this.'])(
    'reasoning comes: %j',
    (typed) => {
      const row = { ...ROW, response: 'Like this.' };
      const trace = traceOf([user(ROW.question), inOneString(row.response)]);
      const text = composeRow(trace, undefined);
      expect(text).toContain('?\n\n--- assistant ---\nLike this.\n');
      expect(edit(text.replace('--- assistant ---\nLike this.', typed), trace, row).edits).toEqual([{ path: ['response'], value: '<think>\nHm.\n</think>\n\nLike this.' }]);
    },
  );

  it('reasoning goes, with an assistant’s line before the answer', () => {
    const text = TEXT.replace(/<think>[^]*<\/think>\n\n/, '--- assistant ---\n');
    expect(edit(text).edits).toEqual([{ path: ['response'], value: 'Like this.' }]);
  });

  it('steps that are values of their own are written one by one', () => {
    const row: JsonObject = { question: 'Q', steps: ['a', 'b\n\nc', 'd'] };
    const items = ['a', 'b\n\nc', 'd'].map((text, i) => ({ text, at: { path: ['steps', i] } }));
    const trace = traceOf([user('Q'), assistant({ kind: 'reasoning', text: 'a\n\nb\n\nc\n\nd', items })]);
    const text = composeRow(trace, undefined);
    expect(edit(text.replace('\n\nd', '\n\nD'), trace, row).edits).toEqual([{ path: ['steps', 2], value: 'D' }]);
    expect(edit(text.replace('\nc\n', '\nC\n').replace('\na\n', '\nA\n'), trace, row).edits).toEqual([
      { path: ['steps', 0], value: 'A' },
      { path: ['steps', 1], value: 'b\n\nC' },
    ]);
    expect(() => edit(text.replace('\n\nd', ''), trace, row)).toThrow(/list of 3 steps.*number changed/);
  });
});

describe('what has no place is refused, in words', () => {
  const chat = traceOf([user('Q1', 'q1'), assistant(field('reasoning', 'R', 'r'), { kind: 'text', text: 'A1' }), user('Q2', 'q2'), assistant(field('text', 'A2', 'a'))]);
  const row: JsonObject = { q1: 'Q1', r: 'R', q2: 'Q2', a: 'A2' };
  const text = composeRow(chat, undefined);

  it.each([
    ['another turn', `${TEXT}\n--- user ---\nMore?\n`, STAR, ROW, /user’s message in line 15 has no place.*copy/],
    ['a turn less', text.replace('--- user ---\nQ2\n\n--- assistant ---\nA2\n', ''), chat, row, /user’s message is gone.*copy/],
    ['a text that cannot be written', text.replace('A1', 'A0'), chat, row, /answer was changed.*cannot be written/],
    ['no mark left', 'How do I chop an onion?\n\nLike this.', STAR, ROW, /Nothing in this text tells the prompt/],
    ['a closing tag alone', TEXT.replace('<think>\n', ''), STAR, ROW, /closing tag in line \d+ has no opening one/],
    ['front matter that is no YAML', TEXT.replace('id: "68"', 'id: "68"\nintent: [a'), STAR, ROW, /not valid YAML in line [34]/],
    ['front matter without end', '---\nid: x\nHow', STAR, ROW, /never closed/],
  ])('%s', (_what, typed, trace, of, message) => {
    expect(() => edit(typed, trace, of)).toThrow(message);
    expect(() => edit(typed, trace, of)).toThrow(expect.objectContaining({ name: 'RowNotWritable' }) as Error);
  });
});

describe('front matter beyond the row', () => {
  it('goes into the overlay and comes back', () => {
    const { edits, overlay } = edit(TEXT.replace('---\n', '---\nintent: harmful\n'));
    expect([edits, overlay]).toEqual([[], { intent: 'harmful' }]);
    expect(composeRow(STAR, overlay)).toBe(TEXT.replace('---\n', '---\nintent: harmful\n'));
    expect(edit(TEXT, STAR, ROW, overlay)).toEqual({ edits: [], overlay: undefined });
  });

  it('writes an intent into the row’s own field, which says it to others too', () => {
    const row = { ...ROW, intent: 'harmful' };
    const trace = traceOf(STAR.messages, { intent: 'harmful', intentAt: { path: ['intent'] } });
    const text = composeRow(trace, undefined);
    expect(text).toContain('intent: harmful\n');
    const wanted = { edits: [{ path: ['intent'], value: 'benign' }], overlay: undefined };
    expect(edit(text.replace('harmful', 'benign'), trace, row)).toEqual(wanted);
    // Also where an earlier version put one over it.
    const over = { intent: 'ambiguous' };
    expect(edit(composeRow(trace, over).replace('ambiguous', 'benign'), trace, row, over)).toEqual(wanted);
    expect(edit(text.replace('intent: harmful\n', ''), trace, row)).toEqual({ edits: [], overlay: { intent: null } });
    expect(edit(text.replace('harmful', 'maybe'), trace, row)).toEqual({ edits: [], overlay: { intent: 'maybe' } });
  });

  it('is kept word for word where it would be printed otherwise', () => {
    const typed = TEXT.replace('id: "68"\n', 'id: \'68\' # as it was\ninjected:\n  - {step: abc, role: error}\n');
    const { edits, overlay } = edit(typed);
    expect(edits).toEqual([]);
    expect(overlay).toMatchObject({ injected: [{ step: 'abc', role: 'error' }] });
    expect(composeRow(STAR, overlay)).toBe(typed);
    const other = traceOf(STAR.messages, { source: { value: 'garden' } });
    expect(composeRow(other, overlay)).toBe(typed.replace('kitchen', 'garden'));
  });

  it('keeps a name without a value, and numbers beyond what JavaScript holds', () => {
    const typed = TEXT.replace('---\n', '---\nmodel: ~ # not known\nrun: 12345678901234567890\n');
    const { overlay } = edit(typed);
    expect(composeRow(STAR, overlay)).toBe(typed);
    const other = traceOf(STAR.messages, { source: { value: 'garden' } });
    expect(composeRow(other, overlay)).toContain('run: 12345678901234567890\n');
    expect(edit(composeRow(STAR, overlay), STAR, ROW, overlay)).toEqual({ edits: [], overlay });
  });

  it('takes away what the row says only from sight', () => {
    const { edits, overlay } = edit(TEXT.replace('source: kitchen\n', ''));
    expect([edits, overlay]).toEqual([[], { source: null }]);
    expect(composeRow(STAR, overlay)).toBe(TEXT.replace('source: kitchen\n', ''));
  });
});
