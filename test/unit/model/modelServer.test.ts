import { afterEach, describe, expect, it } from 'vitest';
import { faults, rateLimited, startModelServer, type ModelServer } from '../../harness/modelServer';

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function ask(base: string, body: object): Promise<Response> {
  return fetch(`${base}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'a', ...body }),
  });
}

const messages = (text: string): object => ({ messages: [{ role: 'user', content: text }] });

describe('the model server of the tests', () => {
  it('answers in one body and in a stream with the same text and usage', async () => {
    server = await startModelServer({ reply: ({ json }) => `Heard: ${json.messages[0]?.content ?? ''} 🙂`, snapshot: 'a-1' });
    const whole = (await (await ask(server.url, messages('hello'))).json()) as object;
    expect(whole).toMatchObject({
      model: 'a-1',
      choices: [{ message: { content: 'Heard: hello 🙂' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 4, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 0 } },
    });
    const streamed = await (await ask(server.url, { ...messages('hello'), stream: true, stream_options: { include_usage: true } })).text();
    const events = streamed.split('\n\n').filter((event) => event.startsWith('data: {'));
    const chunks = events.map((event) => JSON.parse(event.slice(6)) as { choices: { delta: { content?: string } }[]; usage?: object });
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Heard: hello 🙂');
    expect(chunks.at(-1)?.usage).toMatchObject({ prompt_tokens: 4 });
    expect(streamed.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('counts a shared beginning as cached, in whole blocks, once it was answered', async () => {
    server = await startModelServer({ reply: () => 'x' });
    const cached = async (text: string): Promise<number> => {
      const body = (await (await ask(server?.url ?? '', messages(text))).json()) as {
        usage: { prompt_tokens_details: { cached_tokens: number } };
      };
      return body.usage.prompt_tokens_details.cached_tokens;
    };
    const beginning = 'b'.repeat(200);
    expect(await cached(`${beginning} one`)).toBe(0);
    expect(await cached(`${beginning} two`)).toBe(48);
    expect(await cached(`other ${beginning}`)).toBe(0);
  });

  it('misbehaves on order, for as many requests as told, and keeps what it was sent', async () => {
    server = await startModelServer({ reply: () => 'x' });
    server.fault(rateLimited({ seconds: 1 }), { after: 1, times: 2 });
    server.fault(faults.noModel, { after: 3 });
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1) statuses.push((await ask(server.url, messages(String(n)))).status);
    expect(statuses).toEqual([200, 429, 429, 404, 200]);
    expect(server.completions.map(({ json }) => json.messages[0]?.content)).toEqual(['0', '1', '2', '3', '4']);
  });

  it('counts the requests under way', async () => {
    server = await startModelServer({ reply: () => 'x', latency: 50 });
    const { url } = server;
    await Promise.all([1, 2, 3].map((n) => ask(url, messages(String(n)))));
    expect(server.mostInFlight).toBe(3);
    expect(new Set(server.requests.map(({ index }) => index)).size).toBe(3);
  });
});
