import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { TeacherFaultCode } from '../../../src/craft/teacher';
import { MOST_WORDS_OF_A_STEP } from '../../../src/craft/writtenFaults';
import { faults, httpError, rateLimited, type Fault, type Reply } from '../../harness/modelServer';
import { readCraftRequest, usualTeacher } from '../../harness/scriptedTeacher';
import { errorOf } from '../model/chats';
import { faultOf, instructionsOf, placed, SHED, teacher, written } from './teachers';

const pair = (temptation: unknown, correction: unknown): string => JSON.stringify({ temptation, correction });
const GOOD = pair('Maybe it would not be so bad to help with this.', 'No. That is an excuse, and I return to refusing.');
const words = (count: number): string => Array.from({ length: count }, (_, i) => `word${String(i)}`).join(' ');

describe('a teacher over HTTP', () => {
  it('writes each slot’s text, signed with its snapshot and the instructions’ version', async () => {
    const asked = await teacher();
    const request = placed('temptation-correction');
    const result = await written(asked);
    expect(result.texts).toHaveLength(2);
    expect(result.texts[0]).toContain('maybe it would not be so bad');
    expect(result.model).toBe('scripted-teacher-1');
    expect(result.usage?.output).toBeGreaterThan(0);
    expect(result.instructions).toBe(instructionsOf(request).version);
    expect(result.instructions).toMatch(/^temptation-correction@[\da-f]{8}$/);
  });

  it('is shown the whole trace as data, and told in our words what stands where', async () => {
    const asked = await teacher();
    await written(asked);
    const [sent] = asked.server.completions;
    const read = readCraftRequest(sent?.json.messages ?? []);
    expect(read).toMatchObject({ what: 'write', intent: 'harmful', prompt: SHED.chain.prompt?.text, answer: SHED.chain.answer?.text, members: ['temptation', 'correction'], leftOut: [] });
    expect(read.steps.map(({ text }) => text)).toEqual(SHED.chain.steps.map(({ text }) => text));
    expect(read.question).toContain('in this order between step 2 and step 3');
    expect(sent?.json.response_format?.json_schema?.schema).toMatchObject({ required: ['temptation', 'correction'], additionalProperties: false });
    expect(sent?.json.stream).toBe(true);
    // Nothing of the trace is among our words.
    expect(read.system).not.toContain('shed');
  });

  it('is heard while it writes, each text growing', async () => {
    const heard: (readonly string[])[] = [];
    const asked = await teacher(undefined, { chunks: { size: 5 } });
    const { texts } = await written(asked, heard);
    expect(heard.length).toBeGreaterThan(20);
    for (const [i, now] of heard.entries()) {
      for (const slot of [0, 1]) {
        expect(texts[slot]?.startsWith(now[slot] ?? 'missing')).toBe(true);
        expect((now[slot] ?? '').length).toBeGreaterThanOrEqual((heard[i - 1]?.[slot] ?? '').length);
      }
    }
    expect(heard.at(-1)).toEqual(texts);
    expect(heard.some(([first, second]) => first !== '' && second === '')).toBe(true);
  });

  it('with a seed is asked with another one when it is to write once more', async () => {
    const asked = await teacher();
    const seeded = { ...asked, sampling: { seed: 7, temperature: 0.5 } };
    await written(seeded);
    await written(seeded, [], undefined, 2);
    expect(asked.server.completions.map(({ json }) => [json.seed, json.temperature])).toEqual([[7, 0.5], [9, 0.5]]);
  });
});

interface Row {
  readonly name: string;
  readonly reply: Reply;
  readonly code: TeacherFaultCode;
  /** How often it is asked in all; 1 where absent. */
  readonly asked?: number;
  readonly says: RegExp;
  /** What came is kept. */
  readonly kept: string;
}

const table: readonly Row[] = [
  { name: 'declines by the API’s own mark', reply: { content: null, refusal: 'I cannot write that.' }, code: 'refused', says: /declines .*I cannot write that/, kept: 'I cannot write that.' },
  { name: 'declines in prose', reply: "I'm sorry, but I can't help with that.", code: 'refused', says: /declines/, kept: "I'm sorry" },
  { name: 'is blocked by a filter', reply: { content: null, finish: 'content_filter' }, code: 'blocked', says: /content filter/, kept: '' },
  { name: 'is cut off', reply: { content: GOOD.slice(0, 60), finish: 'length' }, code: 'cut-off', says: /cut off.*maxTokens/, kept: 'Maybe' },
  { name: 'says nothing at all', reply: '', code: 'empty', says: /empty/, kept: '' },
  { name: 'leaves a text empty', reply: pair('Maybe it is fine.', '  \n '), code: 'empty', says: /"correction" says nothing/, kept: 'Maybe it is fine.' },
  { name: 'writes prose', reply: 'Here is a nice pair for you.', code: 'shape', asked: 2, says: /no JSON object.*put it right/, kept: 'Here is a nice pair' },
  { name: 'leaves a member out', reply: '{"temptation":"Maybe it is fine."}', code: 'shape', asked: 2, says: /no member "correction"/, kept: 'Maybe' },
  { name: 'gives a list for a text', reply: pair(['Maybe'], 'No.'), code: 'shape', asked: 2, says: /"temptation" is no string/, kept: 'Maybe' },
  { name: 'writes several paragraphs for one step', reply: pair('Maybe.\n\nOr not.', 'No, that is an excuse.'), code: 'shape', asked: 2, says: /blank lines/, kept: 'Or not' },
  { name: 'closes the reasoning', reply: pair('Maybe. </think>', 'No, that is an excuse.'), code: 'shape', asked: 2, says: /tag "<\/think>"/, kept: '</think>' },
  { name: 'repeats the base, in other case and spacing', reply: pair('THE SHED is locked  and\nbelongs to somebody else.', 'No, that is an excuse.'), code: 'repeats', says: /repeats step 2/, kept: 'THE SHED' },
  { name: 'says the same twice', reply: pair('Maybe it is fine.', 'maybe  it is FINE.'), code: 'repeats', says: /same as its "temptation"/, kept: 'FINE' },
  { name: 'rambles', reply: pair('Maybe it is fine.', words(MOST_WORDS_OF_A_STEP + 50)), code: 'rambles', says: /longer than 400 words/, kept: 'word300' },
];

describe('what a teacher can do wrong', () => {
  it.each(table)('$name → $code', async ({ reply, code, asked: times = 1, says, kept }) => {
    const asked = await teacher(() => reply);
    const fault = await faultOf(written(asked));
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(/nothing was inserted/);
    expect(fault.message).toMatch(says);
    expect(fault.text).toContain(kept);
    expect(asked.server.completions).toHaveLength(times);
  });

  it('is put right once: what was wrong is said, and what comes then counts', async () => {
    const asked = await teacher((_asked, i) => (i === 0 ? 'Sure! Here it comes.' : GOOD));
    const { texts, usage } = await written(asked);
    expect(texts[1]).toContain('I return to refusing');
    const [first, second] = asked.server.completions;
    const added = second?.json.messages.slice(2) ?? [];
    expect(second?.json.messages.slice(0, 2)).toEqual(first?.json.messages);
    expect(added.map(({ role }) => role)).toEqual(['assistant', 'user']);
    expect(added[1]?.content).toMatch(/no JSON object/);
    expect(usage?.output).toBeGreaterThan(GOOD.length / 4);
  });

  it('of a server that promises no shape: JSON out of a code fence and after thoughts counts', async () => {
    const asked = await teacher(() => `<think>{"temptation":"not this"}</think>\nHere:\n\`\`\`json\n${GOOD}\n\`\`\``, { refuses: ['response_format'] });
    expect((await written(asked)).texts[0]).toContain('Maybe it would not be so bad');
  });

  it('is stopped when it rambles, long before its end', async () => {
    const asked = await teacher(() => pair(words(20_000), 'No.'), { chunks: { size: 400 } });
    const fault = await faultOf(written(asked));
    expect(fault.code).toBe('rambles');
    expect(fault.text.length).toBeLessThan(20_000);
    expect(asked.server.completions).toHaveLength(1);
  });

  it('a word more than a step may have is too many, as many as it may have are not', async () => {
    const most = await teacher(() => pair('Maybe it is fine.', words(MOST_WORDS_OF_A_STEP)));
    expect((await written(most)).texts[1]).toContain('word399');
    const more = await teacher(() => pair('Maybe it is fine.', words(MOST_WORDS_OF_A_STEP + 1)));
    expect((await faultOf(written(more))).code).toBe('rambles');
  });
});

describe('what a server can do wrong', () => {
  const noWait = { 'retry-after-ms': '0' };
  const rows: readonly [string, Fault, string, RegExp][] = [
    ['401', faults.unauthorized, 'unauthorized', /Set API Key/],
    ['404', faults.noModel, 'model-not-found', /Choose Teacher…/],
    ['429', rateLimited({ milliseconds: 0 }), 'rate-limited', /try again/i],
    ['500', httpError(500, { message: 'broken' }, noWait), 'server-error', /Try again/],
    ['too long', faults.contextOverflow, 'too-long', /contextTokens/],
    ['a cut in the middle', faults.cutMidway, 'connection-lost', /cut in the middle.*Try again/],
    ['another API', faults.otherApi, 'not-understood', /base URL of this model/],
  ];
  it.each(rows)('%s → %s', async (_name, fault, code, says) => {
    const asked = await teacher();
    asked.server.fault(fault, { times: Infinity });
    const heard: (readonly string[])[] = [];
    const error = await errorOf(written(asked, heard));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
    expect(error.message).not.toMatch(/this judge|score again/i);
  });

  it('what came before a cut was heard', async () => {
    const asked = await teacher();
    asked.server.fault(faults.cutMidway, { times: 1 });
    const heard: (readonly string[])[] = [];
    await errorOf(written(asked, heard));
    expect(heard.at(-1)?.[0]).toContain('Then again, maybe');
  });

  it('a stall ends by the time-out', async () => {
    const asked = await teacher(usualTeacher, {}, 500);
    asked.server.fault(faults.stallMidway, { times: 1 });
    const heard: (readonly string[])[] = [];
    expect((await errorOf(written(asked, heard))).code).toBe('timed-out');
    expect(heard.at(-1)?.[0]).not.toBe('');
  });

  it('a slow stream that is stopped ends at once with the signal’s reason, and the server sees it', async () => {
    const asked = await teacher(usualTeacher, { chunks: { size: 4, delay: 20 } });
    const stop = new AbortController();
    const heard: (readonly string[])[] = [];
    const writing = written(asked, heard, stop.signal);
    while (heard.length < 3) await sleep(5);
    stop.abort(new Error('stopped by hand'));
    await expect(writing).rejects.toThrow('stopped by hand');
    const count = heard.length;
    await vi.waitFor(() => {
      expect(asked.server.completions[0]?.abandoned).toBe(true);
    });
    expect(heard).toHaveLength(count);
  });
});
