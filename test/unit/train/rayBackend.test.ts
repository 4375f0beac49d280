import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BackendFault, type Shipment } from '../../../src/train/backends/backend';
import { raySetting } from '../../../src/train/backends/backendSetting';
import { RayBackend, type RayBackendOptions } from '../../../src/train/backends/ray/rayBackend';
import { LARGEST_PACKAGE } from '../../../src/train/backends/ray/rayPackage';
import { readBackendSettings } from '../../../src/train/backends/readBackendSettings';
import { startFakeRay, type FakeRay, type FakeRayFault, type FakeRayOptions } from '../../harness/fakeRay';
import { ROWS, SHIPMENT, planOf } from './plannedRun';

const never = new AbortController().signal;
const TOKEN = 'token-that-nobody-may-see';
const plan = planOf('advchain-sft-20261121-120000-0a1b2c');
const name = { id: plan.id, job: undefined, created: plan.created, values: plan.values };
const servers: { stop(): Promise<void> }[] = [];
let ray: FakeRay;

beforeEach(async () => {
  ray = await started();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function started(options: FakeRayOptions = {}): Promise<FakeRay> {
  const server = await startFakeRay(options);
  servers.push(server);
  return server;
}

function backend(more: Partial<RayBackendOptions> = {}): RayBackend {
  return new RayBackend({ name: 'the cluster', url: ray.url, patience: { answer: 200, transfer: 200 }, ...more });
}

/** Pushes and launches, whatever comes of it. */
async function launched(of: RayBackend = backend(), shipment: Shipment = SHIPMENT): ReturnType<RayBackend['launch']> {
  return of.launch(plan, shipment.job, await of.push(plan, shipment, never, () => undefined), never);
}

/** One fault, at the first request like this. */
function failing(fault: FakeRayFault, method: string, path: RegExp): void {
  let left = 1;
  ray.fault = (request) => (request.method === method && path.test(request.path) && left-- > 0 ? fault : undefined);
}

/** A server that answers all alike, as a proxy before a cluster may. @returns its address, and the paths it was asked for */
async function answering(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<{ readonly url: string; readonly paths: string[] }> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    request.resume();
    request.on('end', () => { answer(request, response); });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  servers.push({ stop: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => { resolve(); }); }) });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, paths };
}

async function faultIn(asked: Promise<unknown>): Promise<BackendFault> {
  const error = await asked.then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BackendFault);
  return error as BackendFault;
}

describe('a cluster is checked', () => {
  it('by its version and by what only those may ask who are known', async () => {
    expect(await backend().check(never)).toEqual({ version: 'Ray 2.58.0', problems: [] });
    expect(ray.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /api/version', 'GET /api/jobs/']);
  });

  it('and says that it needs a token, or another one', async () => {
    ray = await started({ token: TOKEN });
    expect(await backend({ token: TOKEN }).check(never)).toMatchObject({ version: 'Ray 2.58.0' });
    expect(await faultIn(backend().check(never))).toMatchObject({ kind: 'auth', message: 'The cluster did not let us in (HTTP 401: Unauthorized: Missing authentication token). Set its token with “Set Backend Key…”.' });
    expect(await faultIn(backend({ token: 'another' }).check(never))).toMatchObject({ kind: 'auth', message: expect.stringContaining('HTTP 403: Forbidden: Invalid authentication token') as string });
  });

  it('and is told apart from what is no cluster, or answers nothing', async () => {
    ray.fault = () => 'malformed json';
    expect(await faultIn(backend().check(never))).toMatchObject({ kind: 'odd', message: expect.stringContaining('Is this address a Ray dashboard’s?') as string });
    ray.fault = () => 'timeout';
    expect(await faultIn(backend().check(never))).toMatchObject({ kind: 'unreachable', message: `The cluster at ${ray.url} does not answer (ETIMEDOUT). Is it running, and reachable from this machine?` });
    ray.fault = () => 'cut-after';
    expect(await faultIn(backend().check(never))).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('ECONNRESET') as string });
    const { url } = ray;
    await ray.stop();
    servers.splice(0);
    expect(await faultIn(backend({ url }).check(never))).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('ECONNREFUSED') as string });
  });
});

describe('a package', () => {
  it('holds the files at its root, and is taken there once for the same content', async () => {
    const shares: number[] = [];
    const pushed = await backend().push(plan, SHIPMENT, never, (share) => shares.push(share));
    const again = await backend().push(planOf('another'), SHIPMENT, never, () => undefined);
    expect(again).toEqual(pushed);
    expect(shares).toEqual([0.3, 1]);
    expect(ray.requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET']);
    const [[file, bytes] = ['', new Uint8Array()]] = ray.packages;
    expect(pushed).toEqual({ uri: `gcs://${file}`, bytes: bytes.length });
    const held = unzipSync(bytes);
    expect(Object.keys(held).sort()).toEqual(['sft.yaml', 'train.jsonl']);
    expect(Buffer.from(held['train.jsonl'] ?? []).equals(ROWS)).toBe(true);
    expect(new TextDecoder().decode(held['sft.yaml'])).toBe('seed: 42\nnote: "ü"\n');
  });

  it('is taken there again when it is gone', async () => {
    await backend().push(plan, SHIPMENT, never, () => undefined);
    ray.expire();
    await backend().push(plan, SHIPMENT, never, () => undefined);
    expect(ray.requests.filter(({ method }) => method === 'PUT')).toHaveLength(2);
    expect(await launched()).toEqual({ kind: 'taken', job: plan.id });
    // One that a job waits for is kept.
    ray.expire();
    ray.advance(plan.id, 'RUNNING');
    expect(ray.jobs.get(plan.id)?.status).toBe('RUNNING');
  });

  it('without rows holds the other files alone', async () => {
    await backend().push(plan, { ...SHIPMENT, rows: undefined }, never, () => undefined);
    expect([...ray.packages.values()].flatMap((bytes) => Object.keys(unzipSync(bytes)))).toEqual(['sft.yaml']);
  });

  it('that is too large is named before anything is sent', async () => {
    expect(LARGEST_PACKAGE).toBe(104_857_600);
    const large = { ...SHIPMENT, rows: new Uint8Array(randomBytes(3 * 1024 * 1024)) };
    const words = { kind: 'too-large', message: 'The package has 3.1 MB, and the cluster takes at most 2. Give the set by a path or an address that the cluster can read.' };
    const of = backend({ largest: 2 * 1024 * 1024 });
    expect(await faultIn(of.planned(plan, large, never))).toMatchObject(words);
    expect(await faultIn(of.push(plan, large, never, () => undefined))).toMatchObject(words);
    expect(ray.requests).toEqual([]);
  });

  it('that only the cluster finds too large is named as well', async () => {
    ray = await started({ largest: 100 });
    expect(await faultIn(backend().push(plan, SHIPMENT, never, () => undefined))).toMatchObject({ kind: 'too-large', message: expect.stringContaining('larger than the cluster takes') as string });
  });

  it.each<[FakeRayFault, BackendFault['kind'], string]>([
    ['timeout', 'unreachable', 'ETIMEDOUT'],
    ['cut-before', 'unreachable', 'does not answer'],
    ['cut-in-upload', 'unreachable', 'does not answer'],
    ['cut-after', 'unreachable', 'ECONNRESET'],
    ['status 500', 'odd', 'could not take the package (HTTP 500)'],
    ['status 429', 'busy', 'asked too often'],
    ['status 401', 'auth', 'did not let us in'],
  ])('whose upload ends in “%s” is no push, and can be pushed again', async (fault, kind, words) => {
    failing(fault, 'PUT', /packages/);
    expect(await faultIn(backend().push(plan, SHIPMENT, never, () => undefined))).toMatchObject({ kind, message: expect.stringContaining(words) as string });
    expect(await launched()).toEqual({ kind: 'taken', job: plan.id });
    ray.advance(plan.id, 'RUNNING');
    expect(ray.jobs.get(plan.id)?.status).toBe('RUNNING');
  });

  it('that is given up by a person is not sent', async () => {
    const stop = new AbortController();
    stop.abort(new Error('given up'));
    await expect(backend().push(plan, SHIPMENT, stop.signal, () => undefined)).rejects.toThrow('given up');
    expect(ray.requests).toEqual([]);
  });

  it('is given up in the middle of its upload', async () => {
    const stop = new AbortController();
    ray.fault = ({ method }) => {
      if (method === 'PUT') setImmediate(() => { stop.abort(new Error('given up')); });
      return method === 'PUT' ? 'timeout' : undefined;
    };
    await expect(backend({ patience: { answer: 5000, transfer: 5000 } }).push(plan, SHIPMENT, stop.signal, () => undefined)).rejects.toThrow('given up');
  });
});

describe('a launch', () => {
  it('sends what was shown before, to the byte, and nothing else', async () => {
    const of = backend({ token: TOKEN, resources: { gpus: 2, cpus: 4, memory: 1e9, custom: { big: 1 } }, path: '/opt/venv/bin', environment: { HF_HUB_OFFLINE: '1' } });
    const planned = await of.planned(plan, SHIPMENT, never);
    expect(ray.requests).toEqual([]);
    await launched(of);
    const sent = ray.requests.filter(({ method }) => method !== 'GET');
    expect(planned.map(({ method, url }) => `${method} ${url}`)).toEqual(sent.map(({ method, path }) => `${method} ${ray.url}${path}`));
    const [upload, submission] = sent;
    const [packageShown, jobShown] = planned;
    expect(new TextDecoder().decode(submission?.body)).toBe(jobShown?.body);
    const held = unzipSync(upload?.body ?? new Uint8Array());
    expect(packageShown?.what).toBe(`the package, 2 files, ${String(upload?.body.length)} bytes`);
    const rows = held['train.jsonl'] ?? new Uint8Array();
    expect(packageShown?.body).toBe(`── train.jsonl ── 20 rows, ${String(rows.length)} bytes, SHA-256 ${createHash('sha256').update(rows).digest('hex')}\n\n── sft.yaml ──\n${new TextDecoder().decode(held['sft.yaml'])}`);
    expect(JSON.parse(jobShown?.body ?? '')).toEqual({
      entrypoint: 'trl sft --config sft.yaml',
      submission_id: plan.id,
      runtime_env: { working_dir: `gcs://${[...ray.packages.keys()].join()}`, env_vars: { PYTHONUNBUFFERED: '1', HF_HUB_OFFLINE: '1', PATH: '/opt/venv/bin:${PATH}' } },
      metadata: { cot_lens: plan.title, set: 'garden', set_sha256: plan.set.sha256, recipe: 'advchain-sft' },
      entrypoint_num_gpus: 2,
      entrypoint_num_cpus: 4,
      entrypoint_memory: 1e9,
      entrypoint_resources: { big: 1 },
    });
    for (const { headers, body } of ray.requests) {
      expect(headers.authorization).toBe(`Bearer ${TOKEN}`);
      expect(JSON.stringify({ ...headers, authorization: '' }) + new TextDecoder().decode(body)).not.toContain(TOKEN);
    }
    expect(JSON.stringify(planned)).not.toContain(TOKEN);
  });

  it('asks for the GPUs that the run needs, whatever the setting says; where the run does not say, for those of the setting', async () => {
    const of = backend({ resources: { gpus: 2, cpus: 4 } });
    const asked = async (gpus: number | undefined): Promise<unknown> => {
      const job = { ...SHIPMENT.job, ...(gpus === undefined ? {} : { gpus }) };
      return JSON.parse((await of.planned(plan, { ...SHIPMENT, job }, never)).at(-1)?.body ?? '');
    };
    expect(await asked(8)).toMatchObject({ entrypoint_num_gpus: 8, entrypoint_num_cpus: 4 });
    expect(await asked(undefined)).toMatchObject({ entrypoint_num_gpus: 2, entrypoint_num_cpus: 4 });
    // verl’s: its actors take them, and one that the entry point held would be missing.
    expect(await asked(0)).not.toHaveProperty('entrypoint_num_gpus');
  });

  it('never looks like a browser’s', async () => {
    await launched();
    await backend().stop(name, never);
    for (const { headers } of ray.requests) expect(Object.keys(headers).filter((header) => /^(?:sec-fetch-.*|origin|referer|user-agent)$/.test(header))).toEqual([]);
    // What a browser, or Node’s own fetch, would get.
    const reply = await fetch(`${ray.url}/api/jobs/`, { method: 'POST', body: '{}' });
    expect([reply.status, await reply.text()]).toEqual([405, "'POST' method not allowed for browser traffic."]);
  });

  it('of the same run a second time starts nothing more', async () => {
    expect(await launched()).toEqual({ kind: 'taken', job: plan.id });
    expect(await launched()).toEqual({ kind: 'taken', job: plan.id });
    expect(ray.started(plan.id)).toBe(1);
  });

  it.each<[FakeRayFault, 'refused' | 'unknown', string, number]>([
    ['timeout', 'unknown', 'ETIMEDOUT', 0],
    ['timeout-after', 'unknown', 'ETIMEDOUT', 1],
    ['cut-before', 'unknown', 'does not answer', 0],
    ['cut-in-upload', 'unknown', 'does not answer', 0],
    ['cut-after', 'unknown', 'ECONNRESET', 1],
    ['malformed json', 'unknown', 'did not say that the cluster took the run', 1],
    ['status 500', 'unknown', 'could not start the run (HTTP 500): 500: as the test wanted', 0],
    ['status 302', 'unknown', 'sends us elsewhere', 0],
    // A time-out, a conflict, too early, a client that is gone: what a proxy says of a request that may have gone through.
    ['status 408', 'unknown', 'HTTP 408', 0],
    ['status 409', 'unknown', 'HTTP 409', 0],
    ['status 425', 'unknown', 'HTTP 425', 0],
    ['status 499', 'unknown', 'HTTP 499', 0],
    ['status 404', 'refused', 'HTTP 404', 0],
    ['status 429', 'refused', 'asked too often', 0],
    ['status 401', 'refused', 'did not let us in', 0],
    ['status 405', 'refused', 'HTTP 405', 0],
  ])('that ends in “%s” is %s', async (fault, kind, words, startedJobs) => {
    failing(fault, 'POST', /jobs/);
    expect(await launched()).toEqual({ kind, reason: expect.stringContaining(words) as string });
    expect(ray.started(plan.id)).toBe(startedJobs);
  });

  it('that nobody listens to is refused, for nothing can have been taken', async () => {
    const pushed = await backend().push(plan, SHIPMENT, never, () => undefined);
    await ray.stop();
    servers.splice(0);
    expect(await backend().launch(plan, SHIPMENT.job, pushed, never)).toEqual({ kind: 'refused', reason: expect.stringContaining('ECONNREFUSED') as string });
  });

  it('with a field that the cluster does not take says which', async () => {
    expect(await launched(backend({ resources: { gpus: 1 } }), { ...SHIPMENT, job: { ...SHIPMENT.job, entrypoint: 5 } as never })).toEqual({ kind: 'refused', reason: 'The cluster could not start the run (HTTP 400): TypeError: entrypoint must be a string, got number' });
  });

  it('of a fine-tuning API’s job is a mistake of ours', async () => {
    await expect(backend().push(plan, { rows: ROWS, job: { kind: 'fine-tuning', model: 'm', body: {} } }, never, () => undefined)).rejects.toThrow('not for a Ray cluster');
  });
});

describe('a run is seen', () => {
  it('in each of its states, with the cluster’s own times', async () => {
    expect(await backend().see(name, never)).toEqual({ kind: 'absent' });
    await launched();
    expect(await backend().see(name, never)).toMatchObject({ kind: 'seen', job: plan.id, state: 'pending', started: new Date(ray.jobs.get(plan.id)?.started ?? 0).toISOString(), ended: undefined });
    ray.advance(plan.id, 'RUNNING');
    expect(await backend().see(name, never)).toMatchObject({ state: 'running', reason: undefined });
    ray.advance(plan.id, 'FAILED', 'ValueError: odd\n');
    expect(await backend().see(name, never)).toMatchObject({ state: 'failed', reason: expect.stringMatching(/^JOB_ENTRYPOINT_COMMAND_ERROR: .*\nValueError: odd/) as string, ended: expect.any(String) as string });
  });

  it('to fail where its package was gone before it started', async () => {
    const pushed = await backend().push(plan, SHIPMENT, never, () => undefined);
    ray.expire();
    expect(await backend().launch(plan, SHIPMENT.job, pushed, never)).toMatchObject({ kind: 'taken' });
    ray.advance(plan.id, 'RUNNING');
    expect(await backend().see(name, never)).toMatchObject({ state: 'failed', reason: expect.stringContaining('RUNTIME_ENV_SETUP_FAILURE') as string });
  });

  it.each<FakeRayFault>(['timeout', 'cut-before', 'cut-after', 'status 500', 'status 429', 'status 401', 'status 404', 'malformed json'])('as out of reach after “%s”, never as absent', async (fault) => {
    await launched(backend({ patience: { answer: 20_000, transfer: 20_000 } }));
    ray.fault = () => fault;
    expect(await backend().see(name, never)).toEqual({ kind: 'unreachable', reason: expect.any(String) as string });
    expect((await backend().seeAll([name], { take: () => true }, never)).get(plan.id)).toEqual({ kind: 'unreachable', reason: expect.any(String) as string });
  });

  it('together with all others, by one request', async () => {
    await launched();
    const others = Array.from({ length: 50 }, (_, i) => ({ ...name, id: `other-${String(i)}` }));
    const before = ray.requests.length;
    let taken = 0;
    const seen = await backend().seeAll([name, ...others], { take: () => ++taken > 0 }, never);
    expect([seen.size, seen.get(plan.id)?.kind, seen.get('other-7')?.kind, taken, ray.requests.length - before]).toEqual([51, 'seen', 'absent', 1, 1]);
    expect(await backend().seeAll([name], { take: () => false }, never)).toEqual(new Map());
    expect(await backend().seeAll([], { take: () => true }, never)).toEqual(new Map());
    expect(ray.requests.length - before).toBe(1);
  });
});

describe('what says nothing of a run', () => {
  const at = async (status: number, text: string): Promise<RayBackend> => backend({ url: (await answering((_, response) => { response.writeHead(status).end(text); })).url });
  const launching = (of: RayBackend): ReturnType<RayBackend['launch']> => of.launch(plan, SHIPMENT.job, { uri: 'gcs://_ray_pkg_0.zip', bytes: 1 }, never);

  it('is a proxy’s page for what is not there: it is not absent', async () => {
    for (const text of ['<h1>404</h1>The page you requested does not exist.', 'Job another-run does not exist', `Job ${plan.id}-2 does not exist`, '']) {
      expect(await (await at(404, text)).see(name, never)).toMatchObject({ kind: 'unreachable' });
    }
    expect(await (await at(500, `Job ${plan.id} does not exist`)).see(name, never)).toMatchObject({ kind: 'unreachable' });
    expect(await (await at(404, `Job ${plan.id} does not exist`)).see(name, never)).toEqual({ kind: 'absent' });
  });

  it('is that something else exists already: it is not taken', async () => {
    for (const text of ['FileExistsError: /tmp/ray/session already exists', `FileExistsError: /tmp/ray/${plan.id} already exists`, `Job with submission_id ${plan.id}-2 already exists.`]) {
      expect(await launching(await at(500, text))).toMatchObject({ kind: 'unknown' });
    }
    expect(await launching(await at(500, `ValueError: Job with submission_id ${plan.id} already exists. Please use a different submission_id.`))).toEqual({ kind: 'taken', job: plan.id });
  });

  it('is an entry of a list that cannot be read: it is not absent', async () => {
    const other = { ...name, id: 'other-1' };
    const listed = async (...entries: readonly unknown[]): Promise<readonly (string | undefined)[]> => {
      const seen = await (await at(200, JSON.stringify(entries))).seeAll([name, other], { take: () => true }, never);
      return [seen.get(plan.id)?.kind, seen.get(other.id)?.kind];
    };
    const whole = { type: 'SUBMISSION', submission_id: other.id, status: 'RUNNING' };
    expect(await listed(whole)).toEqual(['absent', 'seen']);
    // What was started on the cluster itself has no name of this kind.
    expect(await listed(whole, { type: 'DRIVER', submission_id: null, status: 'RUNNING' })).toEqual(['absent', 'seen']);
    expect(await listed(whole, { submission_id: plan.id, status: null })).toEqual(['unreachable', 'seen']);
    for (const odd of [null, 'text', {}, { submission_id: 7, status: 'RUNNING' }]) expect(await listed(whole, odd)).toEqual(['unreachable', 'seen']);
    expect(await (await at(200, JSON.stringify({ submission_id: 'another', status: 'RUNNING' }))).see(name, never)).toMatchObject({ kind: 'unreachable' });
  });

  it('is a status that no cluster had when this was written: it goes on', async () => {
    for (const status of ['constructor', 'CONSTRUCTOR', '__proto__', 'SUSPENDED']) {
      expect(await (await at(200, JSON.stringify({ submission_id: plan.id, status }))).see(name, never)).toMatchObject({ kind: 'seen', state: 'running' });
    }
  });

  it('is an answer that drips and never ends: it is given up as a whole', async () => {
    const { url } = await answering((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => { response.write(' '); }, 10);
      response.on('close', () => { clearInterval(drip); });
    });
    const of = backend({ url, patience: { answer: 100, transfer: 100 } });
    expect(await of.see(name, never)).toMatchObject({ kind: 'unreachable', reason: expect.stringContaining('ETIMEDOUT') as string });
    expect(await faultIn(of.log(name, 0, never))).toMatchObject({ kind: 'unreachable' });
    expect(await launching(of)).toMatchObject({ kind: 'unknown' });
  });
});

it('an upload that is slow is not given up as long as it goes on', async () => {
  const { url } = await answering((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(404).end();
      return;
    }
    // Slower as a whole than any answer may be.
    response.writeHead(200);
    let left = 30;
    const drip = setInterval(() => {
      if (--left > 0) response.write(' ');
      else response.end();
    }, 50);
    response.on('close', () => { clearInterval(drip); });
  });
  expect(await backend({ url, patience: { answer: 5000, transfer: 250 } }).push(plan, SHIPMENT, never, () => undefined)).toMatchObject({ uri: expect.stringMatching(/^gcs:/) as string });
});

it('a run’s name stays one part of the address, whatever it is', async () => {
  const { url, paths } = await answering((_, response) => { response.writeHead(200).end('{}'); });
  const odd = { ...name, id: '..\\..\\api/serve\\applications?x=#' };
  await backend({ url }).stop(odd, never);
  await backend({ url }).see(odd, never);
  await faultIn(backend({ url }).log(odd, 0, never));
  expect(paths.map((path) => path.replace('..%5C..%5Capi%2Fserve%5Capplications%3Fx%3D%23', 'ID'))).toEqual(['/api/jobs/ID/stop', '/api/jobs/ID', '/api/jobs/ID/logs']);
});

describe('a run is stopped', () => {
  it('where it runs; one that waits stays where it is, and one that ended too', async () => {
    await launched();
    await backend().stop(name, never);
    expect(await backend().see(name, never)).toMatchObject({ state: 'pending' });
    ray.advance(plan.id, 'RUNNING');
    await backend().stop(name, never);
    expect(await backend().see(name, never)).toMatchObject({ state: 'stopped' });
    await backend().stop(name, never);
  });

  it('and says so where it is not there', async () => {
    expect(await faultIn(backend().stop(name, never))).toMatchObject({ kind: 'refused', message: `The cluster could not stop the run (HTTP 404): Job ${plan.id} does not exist` });
  });
});

describe('the log', () => {
  it('is read on where it was left, and anew where it was begun anew', async () => {
    await launched();
    ray.advance(plan.id, 'RUNNING', 'one 🧮\n');
    const first = await backend().log(name, 0, never);
    expect(first).toEqual({ text: 'one 🧮\n', next: 7 });
    expect(await backend().log(name, first.next, never)).toEqual({ text: '', next: 7 });
    ray.advance(plan.id, 'RUNNING', 'two\n');
    expect(await backend().log(name, first.next, never)).toEqual({ text: 'two\n', next: 11 });
    expect(await backend().log(name, 1000, never)).toEqual({ text: 'one 🧮\ntwo\n', next: 11 });
  });

  it('whose file is not there any more is gone and has not begun anew; one that nothing was written into yet is only empty', async () => {
    await launched();
    expect(await backend().log(name, 0, never)).toEqual({ text: '', next: 0 });
    ray.advance(plan.id, 'RUNNING', 'one\n');
    const { next } = await backend().log(name, 0, never);
    const job = ray.jobs.get(plan.id);
    if (job === undefined) throw new Error('no job');
    job.logs = '';
    expect(await backend().log(name, next, never)).toEqual({ text: '', next, gone: true });
    job.logs = 'two';
    expect(await backend().log(name, next, never)).toEqual({ text: 'two', next: 3 });
  });

  it('of a job that is not there any more is gone, and is not where only a page is missing', async () => {
    expect(await faultIn(backend().log(name, 0, never))).toMatchObject({ kind: 'gone', message: `The cluster could not give the log (HTTP 404): Job ${plan.id} does not exist` });
    failing('status 404', 'GET', /logs/);
    expect(await faultIn(backend().log(name, 0, never))).toMatchObject({ kind: 'refused' });
  });

  it('that does not come is said', async () => {
    await launched();
    for (const fault of ['timeout', 'cut-after', 'malformed json', 'status 500'] as const) {
      failing(fault, 'GET', /logs/);
      await faultIn(backend().log(name, 0, never));
    }
    expect(await backend().log(name, 0, never)).toEqual({ text: '', next: 0 });
  });
});

describe('the token', () => {
  it('goes to its own address alone: a redirect is not followed, and what repeats it is not', async () => {
    const asked: IncomingMessage[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(request);
      response.end('{}');
    });
    const proxy = createServer((request, response) => {
      request.resume();
      if (request.method === 'GET') response.writeHead(302, { location: `http://127.0.0.1:${String((elsewhere.address() as AddressInfo).port)}/login?next=secret` }).end();
      else response.writeHead(400).end(`You sent ${String(request.headers.authorization)}`);
    });
    for (const server of [elsewhere, proxy]) {
      await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
      servers.push({ stop: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => { resolve(); }); }) });
    }
    const of = backend({ url: `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`, token: TOKEN });
    const { message } = await faultIn(of.check(never));
    expect(message).toMatch(/sends us elsewhere \(HTTP 302 to http:\/\/127\.0\.0\.1:\d+\), and is not followed/);
    expect(message).not.toContain('next=');
    expect((await faultIn(of.stop(name, never))).message).toBe('The cluster could not stop the run (HTTP 400): You sent Bearer …');
    expect(await of.launch(plan, SHIPMENT.job, { uri: 'gcs://_ray_pkg_0.zip', bytes: 1 }, never)).toEqual({ kind: 'refused', reason: 'The cluster could not start the run (HTTP 400): You sent Bearer …' });
    expect(asked).toEqual([]);
  });

  it('is in nothing that is said or kept of an answer that repeats it, as it is or as JSON writes it', async () => {
    // As some write JSON.
    const inUnits = (text: string): string => Array.from(text, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
    for (const token of [TOKEN, 'with "quotes" \\ and /slashes']) {
      const told: string[] = [];
      const of = async (status: number, text: string): Promise<RayBackend> => backend({ url: (await answering((_, response) => { response.writeHead(status).end(text); })).url, token });
      for (const status of [200, 302, 400, 401, 404, 500]) {
        for (const text of [`GET /api\nAuthorization: Bearer ${token}`, JSON.stringify({ error: `Bearer ${token}` }), JSON.stringify([`Bearer ${token}`]), encodeURIComponent(token), `{"error":"Bearer ${inUnits(token)}"}`]) {
          const echo = await of(status, text);
          const asks: readonly (() => Promise<unknown>)[] = [() => echo.check(never), () => echo.see(name, never), () => echo.log(name, 0, never), () => echo.stop(name, never), () => echo.launch(plan, SHIPMENT.job, { uri: 'gcs://x', bytes: 1 }, never), () => echo.push(plan, SHIPMENT, never, () => undefined)];
          for (const ask of asks) told.push(await ask().then((value) => JSON.stringify(value ?? null), (error: unknown) => String(error)));
        }
      }
      told.push(JSON.stringify(await (await of(200, JSON.stringify({ submission_id: plan.id, status: 'FAILED', message: `curl -H "Bearer ${token}" failed` }))).see(name, never)));
      told.push(JSON.stringify(await (await of(200, JSON.stringify({ ray_version: token }))).check(never)));
      told.push(JSON.stringify(await (await of(200, `{"submission_id":"${plan.id}","status":"FAILED","message":"curl -H ${inUnits(token)}"}`)).see(name, never)));
      told.push(JSON.stringify(await (await of(200, JSON.stringify({ logs: `{"header": "${inUnits(token)}"}` }))).log(name, 0, never)));
      const log = `begins\nBearer ${token}\nends`;
      const part = await (await of(200, JSON.stringify({ logs: log }))).log(name, 0, never);
      expect(part).toEqual({ text: `begins\nBearer ${'…'.repeat(token.length)}\nends`, next: log.length });
      expect(told.filter((words) => words.includes('…')).length).toBeGreaterThan(20);
      for (const words of told) for (const form of [token, JSON.stringify(token).slice(1, -1), encodeURIComponent(token), inUnits(token)]) expect(words).not.toContain(form);
    }
    // A short one does not make good answers unreadable.
    expect(await backend({ token: 'ray' }).check(never)).toMatchObject({ version: 'Ray 2.58.0' });
  });

  it('cannot stand in what jobs are given, by the names of secrets', () => {
    const setting = { name: 'x', kind: 'ray', url: 'http://host:8265' };
    for (const secret of ['HF_TOKEN', 'OPENAI_API_KEY', 'WANDB_API_KEY', 'AWS_SECRET_ACCESS_KEY', 'DB_PASSWORD', 'MY_SECRET', 'KEY', 'apiKey', 'token', 'GH_PAT', 'MONGO_PWD', 'SLACK_AUTH', 'SMTP_PASS', 'HTTP_AUTHORIZATION', 'API_BEARER', 'pat']) {
      const found = readBackendSettings([{ ...setting, environment: { [secret]: 'hf_abcdef' } }]);
      expect(found.backends).toEqual([]);
      expect(found.problems[0]?.what).toMatch(new RegExp(`^environment\\.${secret}: is named like a secret`));
      expect(JSON.stringify(found)).not.toContain('hf_abcdef');
    }
    const fine = { TOKENIZERS_PARALLELISM: 'false', HF_HUB_OFFLINE: '1', HF_TOKEN_PATH: '/run/token', MAX_NEW_TOKENS: '7', MONKEY: 'x', PATH: '/opt/bin', COMPAT: '1', AUTHOR: 'me', RAY_AUTH_MODE: 'token', SSH_AUTH_SOCK: '/run/a', PWD: '/work', OLDPWD: '/', COMPASS: 'n' };
    expect(readBackendSettings([{ ...setting, environment: fine }])).toMatchObject({ problems: [], backends: [{ environment: fine }] });
  });

  it('cannot stand in what jobs are given, by what it looks like', () => {
    const setting = { name: 'x', kind: 'ray', url: 'http://host:8265' };
    for (const [value, why] of [
      ['http://me:hunter2@proxy:3128', 'holds an address with a user or password'],
      ['me:hunter2@proxy:3128', 'holds an address with a user or password'],
      ['https://hunter2@index.example/simple', 'holds an address with a user or password'],
      ['--index postgres://me:hunter2@db/x', 'holds an address with a user or password'],
      ['hf_hunter2hunter2hunter2hunter2', 'begins like a key'],
      ['sk-hunter2', 'begins like a key'],
      ['ghp_hunter2', 'begins like a key'],
      ['Bearer hunter2', 'begins like a key'],
    ] as const) {
      const found = readBackendSettings([{ ...setting, environment: { PLAIN: value } }]);
      expect(found.backends, value).toEqual([]);
      expect(found.problems[0]?.what).toMatch(new RegExp(`^environment\\.PLAIN: ${why}, and Ray shows`));
      expect(JSON.stringify(found)).not.toContain('hunter2');
    }
    const fine = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'localhost,.lab', NCCL_IB_HCA: 'mlx5_0:1,mlx5_1:1', DATA: 'hf://datasets/me/rows@v1/a.jsonl', LOADER: 'hf_transfer', TASK: 'risk-aware', MAIL: 'me@lab.example', URL: 'http://a/b@c' };
    expect(readBackendSettings([{ ...setting, environment: fine }])).toMatchObject({ problems: [], backends: [{ environment: fine }] });
  });

  it('cannot stand in the address, which is shown and recorded', () => {
    const setting = { name: 'x', kind: 'ray' };
    expect(raySetting.safeParse({ ...setting, url: 'http://host:8265/ray' }).success).toBe(true);
    for (const url of ['http://u:p@host:8265', 'http://host:8265/?token=x', 'http://host:8265/#x', 'file:///x', 'nothing']) expect(raySetting.safeParse({ ...setting, url }).success).toBe(false);
  });
});

it('names the folder that a run writes into as what it leaves behind', async () => {
  expect(await backend().artifacts(name)).toEqual([{ label: 'the trained model', where: '/shared/out/garden' }]);
  expect(await backend().artifacts({ ...name, values: null })).toEqual([]);
});
