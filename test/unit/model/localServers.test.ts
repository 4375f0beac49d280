import { describe, expect, it, vi } from 'vitest';
import { listModels } from '../../../src/model/listModels';
import { findLocalServers, USUAL_SERVERS } from '../../../src/model/localServers';
import { isLocal, originOf } from '../../../src/model/origin';
import { faults, httpError, redirected, refusingUrl, type Fault } from '../../harness/modelServer';
import { ENOUGH, errorOf, KEY, serve } from './chats';

describe('servers on this machine', () => {
  it('looks at loopback addresses alone', () => {
    expect(USUAL_SERVERS.map(({ name }) => name)).toEqual(['Ollama', 'LM Studio', 'vLLM', 'llama.cpp']);
    for (const { baseUrl, ownList = baseUrl } of USUAL_SERVERS) {
      expect(isLocal(originOf(baseUrl))).toBe(true);
      expect(originOf(ownList)).toBe(originOf(baseUrl));
    }
  });

  it('finds those that run, with their models, in the order of the table', async () => {
    const [one, two] = [await serve({ models: ['b', 'a', 'b'], latency: 40 }), await serve({ models: ['c'] })];
    const servers = [
      { name: 'One', baseUrl: one.url },
      { name: 'None', baseUrl: await refusingUrl() },
      { name: 'Two', baseUrl: two.url },
    ];
    expect(await findLocalServers(ENOUGH, { servers })).toEqual([
      { name: 'One', baseUrl: one.url, models: ['b', 'a'], wantsKey: false },
      { name: 'Two', baseUrl: two.url, models: ['c'], wantsKey: false },
    ]);
    expect(one.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each<[string, Fault]>([
    ['404', httpError(404, { message: 'no' })],
    ['no models', { kind: 'http', status: 200, body: { object: 'list', data: null } }],
  ])(
    'asks Ollama’s own list after %s',
    async (_, fault) => {
      const server = await serve({ tags: ['tiny:latest', 'other:7b'] });
      server.fault(fault, { at: 'models' });
      const servers = [{ name: 'Ollama', baseUrl: server.url, ownList: `${server.origin}/api/tags` }];
      expect((await findLocalServers(ENOUGH, { servers }))[0]?.models).toEqual(['tiny:latest', 'other:7b']);
    },
  );

  it.each<[string, Fault, object[]]>([
    ['a server that cannot list its models', faults.serverError, [{ models: [], wantsKey: false }]],
    ['a server without models', { kind: 'http', status: 200, body: { data: [] } }, [{ models: [], wantsKey: false }]],
    ['a server that wants a key', faults.unauthorized, [{ models: [], wantsKey: true }]],
    ['some other web server', faults.notJson, []],
    ['some other API', faults.otherApi, []],
    ['a list of things without a name', { kind: 'http', status: 200, body: { data: [null, 1, { id: 2 }] } }, [{ models: [] }]],
    ['what knows no such address', faults.noAddress, []],
    ['what does not answer', faults.stallBeforeHeaders, []],
    ['what cuts the connection', faults.cutBeforeHeaders, []],
    ['what points elsewhere', redirected('http://127.0.0.1:1'), []],
  ])('%s', async (_, fault, found) => {
    const server = await serve();
    server.fault(fault, { at: 'models' });
    expect(await findLocalServers(ENOUGH, { servers: [{ name: 'One', baseUrl: server.url }], timeoutMs: 200 })).toMatchObject(found);
  });

  it('uses the key of an origin where it is given keys', async () => {
    const server = await serve({ requireKey: KEY, models: ['a'] });
    const keyOf = vi.fn((origin: string) => Promise.resolve(origin === server.origin ? KEY : undefined));
    expect(await findLocalServers(ENOUGH, { servers: [{ name: 'One', baseUrl: server.url }], keyOf })).toMatchObject([{ models: ['a'] }]);
  });

  it('asks all at once and ends when cancelled', async () => {
    const [one, two] = [await serve({ latency: 500 }), await serve({ latency: 500 })];
    const stop = new AbortController();
    const search = findLocalServers(stop.signal, { servers: [one, two].map(({ url }) => ({ name: 'x', baseUrl: url })), timeoutMs: 5000 });
    await vi.waitFor(() => { expect([one.requests.length, two.requests.length]).toEqual([1, 1]); });
    stop.abort(new Error('closed'));
    await expect(search).rejects.toThrow('closed');
  });
});

describe('listing the models of an endpoint', () => {
  it('lists them with the key', async () => {
    const server = await serve({ models: ['a', 'b'], requireKey: KEY });
    expect(await listModels(`${server.url}/`, KEY, ENOUGH)).toEqual(['a', 'b']);
    expect(server.requests[0]?.path).toBe('/v1/models');
  });

  it.each<[string, Fault, string, RegExp]>([
    ['401', faults.unauthorized, 'unauthorized', /does not accept the API key for its models/],
    ['404', faults.noAddress, 'model-not-found', /Check the base URL/],
    ['500', faults.serverError, 'server-error', /look at the server’s own log/],
    ['another API', faults.otherApi, 'not-understood', /no list of models/],
    ['a stall', faults.stallBeforeHeaders, 'timed-out', /did not answer within 0\.2 seconds/],
    ['a cut', faults.cutBeforeHeaders, 'connection-lost', /The connection was cut/],
  ])('%s', async (_, fault, code, words) => {
    const server = await serve();
    server.fault(fault, { at: 'models' });
    const error = await errorOf(listModels(server.url, KEY, ENOUGH, 200));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
    expect(error.message).toContain(server.origin);
  });
});
