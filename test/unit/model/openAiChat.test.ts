import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { OpenAiChat } from '../../../src/model/openAiChat';
import type { Waiting } from '../../../src/model/wire';
import { faults, httpError, rateLimited, redirected } from '../../harness/modelServer';
import { asking, chatWith, ENOUGH, errorOf, KEY, serve, SHAPE } from './chats';

describe('asking', () => {
  it('sends what was asked for, messages last, and tells text, model, usage and the exchange', async () => {
    const server = await serve({ snapshot: 'scripted-2026-01-01' });
    const chat = chatWith(server);
    const request = asking('hello', { shape: SHAPE, sampling: { temperature: 0, seed: 7, maxTokens: 20 } });
    const reply = await chat.ask(request, ENOUGH);
    expect(server.requests[0]?.body).toBe(
      JSON.stringify({
        model: 'scripted',
        temperature: 0,
        seed: 7,
        max_tokens: 20,
        response_format: { type: 'json_schema', json_schema: { name: 'verdict', strict: true, schema: SHAPE.schema } },
        messages: request.messages,
      }),
    );
    expect(reply).toMatchObject({
      text: 'a reply',
      ending: 'stop',
      model: 'scripted-2026-01-01',
      structured: true,
      usage: { input: 7, cached: 0, output: 2 },
    });
    expect(reply.exchanges).toHaveLength(1);
    expect(reply.exchanges[0]).toMatchObject({ sent: server.requests[0]?.body, status: 200 });
    expect(JSON.parse(reply.exchanges[0]?.received ?? '')).toMatchObject({ choices: [{ message: { content: 'a reply' } }] });
    expect(chat.destination).toEqual({ origin: server.origin, model: 'scripted', local: true });
  });

  it('leaves to the server what is not set', async () => {
    const server = await serve();
    const reply = await chatWith(server).ask(asking(), ENOUGH);
    expect(Object.keys(server.requests[0]?.json ?? {})).toEqual(['model', 'messages']);
    expect(reply.structured).toBe(false);
  });

  it('sends bodies that begin alike where messages begin alike', async () => {
    const server = await serve();
    const chat = chatWith(server);
    const more = { shape: SHAPE, sampling: { temperature: 0, maxTokens: 20 } };
    await chat.ask(asking('one\ntwo\n', more), ENOUGH);
    await chat.ask(asking('one\ntwo\nthree\n', more), ENOUGH);
    const [first = '', second = ''] = server.requests.map(({ body }) => body);
    const end = first.indexOf('"}]}');
    expect(end).toBe(first.length - 4);
    expect(second.startsWith(first.slice(0, end))).toBe(true);
  });

  it.each(['', '/', '//', '/chat/completions', '/chat/completions/'])('takes a base URL that ends in /v1%s', async (ending) => {
    const server = await serve();
    await chatWith(server, { baseUrl: server.url + ending }).ask(asking(), ENOUGH);
    expect(server.requests[0]?.path).toBe('/v1/chat/completions');
  });

  it.each([
    ['http://somebody:secret@127.0.0.1/v1', /no user or password/],
    ['http://127.0.0.1/v1?key=secret', /before any \?/],
    ['ftp://127.0.0.1/v1', /begins with https/],
    ['127.0.0.1:8000', /begins with https/],
    ['', /begins with https/],
  ])('refuses the base URL %s and does not quote it', (baseUrl, words) => {
    const make = (): OpenAiChat => new OpenAiChat({ baseUrl, model: 'm', keyOf: () => Promise.resolve(undefined) });
    expect(make).toThrow(words);
    expect(make).not.toThrow(/secret/);
  });

  it('says nothing of cached tokens where the server does not', async () => {
    const server = await serve({ cache: false });
    expect((await chatWith(server).ask(asking(), ENOUGH)).usage).toEqual({ input: 7, output: 2 });
    server.fault({ kind: 'reply', reply: { content: 'x', noUsage: true } });
    expect(await chatWith(server).ask(asking(), ENOUGH)).not.toHaveProperty('usage');
  });

  it('counts what a server has cached', async () => {
    const server = await serve();
    const chat = chatWith(server);
    const text = 'x'.repeat(400);
    await chat.ask(asking(text), ENOUGH);
    const { usage } = await chat.ask(asking(`${text} and more`), ENOUGH);
    expect(usage?.cached).toBe(96);
    expect(usage?.input).toBeGreaterThan(100);
  });

  it('tells under which name the server replied', async () => {
    const server = await serve();
    server.fault(faults.otherModel);
    expect((await chatWith(server).ask(asking(), ENOUGH)).model).toBe('another-model');
    server.fault({ kind: 'http', status: 200, body: { choices: [{ message: { content: 'x' }, finish_reason: 'stop' }] } });
    expect((await chatWith(server).ask(asking(), ENOUGH)).model).toBe('scripted');
  });

  it('takes a reasoning model’s thoughts for no part of the reply', async () => {
    const server = await serve({ reply: () => ({ content: 'the reply', reasoning: 'hm, what is it' }) });
    for (const heard of [undefined, vi.fn()]) {
      const reply = await chatWith(server).ask(asking(), ENOUGH, heard);
      expect(reply.text).toBe('the reply');
      expect(reply.usage?.output).toBe(6);
      expect(heard?.mock.calls.flat().join('') ?? '').not.toContain('hm');
    }
  });

  it('reads content in parts', async () => {
    const server = await serve();
    const content = [{ type: 'thinking', thinking: [] }, { type: 'text', text: 'the reply' }];
    server.fault({ kind: 'http', status: 200, body: { choices: [{ message: { content }, finish_reason: 'stop' }] } });
    expect((await chatWith(server).ask(asking(), ENOUGH)).text).toBe('the reply');
  });
});

describe('streams', () => {
  it('tells the whole text so far as it comes, and keeps the raw events', async () => {
    const server = await serve({ reply: () => 'ein Wörtchen 🙂 noch', chunks: { size: 5, delay: 5 } });
    const heard: string[] = [];
    const reply = await chatWith(server).ask(asking(), ENOUGH, (text) => heard.push(text));
    expect(heard).toEqual(['ein W', 'ein Wörtch', 'ein Wörtchen 🙂', 'ein Wörtchen 🙂 noch'].map((text) => expect.stringMatching(`^${text}`) as string));
    expect(reply).toMatchObject({ text: 'ein Wörtchen 🙂 noch', ending: 'stop', usage: { input: 7, cached: 0, output: 5 } });
    expect(server.requests[0]?.json).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(reply.exchanges[0]?.received).toMatch(/^data: \{[^]*data: \[DONE\]\n\n$/);
  });

  it('tells a very long text seldom, and all that came of it, also where the stream is cut', async () => {
    const server = await serve({ reply: () => 'word '.repeat(40_000), chunks: { size: 20 } });
    for (const cut of [false, true]) {
      const heard: number[] = [];
      if (cut) server.fault({ kind: 'http', status: 200, headers: { 'content-type': 'text/event-stream' }, body: `data: ${JSON.stringify({ choices: [{ delta: { content: 'x' } }] })}\n\n`.repeat(5000) });
      const asked = chatWith(server).ask(asking(), ENOUGH, (text) => heard.push(text.length));
      if (cut) expect((await errorOf(asked)).code).toBe('connection-lost');
      else expect((await asked).text).toHaveLength(200_000);
      expect(heard.at(-1)).toBe(cut ? 5000 : 200_000);
      expect(heard.length).toBeLessThan(cut ? 1200 : 2000);
      expect(heard[1]).toBe(cut ? 2 : 40);
    }
  });

  it('tells with the text which model says it', async () => {
    const server = await serve({ snapshot: 'scripted-2026-01-01' });
    const heard = vi.fn();
    await chatWith(server).ask(asking(), ENOUGH, heard);
    expect(heard.mock.calls).toEqual([['a reply', 'scripted-2026-01-01']]);
  });

  it('takes a server’s whole body for an answer where it knows no streams', async () => {
    const server = await serve();
    server.fault({ kind: 'http', status: 200, body: { choices: [{ message: { content: 'whole' }, finish_reason: 'stop' }] } });
    const heard = vi.fn();
    expect((await chatWith(server).ask(asking(), ENOUGH, heard)).text).toBe('whole');
    expect(heard.mock.calls).toEqual([['whole', undefined]]);
  });

  it('takes a stream for complete that says so in one of the two ways', async () => {
    const server = await serve();
    const stream = (body: string): Parameters<typeof server.fault>[0] =>
      ({ kind: 'http', status: 200, headers: { 'content-type': 'text/event-stream' }, body });
    server.fault(stream('data: {"choices":[{"delta":{"content":"one"}}]}\n\ndata: [DONE]\n\n'));
    server.fault(stream('data: {"choices":[{"delta":{"content":"two"},"finish_reason":"stop"}]}\n\n'), { after: 1 });
    const chat = chatWith(server);
    expect((await chat.ask(asking(), ENOUGH, () => undefined)).text).toBe('one');
    expect((await chat.ask(asking(), ENOUGH, () => undefined)).text).toBe('two');
  });

  it('lets a slow stream go on for longer than the time-out, as long as it moves', async () => {
    const server = await serve({ reply: () => 'x'.repeat(40), chunks: { size: 4, delay: 60 } });
    const reply = await chatWith(server, { timeoutMs: 400 }).ask(asking(), ENOUGH, () => undefined);
    expect(reply.text).toHaveLength(40);
  });

  it('uses a connection again after a stream', async () => {
    const server = await serve();
    const ports = new Set<unknown>();
    const chat = chatWith(server, { concurrency: 1 });
    for (let n = 0; n < 4; n += 1) {
      await chat.ask(asking(), ENOUGH, () => undefined);
      ports.add(server.requests.at(-1)?.remotePort);
    }
    expect(ports.size).toBeLessThan(4);
  });
});

describe('what a server does not know', () => {
  it.each([
    ['400', faults.noStructuredOutput, undefined],
    ['422 of a strict parser', { kind: 'http', status: 422, body: { detail: [{ loc: ['body', 'response_format'], msg: 'Extra inputs' }] } }, undefined],
    ['404 of a router', httpError(404, { message: 'No endpoints found that can handle the requested parameters.' }), undefined],
    ['500 that names it', faults.structuredOutputCrash, () => undefined],
  ] as const)('asks again without a shape after %s, keeps both exchanges and remembers it', async (name, fault, heard) => {
    const server = await serve();
    server.fault(fault);
    const chat = chatWith(server);
    const reply = await chat.ask(asking('x', { shape: SHAPE }), ENOUGH, heard);
    expect(reply.structured).toBe(false);
    expect(reply.exchanges.map(({ sent }) => sent)).toEqual(server.requests.map(({ body }) => body));
    expect(reply.exchanges.map(({ status }) => status)).toEqual([Number.parseInt(name), 200]);
    const again = await chat.ask(asking('y', { shape: SHAPE }), ENOUGH, heard);
    expect(again.exchanges).toHaveLength(1);
    expect(server.requests.map(({ json }) => 'response_format' in json)).toEqual([true, false, false]);
  });

  it('does not blame the shape for a failure that does not name it', async () => {
    const server = await serve();
    server.fault(faults.badRequest);
    const chat = chatWith(server);
    await errorOf(chat.ask(asking('x', { shape: SHAPE }), ENOUGH));
    expect(server.requests).toHaveLength(1);
    expect((await chat.ask(asking('x', { shape: SHAPE }), ENOUGH)).structured).toBe(true);
  });

  it('does not remember what did not help', async () => {
    const server = await serve();
    server.fault(faults.noStructuredOutput);
    server.fault(faults.badRequest, { after: 1 });
    const chat = chatWith(server);
    const error = await errorOf(chat.ask(asking('x', { shape: SHAPE }), ENOUGH));
    expect(error.exchanges.map(({ status }) => status)).toEqual([400, 400]);
    expect((await chat.ask(asking('x', { shape: SHAPE }), ENOUGH)).structured).toBe(true);
  });

  it('says max_completion_tokens to those that want that, and leaves out stream_options for those that must', async () => {
    const server = await serve({ refuses: ['max_tokens', 'stream_options', 'response_format'] });
    const chat = chatWith(server);
    const request = asking('x', { shape: SHAPE, sampling: { maxTokens: 9 } });
    const reply = await chat.ask(request, ENOUGH, () => undefined);
    expect(reply.text).toBe('a reply');
    expect(server.requests).toHaveLength(4);
    await chat.ask(request, ENOUGH, () => undefined);
    expect(server.requests).toHaveLength(5);
    expect(Object.keys(JSON.parse(server.requests[4]?.body ?? '') as object)).toEqual(['model', 'stream', 'max_completion_tokens', 'messages']);
  });

  it('learns once, however many ask at once', async () => {
    const server = await serve({ refuses: ['response_format'], latency: 10 });
    const chat = chatWith(server, { concurrency: 3 });
    const ask = (n: number): Promise<unknown> => chat.ask(asking(String(n), { shape: SHAPE }), ENOUGH);
    await Promise.all([1, 2, 3].map(ask));
    await chat.ask(asking('no shape'), ENOUGH);
    await ask(4);
    expect(server.requests).toHaveLength(8);
  });

  it('never drops a setting that decides verdicts', async () => {
    const server = await serve({ refuses: ['temperature'] });
    const error = await errorOf(chatWith(server).ask(asking('x', { sampling: { temperature: 0 } }), ENOUGH));
    expect(error.code).toBe('bad-request');
    expect(error.message).toContain('Change or remove “temperature” of this model');
    expect(server.requests).toHaveLength(1);
  });
});

describe('waiting and trying again', () => {
  it('waits as long as the server says, tells of it, and goes on', async () => {
    const server = await serve();
    server.fault(rateLimited({ milliseconds: 300 }));
    server.fault(rateLimited({ seconds: 1 }), { after: 1 });
    const told: Waiting[] = [];
    const reply = await chatWith(server, { waiting: (waiting) => told.push(waiting) }).ask(asking(), ENOUGH);
    expect(reply.text).toBe('a reply');
    expect(told).toEqual([
      { why: 'rate-limited', seconds: 0.3, tried: 1, most: 3 },
      { why: 'rate-limited', seconds: 1, tried: 2, most: 3 },
    ]);
    const [first = 0, second = 0, third = 0] = server.requests.map(({ time }) => time);
    expect(second - first).toBeGreaterThanOrEqual(290);
    expect(third - second).toBeGreaterThanOrEqual(990);
    // Of tries alike, the last is kept.
    expect(reply.exchanges).toHaveLength(1);
  });

  it('goes on after a server error and after a lost connection', async () => {
    const server = await serve();
    server.fault(httpError(503, { message: 'busy' }, { 'retry-after': '0' }));
    server.fault(faults.cutBeforeHeaders, { after: 1 });
    const told: Waiting['why'][] = [];
    expect((await chatWith(server, { waiting: ({ why }) => told.push(why) }).ask(asking(), ENOUGH)).text).toBe('a reply');
    expect(told).toEqual(['server-error', 'connection-lost']);
  });

  it('tries as often as set', async () => {
    const server = await serve();
    server.fault(rateLimited({ milliseconds: 0 }), { times: Infinity });
    const waiting = vi.fn();
    await errorOf(chatWith(server, { retries: 0, waiting }).ask(asking(), ENOUGH));
    expect(server.requests).toHaveLength(1);
    expect(waiting).not.toHaveBeenCalled();
    await errorOf(chatWith(server, { retries: 4, waiting }).ask(asking(), ENOUGH));
    expect(server.requests).toHaveLength(6);
    expect(waiting).toHaveBeenCalledTimes(4);
  });
});

describe('cancelling', () => {
  const reason = new Error('the person pressed cancel');

  it('ends while waiting to try again, with the signal’s reason', async () => {
    const server = await serve();
    server.fault(rateLimited({ seconds: 30 }));
    const stop = new AbortController();
    const asked = chatWith(server, { waiting: () => setTimeout(() => { stop.abort(reason); }, 20) }).ask(asking(), stop.signal);
    await expect(asked).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  it('frees its place at once, also where the server has asked to wait', async () => {
    const server = await serve();
    server.fault(rateLimited({ seconds: 30 }));
    const stop = new AbortController();
    const chat = chatWith(server, { concurrency: 1, waiting: () => setTimeout(() => { stop.abort(reason); }, 20) });
    await expect(chat.ask(asking(), stop.signal)).rejects.toBe(reason);
    expect((await chat.ask(asking(), ENOUGH)).text).toBe('a reply');
  });

  it('ends in the middle of a stream, tells nothing more, and leaves the server', async () => {
    const server = await serve({ reply: () => 'x'.repeat(400), chunks: { size: 4, delay: 20 } });
    const stop = new AbortController();
    const heard = vi.fn((text: string) => { if (text.length >= 8) stop.abort(reason); });
    await expect(chatWith(server).ask(asking(), stop.signal, heard)).rejects.toBe(reason);
    await vi.waitFor(() => { expect(server.requests[0]?.abandoned).toBe(true); });
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it.each([['stalls', faults.stallBeforeHeaders], ['stalls midway', faults.stallMidway]])('ends while a server %s', async (_, fault) => {
    const server = await serve();
    server.fault(fault);
    const stop = new AbortController();
    const asked = chatWith(server).ask(asking(), stop.signal);
    await vi.waitFor(() => { expect(server.requests).toHaveLength(1); });
    stop.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await vi.waitFor(() => { expect(server.requests[0]?.abandoned).toBe(true); });
  });

  it('ends at once for what waits its turn, and never asks for it', async () => {
    const server = await serve({ latency: 100 });
    const chat = chatWith(server, { concurrency: 1 });
    const stop = new AbortController();
    const first = chat.ask(asking('1'), ENOUGH);
    const second = chat.ask(asking('2'), stop.signal);
    stop.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(server.requests.length).toBeLessThanOrEqual(1);
    await first;
    await chat.ask(asking('3'), ENOUGH);
    expect(server.requests.map(({ json }) => json.messages[1]?.content)).toEqual(['1', '3']);
  });

  it('sends nothing where it was cancelled before', async () => {
    const server = await serve();
    const keyOf = vi.fn(() => Promise.resolve(KEY));
    await expect(chatWith(server, { keyOf }).ask(asking(), AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);
    expect(keyOf).not.toHaveBeenCalled();
  });
});

describe('many at once', () => {
  it.each([1, 3, 8])('keeps to %i under way', async (concurrency) => {
    const server = await serve({ latency: 20 });
    const chat = chatWith(server, { concurrency });
    expect(chat.concurrency).toBe(concurrency);
    await Promise.all(Array.from({ length: 16 }, (_, n) => chat.ask(asking(String(n)), ENOUGH, n % 2 === 0 ? undefined : () => undefined)));
    expect(server.requests).toHaveLength(16);
    expect(server.mostInFlight).toBe(concurrency);
  });

  it('leaves no listener on the signal of a run', async () => {
    const server = await serve();
    server.fault(faults.badRequest);
    const { signal } = new AbortController();
    const chat = chatWith(server);
    await errorOf(chat.ask(asking(), signal));
    await Promise.all(Array.from({ length: 12 }, (_, n) => chat.ask(asking(String(n)), signal, n % 2 === 0 ? undefined : () => undefined)));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('keeps to four where nothing is set', async () => {
    const server = await serve({ latency: 20 });
    const chat = chatWith(server);
    await Promise.all(Array.from({ length: 9 }, (_, n) => chat.ask(asking(String(n)), ENOUGH)));
    expect(server.mostInFlight).toBe(4);
  });

  it('follows a redirect within the origin, key and all', async () => {
    const server = await serve({ requireKey: KEY });
    server.fault(redirected('/moved', 308));
    expect((await chatWith(server).ask(asking(), ENOUGH)).text).toBe('a reply');
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions', '/moved/v1/chat/completions']);
    expect(server.requests[1]?.body).toBe(server.requests[0]?.body);
  });
});
