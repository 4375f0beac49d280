import { afterEach, describe, expect, it } from 'vitest';
import { trustedBackend } from '../../../src/host/trustedBackend';
import { RayBackend } from '../../../src/train/backends/ray/rayBackend';
import type { RunPlan } from '../../../src/train/runs/run';
import { startFakeRay, type FakeRay } from '../../harness/fakeRay';

const never = new AbortController().signal;
const PLAN = { id: 'run-1', title: 't', backend: { kind: 'ray', name: 'lab', url: '' }, set: { path: 'a', name: 'a', sha256: '' }, file: { format: 'f', rows: 1, sha256: '', ablation: false }, recipe: 'r', values: {}, expected: {}, versions: {}, created: '2026-11-21T10:00:00.000Z' } satisfies RunPlan;
const JOB = { kind: 'trainer', files: {}, entrypoint: 'true', environment: {}, outputDir: '/o' } as const;
const SHIPMENT = { rows: new Uint8Array([1]), job: JOB };
const RUN = { ...PLAN, job: undefined };

describe('a backend in a workspace that is not trusted', () => {
  let ray: FakeRay | undefined;
  afterEach(() => ray?.stop());

  it('is asked for nothing, whoever asks, and says why; once it is trusted everything goes through', async () => {
    ray = await startFakeRay();
    let trusted = false;
    const backend = trustedBackend(new RayBackend({ name: 'lab', url: ray.url }), () => trusted);
    const refused = /Nothing was sent to http.*not trusted/;
    await expect(backend.check(never)).rejects.toThrow(refused);
    await expect(backend.push(PLAN, SHIPMENT, never, () => undefined)).rejects.toThrow(refused);
    await expect(backend.stop(RUN, never)).rejects.toThrow(refused);
    await expect(backend.log(RUN, 0, never)).rejects.toThrow(refused);
    await expect(backend.artifacts(RUN, never)).rejects.toThrow(refused);
    expect(await backend.launch(PLAN, JOB, { uri: 'gcs://x', bytes: 1 }, never)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(refused) as string });
    expect(await backend.see(RUN, never)).toMatchObject({ kind: 'unreachable' });
    expect((await backend.seeAll([RUN], { take: () => true }, never)).get('run-1')).toMatchObject({ kind: 'unreachable' });
    // What it would send may be looked at.
    expect(await backend.planned(PLAN, SHIPMENT, never)).toHaveLength(2);
    expect(ray.requests).toEqual([]);
    trusted = true;
    expect((await backend.check(never)).version).toMatch(/^Ray /);
    const pushed = await backend.push(PLAN, SHIPMENT, never, () => undefined);
    expect(await backend.launch(PLAN, JOB, pushed, never)).toEqual({ kind: 'taken', job: 'run-1' });
  });

  it('hands on who counts the requests', async () => {
    ray = await startFakeRay();
    const asked: string[] = [];
    const counting = new Proxy(new RayBackend({ name: 'lab', url: ray.url }), {
      get(target, name: keyof RayBackend) {
        if (name !== 'see' && name !== 'log' && name !== 'artifacts') return Reflect.get(target, name) as unknown;
        return (...given: { take?(): boolean }[]): Promise<unknown> => {
          if (given.at(-1)?.take?.() === true) asked.push(name);
          return Promise.resolve({});
        };
      },
    });
    const backend = trustedBackend(counting, () => true);
    const may = { take: () => true };
    await backend.see(RUN, never, may);
    await backend.log(RUN, 0, never, may);
    await backend.artifacts(RUN, never, may);
    expect(asked).toEqual(['see', 'log', 'artifacts']);
  });
});
