import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BackendFault, type Backend, type LaunchOutcome, type RunSeen } from '../../../src/train/backends/backend';
import { RayBackend } from '../../../src/train/backends/ray/rayBackend';
import { launchOnce, type RunNotes } from '../../../src/train/runs/launchOnce';
import { LAUNCH_GRACE, recoverRun } from '../../../src/train/runs/recover';
import { hasEnded, runOf, type Run, type RunEvent, type RunState } from '../../../src/train/runs/run';
import { startFakeRay, type FakeRay, type FakeRayFault } from '../../harness/fakeRay';
import { SHIPMENT, planOf } from './plannedRun';

const never = new AbortController().signal;
const START = Date.parse('2026-11-21T12:00:00.000Z');

class DiskFull extends Error {}

/** What is kept of runs on disk, and a clock that the test turns. */
class Kept implements RunNotes {
  now = START;
  private readonly events = new Map<string, RunEvent[]>();

  /** @param full which of what is written finds the disk full; what is beyond it does not */
  constructor(readonly full: boolean[] = []) {}

  note(id: string, event: Omit<RunEvent, 'at'>): Promise<void> {
    if (this.full.shift() === true) return Promise.reject(new DiskFull('no space left on device'));
    this.events.set(id, [...(this.events.get(id) ?? []), { at: new Date(this.now).toISOString(), ...event }]);
    return Promise.resolve();
  }

  run(id: string): Run {
    return runOf(planOf(id), this.events.get(id) ?? []);
  }

  /** Each state that it came to, in order, whatever was noted. */
  course(id: string): readonly RunState[] {
    return (this.events.get(id) ?? []).map((_, i, all) => runOf(planOf(id), all.slice(0, i + 1)).state);
  }

  /** In the order they were noted. */
  states(id: string): readonly (RunState | undefined)[] {
    return (this.events.get(id) ?? []).map(({ state }) => state);
  }
}

/**
 * Where a launch is abandoned: at its n-th await. `late`: what it was about to ask the backend for is carried out all the same, after the
 * first recovery. `wakes`: its window only slept, as that of a notebook does, and goes on to its end after that many recoveries, when
 * others have looked and noted what they saw.
 */
interface Kill {
  readonly at: number;
  readonly late: boolean;
  readonly wakes?: number | undefined;
}

/** What goes on after the windows were abandoned. */
interface Later {
  /** After the first recovery. */
  readonly late: readonly (() => Promise<unknown>)[];
  /** Windows that wake, and after how many recoveries. */
  readonly waking: readonly { readonly after: number; readonly goOn: () => Promise<unknown> }[];
}

/** Launches a run as a window does, until it is through, killed or asleep. @returns what comes later */
async function launchedUntil(kill: Kill | undefined, id: string, backend: Backend, kept: Kept): Promise<Later> {
  const late: (() => Promise<unknown>)[] = [];
  const waking: { readonly after: number; readonly goOn: () => Promise<unknown> }[] = [];
  let awaits = 0;
  let die = (): void => undefined;
  const death = new Promise<void>((resolve) => { die = resolve; });
  const abandoned = new Promise<never>(() => undefined);
  const asleep = async (): Promise<void> => {
    const { wakes } = kill ?? {};
    if (wakes === undefined) return abandoned;
    const woken = new Promise<void>((wake) => {
      waking.push({ after: wakes, goOn: () => { wake(); return launch; } });
    });
    die();
    await woken;
  };
  async function through<T>(ask: () => Promise<T>, comesLate = false): Promise<T> {
    if (kill !== undefined && awaits++ === kill.at) {
      if (kill.wakes === undefined && kill.late && comesLate) late.push(ask);
      die();
      await asleep();
    }
    const got = await ask();
    if (kill !== undefined && awaits++ === kill.at) {
      die();
      await asleep();
    }
    return got;
  }
  const watched: Backend = Object.create(backend, {
    push: { value: (...args: Parameters<Backend['push']>) => through(() => backend.push(...args), true) },
    launch: { value: (...args: Parameters<Backend['launch']>) => through(() => backend.launch(...args), true) },
    see: { value: (...args: Parameters<Backend['see']>) => through(() => backend.see(...args)) },
  }) as Backend;
  // A disk's write is done or not: nothing of it comes late.
  const notes: RunNotes = { note: (...args) => through(() => kept.note(...args)) };
  const wait = (ms: number): Promise<void> => through(() => { kept.now += ms; return Promise.resolve(); });
  const launch = launchOnce(planOf(id), SHIPMENT, watched, notes, { signal: never, progress: () => undefined, wait }).catch((error: unknown) => {
    if (!(error instanceof BackendFault || error instanceof DiskFull)) throw error;
  });
  await Promise.race([launch, death]);
  return { late, waking };
}

/** As windows that are opened later do it, again and again. */
async function recovered(ids: readonly string[], backend: Backend, kept: Kept, later: readonly Later[], arrive: () => void = () => undefined): Promise<void> {
  const late = later.flatMap((one) => one.late);
  const waking = later.flatMap((one) => one.waking);
  for (let look = 0; look < 6; look++) {
    for (const id of ids) {
      await recoverRun(kept.run(id), backend, kept, { now: () => kept.now, signal: never }).catch((error: unknown) => {
        if (!(error instanceof DiskFull)) throw error;
      });
    }
    if (look === 0) arrive();
    for (const { after, goOn } of waking) if (after === look) await goOn();
    if (look === 0) for (const ask of late) await ask().catch((error: unknown) => { if (!(error instanceof BackendFault)) throw error; });
    kept.now += LAUNCH_GRACE / 2;
  }
}

/** Before a cluster stands a proxy: it hands on what it is asked for, or answers itself. `after`: it hands on, and answers itself all the same. */
interface Page {
  readonly status: number;
  readonly after: boolean;
}

async function proxyTo(url: string): Promise<{ readonly url: string; pages: (Page | undefined)[]; stop(): Promise<void> }> {
  const server = createServer((incoming, response) => {
    const page = proxy.pages.shift();
    const own = (): void => {
      // In the words of others, which say nothing of a run.
      response.writeHead(page?.status ?? 502, { 'content-type': 'text/html' }).end('<h1>Sorry</h1>The page you requested does not exist. FileExistsError: /tmp/x already exists.');
    };
    if (page?.after === false) {
      incoming.resume();
      incoming.on('end', own);
      return;
    }
    const outgoing = request(url + (incoming.url ?? ''), { method: incoming.method ?? 'GET', headers: incoming.headers }, (answer) => {
      if (page === undefined) {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      } else {
        answer.resume();
        answer.on('end', own);
      }
    });
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const proxy = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    pages: [] as (Page | undefined)[],
    stop: () => new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => { resolve(); });
    }),
  };
  return proxy;
}

const kills = fc.option(fc.record({ at: fc.nat(14), late: fc.boolean(), wakes: fc.option(fc.nat(5), { nil: undefined, freq: 1 }) }), { nil: undefined, freq: 3 });

const SEEN: ReadonlySet<RunState> = new Set(['pending', 'running', 'paused', 'succeeded', 'failed', 'stopped']);

/** What a backend was seen to have is not in doubt again, whatever a window notes that slept. @returns did one note otherwise? */
function staysCertain(kept: Kept, id: string): boolean {
  const course = kept.course(id);
  const first = course.findIndex((state) => SEEN.has(state));
  if (first === -1) return false;
  expect(course.slice(first).filter((state) => !SEEN.has(state))).toEqual([]);
  return kept.states(id).slice(first).some((state) => state !== undefined && !SEEN.has(state));
}

describe('a launch on Ray', () => {
  const FAULTS: readonly FakeRayFault[] = ['timeout', 'timeout-after', 'timeout-late', 'cut-before', 'cut-in-upload', 'cut-after', 'status 500', 'status 429', 'status 401', 'malformed json'];
  const faults = fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 3, arbitrary: fc.constantFrom(...FAULTS) }), { maxLength: 16 });
  const TRUE_STATE: Readonly<Record<string, RunState>> = { PENDING: 'pending', RUNNING: 'running', SUCCEEDED: 'succeeded', FAILED: 'failed' };

  it('law: whatever fails and whichever window is killed, no run is started twice and none is lost', async () => {
    const endings = new Set<string>();
    const ray = await startFakeRay();
    const backend = backendOf(ray);
    // Without faults nothing is given up, however slow the machine is.
    const patient = new RayBackend({ name: 'the cluster', url: ray.url });
    let made = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(kills, fc.boolean()), { minLength: 1, maxLength: 3 }), faults, async (launches, script) => {
          const kept = new Kept();
          const left = [...script];
          ray.fault = () => left.shift();
          const ids = launches.map(() => `run-${String(made++)}`);
          const later: Later[] = [];
          for (const [i, [kill]] of launches.entries()) later.push(await launchedUntil(kill, ids[i] ?? '', backend, kept));
          // Nobody waits for runs to be looked at.
          for (const [i, [, runs]] of launches.entries()) if (runs && ray.jobs.has(ids[i] ?? '')) ray.advance(ids[i] ?? '', 'RUNNING');
          await recovered(ids, backend, kept, later, () => { ray.arrive(); });
          ray.fault = undefined;
          await recovered(ids, patient, kept, []);
          expect([...ray.jobs.keys()].every((id) => /^run-\d+$/.test(id))).toBe(true);
          for (const id of ids) {
            const job = ray.jobs.get(id);
            const { state } = kept.run(id);
            expect(ray.started(id)).toBe(job === undefined ? 0 : 1);
            if (job === undefined) expect(state).toBe('not started');
            else {
              // What was noted at the launch may be old by now, and is never an end that is not true.
              expect(['pending', TRUE_STATE[job.status]]).toContain(state);
              expect(await patient.see(kept.run(id), never)).toMatchObject({ kind: 'seen', state: TRUE_STATE[job.status] });
            }
            if (staysCertain(kept, id)) endings.add('noted otherwise, late');
            endings.add(`${String(job !== undefined)}: ${[...new Set(kept.states(id))].join(' ')}`);
          }
        }),
        // Rare by chance: what was held by a proxy arrives after the cluster refused the second try.
        { numRuns: 150, seed: 6, examples: [
          [[[undefined, false]], [undefined, undefined, 'timeout-late', undefined, 'status 429']],
          // The package is there by now. Asleep after an answer that never came; meanwhile the run was found, and when it wakes nobody answers.
          [[[{ at: 6, late: false, wakes: 1 }, true]], [undefined, 'timeout-after', undefined, ...Array.from({ length: 9 }, (): FakeRayFault => 'status 500')]],
        ] },
      );
    } finally {
      await ray.stop();
    }
    // Else the law would say little: launches went well, failed before and after, were killed in each state and found again.
    for (const ending of ['true: submitting pending', 'true: submitting unknown', 'false: not started', 'false: submitting not started', 'false: submitting unknown not started', 'noted otherwise, late']) expect([...endings].filter((one) => one.startsWith(ending))).not.toEqual([]);
  }, 120_000);

  it('law: the same where a proxy answers for the cluster, and where the disk is full', async () => {
    // Of a no that is certain the proxy hands nothing on.
    const pages: fc.Arbitrary<(Page | undefined)[]> = fc.array(fc.option(fc.oneof(
      fc.record({ status: fc.constantFrom(404, 429, 403), after: fc.constant(false) }),
      fc.record({ status: fc.constantFrom(404, 408, 409, 425, 499, 500, 502), after: fc.boolean() }).map(({ status, after }) => ({ status, after: after && status !== 404 })),
    ), { nil: undefined }), { maxLength: 14 });
    const endings = new Set<string>();
    const ray = await startFakeRay();
    const proxy = await proxyTo(ray.url);
    const [backend, direct] = [proxy.url, ray.url].map((url) => new RayBackend({ name: 'the cluster', url }));
    if (backend === undefined || direct === undefined) throw new Error('no backends');
    let made = 0;
    try {
      await fc.assert(
        fc.asyncProperty(kills, pages, fc.array(fc.boolean(), { maxLength: 6 }), async (kill, script, full) => {
          const kept = new Kept([...full]);
          proxy.pages = [...script];
          const id = `run-${String(made++)}`;
          const later = await launchedUntil(kill, id, backend, kept);
          await recovered([id], backend, kept, [later]);
          // The disk has room again, and nobody answers for the cluster.
          [proxy.pages, kept.full.length] = [[], 0];
          await recovered([id], direct, kept, []);
          staysCertain(kept, id);
          const { state } = kept.run(id);
          expect([ray.started(id), state]).toEqual(ray.jobs.has(id) ? [1, 'pending'] : [0, 'not started']);
          endings.add(`${String(ray.jobs.has(id))}: ${[...new Set(kept.states(id))].join(' ')}`);
        }),
        {
          numRuns: 120,
          seed: 6,
          // Taken, and answered with a conflict; then pages in place of each answer of who is asked for it.
          examples: [[undefined, [undefined, undefined, { status: 409, after: true }, ...Array.from({ length: 10 }, () => ({ status: 404, after: false }))], []]],
        },
      );
    } finally {
      await proxy.stop();
      await ray.stop();
    }
    for (const ending of ['true: submitting pending', 'true: submitting unknown pending', 'false: not started', 'false: submitting not started']) expect([...endings]).toContain(ending);
  }, 120_000);

  it('that failed at once gives the reason that the cluster has, and when', async () => {
    const seen: RunSeen = { kind: 'seen', job: 'run-1', state: 'failed', reason: 'RUNTIME_ENV_SETUP_FAILURE: the package is gone', started: '2026-11-21T12:00:01.000Z', ended: '2026-11-21T12:00:02.000Z', model: undefined };
    const backend = { launchesOnce: true, push: () => Promise.resolve({ uri: 'x', bytes: 1 }), launch: () => Promise.resolve({ kind: 'unknown', reason: 'ETIMEDOUT' }), see: () => Promise.resolve(seen) } as unknown as Backend;
    const kept = new Kept();
    await launchOnce(planOf('run-1'), SHIPMENT, backend, kept, { signal: never, progress: () => undefined, wait: () => Promise.resolve() });
    expect(kept.run('run-1')).toMatchObject({ state: 'failed', reason: 'RUNTIME_ENV_SETUP_FAILURE: the package is gone', started: '2026-11-21T12:00:01.000Z', ended: '2026-11-21T12:00:02.000Z' });
  });

  it('that was killed before it noted what the cluster said is found again, with its end', async () => {
    const ray = await startFakeRay();
    try {
      const kept = new Kept();
      const backend = new RayBackend({ name: 'the cluster', url: ray.url });
      // Killed after its submission, before that was noted.
      expect(await launchedUntil({ at: 6, late: false }, 'run-x', backend, kept)).toEqual({ late: [], waking: [] });
      expect([kept.run('run-x').state, ray.started('run-x')]).toEqual(['submitting', 1]);
      ray.advance('run-x', 'FAILED', '', 'it broke');
      await recoverRun(kept.run('run-x'), backend, kept, { now: () => kept.now, signal: never });
      expect(kept.run('run-x')).toMatchObject({ state: 'failed', job: 'run-x', reason: 'JOB_ENTRYPOINT_COMMAND_ERROR: it broke', ended: expect.any(String) as string });
    } finally {
      await ray.stop();
    }
  });

  function backendOf(ray: FakeRay): RayBackend {
    return new RayBackend({ name: 'the cluster', url: ray.url, patience: { answer: 15, transfer: 15 } });
  }
});

/** What such a backend does with one request. `lost`: nothing; `silent`: carried out, and nobody hears of it. */
type Turn = 'well' | 'lost' | 'silent' | 'no';

/** A backend that makes up its own names: asking twice starts two. */
class Forgetful implements Pick<Backend, 'push' | 'launch' | 'see' | 'launchesOnce' | 'name'> {
  readonly name = 'the service';
  readonly jobs: string[] = [];
  requests = 0;

  constructor(
    private readonly turns: Turn[],
    readonly launchesOnce: boolean,
  ) {}

  push(): ReturnType<Backend['push']> {
    return this.turn() === 'well' ? Promise.resolve({ uri: 'file-1', bytes: 1 }) : Promise.reject(new BackendFault('unreachable', 'no answer'));
  }

  launch({ id }: { readonly id: string }): Promise<LaunchOutcome> {
    const turn = this.turn();
    if (turn === 'no') return Promise.resolve({ kind: 'refused', reason: 'no' });
    if (turn !== 'lost') this.jobs.push(id);
    return Promise.resolve(turn === 'well' ? { kind: 'taken', job: `ftjob-${String(this.jobs.length)}` } : { kind: 'unknown', reason: 'no answer' });
  }

  see({ id }: { readonly id: string }): Promise<RunSeen> {
    const turn = this.turn();
    if (turn === 'lost' || turn === 'no') return Promise.resolve({ kind: 'unreachable', reason: 'no answer' });
    // Its list may be behind.
    const at = turn === 'silent' ? -1 : this.jobs.indexOf(id);
    return Promise.resolve(at < 0 ? { kind: 'absent' } : { kind: 'seen', job: `ftjob-${String(at + 1)}`, state: 'pending', reason: undefined, started: undefined, ended: undefined, model: undefined });
  }

  private turn(): Turn {
    this.requests++;
    return this.turns.shift() ?? 'well';
  }
}

describe('a launch where asking twice starts two', () => {
  const turns = fc.array(fc.constantFrom<Turn>('well', 'lost', 'silent', 'no'), { maxLength: 12 });

  async function through(script: readonly Turn[], kill: Kill | undefined, launchesOnce: boolean, full: readonly boolean[] = []): Promise<{ readonly jobs: number; readonly run: Run; readonly kept: Kept }> {
    const backend = new Forgetful([...script], launchesOnce) as Forgetful & Backend;
    const kept = new Kept([...full]);
    await recovered(['run-1'], backend, kept, [await launchedUntil(kill, 'run-1', backend, kept)]);
    kept.full.length = 0;
    await recovered(['run-1'], backend, kept, []);
    await recovered(['run-1'], backend, kept, []);
    return { jobs: backend.jobs.length, run: kept.run('run-1'), kept };
  }

  it('law: starts one at most, and what may have been started is never called not started', async () => {
    const endings = new Set<string>();
    await fc.assert(
      fc.asyncProperty(turns, kills, fc.array(fc.boolean(), { maxLength: 6 }), async (script, kill, full) => {
        const { jobs, run, kept } = await through(script, kill, false, full);
        if (staysCertain(kept, 'run-1')) endings.add('noted otherwise, late');
        expect(jobs).toBeLessThanOrEqual(1);
        if (jobs === 1) expect(run).toMatchObject({ state: 'pending', job: 'ftjob-1' });
        else expect(['not started', 'unknown']).toContain(run.state);
        endings.add(`${String(jobs)} ${run.state}`);
      }),
      {
        numRuns: 500,
        seed: 6,
        // Started, and nobody heard; while its window slept another found it, and nobody answers as that wakes.
        examples: [[['well', 'silent', 'well', 'lost', 'lost', 'lost'], { at: 6, late: false, wakes: 1 }, []]],
      },
    );
    expect([...endings].sort()).toEqual(['0 not started', '0 unknown', '1 pending', 'noted otherwise, late']);
  }, 60_000);

  it('is found by this test to start two where it is taken for one that does not', async () => {
    let twice = 0;
    await fc.assert(
      fc.asyncProperty(turns, kills, async (script, kill) => {
        if ((await through(script, kill, true)).jobs > 1) twice++;
      }),
      { numRuns: 500, seed: 6 },
    );
    expect(twice).toBeGreaterThan(0);
  }, 60_000);
});

describe('a run that is looked up again', () => {
  const run = (state: RunState | undefined, more: Partial<RunEvent> = {}): Run => runOf(planOf('run-1'), state === undefined ? [] : [{ at: new Date(START).toISOString(), state, ...more }]);
  const seeing = (seen: RunSeen, launchesOnce = true): { readonly name: string; readonly launchesOnce: boolean; readonly asked: string[]; see(of: { readonly id: string }): Promise<RunSeen> } => {
    const asked: string[] = [];
    return { name: 'the cluster', launchesOnce, asked, see: ({ id }) => { asked.push(id); return Promise.resolve(seen); } };
  };
  const noted = async (of: Run, backend: ReturnType<typeof seeing>, later = 0): Promise<readonly (RunState | undefined)[]> => {
    const kept = new Kept();
    await recoverRun(of, backend, kept, { now: () => START + later, signal: never });
    return kept.states('run-1');
  };

  it('was not started where nothing was submitted, and nobody is asked', async () => {
    const backend = seeing({ kind: 'absent' });
    expect(await noted(run(undefined), backend)).toEqual(['not started']);
    expect(backend.asked).toEqual([]);
  });

  it('is absent for good only after a while, and only where it has our name', async () => {
    expect(await noted(run('submitting'), seeing({ kind: 'absent' }), LAUNCH_GRACE - 1)).toEqual(['unknown']);
    expect(await noted(run('unknown'), seeing({ kind: 'absent' }), LAUNCH_GRACE - 1)).toEqual([]);
    for (const state of ['submitting', 'unknown'] as const) expect(await noted(run(state), seeing({ kind: 'absent' }), LAUNCH_GRACE)).toEqual(['not started']);
    expect(await noted(run('submitting'), seeing({ kind: 'absent' }, false), 1e9)).toEqual(['unknown']);
    expect(await noted(run('unknown'), seeing({ kind: 'absent' }, false), 1e9)).toEqual([]);
  });

  it('says why where nobody answers, and that it may have been removed where the backend has none', async () => {
    const kept = new Kept();
    const tools = { now: () => START + 1e9, signal: never };
    for (const state of ['submitting', 'unknown'] as const) expect(await recoverRun(run(state), seeing({ kind: 'unreachable', reason: 'down' }), kept, tools)).toBe('down');
    expect(await recoverRun(run('unknown'), undefined, kept, tools)).toBeUndefined();
    expect(kept.states('run-1')).toEqual([]);
    expect(await recoverRun(run('submitting'), seeing({ kind: 'absent' }), kept, tools)).toBeUndefined();
    expect(kept.run('run-1')).toMatchObject({ state: 'not started', reason: expect.stringContaining('or was removed there since') as string });
  });

  it('stays as it is where nobody answers, and where it is known', async () => {
    for (const state of ['submitting', 'unknown'] as const) expect(await noted(run(state), seeing({ kind: 'unreachable', reason: 'down' }), 1e9)).toEqual([]);
    for (const state of ['pending', 'running', 'paused', 'stop requested', 'succeeded', 'failed', 'stopped', 'not started'] as const) {
      const backend = seeing({ kind: 'absent' });
      expect(await noted(run(state), backend, 1e9)).toEqual([]);
      expect(backend.asked).toEqual([]);
      expect(hasEnded(state)).toBe(['succeeded', 'failed', 'stopped', 'not started'].includes(state));
    }
  });
});
