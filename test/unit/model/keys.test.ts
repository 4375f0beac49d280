import { describe, expect, it, vi } from 'vitest';
import { withoutKey } from '../../../src/model/keys';
import { OpenAiChat } from '../../../src/model/openAiChat';
import { listModels } from '../../../src/model/listModels';
import { echoesKey, faults, httpError, rateLimited, redirected, startModelServer, type Fault } from '../../harness/modelServer';
import { asking, chatWith, ENOUGH, errorOf, KEY, serve } from './chats';

/** All that a request leads to where somebody may read it: reply or error with its exchanges, what was told and logged. */
async function allSaid(fault: Fault | undefined, heard: boolean): Promise<string> {
  const said: unknown[] = [];
  const keep = (...words: unknown[]): void => { said.push(...words); };
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name).mockImplementation(keep));
  const server = await serve({ requireKey: KEY, reply: ({ headers }) => `You said ${String(headers.authorization)}.`, chunks: { size: 100 } });
  if (fault !== undefined) server.fault(fault, { times: Infinity });
  try {
    keep(await chatWith(server, { timeoutMs: 150, retries: 1, waiting: keep }).ask(asking(), ENOUGH, heard ? keep : undefined));
  } catch (error) {
    for (let at = error; at instanceof Error; at = at.cause) keep(at, at.message, at.stack, Object.entries(at));
  }
  expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  for (const spy of spies) spy.mockRestore();
  return said.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');
}

describe('the key', () => {
  const told: readonly (readonly [string, Fault | undefined])[] = [
    ['a good reply that tells it', undefined],
    ...[400, 401, 403, 404, 413, 422, 429, 500].map((status) => [`${String(status)} that tells it`, echoesKey(status)] as const),
    ['a body that tells it and is no JSON', { kind: 'http', status: 200, body: ({ headers }) => `<b>${String(headers.authorization)}</b>` }],
    ['an error inside', { kind: 'http', status: 200, body: ({ headers }) => ({ error: { message: headers.authorization } }) }],
    ['a reply by a model of its name', { kind: 'reply', reply: { content: 'a reply', model: KEY } }],
    ['a redirect', redirected('http://127.0.0.1:1')],
    ['a stall', faults.stallMidway],
    ['a cut', faults.cutMidway],
    ['a rate limit', rateLimited({ milliseconds: 0 })],
  ];

  it.each(told.flatMap(([name, fault]) => [false, true].map((heard) => [name, heard ? 'stream' : 'whole', fault, heard] as const)))(
    'stands in nothing that is said after %s (%s)',
    async (_, __, fault, heard) => {
      vi.stubEnv('OPENAI_LOG', 'debug');
      const said = await allSaid(fault, heard);
      vi.unstubAllEnvs();
      expect(said.length).toBeGreaterThan(100);
      expect(said).not.toContain(KEY);
      expect(said.toLowerCase()).not.toContain('authorization');
    },
  );

  it.each([301, 302, 303, 307, 308] as const)('never follows a redirect (%i) to another origin; nothing at all arrives there', async (status) => {
    const other = await serve();
    const server = await serve();
    server.fault(redirected(other.origin, status), { times: Infinity });
    server.fault(redirected(other.origin, status), { times: Infinity, at: 'models' });
    // Every origin has a key here: it is not for want of one that nothing is sent.
    const keyOf = vi.fn(() => Promise.resolve(KEY));
    const chat = chatWith(server, { keyOf });
    for (const heard of [undefined, () => undefined]) {
      const error = await errorOf(chat.ask(asking('a secret text'), ENOUGH, heard));
      expect(error.code).toBe('redirected');
      expect(error.message).toContain(`${server.origin} points to ${other.origin} for “scripted”. Nothing was sent there`);
      expect(error.message).toMatch(/set it as the base URL/);
      expect(error.exchanges).toHaveLength(1);
    }
    const error = await errorOf(listModels(server.url, KEY, ENOUGH));
    expect(error.code).toBe('redirected');
    expect(other.requests).toEqual([]);
    expect(server.requests).toHaveLength(3);
    expect(keyOf.mock.calls).toEqual([[server.origin], [server.origin]]);
  });

  it('does not follow to another port, another name of this machine or another scheme either', async () => {
    const server = await serve();
    const elsewhere = [`http://localhost:${String(server.port)}`, `https://127.0.0.1:${String(server.port)}`, `//127.0.0.1:1`, 'file://'];
    for (const place of elsewhere) {
      server.fault(redirected(place));
      expect((await errorOf(chatWith(server).ask(asking(), ENOUGH))).code).toBe('redirected');
    }
    expect(server.requests).toHaveLength(elsewhere.length);
  });

  it('is asked for anew with each request, and sent as it is then', async () => {
    const server = await serve();
    let key: string | undefined = 'first-key-0123';
    const chat = chatWith(server, { keyOf: () => Promise.resolve(key) });
    await chat.ask(asking(), ENOUGH);
    key = ' second-key-0123\n';
    await chat.ask(asking(), ENOUGH);
    key = undefined;
    await chat.ask(asking(), ENOUGH);
    key = '';
    await chat.ask(asking(), ENOUGH);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first-key-0123',
      'Bearer second-key-0123',
      undefined,
      undefined,
    ]);
  });

  it('is told to be wrong, without being told, where it cannot be sent', async () => {
    const server = await serve();
    const error = await errorOf(chatWith(server, { keyOf: () => Promise.resolve('sk-secret 0123\nmore') }).ask(asking(), ENOUGH));
    expect(error.code).toBe('unauthorized');
    expect(error.message).toMatch(/Set it anew/);
    expect(JSON.stringify([error.message, error.stack])).not.toContain('secret');
    expect(server.requests).toEqual([]);
  });

  it('is taken out wherever it stands, but a placeholder is no secret', () => {
    expect(withoutKey(`a ${KEY} b ${KEY}`, KEY)).toBe('a [key] b [key]');
    expect(withoutKey(`?key=${encodeURIComponent('key/with+signs')}`, 'key/with+signs')).toBe('?key=[key]');
    expect(withoutKey('an EMPTY reply', 'EMPTY')).toBe('an EMPTY reply');
    expect(withoutKey('text', undefined)).toBe('text');
  });
});

describe('the environment', () => {
  it('gives nothing to a request: no key, no address, no organization, no header, no log', async () => {
    const other = await startModelServer({ reply: () => 'from elsewhere' });
    const server = await serve();
    const log = vi.spyOn(console, 'debug').mockImplementation(() => undefined);
    vi.stubEnv('OPENAI_API_KEY', 'sk-from-the-environment');
    vi.stubEnv('OPENAI_ADMIN_KEY', 'sk-from-the-environment');
    vi.stubEnv('OPENAI_BASE_URL', other.url);
    vi.stubEnv('OPENAI_ORG_ID', 'org-from-the-environment');
    vi.stubEnv('OPENAI_PROJECT_ID', 'proj-from-the-environment');
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-leak: from-the-environment\nauthorization: Bearer from-the-environment');
    vi.stubEnv('OPENAI_LOG', 'debug');
    try {
      const chat = new OpenAiChat({ baseUrl: server.url, model: 'scripted', keyOf: () => Promise.resolve(undefined) });
      for (const heard of [undefined, () => undefined]) expect((await chat.ask(asking(), ENOUGH, heard)).text).toBe('a reply');
      server.fault(httpError(500, { message: 'x' }, { 'retry-after': '0' }));
      await chat.ask(asking(), ENOUGH);
    } finally {
      vi.unstubAllEnvs();
      await other.stop();
    }
    expect(other.requests).toEqual([]);
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
    for (const { headers, body } of server.requests) {
      expect(JSON.stringify([headers, body])).not.toContain('from-the-environment');
      expect(headers).not.toHaveProperty('authorization');
      // What the package would tell of this machine stays here as well.
      expect(Object.keys(headers).filter((name) => /^x-|^openai-/.test(name))).toEqual([]);
    }
  });
});
