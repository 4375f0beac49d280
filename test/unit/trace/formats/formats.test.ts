import { describe, expect, it } from 'vitest';
import { readRow } from '../../../../src/trace/formats';
import type { RowTrace } from '../../../../src/trace/rows/rowTrace';
import { fixtureRows } from './fixtureRows';
import { said } from './rowLaws';

const REASONING = 'Okay, the user asks how to keep basil fresh.\n\nA glass of water works – like a bunch of flowers. 🌿\n\nSo: stems in water, not in the fridge.';
const ANSWER = 'Put the stems in a glass of water, at room temperature.';
const QUESTION = 'How do I keep basil fresh for a week?';
const PLAIN = [`user.text: ${QUESTION}`, `assistant.reasoning: ${REASONING}`, `assistant.text: ${ANSWER}`];

function traces(name: string, row = 0): readonly RowTrace[] {
  return readRow(fixtureRows(name)[row] ?? {}).traces;
}
const trace = (name: string, row = 0): RowTrace | undefined => traces(name, row)[0];
const parts = (name: string, row = 0) => trace(name, row)?.messages.flatMap((message) => message.parts) ?? [];
const fact = (of: RowTrace | undefined, name: string): string | undefined => of?.facts.find((each) => each.name === name)?.text;

describe('a prompt and an answer with tags', () => {
  it.each(['star-1.json', 'safechain.jsonl', 'unsafechain.jsonl', 'thinksafe.json', 'trl-prompt-completion.jsonl', 'trl-unpaired.jsonl'])(
    'is prompt, reasoning and answer: %s',
    (name) => {
      expect(said(trace(name))).toEqual(PLAIN);
      expect(trace(name)?.variant).toBeUndefined();
    },
  );

  it('STAR-1 has id, source and facts, and says nothing of intent', () => {
    const of = trace('star-1.json');
    expect([of?.id?.value, of?.source?.value, of?.intent]).toEqual(['7', 'KitchenBench', 'unknown']);
    expect(fact(of, 'category')).toBe('["Kitchen","Storage"]');
    expect(of?.facts.map(({ name }) => name)).toEqual(['category', 'score']);
  });

  it('labels that speak of the prompt say the intent', () => {
    expect([0, 1].map((row) => trace('safechain.jsonl', row)?.intent)).toEqual(['benign', 'benign']);
    expect([0, 1].map((row) => trace('thinksafe.json', row)?.intent)).toEqual(['benign', 'harmful']);
    expect([0, 1, 2].map((row) => trace('xstest.csv', row)?.intent)).toEqual(['benign', 'benign', 'harmful']);
    expect(trace('columns.jsonl', 1)?.intent).toBe('benign');
  });

  it('labels that may speak of the answer say nothing', () => {
    for (const more of [{ label: 'safe' }, { label: 'unsafe' }, { label: 'harmful' }, { is_safe: true }, { response_label: 'unsafe' }, { category: 'harmful' }, { label: true }, { intent: 'maybe' }]) {
      expect(readRow({ prompt: QUESTION, response: ANSWER, ...more }).traces[0]?.intent).toBe('unknown');
    }
    expect(readRow({ prompt: QUESTION, response: ANSWER, intent: 'ambiguous' }).traces[0]?.intent).toBe('ambiguous');
  });

  it('several responses are a trace each', () => {
    expect(traces('safechain-run.jsonl').map(({ variant }) => variant)).toEqual(['1', '2', '3']);
    expect(said(traces('safechain-run.jsonl')[2])).toEqual([`user.text: ${QUESTION}`, 'assistant.reasoning: It never ends', 'assistant.text?: ']);
    expect(traces('trl-prompt-completion.jsonl', 2).map(({ variant }) => variant)).toEqual(['1', '2']);
  });

  it('TRL prompts and completions as messages', () => {
    expect(said(trace('trl-prompt-completion.jsonl', 1))).toEqual(PLAIN);
    expect(said(trace('trl-prompt-completion.jsonl', 3))).toEqual([`user.text: ${QUESTION}`, 'assistant.reasoning?: ', 'assistant.text?: ']);
    expect(fact(trace('trl-unpaired.jsonl', 1), 'label')).toBe('false');
  });

  it('Alpaca’s instruction and input are one message', () => {
    expect(trace('alpaca.json')?.messages[0]?.parts.map(({ text }) => text)).toEqual(['Translate into German.', 'Good morning, basil!']);
    expect(said(trace('alpaca.json', 1))).toEqual(['user.text: Name three herbs.', 'assistant.reasoning?: ', 'assistant.text: Basil, mint, thyme.']);
  });
});

describe('preferences and steps', () => {
  it('chosen and rejected are a trace each', () => {
    expect(traces('trl-preference.jsonl').map((each) => [each.variant, ...said(each)])).toEqual([
      ['chosen', ...PLAIN],
      ['rejected', PLAIN[0], 'assistant.reasoning?: ', 'assistant.text: I cannot help with herbs.'],
    ]);
    expect(said(trace('trl-preference.jsonl', 1))).toEqual(PLAIN);
    expect(traces('trl-preference.jsonl', 1).map((each) => fact(each, 'score'))).toEqual(['9', '2.5']);
  });

  it('a prompt that stands in both is taken once, and written to both', () => {
    expect(said(trace('trl-preference.jsonl', 2))).toEqual(PLAIN);
    expect(parts('trl-preference.jsonl', 2)[0]?.copies).toEqual([{ path: ['prompt'] }, { path: ['rejected', 0, 'content'] }]);
    expect(parts('trl-preference.jsonl', 1).map(({ copies }) => copies)).toEqual([[{ path: ['rejected', 0, 'content'] }], undefined, undefined]);
  });

  it('steps keep their places', () => {
    const [, steps] = parts('trl-stepwise.jsonl');
    expect(steps?.items?.map(({ at }) => at.path)).toEqual([['completions', 0], ['completions', 1], ['completions', 2]]);
    expect(steps?.text.split('\n\n')).toHaveLength(3);
    expect(fact(trace('trl-stepwise.jsonl'), 'labels')).toBe('[true,true,true]');
  });
});

describe('conversations', () => {
  it('with tags in the prompt and in two answers', () => {
    expect(said(trace('chat.jsonl'))).toEqual([
      'system.text: You are a gardener.',
      'user.text: What does <think> mean in a prompt? And how often do I water basil?',
      'assistant.reasoning: Two questions.',
      'assistant.text: It marks reasoning. Every other day.',
      'user.text: And mint?',
      ...PLAIN.slice(1),
    ]);
  });

  it('with tool calls and their results as turns', () => {
    expect(said(trace('chat.jsonl', 1))).toEqual([
      'user.text: What is the weather in Graz?',
      'assistant.reasoning: I need to look it up.',
      'assistant.toolCall(weather): {"city": "Graz"}',
      'tool.text(weather): {"sky": "clear"}',
      'assistant.reasoning: Clear skies.',
      'assistant.text: It is sunny in Graz.',
    ]);
    const last = parts('chat.jsonl', 1).at(-2);
    expect([last?.at, last?.copies]).toEqual([{ path: ['messages', 3, 'reasoning_content'] }, [{ path: ['messages', 3, 'reasoning'] }]]);
  });

  it('of ShareGPT, with calls and observations', () => {
    expect(said(trace('sharegpt.json'))).toEqual(['system.text: You are a cook.', ...PLAIN]);
    expect(said(trace('sharegpt.json', 1)).slice(2, 4)).toEqual([
      'assistant.toolCall(weather): {"name": "weather", "arguments": {"city": "Graz"}}',
      'tool.text: clear',
    ]);
  });

  it('as one text with the marks of a template', () => {
    expect(said(trace('trl-text.jsonl'))).toEqual(PLAIN);
    for (const row of [1, 2]) expect(said(trace('trl-text.jsonl', row))).toEqual(['system.text: You are a cook.', ...PLAIN]);
    expect(said(trace('trl-text.jsonl', 3))).toEqual([PLAIN[0], 'assistant.reasoning?: ', `assistant.text: ${ANSWER}`]);
  });

  it('as harmony text, with its call, and cut off', () => {
    expect(said(trace('harmony.jsonl'))).toEqual([
      'system.text: You are a cook.\nReasoning: high',
      PLAIN[0],
      PLAIN[1],
      'assistant.toolCall(search): {"q": "basil"}',
      'tool.text(search): Likes 20 °C.',
      'assistant.reasoning?: ',
      PLAIN[2],
    ]);
    expect(said(trace('harmony.jsonl', 1))).toEqual(PLAIN);
    expect(said(trace('harmony.jsonl', 2)).slice(1)).toEqual(['assistant.reasoning: It goes on and on', 'assistant.text?: ']);
    const inField = { prompt: QUESTION, response: `<|channel|>analysis<|message|>${REASONING}<|end|><|start|>assistant<|channel|>final<|message|>${ANSWER}<|return|>` };
    expect(said(readRow(inField).traces[0])).toEqual(PLAIN);
  });

  it('as the answers of an API, each choice a trace', () => {
    expect(said(trace('chat-completion.jsonl'))).toEqual(PLAIN.slice(1));
    expect(traces('chat-completion.jsonl', 1).map(({ variant, model }) => [variant, model?.value])).toEqual([['1', 'kitchen-r1'], ['2', 'kitchen-r1']]);
    expect(said(trace('chat-completion.jsonl', 1))).toEqual(PLAIN);
  });
});

describe('reasoning with a field of its own', () => {
  it('is read in the stated order: details, reasoning_content, reasoning, thinking, tags', () => {
    const fields = { reasoning_details: [{ type: 'reasoning.text', text: '1' }], reasoning_content: '2', reasoning: '3', thinking: '4' };
    const names = Object.keys(fields);
    for (const [i] of names.entries()) {
      const left = Object.fromEntries(Object.entries(fields).slice(i).reverse());
      const [of] = readRow({ messages: [{ role: 'user', content: 'q' }, { role: 'assistant', content: 'a', ...left }] }).traces;
      expect(said(of).slice(1)).toEqual([`assistant.reasoning: ${String(i + 1)}`, 'assistant.text: a']);
      expect(of?.notes).toHaveLength(names.length - i - 1);
    }
    expect(said(readRow({ messages: [{ role: 'assistant', content: '<think>\n5\n</think>\n\na' }] }).traces[0])[0]).toBe('assistant.reasoning: 5');
  });

  it('that stands twice is taken once, and written to both', () => {
    const [, reasoning] = parts('reasoning-details.jsonl');
    expect(reasoning?.at?.path).toEqual(['messages', 1, 'reasoning_details', 0, 'text']);
    expect(reasoning?.copies).toEqual([{ path: ['messages', 1, 'reasoning'] }]);
    const inline = { prompt: 'q', reasoning: 'A', response: '<think>\nA\n</think>\n\nAns' };
    const [of] = readRow(inline).traces;
    expect(said(of)).toEqual(['user.text: q', 'assistant.reasoning: A', 'assistant.text: Ans']);
    expect(of?.messages[1]?.parts[0]?.copies?.map(({ slice }) => inline.response.slice(slice?.start, slice?.end))).toEqual(['A']);
  });

  it('as summaries and withheld is called so', () => {
    expect(said(trace('reasoning-details.jsonl', 1)).slice(1)).toEqual(['assistant.summary: Thinks about herbs.', 'assistant.redacted: ', `assistant.text: ${ANSWER}`]);
    expect(trace('reasoning-details.jsonl', 1)?.notes.join(' ')).toMatch(/summary by the provider.*withheld/);
  });

  it('in plain rows, empty ones to be written', () => {
    expect(said(trace('separate-reasoning.jsonl'))).toEqual(PLAIN);
    expect(said(trace('separate-reasoning.jsonl', 1))).toEqual([PLAIN[0], 'assistant.reasoning?: ', PLAIN[2]]);
    expect(parts('separate-reasoning.jsonl', 1)[1]?.at).toEqual({ path: ['thinking'], absent: { before: '', after: '' } });
    expect(said(trace('separate-reasoning.jsonl', 2))).toEqual(['user.text: 2 + 2?', 'assistant.reasoning: Two and two is four.', 'assistant.text: 4']);
  });
});

describe('blocks and items', () => {
  it('of Anthropic, with signature, redaction, call and result', () => {
    const of = trace('anthropic.jsonl');
    expect(said(of)).toEqual([
      'system.text: You are a cook.', PLAIN[0], PLAIN[1], 'assistant.redacted: ', 'assistant.text: Let me look.',
      'assistant.toolCall(search): {"q":"basil"}', 'tool.text(search): Basil likes 20 °C.', 'assistant.reasoning?: ', PLAIN[2],
    ]);
    expect(of?.notes.join(' ')).toMatch(/signature.*withheld.*"image"/);
    expect(said(trace('anthropic.jsonl', 1))).toEqual(PLAIN.slice(1));
    expect(trace('anthropic.jsonl', 1)?.model?.value).toBe('kitchen-sonnet');
  });

  it('of OpenAI Responses, whose summaries are no chain of thought', () => {
    const of = trace('openai-responses.jsonl');
    expect(said(of)).toEqual([
      'system.text: Be brief.', PLAIN[0], 'assistant.summary: **Herbs**\n\nThe user wants to keep basil.', 'assistant.summary: Water is best.',
      'assistant.toolCall(search): {"q":"basil"}', 'tool.text(search): Likes 20 °C.', PLAIN[2],
    ]);
    expect(of?.notes.join(' ')).toContain('not the chain of thought');
    expect(said(trace('openai-responses.jsonl', 1))).toEqual(['user.text: How many minutes has an hour?', 'assistant.reasoning?: ', 'assistant.text: Sixty.']);
  });

  it('of Inspect, with attachments, scores, and the output as a copy', () => {
    const of = trace('inspect-samples.json');
    expect(said(of).map((each) => each.slice(0, 40))).toEqual([
      'system.text: You are a cook.', PLAIN[0]?.slice(0, 40), PLAIN[1]?.slice(0, 40), 'assistant.text: Let me look.',
      'assistant.toolCall(search): {"q":"basil"', 'tool.text(search): Basil likes 20 °C and', 'assistant.reasoning?: ', PLAIN[2]?.slice(0, 40),
    ]);
    expect(parts('inspect-samples.json').find(({ text }) => text.startsWith('Basil likes'))?.at?.path[0]).toBe('attachments');
    expect(parts('inspect-samples.json').at(-1)?.copies?.[0]?.path).toEqual(['output', 'choices', 0, 'message', 'content']);
    expect([of?.id?.value, of?.model?.value, fact(of, 'score match'), fact(of, 'score match, explanation'), fact(of, 'target'), fact(of, 'difficulty')]).toEqual([
      '1', 'openai/kitchen', 'C', 'It says water.', 'water', '2',
    ]);
  });

  it('of Inspect, redacted and with an attachment that is missing', () => {
    const of = trace('inspect-samples.json', 1);
    expect(said(of).slice(1)).toEqual(['assistant.summary: Thought of herbs.', PLAIN[2]]);
    expect(of?.messages[0]?.parts[0]?.at).toBeUndefined();
    expect(of?.notes.join(' ')).toMatch(/attachment deadbeef\S* is missing.*withheld.*summary/);
  });
});

describe('a mapping of columns', () => {
  const row = { Frage: QUESTION, gedanken: REASONING, antwort: { best: [ANSWER] }, 'a.b': 'x', art: 'böse', wer: 'kitchen-1' };

  it('names any fields', () => {
    expect(readRow(row).format).toBeUndefined();
    const { format, traces: [of] } = readRow(row, {
      mapping: { prompt: 'Frage', reasoning: 'gedanken', answer: 'antwort.best.0', id: 'a.b', model: 'wer', intent: 'art', intents: { böse: 'harmful' } },
    });
    expect([format, of?.id?.value, of?.model?.value, of?.intent]).toEqual(['columns', 'x', 'kitchen-1', 'harmful']);
    expect(said(of)).toEqual(PLAIN);
  });

  it('says the intent of all rows', () => {
    const star = fixtureRows('star-1.json')[0] ?? {};
    const read = readRow(star, { mapping: { intent: '=harmful' } });
    expect([read.format, read.traces[0]?.intent]).toEqual(['STAR-1', 'harmful']);
    expect(said(read.traces[0])).toEqual(PLAIN);
    expect(readRow(star, { mapping: { intent: '=evil' } }).traces[0]?.intent).toBe('unknown');
    expect(readRow({ prompt: QUESTION, data_type: 'vanilla_harmful', l: 'benign' }, { mapping: { intent: 'l' } }).traces[0]?.intent).toBe('benign');
  });

  it.each([
    [{ intent: 'harmful' }, {}, 'harmful', ['intent']],
    [{ intent: 'unknown', label: 'vanilla_harmful' }, {}, 'unknown', ['intent']],
    [{ intent: 'maybe' }, {}, 'unknown', undefined],
    [{ label: 'vanilla_harmful' }, {}, 'harmful', undefined],
    [{ a: { b: 'benign' } }, { mapping: { intent: 'a.b' } }, 'benign', ['a', 'b']],
    [{ intent: 'harmful', art: 'schlimm' }, { mapping: { intent: 'art', intents: { schlimm: 'ambiguous' } } }, 'ambiguous', undefined],
    [{ intent: 'harmful' }, { mapping: { intent: '=benign' } }, 'benign', undefined],
    // Another name written there would not mean itself.
    [{ art: 'harmful' }, { mapping: { intent: 'art', intents: { benign: 'harmful' } } }, 'harmful', undefined],
    [{ data_type: 'vanilla_harmful' }, { mapping: { intent: 'data_type', intents: { vanilla_harmful: 'unknown' } } }, 'unknown', undefined],
  ] as const)('and of rows as they are: only an intent’s own name can be written over (%j, %j)', (fields, choice, intent, path) => {
    const [of] = readRow({ prompt: QUESTION, response: ANSWER, ...fields }, choice).traces;
    expect([of?.intent, of?.intentAt?.path]).toEqual([intent, path]);
  });

  it('of a column that is missing can be written', () => {
    const [of] = readRow({ q: QUESTION }, { mapping: { prompt: 'q', reasoning: 'thoughts', answer: 'a' } }).traces;
    expect(said(of)).toEqual([`user.text: ${QUESTION}`, 'assistant.reasoning?: ', 'assistant.text?: ']);
    expect(of?.messages[1]?.parts.map(({ at }) => at?.path)).toEqual([['thoughts'], ['a']]);
  });
});
