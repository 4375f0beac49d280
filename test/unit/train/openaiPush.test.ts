import { describe, expect, it } from 'vitest';
import { startFakeFineTuning, fineTuningFaults as faults, type FineTuningFault } from '../../harness/fakeFineTuning';
import { backendAt, KEY, NEVER, nothing, planOf, ROWS, serve, wordsOf } from './openaiFixture';

const { plan, shipment } = planOf();
/** Deeper than can be written as JSON again. */
const NESTED = `{"message":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
const POST_FILE = 'POST /files';
const POST_JOB = 'POST /fine_tuning/jobs';

describe('the check', () => {
  it('goes through where server, key and model are right', async () => {
    const server = await serve({ requireKey: KEY, models: ['base-model', 'other'] });
    expect(await backendAt(server).check(NEVER, 'base-model')).toEqual({ version: 'OpenAI’s fine-tuning API, 2 models listed', problems: [] });
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/models', 'GET /v1/fine_tuning/jobs?limit=1']);
  });

  it('says where the model is not listed, and names some that are', async () => {
    const server = await serve({ models: Array.from({ length: 300 }, (_, i) => `llama-${String(i)}`).concat('gpt-4o-mini', 'gpt-4o') });
    const { problems } = await backendAt(server).check(NEVER, 'gpt-4o-max');
    expect(problems).toEqual([expect.stringContaining('does not list the model “gpt-4o-max”; it lists gpt-4o-mini, gpt-4o and 300 more')]);
  });

  it('says what a server does not have', async () => {
    const { problems } = await backendAt(await serve({ lacks: ['/models', '/fine_tuning'] })).check(NEVER, 'base-model');
    expect(problems).toEqual([expect.stringContaining('since it lists none'), expect.stringContaining('could not be found again')]);
  });

  it.each([
    ['the key is wrong', faults.unauthorized, 'auth', 'does not accept the API key (HTTP 401). Set another with “Set Backend Key…”. The server says: “Incorrect API key provided.”'],
    ['the key may not', faults.forbidden, 'auth', 'does not let this API key list its models (HTTP 403)'],
    ['it is asked too often', faults.limited, 'busy', 'takes no more requests for 20 seconds'],
    ['it fails', faults.crashed, 'odd', 'failed to list its models (HTTP 500)'],
    ['it is another server', faults.page, 'odd', 'no list of models'],
    ['JSON is torn', faults.malformed, 'odd', 'Check the backend’s address'],
    ['nothing comes', faults.stall, 'unreachable', 'gave no sign of life'],
    ['the connection is cut', faults.cut, 'unreachable', 'was cut'],
    ['the answer is cut', faults.cutMidway, 'unreachable', 'in the middle of its answer'],
  ] as const)('fails in words where %s', async (_, fault: FineTuningFault, kind, words) => {
    const server = await serve();
    server.fault(fault, 'GET /models');
    const said = await wordsOf(backendAt(server, { timeouts: { soon: fault.kind === 'stall' ? 100 : 20_000, upload: 100 } }).check(NEVER));
    expect(said.kind).toBe(kind);
    if (words !== 'no list of models') expect(said.message).toContain(words);
    expect(said.message).toContain(server.origin);
  });

  it('wants a key where none is set, and one that can be sent', async () => {
    const server = await serve({ requireKey: KEY });
    expect((await wordsOf(backendAt(server, { key: undefined }).check(NEVER))).message).toContain('wants an API key (HTTP 401), and none is set');
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect((await wordsOf(backendAt(server, { key: 'two words' }).check(NEVER))).message).toContain('characters that no key can have');
    expect(server.requests).toHaveLength(1);
  });

  it('says that nothing listens', async () => {
    const server = await startFakeFineTuning();
    await server.stop();
    expect(await wordsOf(backendAt(server).check(NEVER))).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('Nothing listens there') as string });
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect (%i): elsewhere neither key nor rows arrive', async (status) => {
    const [server, other] = [await serve(), await serve()];
    server.fault({ kind: 'http', status, headers: { location: `${other.url}/models` } }, '', 10);
    const backend = backendAt(server);
    expect((await wordsOf(backend.check(NEVER))).message).toContain(`points elsewhere, to ${other.origin}`);
    await wordsOf(backend.push(plan, shipment, NEVER, nothing));
    const outcome = await backend.launch(plan, shipment.job, { uri: 'file-1', bytes: 1 }, NEVER);
    expect(outcome.kind).toBe(status >= 307 ? 'refused' : 'unknown');
    expect(other.requests).toEqual([]);
  });

  it('warns of OpenAI’s own end of fine-tuning, there alone', async () => {
    const { windDownProblem } = await import('../../../src/train/backends/openai/launchProblems');
    expect(windDownProblem('https://api.openai.com/v1')).toEqual([expect.stringMatching(/2026-05-07.*2026-07-02.*2027-01-06/)]);
    expect(windDownProblem('https://eu.api.openai.com/v1')).toHaveLength(1);
    expect(windDownProblem('https://api.openai.com.example.org/v1')).toEqual([]);
  });
});

describe('pushing the file', () => {
  it('sends it whole, by a name that its content gives it, and says how far it is', async () => {
    const server = await serve({ requireKey: KEY });
    const shares: number[] = [];
    const pushed = await backendAt(server).push(plan, shipment, NEVER, (share) => shares.push(share));
    const [file] = server.files;
    expect(file).toMatchObject({ filename: `cot-lens-${plan.file.sha256.slice(0, 16)}.jsonl`, purpose: 'fine-tune', bytes: ROWS.length, type: 'application/jsonl' });
    expect(file?.content.equals(ROWS)).toBe(true);
    expect(pushed).toEqual({ uri: file?.id, bytes: ROWS.length });
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    const upload = server.requests.find(({ method }) => method === 'POST');
    expect(upload?.headers['content-length']).toBe(String(upload?.body.length));
    expect(upload?.headers['transfer-encoding']).toBeUndefined();
  });

  it('sends a large one in pieces', async () => {
    const server = await serve();
    const rows = Buffer.alloc(3_000_000, 'abcdefg\n');
    const shares: number[] = [];
    await backendAt(server).push(plan, { ...shipment, rows }, NEVER, (share) => shares.push(share));
    expect(server.files[0]?.content.equals(rows)).toBe(true);
    expect(shares.length).toBeGreaterThan(20);
  });

  it('sends nothing that the account has: same name, size and use, and in good order', async () => {
    const server = await serve({ page: 2 });
    const backend = backendAt(server);
    const first = await backend.push(plan, shipment, NEVER, nothing);
    for (let i = 0; i < 5; i++) await backend.push(plan, { ...shipment, rows: Buffer.from(`other ${String(i)}`) }, NEVER, nothing);
    expect(await backend.push(plan, shipment, NEVER, nothing)).toEqual(first);
    expect(server.files).toHaveLength(6);
    expect(server.requests.at(-1)?.path).toContain('purpose=fine-tune');
    const [file] = server.files;
    if (file !== undefined) file.status = 'error';
    expect((await backend.push(plan, shipment, NEVER, nothing)).uri).not.toBe(first.uri);
    expect(server.files).toHaveLength(7);
  });

  it('goes to a server that lists no files', async () => {
    const server = await serve();
    server.fault(faults.noAddress, 'GET /files');
    expect((await backendAt(server).push(plan, shipment, NEVER, nothing)).uri).toBe(server.files[0]?.id);
  });

  it('takes a file that the account has by its id, and no path', async () => {
    const server = await serve();
    const at = (place: string): typeof plan => ({ ...plan, file: { ...plan.file, at: place } });
    expect(await backendAt(server).push(at('file-abc123'), { ...shipment, rows: undefined }, NEVER, nothing)).toEqual({ uri: 'file-abc123', bytes: 0 });
    expect((await wordsOf(backendAt(server).push(at('/data/train.jsonl'), { ...shipment, rows: undefined }, NEVER, nothing))).message).toContain('reads no paths');
    expect((await wordsOf(backendAt(server).planned(at('/data/train.jsonl'), { ...shipment, rows: undefined }, NEVER))).message).toContain('reads no paths');
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['cut in the middle of the upload', faults.cutUpload, 'unreachable', 'was cut'],
    ['cut before the answer', faults.cut, 'unreachable', 'was cut'],
    ['cut in the answer', faults.cutMidway, 'unreachable', 'in the middle of its answer'],
    ['a time-out', faults.stall, 'unreachable', 'gave no sign of life'],
    ['401', faults.unauthorized, 'auth', 'does not accept the API key'],
    ['429', faults.limited, 'busy', 'for 20 seconds, so it did not take the training file'],
    ['500', faults.crashed, 'odd', 'failed to take the training file'],
    ['413', { kind: 'http', status: 413 }, 'too-large', 'larger than'],
    ['malformed JSON', faults.malformed, 'odd', 'it is no JSON'],
    ['another shape', faults.otherShape, 'odd', 'the answer has no id'],
    ['another shape, nested deep', { kind: 'http', status: 200, body: NESTED }, 'odd', 'the answer has no id'],
  ] as const)('fails in words with %s, and goes through when asked again', async (_, fault: FineTuningFault, kind, words) => {
    const server = await serve();
    server.fault(fault, POST_FILE);
    const backend = backendAt(server, { timeouts: { soon: 5000, upload: fault.kind === 'stall' ? 150 : 20_000 } });
    const rows = Buffer.alloc(2_000_000, 'abcdefg\n');
    const said = await wordsOf(backend.push(plan, { ...shipment, rows }, NEVER, nothing));
    expect(said).toMatchObject({ kind, message: expect.stringContaining(words) as string });
    expect(said.message).toContain(server.origin);
    expect((await backendAt(server).push(plan, { ...shipment, rows }, NEVER, nothing)).uri).toBe(server.files[0]?.id);
    expect(server.files).toHaveLength(1);
  });

  it('finds a file again whose answer was lost', async () => {
    const server = await serve();
    server.fault({ ...faults.cut, carriedOut: true }, POST_FILE);
    const backend = backendAt(server);
    await wordsOf(backend.push(plan, shipment, NEVER, nothing));
    expect((await backend.push(plan, shipment, NEVER, nothing)).uri).toBe(server.files[0]?.id);
    expect(server.files).toHaveLength(1);
  });

  it('looks through no more than fifty pages of files', async () => {
    const server = await serve({ endless: true, page: 2 });
    await backendAt(server).push(plan, { ...shipment, rows: Buffer.from('other') }, NEVER, nothing);
    server.requests.length = 0;
    expect((await backendAt(server).push(plan, shipment, NEVER, nothing)).uri).toBe(server.files[1]?.id);
    expect(server.requests.map(({ method }) => method)).toEqual([...Array.from({ length: 50 }, () => 'GET'), 'POST']);
  });

  it('is given up where the answer drips and never ends', async () => {
    const server = await serve();
    server.fault({ kind: 'drip', every: 20 }, POST_FILE);
    const backend = backendAt(server, { timeouts: { soon: 5000, upload: 150 } });
    expect(await wordsOf(backend.push(plan, shipment, NEVER, nothing))).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('did not come to the end of its answer') as string });
  });

  it('notices a file that did not arrive whole', async () => {
    const server = await serve();
    server.fault({ kind: 'http', status: 200, body: { id: 'file-1', bytes: 3 } }, POST_FILE);
    expect((await wordsOf(backendAt(server).push(plan, shipment, NEVER, nothing))).message).toContain('took 3 of');
  });

  it('ends with its signal, in the middle too', async () => {
    const server = await serve();
    const stop = new AbortController();
    const rows = Buffer.alloc(20_000_000, 'x');
    const work = backendAt(server).push(plan, { ...shipment, rows }, stop.signal, () => { stop.abort(new Error('stopped by hand')); });
    await expect(work).rejects.toThrow('stopped by hand');
    expect(server.files).toEqual([]);
    await expect(backendAt(server).push(plan, shipment, stop.signal, nothing)).rejects.toThrow('stopped by hand');
  });
});

describe('the launch', () => {
  it.each([{}, { hyperparametersAt: 'top-level', learningRate: 1e-4, suffix: 'mine' }])('sends what was planned (%o)', async (values) => {
    const server = await serve();
    const made = planOf(plan.id, values);
    const backend = backendAt(server);
    const planned = await backend.planned(made.plan, made.shipment, NEVER);
    expect(server.requests).toEqual([]);
    const pushed = await backend.push(made.plan, made.shipment, NEVER, nothing);
    expect(await backend.launch(made.plan, made.shipment.job, pushed, NEVER)).toEqual({ kind: 'taken', job: 'ftjob-1' });
    const sent = server.requests.filter(({ method }) => method !== 'GET');
    expect(planned.map(({ method, url }) => `${method} ${url}`)).toEqual(sent.map(({ method, path }) => `${method} ${server.origin}${path}`));
    const [file, job] = planned;
    for (const word of [server.files[0]?.filename ?? '?', String(ROWS.length), made.plan.file.sha256, 'purpose: fine-tune']) expect(file?.body).toContain(word);
    const body = JSON.parse(job?.body ?? '') as Record<string, unknown>;
    expect(JSON.parse(String(sent[1]?.body))).toEqual({ ...body, training_file: pushed.uri });
    expect(body).toMatchObject({ model: 'base-model', suffix: 'suffix' in values ? 'mine' : plan.id, metadata: { cot_lens_run: plan.id, cot_lens_set_sha256: plan.set.sha256 } });
  });

  it.each([
    ['401', faults.unauthorized, 'refused'],
    ['429', faults.limited, 'refused'],
    ['400', { kind: 'http', status: 400, body: { error: { message: 'no such model' } } }, 'refused'],
    ['409', { kind: 'http', status: 409 }, 'unknown'],
    ['408', { kind: 'http', status: 408 }, 'unknown'],
    ['500', faults.crashed, 'unknown'],
    ['a time-out', faults.stall, 'unknown'],
    ['a cut', faults.cut, 'unknown'],
    ['a cut answer', faults.cutMidway, 'unknown'],
    ['malformed JSON', faults.malformed, 'unknown'],
    ['another shape', faults.otherShape, 'unknown'],
    ['a drip', { kind: 'drip', every: 20 }, 'unknown'],
    ['an error nested deep', { kind: 'http', status: 500, body: NESTED }, 'unknown'],
    ['a no nested deep', { kind: 'http', status: 400, body: NESTED }, 'refused'],
    ['an answer nested deep', { kind: 'http', status: 200, body: NESTED }, 'unknown'],
    ['errors in errors', { kind: 'http', status: 500, body: `${'{"error":'.repeat(200_000)}1${'}'.repeat(200_000)}` }, 'unknown'],
    ['a page of nothing but tags that open', { kind: 'http', status: 500, body: '<style '.repeat(200_000) }, 'unknown'],
  ] as const)('is %s: asked once, and nothing is said that is not certain', async (_, fault: FineTuningFault, kind) => {
    const server = await serve();
    server.fault(fault, POST_JOB);
    const outcome = await backendAt(server, { timeouts: { soon: 5000, upload: ['stall', 'drip'].includes(fault.kind) ? 150 : 20_000 } }).launch(plan, shipment.job, { uri: 'file-1', bytes: 1 }, NEVER);
    expect(outcome).toMatchObject({ kind, reason: expect.stringContaining(server.origin) as string });
    expect(server.requests).toHaveLength(1);
  });

  it('is certainly not taken where nothing listens', async () => {
    const server = await startFakeFineTuning();
    await server.stop();
    expect(await backendAt(server).launch(plan, shipment.job, { uri: 'file-1', bytes: 1 }, NEVER)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('Nothing listens') as string });
  });
});
