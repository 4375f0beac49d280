import { describe, expect, it } from 'vitest';
import type { ModelErrorCode } from '../../../src/model/modelError';
import { echoesKey, faults, httpError, rateLimited, redirected, refusingUrl, type Fault } from '../../harness/modelServer';
import { asking, chatWith, ENOUGH, errorOf, KEY, serve, SHAPE } from './chats';

interface Row {
  readonly name: string;
  readonly fault: Fault;
  readonly code: ModelErrorCode;
  /** What the researcher is told to do. */
  readonly offer: RegExp;
  /** Requests that reach the server, with two retries; 1 where absent. */
  readonly requests?: number;
  /** In both forms where absent. */
  readonly form?: 'whole' | 'stream';
  /** What of the answer is kept with the error; a part of it. */
  readonly kept?: string;
}

const noWait = { 'retry-after-ms': '0' };

const table: readonly Row[] = [
  { name: '401', fault: faults.unauthorized, code: 'unauthorized', offer: /Set another with “CoT Lens: Set API Key…”/, kept: 'invalid_api_key' },
  { name: '403', fault: faults.forbidden, code: 'unauthorized', offer: /Set another key .* or choose another model/, kept: 'organization' },
  { name: '404, no model', fault: faults.noModel, code: 'model-not-found', offer: /Choose Judge…/, kept: 'model_not_found' },
  {
    name: '400 that means no model',
    fault: httpError(400, { message: 'somebody/scripted is not a valid model ID' }),
    code: 'model-not-found',
    offer: /has no model “scripted” .*Choose Judge…/,
  },
  {
    name: '400 of a server that serves another model',
    fault: { kind: 'http', status: 400, body: { detail: "Server is pinned to 'tiny'; requested 'scripted'." } },
    code: 'model-not-found',
    offer: /has no model “scripted” .*Choose Judge…/,
  },
  { name: '404, no address', fault: faults.noAddress, code: 'model-not-found', offer: /Check the base URL .* \/v1/, kept: 'Not Found' },
  { name: '413', fault: faults.tooLarge, code: 'too-long', offer: /Set “contextTokens”/, kept: '413' },
  { name: 'context overflow', fault: faults.contextOverflow, code: 'too-long', offer: /Set “contextTokens”/, kept: 'context_length_exceeded' },
  {
    name: 'context overflow as llama.cpp says it',
    fault: httpError(400, { message: 'the request exceeds the available context size', type: 'exceed_context_size_error' }),
    code: 'too-long',
    offer: /Set “contextTokens”/,
  },
  {
    name: 'context overflow as vLLM says it, which names another field',
    fault: httpError(400, { message: "'max_tokens' or 'max_completion_tokens' is too large: 200. This model's maximum context length is 2048 tokens" }),
    code: 'too-long',
    offer: /Set “contextTokens”/,
  },
  { name: '400', fault: faults.badRequest, code: 'bad-request', offer: /Change or remove “seed”/, kept: 'seed' },
  { name: '400, no temperature', fault: faults.temperatureUnsupported, code: 'bad-request', offer: /Change or remove “temperature”/ },
  {
    name: '400, too many tokens to reply',
    fault: httpError(400, { message: 'max_tokens is too large: 99999. This model supports at most 4096 completion tokens', param: 'max_tokens' }),
    code: 'bad-request',
    offer: /Change or remove “maxTokens”/,
  },
  { name: '400 of another kind', fault: httpError(400, { message: 'no' }), code: 'bad-request', offer: /Check the settings of this model/ },
  { name: '402', fault: httpError(402, { message: 'Insufficient credits' }), code: 'bad-request', offer: /plan and billing/ },
  { name: '422', fault: httpError(422, { message: 'Unprocessable' }), code: 'bad-request', offer: /Check the settings/ },
  { name: '429 without end', fault: rateLimited({ milliseconds: 0 }), code: 'rate-limited', offer: /lower “concurrency”/, requests: 3, kept: 'Rate limit' },
  { name: '429, to wait longer than a minute', fault: rateLimited({ seconds: 300 }), code: 'rate-limited', offer: /for 5 minutes .* after that/, kept: 'Rate limit' },
  { name: '429, quota used up', fault: faults.quotaUsedUp, code: 'rate-limited', offer: /plan and billing/, kept: 'quota' },
  { name: '500 without end', fault: httpError(500, { message: 'broken' }, noWait), code: 'server-error', offer: /Try again later/, requests: 3, kept: 'broken' },
  { name: '503 without end', fault: { ...faults.unavailable, headers: noWait }, code: 'server-error', offer: /Try again later/, requests: 3, kept: '503' },
  { name: '500, not to be tried again', fault: httpError(500, { message: 'x' }, { 'x-should-retry': 'false' }), code: 'server-error', offer: /Try again/ },
  { name: 'stall before headers', fault: faults.stallBeforeHeaders, code: 'timed-out', offer: /longer “timeoutSeconds”/ },
  { name: 'stall midway', fault: faults.stallMidway, code: 'timed-out', offer: /longer “timeoutSeconds”/, kept: 'a r' },
  { name: 'cut stream', fault: faults.cutMidway, code: 'connection-lost', offer: /Try again/, form: 'stream', kept: 'a r' },
  { name: 'cut body', fault: faults.cutMidway, code: 'connection-lost', offer: /Try again/, form: 'whole', kept: '"object"' },
  { name: 'not JSON', fault: faults.notJson, code: 'not-understood', offer: /Check the base URL .*It works!/, kept: 'It works!' },
  { name: 'broken JSON', fault: faults.brokenJson, code: 'not-understood', offer: /Check the base URL/, kept: '{"choices": [' },
  { name: 'another API', fault: faults.otherApi, code: 'not-understood', offer: /Check the base URL/, kept: 'world' },
  { name: 'nothing with 200', fault: { kind: 'http', status: 200, body: '' }, code: 'not-understood', offer: /Check the base URL/ },
  { name: 'empty choices', fault: faults.noChoices, code: 'not-understood', offer: /holds no choice/, kept: 'chatcmpl' },
  { name: 'an error inside 200', fault: faults.errorInside, code: 'server-error', offer: /Try again later.*Upstream provider failed/, kept: '502' },
  {
    name: 'an error inside a stream',
    fault: {
      kind: 'http',
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: 'data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: {"error":{"message":"Too many","code":429}}\n\n',
    },
    code: 'rate-limited',
    offer: /Wait a while.*Too many/,
    form: 'stream',
    kept: '"a"',
  },
  {
    name: 'a stream that ends without an end',
    fault: {
      kind: 'http',
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n',
    },
    code: 'connection-lost',
    offer: /Try again/,
    form: 'stream',
    kept: '"a"',
  },
  {
    name: 'broken JSON in a stream',
    fault: { kind: 'http', status: 200, headers: { 'content-type': 'text/event-stream' }, body: 'data: {"choices":[\n\n' },
    code: 'not-understood',
    offer: /Check the base URL/,
    form: 'stream',
    kept: '{"choices":[',
  },
  { name: 'redirect in a circle', fault: redirected(''), code: 'redirected', offer: /Check the base URL/, requests: 4 },
  { name: 'moved, as a browser would follow it', fault: redirected('/elsewhere', 301), code: 'redirected', offer: /Set the base URL/ },
  { name: 'a key told back', fault: echoesKey(400), code: 'bad-request', offer: /Bad credentials: Bearer \[key\]/, kept: '[key]' },
];

/** Deeper than JSON can be written. */
const LISTS = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

const cases = table.flatMap((row) =>
  (row.form === undefined ? (['whole', 'stream'] as const) : [row.form]).map((form) => ({ ...row, form, title: `${row.name} (${form})` })),
);

describe('faults of an endpoint', () => {
  it.each(cases)('$title → $code', async ({ fault, code, offer, requests = 1, form, kept }) => {
    const server = await serve();
    server.fault(fault, { times: Infinity });
    const chat = chatWith(server, { timeoutMs: fault.kind === 'stall' ? 150 : 5000 });
    const request = asking('the text', { sampling: { temperature: 0, seed: 7, maxTokens: 9 } });
    const error = await errorOf(chat.ask(request, ENOUGH, form === 'stream' ? () => undefined : undefined));
    expect(error.code).toBe(code);
    // Where and whose, and what to do now.
    expect(error.message).toContain(server.origin);
    expect(error.message).toContain('“scripted”');
    expect(error.message).toMatch(offer);
    expect(server.requests).toHaveLength(requests);
    const [exchange, ...more] = error.exchanges;
    expect(more).toEqual([]);
    expect(exchange?.sent).toBe(server.requests.at(-1)?.body);
    if (kept !== undefined) expect(exchange?.received).toContain(kept);
    expect(JSON.stringify([error.message, error.stack, error.exchanges])).not.toContain(KEY);
  });

  it('says what is missing where no key is set', async () => {
    const server = await serve({ requireKey: KEY });
    const error = await errorOf(chatWith(server, { keyOf: () => Promise.resolve(undefined) }).ask(asking(), ENOUGH));
    expect(error.code).toBe('unauthorized');
    expect(error.message).toMatch(/wants an API key for “scripted” .* none is set/);
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('says that nothing listens', async () => {
    const server = await serve();
    const chat = chatWith(server, { baseUrl: await refusingUrl(), retries: 0 });
    const error = await errorOf(chat.ask(asking(), ENOUGH));
    expect(error.code).toBe('connection-lost');
    expect(error.message).toMatch(/No answer from http:\/\/127\.0\.0\.1:\d+ for “scripted”\. Nothing listens there\. Check that the server runs/);
    expect(error.exchanges).toHaveLength(1);
    expect(error.exchanges[0]?.sent).toContain('"hello"');
  });

  it('tries a connection again that was cut before an answer', async () => {
    const server = await serve();
    server.fault(faults.cutBeforeHeaders);
    const reply = await chatWith(server).ask(asking(), ENOUGH);
    expect(reply.text).toBe('a reply');
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ['cut off', faults.cutOff, 'length', 'A reply that ends in the mid'],
    ['blocked by a filter', faults.filtered, 'blocked', ''],
    ['blocked by a filter before the model', faults.promptFiltered, 'blocked', 'content management policy'],
    ['refused', faults.refusal, 'refused', 'I cannot help with that.'],
    ['empty', faults.empty, 'stop', ''],
  ] as const)('a reply that is %s is an outcome, not an error', async (_, fault, ending, text) => {
    for (const heard of [undefined, () => undefined]) {
      const server = await serve();
      server.fault(fault);
      const reply = await chatWith(server).ask(asking(), ENOUGH, heard);
      expect(reply.ending).toBe(ending);
      expect(reply.text).toContain(text);
      expect(server.requests).toHaveLength(1);
      expect(reply.exchanges).toHaveLength(1);
    }
  });

  it('cuts the words of a talkative server', async () => {
    const server = await serve();
    server.fault(httpError(400, { message: 'blah '.repeat(10_000) }));
    const error = await errorOf(chatWith(server).ask(asking('x', { shape: SHAPE }), ENOUGH));
    expect(error.message.length).toBeLessThan(700);
    expect(error.exchanges[0]?.received.length).toBeGreaterThan(50_000);
  });

  it.each([
    ['in a reply', 'application/json', false],
    ['in a stream', 'text/event-stream', true],
  ])('says what it can of an error inside 200 that is nested deeper than can be written, %s', async (_, type, streams) => {
    const told = (error: string): Fault => ({ kind: 'http', status: 200, headers: { 'content-type': type }, body: streams ? `data: {"error":${error}}\n\n` : `{"error":${error}}` });
    const server = await serve();
    server.fault(told(`{"code":"bad","details":${LISTS},"message":"broken for ${KEY}"}`));
    server.fault(told(`{"message":${LISTS},"code":429}`), { after: 1 });
    server.fault(told(LISTS), { after: 2 });
    const asked = async (): Promise<string> => {
      const { code, message } = await errorOf(chatWith(server, { retries: 0 }).ask(asking(), ENOUGH, streams ? () => undefined : undefined));
      expect(message).not.toContain(KEY);
      return `${code}: ${message}`;
    };
    expect(await asked()).toMatch(/^server-error: .*broken for \[key\]/);
    // Of such a message, or of what has none, the package’s reader of streams makes a text itself.
    const unread = /^not-understood: .*nested too deep to be read/;
    expect(await asked()).toMatch(streams ? unread : /^rate-limited: .*nested too deep to be shown/);
    expect(await asked()).toMatch(streams ? unread : /^server-error: .*nested too deep to be shown/);
  });

  it('says what it can of a refusal that is nested deeper than can be written', async () => {
    const server = await serve();
    server.fault({ kind: 'http', status: 400, headers: { 'content-type': 'application/json' }, body: `{"error":{"message":"broken","details":${LISTS}}}` });
    server.fault({ kind: 'http', status: 500, headers: { 'content-type': 'application/json' }, body: `{"error":${LISTS}}` }, { after: 1 });
    const chat = chatWith(server, { retries: 0 });
    expect(await errorOf(chat.ask(asking(), ENOUGH))).toMatchObject({ code: 'bad-request', message: expect.stringMatching(/broken/) as string });
    expect(await errorOf(chat.ask(asking(), ENOUGH))).toMatchObject({ code: 'server-error', message: expect.stringMatching(/nested too deep to be shown/) as string });
  });

  it('never quotes a part of a key that stands where the words are cut', async () => {
    const server = await serve();
    server.fault({ kind: 'http', status: 400, body: ({ headers }) => ({ error: { message: `${'x'.repeat(290)}${String(headers.authorization)}` } }) });
    server.fault({ kind: 'http', status: 200, body: ({ headers }) => `${'x'.repeat(105)}${String(headers.authorization)}` }, { after: 1 });
    const chat = chatWith(server);
    for (let n = 0; n < 2; n += 1) {
      expect((await errorOf(chat.ask(asking(), ENOUGH))).message).not.toContain(KEY.slice(0, 5));
    }
  });
});
