import { MemoryFiles } from '../../../../src/session/memoryFiles';
import { RunFollower, type FollowTools } from '../../../../src/session/training/followRuns';
import { RunLogs } from '../../../../src/session/training/runLogFile';
import { RunStore } from '../../../../src/session/training/runStore';
import type { Files } from '../../../../src/trace/files';
import { BackendFault, type Artifact, type Backend, type BackendCheck, type LaunchOutcome, type LogPart, type MayAsk, type PlannedRequest, type Pushed, type RunName, type RunSeen } from '../../../../src/train/backends/backend';
import { recoverRun } from '../../../../src/train/runs/recover';
import type { Run } from '../../../../src/train/runs/run';
import { heard, type Heard } from './plan';

/** Time that goes by when the test says so; its clock can be set wrong. */
export class FakeTime {
  private passed = 0;
  private timers: { readonly at: number; readonly run: () => void }[] = [];
  /** What the clock on the wall is wrong by. */
  wrong = 0;
  readonly begin = Date.parse('2026-11-21T10:00:00.000Z');

  /** @param settled awaited before time goes on: all has run that waits for nothing but itself */
  constructor(private readonly settled: () => Promise<void> = promisesRun) {}

  readonly clock = { now: (): number => this.begin + this.passed + this.wrong };
  readonly iso = (): string => new Date(this.clock.now()).toISOString();

  readonly after = (ms: number, run: () => void): { dispose(): void } => {
    const timer = { at: this.passed + ms, run };
    this.timers.push(timer);
    return { dispose: () => (this.timers = this.timers.filter((one) => one !== timer)) };
  };

  /** Milliseconds since the beginning, whatever the clock says. */
  get now(): number {
    return this.passed;
  }

  get waiting(): number {
    return this.timers.length;
  }

  async advance(ms: number): Promise<void> {
    const until = this.passed + ms;
    for (;;) {
      await this.settled();
      const next = this.timers.reduce<(typeof this.timers)[number] | undefined>((first, one) => (first === undefined || one.at < first.at ? one : first), undefined);
      if (next === undefined || next.at > until) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.passed = Math.max(this.passed, next.at);
      next.run();
    }
    this.passed = until;
    await this.settled();
  }
}

/** All that waits for nothing but other promises has run. */
export function promisesRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface FakeJob {
  state: Extract<RunSeen, { kind: 'seen' }>['state'];
  log: string;
  reason?: string;
  started?: string;
  ended?: string;
}

/** A backend like a Ray cluster's that counts what it is asked for. */
export class FakeBackend implements Backend {
  readonly kind = 'ray';
  readonly launchesOnce = true;
  readonly jobs = new Map<string, FakeJob>();
  /** When each request came, and for what. */
  readonly requests: { readonly at: number; readonly what: string }[] = [];
  down = false;
  /** Called before each answer. */
  before: () => void = () => undefined;

  constructor(
    private readonly time: FakeTime,
    readonly name = 'cluster',
    readonly url = 'http://ray.invalid:8265',
  ) {}

  /** The most requests in any minute. */
  get most(): number {
    return mostInAMinute(this.requests.map(({ at }) => at));
  }

  count(what: string): number {
    return this.requests.filter((one) => one.what.startsWith(what)).length;
  }

  see(run: RunName): Promise<RunSeen> {
    this.ask(`see ${run.id}`);
    return Promise.resolve(this.down ? { kind: 'unreachable', reason: 'nobody there' } : this.seen(run.id));
  }

  seeAll(runs: readonly RunName[], may: MayAsk): Promise<ReadonlyMap<string, RunSeen>> {
    if (!may.take()) return Promise.resolve(new Map());
    this.ask('see all');
    return Promise.resolve(new Map(runs.map(({ id }) => [id, this.down ? { kind: 'unreachable', reason: 'nobody there' } : this.seen(id)])));
  }

  /** Of what waits it says yes, and forgets it. */
  stop({ id }: RunName): Promise<void> {
    this.ask(`stop ${id}`);
    if (this.down) return Promise.reject(new BackendFault('unreachable', 'nobody there'));
    const job = this.jobs.get(id);
    if (job === undefined) return Promise.reject(new BackendFault('refused', 'no such job'));
    if (job.state === 'running') Object.assign(job, { state: 'stopped', ended: this.time.iso() });
    return Promise.resolve();
  }

  log({ id }: RunName, from: number, _signal?: AbortSignal, _may?: MayAsk): Promise<LogPart> {
    this.ask(`log ${id}`);
    if (this.down) return Promise.reject(new BackendFault('unreachable', 'nobody there'));
    const job = this.jobs.get(id);
    if (job === undefined) return Promise.reject(new BackendFault('refused', 'no such job'));
    return Promise.resolve({ text: job.log.length >= from ? job.log.slice(from) : job.log, next: job.log.length });
  }

  check = (): Promise<BackendCheck> => Promise.reject(new Error('not asked for'));
  planned = (): Promise<readonly PlannedRequest[]> => Promise.reject(new Error('not asked for'));
  push = (): Promise<Pushed> => Promise.reject(new Error('not asked for'));
  launch = (): Promise<LaunchOutcome> => Promise.reject(new Error('nothing is launched by following'));
  artifacts = (): Promise<readonly Artifact[]> => Promise.resolve([]);

  private ask(what: string): void {
    this.requests.push({ at: this.time.now, what });
    this.before();
  }

  private seen(id: string): RunSeen {
    const job = this.jobs.get(id);
    if (job === undefined) return { kind: 'absent' };
    return { kind: 'seen', job: id, state: job.state, reason: job.reason, started: job.started, ended: job.ended, model: undefined };
  }
}

/** The most moments in any stretch of a minute. @param moments in their order */
export function mostInAMinute(moments: readonly number[]): number {
  let [most, first] = [0, 0];
  moments.forEach((at, i) => {
    while ((moments[first] ?? at) <= at - 60_000) first++;
    most = Math.max(most, i - first + 1);
  });
  return most;
}

/** Which window follows, of those in this process. */
export class FakeLease {
  private holder: object | undefined;

  for(window: object): FollowTools['lease'] {
    const giveBack = (): Promise<void> => {
      if (this.holder === window) this.holder = undefined;
      return Promise.resolve();
    };
    return {
      take: () => {
        this.holder ??= window;
        return Promise.resolve(this.holder === window);
      },
      giveBack,
      dispose: () => void giveBack(),
    };
  }

  /** As if its window had been killed a while ago. */
  forget(): void {
    this.holder = undefined;
  }
}

export interface FollowWindow {
  readonly store: RunStore;
  readonly logs: RunLogs;
  readonly follower: RunFollower;
  readonly log: Heard;
  readonly ended: Run[];
}

/** A window on runs that lie in memory, so that nothing but the time has to be waited for. */
export async function followWindow(time: FakeTime, backends: readonly Backend[], over: { readonly files?: Files; readonly lease?: FakeLease; readonly launching?: ReadonlySet<string>; readonly start?: boolean; readonly listen?: boolean } = {}): Promise<FollowWindow> {
  const { files = new MemoryFiles(), lease = new FakeLease(), launching = new Set() } = over;
  const log = heard();
  const store = new RunStore('/runs', files, time.iso, log);
  const logs = new RunLogs('/runs', files, time.iso, log);
  await store.load();
  const follower = new RunFollower({
    ...{ store, logs, log, clock: time.clock, after: time.after },
    lease: lease.for(store),
    backendOf: ({ backend: { name, url } }) => Promise.resolve(backends.find((one) => one.name === name && one.url === url)),
    recover: (run, backend, signal) => recoverRun(run, backend, store, { now: time.clock.now, signal }),
    unlessLaunching: async (id, run) => {
      if (launching.has(id)) return false;
      await run();
      return true;
    },
  });
  const ended: Run[] = [];
  if (over.listen !== false) follower.onDidEnd((run) => ended.push(run));
  if (over.start !== false) follower.start();
  return { store, logs, follower, log, ended };
}
