import { afterEach, describe, expect, it, vi } from 'vitest';
import { LanguageModel } from '../../../src/host/languageModel';
import type { ChatRequest } from '../../../src/model/chat';
import { isModelError, type ModelError } from '../../../src/model/modelError';
import type { CancellationTokenSource} from '../vscode/standIn';
import { LanguageModelError, live, world } from '../vscode/standIn';

type Token = CancellationTokenSource['token'];
type Answer = (messages: readonly { role: string; content: string }[], options: unknown, token: Token) => AsyncIterable<string>;

/** One model of VS Code's, with what was asked of it. */
function offer(answer: Answer, more: Record<string, unknown> = {}): { asked: { messages: unknown; options: unknown }[] } {
  const asked: { messages: unknown; options: unknown }[] = [];
  world.models = [
    {
      ...{ vendor: 'maker', family: 'thinker', id: 'thinker-1', version: '2026-01' },
      sendRequest(messages: Parameters<Answer>[0], options: unknown, token: Token) {
        asked.push({ messages: messages.map(({ role, content }) => ({ role, content })), options });
        return Promise.resolve({ text: answer(messages, options, token) });
      },
      countTokens: (text: string | { content: string }) => Promise.resolve((typeof text === 'string' ? text : text.content).length),
      ...more,
    },
  ];
  return { asked };
}

const REQUEST: ChatRequest = {
  messages: [
    { role: 'system', content: 'Score.' },
    { role: 'user', content: 'Step.' },
  ],
  sampling: { temperature: 0, seed: 7, maxTokens: 50 },
};
const model = new LanguageModel({ vendor: 'maker', family: 'thinker' });
const never = (): AbortSignal => new AbortController().signal;
const failing = (error: unknown): Answer =>
  // eslint-disable-next-line require-yield
  async function* () {
    await Promise.resolve();
    throw error;
  };

async function failure(signal = never(), asking = model): Promise<ModelError> {
  const error: unknown = await asking.ask(REQUEST, signal).catch((one: unknown) => one);
  if (!isModelError(error)) throw new Error('no ModelError', { cause: error });
  return error;
}

describe("VS Code's language models", () => {
  afterEach(() => {
    world.models = [];
    expect([...live.values()]).toEqual([]);
    vi.useRealTimers();
  });

  it('get what is ours as the first user message, since there is no system role, and the sampling as options', async () => {
    const { asked } = offer(async function* () {
      yield 'Yes';
      yield await Promise.resolve(', sir');
    });
    const heard: string[] = [];
    const reply = await model.ask(REQUEST, never(), (text) => heard.push(text));
    expect(asked).toEqual([
      {
        messages: [
          { role: 'user', content: 'Score.' },
          { role: 'user', content: 'Step.' },
        ],
        options: { justification: expect.stringContaining('score') as string, modelOptions: { temperature: 0, seed: 7, max_tokens: 50 } },
      },
    ]);
    expect(heard).toEqual(['Yes', 'Yes, sir']);
    expect(reply).toMatchObject({ text: 'Yes, sir', ending: 'stop', structured: false, model: 'maker/thinker thinker-1 2026-01' });
    expect(reply.usage).toEqual({ input: 'Score.Step.'.length, output: 'Yes, sir'.length });
    expect(reply.exchanges).toHaveLength(1);
    expect(JSON.parse(reply.exchanges[0]?.sent ?? '')).toEqual(asked[0]?.messages);
    expect(reply.exchanges[0]?.received).toBe('Yes, sir');
  });

  it('are somewhere else, as far as anybody knows', () => {
    expect(model.destination).toEqual({ origin: 'vscode', model: 'maker/thinker', local: false });
  });

  it('lose no reply because its tokens cannot be counted', async () => {
    offer(
      async function* () {
        yield await Promise.resolve('Yes');
      },
      { countTokens: () => Promise.reject(new Error('no tokenizer')) },
    );
    const reply = await model.ask(REQUEST, never());
    expect(reply.text).toBe('Yes');
    expect(reply.usage).toBeUndefined();
  });

  it('may not be there', async () => {
    expect(await failure()).toMatchObject({ code: 'model-not-found', message: expect.stringContaining('maker/thinker') as string });
  });

  it.each([
    [LanguageModelError.NoPermissions('refused'), 'not-allowed', /consent was refused/],
    [LanguageModelError.NotFound('gone'), 'model-not-found', /not there any more \(gone\)/],
    [LanguageModelError.Blocked('quota exceeded'), 'rate-limited', /no more requests.*quota exceeded/],
    [new LanguageModelError('overloaded'), 'server-error', /failed \(overloaded\)/],
    [new Error('odd'), 'server-error', /failed \(odd\)/],
    ['text', 'server-error', /failed \(text\)/],
  ])('that fail with %s say so', async (thrown, code, message) => {
    offer(failing(thrown));
    const error = await failure();
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.exchanges).toHaveLength(1);
  });

  it('whose provider refuses before a word comes say so too', async () => {
    offer(failing(new Error('unused')), { sendRequest: () => Promise.reject(LanguageModelError.NoPermissions()) });
    expect((await failure()).code).toBe('not-allowed');
  });

  it.each([
    LanguageModelError.Blocked('The response was filtered by the Responsible AI service'),
    new LanguageModelError('Request failed', 'Unknown', { cause: new Error('content_filter') }),
    new Error('Response got filtered.'),
  ])('whose filter withholds a reply end it as blocked: %s', async (thrown) => {
    offer(failing(thrown));
    const reply = await model.ask(REQUEST, never());
    expect(reply).toMatchObject({ ending: 'blocked', text: '' });
    expect(reply.exchanges).toHaveLength(1);
  });

  it('stop when the person stops, also while others wait their turn', async () => {
    const one = new LanguageModel({ vendor: 'maker', family: 'thinker' }, { concurrency: 1 });
    const { asked } = offer((_messages, _options, token) =>
      (async function* () {
        yield 'Ye';
        await new Promise<void>((_resolve, reject) => {
          token.onCancellationRequested(() => {
            reject(new Error('Canceled'));
          });
        });
      })(),
    );
    const run = new AbortController();
    const asking = [one.ask(REQUEST, run.signal), one.ask(REQUEST, run.signal)];
    await vi.waitFor(() => {
      expect(asked).toHaveLength(1);
    });
    run.abort(new Error('stopped'));
    for (const { status, ...rest } of await Promise.allSettled(asking)) {
      expect(status).toBe('rejected');
      expect(rest).toMatchObject({ reason: { message: 'stopped' } });
    }
    expect(asked).toHaveLength(1);
  });

  it('that fall silent are given up, and what they said is kept', async () => {
    vi.useFakeTimers();
    const impatient = new LanguageModel({ vendor: 'maker', family: 'thinker' }, { timeoutSeconds: 5 });
    offer((_messages, _options, token) =>
      (async function* () {
        yield 'Ye';
        await new Promise<void>((resolve) => {
          token.onCancellationRequested(resolve);
        });
      })(),
    );
    const error = failure(never(), impatient);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await error).toMatchObject({ code: 'timed-out', exchanges: [{ received: 'Ye' }] });
    expect((await error).message).toMatch(/nothing for 5 seconds/);
    expect(vi.getTimerCount()).toBe(0);
  });
});
