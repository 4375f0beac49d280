import { describe, expect, it } from 'vitest';
import { fineTuningFaults as faults, type FakeFineTuning, type FineTuningFault } from '../../harness/fakeFineTuning';
import { backendAt, counted, CREATED, MAY, NEVER, planOf, runName, serve, wordsOf } from './openaiFixture';

const { plan } = planOf();
const AT = Date.parse(CREATED) / 1000;

/** A job of one of our runs, as the API would have it. */
function ours(server: FakeFineTuning, id: string, more: Record<string, unknown> = {}): ReturnType<FakeFineTuning['make']> {
  return server.make({ model: 'base-model', suffix: id, metadata: { cot_lens_run: id } }, more);
}

function asked(server: FakeFineTuning): string[] {
  return server.requests.map(({ method, path }) => `${method} ${path.replace('/v1/fine_tuning', '')}`);
}

describe('a run', () => {
  it.each([
    ['validating_files', 'pending'],
    ['queued', 'pending'],
    ['running', 'running'],
    ['paused', 'paused'],
    ['cancelling', 'running'],
    ['something new', 'running'],
    ['constructor', 'running'],
    ['__proto__', 'running'],
    ['succeeded', 'succeeded'],
    ['cancelled', 'stopped'],
  ])('that is %s there is %s here', async (status, state) => {
    const server = await serve();
    const job = ours(server, plan.id, { status });
    expect(await backendAt(server).see(runName(plan.id, job.id), NEVER)).toMatchObject({ kind: 'seen', job: job.id, state, reason: undefined });
  });

  it('tells of its end: why it failed, when, and what the model is called', async () => {
    const server = await serve();
    const failed = ours(server, 'a', { status: 'failed', finished_at: AT + 100, error: { code: 'invalid_training_file', message: 'The file was refused by moderation.', param: 'training_file' } });
    const done = ours(server, 'b', { status: 'succeeded', fine_tuned_model: 'ft:base:b', error: { code: null, message: null, param: null } });
    const backend = backendAt(server);
    expect(await backend.see(runName('a', failed.id), NEVER)).toMatchObject({ state: 'failed', reason: 'invalid_training_file: The file was refused by moderation. (training_file)', ended: '2026-01-01T00:01:40.000Z' });
    expect(await backend.see(runName('b', done.id), NEVER)).toMatchObject({ state: 'succeeded', model: 'ft:base:b', reason: undefined });
  });

  it('whose job is not known is found among others by its mark, over several pages', async () => {
    const server = await serve({ page: 3 });
    const job = ours(server, plan.id, { status: 'running' });
    for (let i = 0; i < 10; i++) ours(server, `other-${String(i)}`);
    expect(await backendAt(server).see(runName(plan.id), NEVER)).toMatchObject({ kind: 'seen', job: job.id });
    expect(server.requests).toHaveLength(4);
  });

  it('is looked for no further than to jobs of days before', async () => {
    const server = await serve({ page: 5 });
    for (let i = 0; i < 50; i++) ours(server, `old-${String(i)}`, { created_at: AT - 200_000 + i });
    for (let i = 0; i < 5; i++) ours(server, `new-${String(i)}`, { created_at: AT - 3600 + i });
    expect(await backendAt(server).see(runName(plan.id), NEVER)).toEqual({ kind: 'absent' });
    expect(server.requests).toHaveLength(2);
  });

  it('is found in a list that goes from old to new', async () => {
    const server = await serve({ page: 5, order: 'oldest' });
    for (let i = 0; i < 20; i++) ours(server, `old-${String(i)}`, { created_at: AT - 200_000 + i });
    const job = ours(server, plan.id, { created_at: AT });
    expect(await backendAt(server).see(runName(plan.id), NEVER)).toMatchObject({ kind: 'seen', job: job.id });
  });

  it('is found by its suffix where no metadata are kept, and not where another’s metadata are', async () => {
    const bare = await serve({ metadata: false });
    const job = ours(bare, plan.id);
    ours(bare, 'other');
    expect(await backendAt(bare).see(runName(plan.id), NEVER)).toMatchObject({ kind: 'seen', job: job.id });
    const full = await serve();
    full.make({ model: 'base-model', suffix: plan.id, metadata: { cot_lens_run: 'another' } });
    expect(await backendAt(full).see(runName(plan.id), NEVER)).toEqual({ kind: 'absent' });
  });

  it('is found by its suffix where a server keeps metadata of its own and not ours', async () => {
    const server = await serve();
    const job = server.make({ model: 'base-model', suffix: plan.id, metadata: { team: 'a' } });
    server.make({ model: 'base-model', suffix: 'another', metadata: { team: 'a' } });
    const backend = backendAt(server);
    expect(await backend.see(runName(plan.id), NEVER)).toMatchObject({ kind: 'seen', job: job.id });
    expect((await backend.seeAll([runName(plan.id)], MAY, NEVER)).get(plan.id)).toMatchObject({ kind: 'seen', job: job.id });
    expect(await backend.see(runName('nobody'), NEVER)).toEqual({ kind: 'absent' });
  });

  it('is looked for as far as may be asked for, and from there the next time', async () => {
    const server = await serve({ page: 3 });
    const job = ours(server, plan.id, { status: 'running' });
    for (let i = 0; i < 20; i++) ours(server, `other-${String(i)}`);
    const backend = backendAt(server);
    for (const most of [0, 2, 3, 2]) {
      const before = server.requests.length;
      const may = counted(most);
      expect(await backend.see(runName(plan.id), NEVER, may)).toEqual({ kind: 'unreachable', reason: `${server.origin} has more to tell than may be asked for within a minute. The rest is asked for later.` });
      expect([may.taken, server.requests.length - before]).toEqual([most, most]);
      ours(server, `newer-${String(most)}`);
    }
    expect(await backend.see(runName(plan.id), NEVER, counted(1))).toMatchObject({ kind: 'seen', job: job.id });
    expect(server.requests).toHaveLength(8);
    expect(await backend.see(runName(plan.id, job.id), NEVER, counted(0))).toMatchObject({ kind: 'unreachable' });
    expect(await backend.see(runName(plan.id, job.id), NEVER, counted(1))).toMatchObject({ kind: 'seen' });
    expect(server.requests).toHaveLength(9);
  });

  it('is given up after fifty pages of a list without end', async () => {
    const server = await serve({ endless: true, page: 2 });
    ours(server, 'other', { created_at: AT });
    const backend = backendAt(server);
    const may = counted(1000);
    expect(await backend.see(runName(plan.id), NEVER, may)).toMatchObject({ kind: 'unreachable', reason: expect.stringContaining('not among the first 100 jobs') as string });
    expect((await wordsOf(backend.log(runName(plan.id), 0, NEVER, may))).message).toContain('not among the first 100 jobs');
    expect([may.taken, server.requests.length]).toEqual([100, 100]);
  });

  it('is in doubt where nothing tells its job from others', async () => {
    const server = await serve({ metadata: false, suffix: false });
    server.make({ model: 'another-model' }, { created_at: AT });
    const backend = backendAt(server);
    expect(await backend.see(runName(plan.id), NEVER)).toEqual({ kind: 'absent' });
    server.make({ model: 'base-model' }, { id: 'ftjob-maybe', created_at: AT });
    expect(await backend.see(runName(plan.id), NEVER)).toMatchObject({ kind: 'unreachable', reason: expect.stringContaining('ftjob-maybe') as string });
    expect((await backend.seeAll([runName(plan.id)], MAY, NEVER)).get(plan.id)).toMatchObject({ kind: 'unreachable' });
  });

  it('is in doubt where a list begins anew with each page, or is no list', async () => {
    const server = await serve({ ignoresAfter: true });
    ours(server, 'other', { created_at: AT });
    const backend = backendAt(server);
    expect(await backend.see(runName(plan.id), NEVER)).toMatchObject({ kind: 'unreachable', reason: expect.stringContaining('begins anew') as string });
    expect((await backend.seeAll([runName(plan.id)], MAY, NEVER)).get(plan.id)).toMatchObject({ kind: 'unreachable' });
    for (const body of [{}, { data: 'none' }, { data: [{ status: 'running' }] }, { data: [null] }]) {
      server.fault({ kind: 'http', status: 200, body });
      expect(await backend.see(runName(plan.id), NEVER)).toMatchObject({ kind: 'unreachable' });
    }
  });

  it('is absent where the server says so, and not where an address is wrong or nothing comes', async () => {
    const server = await serve();
    const backend = backendAt(server, { timeouts: { soon: 150, upload: 150 } });
    expect(await backend.see(runName(plan.id, 'ftjob-gone'), NEVER)).toEqual({ kind: 'absent' });
    for (const fault of [faults.noAddress, faults.unauthorized, faults.limited, faults.crashed, faults.malformed, faults.otherShape, faults.page, faults.stall, faults.cut, faults.cutMidway]) {
      server.fault(fault, 'GET ', 1);
      expect(await backend.see(runName(plan.id, 'ftjob-gone'), NEVER)).toMatchObject({ kind: 'unreachable', reason: expect.stringContaining(server.origin) as string });
    }
  });

  it('is given up where an answer drips and never ends', async () => {
    const server = await serve();
    server.fault({ kind: 'drip', every: 20 });
    expect(await backendAt(server, { timeouts: { soon: 150, upload: 150 } }).see(runName(plan.id, 'ftjob-1'), NEVER)).toEqual({
      kind: 'unreachable',
      reason: `${server.origin} was asked to tell of the run and did not come to the end of its answer within 0.6 seconds. Whether it did is not known. Look whether the server is overloaded, and try again.`,
    });
  });

  it('throws nothing but its signal’s reason', async () => {
    const server = await serve();
    server.fault(faults.stall, '', 5);
    const stop = new AbortController();
    const work = backendAt(server).see(runName(plan.id), stop.signal);
    setImmediate(() => { stop.abort(new Error('enough')); });
    await expect(work).rejects.toThrow('enough');
  });

  it('is stopped, paused and resumed, also where its job has to be looked up', async () => {
    const server = await serve();
    const job = ours(server, plan.id, { status: 'running' });
    const backend = backendAt(server);
    await backend.pause(runName(plan.id, job.id), NEVER);
    expect(job.status).toBe('paused');
    await backend.resume(runName(plan.id), NEVER);
    expect(job.status).toBe('running');
    await backend.stop(runName(plan.id), NEVER);
    expect(job.status).toBe('cancelled');
    expect((await wordsOf(backend.stop(runName(plan.id, job.id), NEVER))).message).toContain('already completed');
    expect((await wordsOf(backend.stop(runName('nobody'), NEVER))).message).toContain('has no job of this run');
  });

  it('leaves a model and checkpoints', async () => {
    const server = await serve({ page: 2 });
    const job = ours(server, plan.id, { fine_tuned_model: 'ft:base:x' });
    for (const step of [10, 20, 30]) server.checkpoint(job, step);
    expect(await backendAt(server).artifacts(runName(plan.id, job.id), NEVER)).toEqual([
      { label: 'the trained model', where: 'ft:base:x' },
      ...[30, 20, 10].map((step) => ({ label: `checkpoint after update ${String(step)}`, where: `ft:base:${job.id}:step-${String(step)}`, step })),
    ]);
    server.fault(faults.noAddress, `GET /fine_tuning/jobs/${job.id}/checkpoints`);
    expect(await backendAt(server).artifacts(runName(plan.id, job.id), NEVER)).toHaveLength(1);
  });

  it('leaves what may be asked for, counted, and not more checkpoints than are read', async () => {
    const server = await serve({ page: 2 });
    const job = ours(server, plan.id);
    for (const step of [10, 20, 30]) server.checkpoint(job, step);
    const backend = backendAt(server);
    for (const most of [0, 1, 2]) {
      const before = server.requests.length;
      expect(await wordsOf(backend.artifacts(runName(plan.id, job.id), NEVER, counted(most)))).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('asked for later') as string });
      expect(server.requests.length - before).toBe(most);
    }
    expect(await backend.artifacts(runName(plan.id, job.id), NEVER, counted(2))).toHaveLength(3);
    const endless = await serve({ endless: true, page: 2 });
    const run = runName(plan.id, ours(endless, plan.id).id);
    expect((await wordsOf(backendAt(endless).artifacts(run, NEVER))).message).toBe(`${endless.origin} lists more checkpoints of the run than are read here, over 100. Look at them there.`);
    expect(endless.requests).toHaveLength(51);
  });
});

describe('many runs', () => {
  it('take one request for all that stand on a page', async () => {
    const server = await serve();
    const runs = Array.from({ length: 100 }, (_, i) => runName(`run-${String(i)}`, ours(server, `run-${String(i)}`, { status: 'running' }).id));
    const seen = await backendAt(server).seeAll(runs, MAY, NEVER);
    expect(seen.size).toBe(100);
    expect([...seen.values()].every(({ kind }) => kind === 'seen')).toBe(true);
    expect(asked(server)).toEqual(['GET /jobs?limit=100']);
  });

  it('are asked for one by one where that is less, and absent ones are told', async () => {
    const server = await serve({ page: 5 });
    const old = runName('old', ours(server, 'old', { created_at: AT - 1000 }).id);
    for (let i = 0; i < 50; i++) ours(server, `other-${String(i)}`);
    const fresh = runName('fresh', ours(server, 'fresh').id);
    const seen = await backendAt(server).seeAll([old, fresh, runName('gone', 'ftjob-gone')], MAY, NEVER);
    expect(new Map([...seen].map(([id, { kind }]) => [id, kind]))).toEqual(new Map([['old', 'seen'], ['fresh', 'seen'], ['gone', 'absent']]));
    expect(asked(server)).toEqual(['GET /jobs?limit=100', 'GET /jobs/ftjob-1', 'GET /jobs/ftjob-gone']);
    server.requests.length = 0;
    await backendAt(server).seeAll([old], MAY, NEVER);
    expect(asked(server)).toEqual(['GET /jobs/ftjob-1']);
  });

  it.each([0, 1, 2, 3, 5, 20])('ask no more than they may (%i), and are missing where nobody asked', async (most) => {
    const server = await serve({ page: 4 });
    const runs = Array.from({ length: 10 }, (_, i) => runName(`run-${String(i)}`, i % 3 === 0 ? undefined : ours(server, `run-${String(i)}`).id));
    for (const run of runs.filter(({ job }) => job === undefined).slice(1)) ours(server, run.id);
    let left = most;
    const seen = await backendAt(server).seeAll(runs, { take: () => left-- > 0 }, NEVER);
    expect(server.requests.length).toBeLessThanOrEqual(most);
    for (const [id, { kind }] of seen) expect(kind).toBe(id === 'run-0' ? 'absent' : 'seen');
    if (most >= 5) expect(seen.size).toBe(10);
    if (most === 0) expect(seen.size).toBe(0);
  });

  it('are unreachable together where the list cannot be had, and asked for singly where there is none', async () => {
    const server = await serve();
    const runs = ['a', 'b'].map((id) => runName(id, ours(server, id).id));
    server.fault(faults.limited);
    const backend = backendAt(server);
    expect([...(await backend.seeAll(runs, MAY, NEVER)).values()]).toEqual(runs.map(() => ({ kind: 'unreachable', reason: expect.stringContaining('for 20 seconds') as string })));
    server.fault(faults.noAddress);
    expect([...(await backend.seeAll([...runs, runName('c')], MAY, NEVER)).entries()].map(([id, { kind }]) => [id, kind])).toEqual([['c', 'unreachable'], ['a', 'seen'], ['b', 'seen']]);
  });

  const kinds = (seen: ReadonlyMap<string, { readonly kind: string }>): Record<string, string> => Object.fromEntries([...seen].map(([id, { kind }]) => [id, kind]));

  it('are seen though one of them is not, at a server without a list', async () => {
    const server = await serve();
    const runs = ['c', 'a', 'b'].map((id) => runName(id, ours(server, id, { status: 'running' }).id));
    const backend = backendAt(server, { timeouts: { soon: 150, upload: 150 } });
    for (const fault of [faults.crashed, faults.malformed, faults.otherShape, faults.forbidden, { kind: 'http', status: 400 }] as const) {
      server.fault(faults.noAddress, 'GET /fine_tuning/jobs?');
      server.fault(fault, 'GET /fine_tuning/jobs/ftjob-1');
      expect(kinds(await backend.seeAll(runs, MAY, NEVER))).toEqual({ c: 'unreachable', a: 'seen', b: 'seen' });
    }
    // Who gives no answer at all is not asked for the others at once, and next time for these first.
    server.fault(faults.noAddress, 'GET /fine_tuning/jobs?', 9);
    server.fault(faults.stall, 'GET /fine_tuning/jobs/ftjob-1', 9);
    server.requests.length = 0;
    expect(kinds(await backend.seeAll(runs, MAY, NEVER))).toEqual({ c: 'unreachable', a: 'unreachable', b: 'unreachable' });
    expect(asked(server)).toEqual(['GET /jobs?limit=100', 'GET /jobs/ftjob-1']);
    expect(kinds(await backend.seeAll(runs, MAY, NEVER))).toEqual({ a: 'seen', b: 'seen', c: 'unreachable' });
    expect(asked(server).slice(2)).toEqual(['GET /jobs?limit=100', 'GET /jobs/ftjob-2', 'GET /jobs/ftjob-3', 'GET /jobs/ftjob-1']);
  });

  it('are not all asked for where a server fails for each of them, and not always for the same', async () => {
    const server = await serve();
    const runs = Array.from({ length: 10 }, (_, i) => runName(`run-${String(i)}`, ours(server, `run-${String(i)}`).id));
    const backend = backendAt(server);
    server.fault(faults.crashed, 'GET ', 8);
    for (const from of [1, 4]) {
      server.requests.length = 0;
      expect(new Set(Object.values(kinds(await backend.seeAll(runs, MAY, NEVER))))).toEqual(new Set(['unreachable']));
      expect(asked(server)).toEqual(['GET /jobs?limit=100', ...[0, 1, 2].map((i) => `GET /jobs/ftjob-${String(from + i)}`)]);
    }
  });

  it.each<[string, FineTuningFault]>([
    ['it is refused', { kind: 'http', status: 400 }],
    ['the key may not list', faults.forbidden],
    ['the server fails', faults.crashed],
    ['it is no JSON', faults.malformed],
    ['a job of others has no status', { kind: 'http', status: 200, body: { data: [{ id: 'ftjob-odd', status: null }], has_more: false } }],
  ])('are asked for singly where the list cannot be used: %s', async (_, fault) => {
    const server = await serve();
    const runs = ['a', 'b'].map((id) => runName(id, ours(server, id).id));
    server.fault(fault, 'GET /fine_tuning/jobs?');
    expect(kinds(await backendAt(server).seeAll([...runs, runName('c')], MAY, NEVER))).toEqual({ c: 'unreachable', a: 'seen', b: 'seen' });
    expect(asked(server)).toEqual(['GET /jobs?limit=100', 'GET /jobs/ftjob-1', 'GET /jobs/ftjob-2']);
  });

  it.each<[string, FineTuningFault]>([['does not know the key', faults.unauthorized], ['is asked too often', faults.limited], ['does not answer', faults.cut]])('are asked for no further where the server %s', async (_, fault) => {
    const server = await serve();
    const runs = ['a', 'b'].map((id) => runName(id, ours(server, id).id));
    server.fault(fault, '', 9);
    expect(kinds(await backendAt(server).seeAll(runs, MAY, NEVER))).toEqual({ a: 'unreachable', b: 'unreachable' });
    expect(asked(server)).toEqual(['GET /jobs?limit=100']);
  });

  it('that are none ask nothing', async () => {
    const server = await serve();
    expect((await backendAt(server).seeAll([], MAY, NEVER)).size).toBe(0);
    expect(server.requests).toEqual([]);
  });
});
