import { describe, expect, it } from 'vitest';
import { launchOnce } from '../../../src/train/runs/launchOnce';
import type { RunEvent } from '../../../src/train/runs/run';
import { fineTuningFaults as faults, type FakeFineTuning, type FineTuningFault } from '../../harness/fakeFineTuning';
import { seeded } from '../../seeded';
import { backendAt, NEVER, nothing, planOf, runName, serve } from './openaiFixture';

type Note = Omit<RunEvent, 'at'>;
const { plan, shipment } = planOf();
/** A no: who says so has done nothing. */
const NO: readonly FineTuningFault[] = [faults.unauthorized, faults.forbidden, faults.limited, faults.noAddress, { kind: 'http', status: 400 }];
const HTTP: readonly FineTuningFault[] = [faults.crashed, faults.malformed, faults.otherShape, faults.page, { kind: 'http', status: 408 }, { kind: 'http', status: 409 }, { kind: 'http', status: 502, body: 'Bad Gateway' }];
const CUTS: readonly FineTuningFault[] = [faults.stall, faults.cutUpload, faults.cut, faults.cutMidway];

/** What is noted, and whether the window still lives: what comes after its end is not written. */
async function launched(server: FakeFineTuning, dies: () => boolean, timeout = 20_000): Promise<Note[]> {
  const notes: Note[] = [];
  let dead = false;
  const die = (): void => {
    dead ||= dies();
    if (dead) throw new Error('The window was closed.');
  };
  const note = (_: string, event: Note): Promise<void> =>
    new Promise((resolve) => {
      die();
      notes.push(event);
      resolve();
    });
  const backend = backendAt(server, { timeouts: { soon: timeout, upload: timeout } });
  try {
    await launchOnce(plan, shipment, backend, { note }, { signal: NEVER, progress: nothing, wait: () => new Promise((resolve) => { die(); resolve(); }) });
  } catch {
    // What was noted tells what became of it.
  }
  return notes;
}

describe('launching once', () => {
  it('law: whatever goes wrong, no run is started twice, none is lost and none is called not started that was', async () => {
    const random = seeded(20_260_101);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const ends = new Map<string, number>();
    for (let round = 0; round < 150; round++) {
      const server = await serve({ metadata: random() < 0.8, suffix: random() < 0.8, page: 3, order: pick(['newest', 'newest', 'oldest']) });
      for (let i = 0; i < 4; i++) server.make({ model: 'another-model', suffix: 'another', metadata: { cot_lens_run: 'another' } });
      const looks = pick([0.1, 0.9]);
      for (const at of ['GET /files', 'POST /files', 'POST /fine_tuning/jobs', 'GET /fine_tuning/jobs']) {
        for (let times = 0; times < 3; times++) {
          if (random() < (at === 'POST /fine_tuning/jobs' ? 0.7 : at === 'GET /fine_tuning/jobs' ? looks : 0.25)) server.fault(random() < 0.2 ? pick(NO) : { ...pick(random() < 0.7 ? HTTP : CUTS), carriedOut: random() < 0.5 }, at);
        }
      }
      const notes = await launched(server, () => random() < 0.08, 200);
      expect(server.jobs.filter(({ body }) => body['model'] === 'base-model').length).toBeLessThanOrEqual(1);
      expect(server.requests.filter(({ method, path }) => method === 'POST' && path === '/v1/fine_tuning/jobs').length).toBeLessThanOrEqual(1);
      const last = notes.at(-1);
      const job = server.jobs.find(({ body }) => body['model'] === 'base-model');
      const end = `${last?.state ?? 'nothing'}, ${job === undefined ? 'no job' : 'a job'}`;
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (last?.state === 'not started' || last === undefined) expect(end).toContain('no job');
      if (last?.job !== undefined) expect(last.job).toBe(job?.id);
      // A week later another window looks for it, and all is well again.
      server.heal();
      const seen = await backendAt(server).see(runName(plan.id, last?.job), NEVER);
      if (job === undefined) expect(seen.kind).not.toBe('seen');
      else if (seen.kind === 'seen') expect(seen.job).toBe(job.id);
      // Where a server tells neither metadata nor suffix it stays in doubt, and is never said to be absent.
      else expect(seen.kind).toBe('unreachable');
    }
    // All of these were met, so that the law says something.
    expect([...ends.keys()].toSorted()).toEqual(expect.arrayContaining(['not started, no job', 'pending, a job', 'unknown, a job', 'unknown, no job', 'submitting, a job']));
  }, 120_000);

  it('looks a run up whose answer was lost, and does not ask twice', async () => {
    const server = await serve();
    server.fault({ ...faults.cut, carriedOut: true }, 'POST /fine_tuning/jobs');
    const notes = await launched(server, () => false);
    expect(notes).toMatchObject([{ state: 'submitting' }, { state: 'pending', job: 'ftjob-1' }]);
    expect(server.jobs).toHaveLength(1);
  });

  it('leaves it unknown where the server has none of it: it may yet come', async () => {
    const server = await serve();
    server.fault(faults.crashed, 'POST /fine_tuning/jobs');
    const notes = await launched(server, () => false);
    expect(notes.at(-1)).toMatchObject({ state: 'unknown', reason: expect.stringContaining('HTTP 500') as string });
    expect(server.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/jobs'))).toHaveLength(1);
  });
});
