import { describe, expect, it, onTestFinished } from 'vitest';
import type { Backend } from '../../../../src/train/backends/backend';
import { OpenAiBackend } from '../../../../src/train/backends/openai/openAiBackend';
import { RayBackend } from '../../../../src/train/backends/ray/rayBackend';
import { fineTuningFaults as faults, startFakeFineTuning, type FakeFineTuning, type FineTuningFault } from '../../../harness/fakeFineTuning';
import { startFakeRay, type FakeRay } from '../../../harness/fakeRay';
import { SHIPMENT } from '../../train/plannedRun';
import { FakeTime, followWindow, promisesRun, type FollowWindow } from './followSetUp';
import { planOf } from './plan';

const MINUTE = 60_000;
const never = new AbortController().signal;

/** Time stands still while anything is on its way to a backend. */
function timed(backend: Backend): { readonly time: FakeTime; readonly backend: Backend } {
  let onTheWay = 0;
  const time = new FakeTime(async () => {
    do await promisesRun();
    while (onTheWay > 0);
  });
  const counted = new Proxy(backend, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]): Promise<unknown> => {
        onTheWay++;
        try {
          return await (value as (...all: unknown[]) => Promise<unknown>).apply(target, given);
        } finally {
          onTheWay--;
        }
      };
    },
  });
  return { time, backend: counted };
}

describe('runs at a fine-tuning API', () => {
  async function following(ids: readonly string[]): Promise<{ readonly server: FakeFineTuning; readonly time: FakeTime; readonly window: FollowWindow; readonly states: () => Record<string, string> }> {
    const server = await startFakeFineTuning();
    onTestFinished(() => server.stop());
    const { time, backend } = timed(new OpenAiBackend({ name: 'provider', url: server.url, timeouts: { soon: 100, upload: 100 } }));
    const window = await followWindow(time, [backend]);
    for (const id of ids) {
      const { id: job } = server.make({ model: 'base-model', metadata: { cot_lens_run: id } }, { status: 'running' });
      await window.store.add(planOf(id, { backend: { kind: 'openai', name: backend.name, url: backend.url } }));
      await window.store.note(id, { state: 'pending', job });
    }
    return { server, time, window, states: () => Object.fromEntries(window.store.all.map(({ id, state }) => [id, state])) };
  }

  it.each<[string, FineTuningFault, number]>([
    ['fails to tell of', faults.crashed, 1000],
    ['tells oddly of', faults.otherShape, 1000],
    // Each of its answers is waited for.
    ['says nothing of', faults.stall, 12],
  ])('without a list, that %s one, are followed all the same', async (_, fault, times) => {
    const { server, time, states, window } = await following(['c', 'a', 'b']);
    server.fault(faults.noAddress, 'GET /fine_tuning/jobs?', 1000);
    server.fault(fault, 'GET /fine_tuning/jobs/ftjob-1', times);
    await time.advance(2 * MINUTE);
    expect(states()).toEqual({ c: 'pending', a: 'running', b: 'running' });
    for (const job of server.jobs.slice(1)) job.status = 'succeeded';
    await time.advance(3 * MINUTE);
    expect(states()).toEqual({ c: 'pending', a: 'succeeded', b: 'succeeded' });
    server.heal();
    await time.advance(10 * MINUTE);
    expect(states()).toEqual({ c: 'running', a: 'succeeded', b: 'succeeded' });
    expect(window.log.said.filter((one) => one.startsWith('error'))).toEqual([]);
  });

  it('are all looked at within the requests of a few minutes where each has to be asked for', async () => {
    const ids = Array.from({ length: 60 }, (_, i) => `r${String(i)}`);
    const { server, time, states } = await following(ids);
    server.fault(faults.noAddress, 'GET /fine_tuning/jobs?', 1000);
    await time.advance(5 * MINUTE);
    expect(Object.values(states())).toEqual(ids.map(() => 'running'));
    const looks = ids.map((_, i) => server.requests.filter(({ path }) => path.endsWith(`/jobs/ftjob-${String(i + 1)}`)).length);
    expect(Math.max(...looks) - Math.min(...looks)).toBeLessThanOrEqual(1);
  });

  it('are followed where the list cannot be used for a job of somebody else', async () => {
    const { server, time, states } = await following(['a', 'b']);
    server.make({}, { status: null as unknown as string });
    await time.advance(2 * MINUTE);
    expect(states()).toEqual({ a: 'running', b: 'running' });
  });
});

describe('a run on a cluster that lost its files', () => {
  const LOG = "{'loss': '2.5'}\n{'loss': '1.5'}\nValueError: the third row is odd\n";

  async function following(): Promise<{ readonly ray: FakeRay; readonly time: FakeTime; readonly window: FollowWindow }> {
    const ray = await startFakeRay();
    onTestFinished(() => ray.stop());
    const direct = new RayBackend({ name: 'cluster', url: ray.url });
    const { time, backend } = timed(direct);
    const window = await followWindow(time, [backend]);
    const plan = planOf('a', { backend: { kind: 'ray', name: 'cluster', url: ray.url } });
    await window.store.add(plan);
    expect(await direct.launch(plan, SHIPMENT.job, await direct.push(plan, SHIPMENT, never, () => undefined), never)).toMatchObject({ kind: 'taken' });
    await window.store.note('a', { state: 'pending', job: 'a' });
    ray.advance('a', 'RUNNING', LOG);
    await time.advance(2 * MINUTE);
    return { ray, time, window };
  }

  /** What Ray says then: its log's file is not there, and it is empty for that. */
  function loses(ray: FakeRay): void {
    const job = ray.jobs.get('a');
    if (job === undefined) throw new Error('no job');
    job.logs = '';
  }

  it('keeps its curves and its log while it goes on, and reads on should there be more', async () => {
    const { ray, time, window } = await following();
    loses(ray);
    await time.advance(5 * MINUTE);
    const kept = await window.logs.read('a');
    expect([kept.text, kept.next, kept.metrics.map(({ values }) => values['loss'])]).toEqual([LOG, LOG.length, [2.5, 1.5]]);
    expect(window.log.said).toEqual([]);
    ray.advance('a', 'RUNNING', `${LOG}{'loss': '0.5'}\n`);
    await time.advance(5 * MINUTE);
    expect((await window.logs.read('a')).metrics.map(({ values }) => values['loss'])).toEqual([2.5, 1.5, 0.5]);
  });

  it('that ends says why by what was read before, and is asked for no log again', async () => {
    const { ray, time, window } = await following();
    loses(ray);
    ray.advance('a', 'FAILED', '', 'Job entrypoint command failed with exit code 1');
    await time.advance(5 * MINUTE);
    expect(window.store.get('a')).toMatchObject({ state: 'failed', logRead: true, reason: 'ValueError: the third row is odd' });
    expect((await window.logs.read('a')).metrics.map(({ values }) => values['loss'])).toEqual([2.5, 1.5]);
    expect(window.ended.map(({ state }) => state)).toEqual(['failed']);
    expect(window.log.said).toEqual([expect.stringContaining('cluster has nothing of this run’s log any more. What was read of it before is kept.')]);
    const asked = ray.requests.length;
    await time.advance(60 * MINUTE);
    expect(ray.requests).toHaveLength(asked);
  });
});
