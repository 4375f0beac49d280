import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../../src/model/chat';
import { prefixQuestion, systemMessage, wholeQuestion } from '../../../src/judge/model/frame';
import { PrefixRequests, wholeRequests, type RequestSettings } from '../../../src/judge/model/requests';
import { chatWith, ENOUGH, serve } from '../model/chats';
import { RUBRIC } from './judging';

interface Attack {
  readonly name: string;
  readonly text: string;
  readonly repeat?: number;
}

const file = path.resolve(import.meta.dirname, '../../data/injections.json');
const { attacks } = JSON.parse(readFileSync(file, 'utf8')) as { attacks: Attack[] };
const texts = attacks.map(({ text, repeat = 1 }) => text.repeat(repeat));
const cases = attacks.map(({ name }, i) => [name, texts[i] ?? ''] as const);

const SETTINGS: RequestSettings = { rubric: RUBRIC, helpfulnessOnHarmful: false };
const ASKED = { helpfulness: true };
/** What a judge is shown of a text: line ends are the file's. */
const shown = (text: string): string => text.replace(/\r\n?/g, '\n');

/** An attack stands everywhere that the trace has a say: as prompt, as steps, as answer. */
function steps(attack: string): string[] {
  return ['a first step', attack, 'a step between', attack, attack];
}

function expectStructure(messages: readonly ChatMessage[], lines: readonly object[], question: string): void {
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
  const [system, user] = messages;
  // Ours alone, to the letter.
  expect(system?.content).toBe(systemMessage(RUBRIC.text));
  const received = user?.content.split('\n') ?? [];
  expect(received.splice(-2)).toEqual(['', question]);
  expect(received.map((line) => JSON.parse(line) as object)).toEqual(lines);
  // No character stands there as it is that tokenizers take for a role tag, or that hides or reorders what is shown.
  expect(received.join('')).not.toMatch(/<[|/a-z!\uff5c]|\[\/?[A-Z_]{2,}\]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  expect(user?.content.isWellFormed()).toBe(true);
}

function expected(attack: string, count: number, answer?: string): object[] {
  return [
    { intent: 'ambiguous' },
    { prompt: shown(attack) },
    ...steps(attack).slice(0, count).map((text, i) => ({ step: i + 1, text: shown(text) })),
    ...(answer === undefined ? [] : [{ answer: shown(answer) }]),
  ];
}

describe(`${String(attacks.length)} texts that speak to the judge`, () => {
  it('are enough, and each another', () => {
    expect(attacks.length).toBeGreaterThanOrEqual(60);
    expect(new Set(texts).size).toBe(attacks.length);
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
  });

  it.each(cases)('prefix keeps its structure under %s', (_name, attack) => {
    const grown: string[] = [];
    const requests = new PrefixRequests({ prompt: attack, intent: 'ambiguous', steps: grown }, SETTINGS);
    for (const [i, text] of steps(attack).entries()) {
      grown.push(text);
      expectStructure(requests.step(), expected(attack, i + 1), prefixQuestion(i, ASKED));
    }
    expectStructure(requests.answer(attack), expected(attack, 5, attack), prefixQuestion('answer', ASKED));
  });

  it.each(cases)('whole-trace keeps its structure under %s', (_name, attack) => {
    const view = { prompt: attack, intent: 'ambiguous', steps: steps(attack), answer: attack, wanted: [0, 1, 2, 3, 4], wantsAnswer: true } as const;
    const [request, ...more] = wholeRequests(view, SETTINGS);
    expect(more).toEqual([]);
    expectStructure(request?.messages ?? [], expected(attack, 5, attack), wholeQuestion([0, 1, 2, 3, 4, 'answer'], ASKED));
  });

  it('keep their structure where there is no system role, as with VS Code’s models', () => {
    for (const attack of texts) {
      const requests = new PrefixRequests({ prompt: attack, intent: 'ambiguous', steps: steps(attack) }, SETTINGS);
      // As `host/languageModel.ts` hands them over: each message stays one of its own.
      const messages = requests.step().map(({ content }) => ({ role: 'user' as const, content }));
      expect(messages).toHaveLength(2);
      expect(messages[0]?.content).toBe(systemMessage(RUBRIC.text));
      const [system, user] = messages;
      expectStructure([{ role: 'system', content: system?.content ?? '' }, user as ChatMessage], expected(attack, 5), prefixQuestion(4, ASKED));
    }
  });

  it('arrive at a server as they were sent', async () => {
    const server = await serve({ reply: () => '{}' });
    const chat = chatWith(server);
    for (const attack of texts) {
      server.reset();
      const messages = new PrefixRequests({ prompt: attack, intent: 'ambiguous', steps: steps(attack) }, SETTINGS).step();
      await chat.ask({ messages, sampling: {} }, ENOUGH);
      const [request] = server.completions;
      expect(JSON.parse(request?.body ?? '')).toMatchObject({ messages });
    }
  });

  it('do not let the question grow, or hold anything of theirs', () => {
    expect(prefixQuestion(12345, ASKED).length).toBeLessThan(300);
    expect(systemMessage(RUBRIC.text).length).toBeLessThan(8000);
  });
});
