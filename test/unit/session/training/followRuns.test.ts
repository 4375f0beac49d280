import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../../../src/session/memoryFiles';
import { BackendFault } from '../../../../src/train/backends/backend';
import { hasEnded } from '../../../../src/train/runs/run';
import { FakeBackend, FakeLease, FakeTime, followWindow, mostInAMinute, promisesRun, type FollowWindow } from './followSetUp';
import { planOf } from './plan';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEK = 7 * 24 * HOUR;

async function running(window: FollowWindow, backend: FakeBackend, id: string): Promise<void> {
  backend.jobs.set(id, { state: 'running', log: '', started: '2026-11-21T10:00:00.000Z' });
  await window.store.add(planOf(id, { backend: { kind: backend.kind, name: backend.name, url: backend.url } }));
  await window.store.note(id, { state: 'pending' });
}

const loss = (step: number): string => `{'loss': '${String(10 / step)}'}\n`;

describe('a run that is followed', () => {
  it('is seen to begin, go on and end, with its log to the last line; then nothing is asked any more', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    const job = backend.jobs.get('a');
    if (job === undefined) throw new Error('no job');
    await time.advance(MINUTE);
    expect(window.store.get('a')).toMatchObject({ state: 'running', started: '2026-11-21T10:00:00.000Z' });
    for (let step = 1; step <= 40; step++) {
      job.log += loss(step);
      await time.advance(MINUTE);
    }
    expect((await window.logs.read('a')).metrics.length).toBeGreaterThan(35);
    Object.assign(job, { state: 'succeeded', ended: time.iso(), log: `${job.log}💾 Model saved to /shared/out/shed.\n` });
    await time.advance(10 * MINUTE);
    expect(window.ended.map(({ id, state }) => [id, state])).toEqual([['a', 'succeeded']]);
    expect((await window.logs.read('a')).text).toBe(job.log);
    expect(window.store.get('a')).toMatchObject({ state: 'succeeded', ended: job.ended, logRead: true });
    const asked = backend.requests.length;
    expect(backend.most).toBeLessThanOrEqual(30);
    await time.advance(WEEK);
    expect(backend.requests).toHaveLength(asked);
    expect(time.waiting).toBe(0);
    expect(window.log.said).toEqual([]);
  });

  it('that ended before anybody listened is told to who listens first, and to nobody again', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend], { listen: false });
    await running(window, backend, 'a');
    Object.assign(backend.jobs.get('a') ?? {}, { state: 'succeeded', ended: time.iso() });
    await time.advance(MINUTE);
    expect(window.store.get('a')?.state).toBe('succeeded');
    const heard: string[] = [];
    window.follower.onDidEnd(({ id, state }) => heard.push(`first ${id} ${state}`));
    window.follower.onDidEnd(({ id }) => heard.push(`second ${id}`));
    expect(heard).toEqual(['first a succeeded']);
    await running(window, backend, 'b');
    Object.assign(backend.jobs.get('b') ?? {}, { state: 'stopped', ended: time.iso() });
    await time.advance(MINUTE);
    expect(heard).toEqual(['first a succeeded', 'first b stopped', 'second b']);
  });

  it('is not waited for by who gave up looking, and nothing is noted of that', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend], { start: false });
    await running(window, backend, 'a');
    const given = new AbortController();
    let signal: AbortSignal | undefined;
    backend.see = (_run, ...rest: unknown[]) =>
      new Promise((_resolve, reject) => {
        signal = rest[0] as AbortSignal;
        signal.addEventListener('abort', () => { reject(new Error('given up')); });
      });
    const before = window.store.get('a');
    const looking = window.follower.lookNow('a', given.signal);
    await promisesRun();
    expect(signal?.aborted).toBe(false);
    given.abort();
    await expect(looking).rejects.toThrow('given up');
    expect(window.store.get('a')).toEqual(before);
  });

  it('that fails is told once, with the last line that says something and what to do', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    await time.advance(MINUTE);
    Object.assign(backend.jobs.get('a') ?? {}, {
      state: 'failed',
      reason: 'JOB_ENTRYPOINT_COMMAND_ERROR: Job entrypoint command failed with exit code 2, last available logs (truncated to 20,000 chars):\n…',
      log: 'usage: accelerate launch [-h]\nAccelerate launch command: error: unrecognized arguments: --warmup_ratio=0.05\n',
    });
    await time.advance(5 * MINUTE);
    expect(window.ended).toHaveLength(1);
    expect(window.ended[0]).toMatchObject({ state: 'failed', reason: 'Accelerate launch command: error: unrecognized arguments: --warmup_ratio=0.05', hint: expect.stringContaining('knows no setting “warmup_ratio”') as string });
    await window.follower.lookNow('a');
    await time.advance(HOUR);
    expect(window.ended).toHaveLength(1);
  });

  it('that fails before it has a log gives the backend’s reason', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    Object.assign(backend.jobs.get('a') ?? {}, { state: 'failed', reason: 'RUNTIME_ENV_SETUP_FAILURE: Package gcs://_ray_pkg_0.zip does not exist' });
    await time.advance(MINUTE);
    expect(window.ended[0]?.hint).toMatch(/Launch it again/);
    expect(window.ended[0]?.reason).toMatch(/RUNTIME_ENV_SETUP_FAILURE/);
  });

  it('whose last log nobody gives any more is told all the same, and not asked for for ever', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    await time.advance(MINUTE);
    Object.assign(backend.jobs.get('a') ?? {}, { state: 'succeeded' });
    const log = backend.log.bind(backend);
    backend.log = (run, from) => log(run, from).then(() => Promise.reject(new BackendFault('odd', 'HTTP 500')));
    await time.advance(MINUTE);
    expect(window.ended.map(({ state }) => state)).toEqual(['succeeded']);
    await time.advance(20 * HOUR);
    expect(window.store.get('a')?.logRead).toBeUndefined();
    await time.advance(6 * HOUR);
    expect(window.store.get('a')?.logRead).toBe(true);
    expect(backend.count('log')).toBeLessThan(50);
    const asked = backend.requests.length;
    await time.advance(WEEK);
    expect(backend.requests).toHaveLength(asked);
    expect(window.ended).toHaveLength(1);
  });

  it('whose job was removed there is not asked for its last log again', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    await time.advance(MINUTE);
    Object.assign(backend.jobs.get('a') ?? {}, { state: 'succeeded' });
    let asked = 0;
    backend.log = () => Promise.reject(new BackendFault('gone', `no such job (${String(++asked)})`));
    await time.advance(HOUR);
    expect([window.store.get('a')?.logRead, asked]).toEqual([true, 1]);
  });

  it.each<[string, BackendFault['kind'] | undefined, number]>([
    ['was asked too often for a minute', 'busy', 1.2 * MINUTE],
    ['could not be reached for three days', 'unreachable', 72 * HOUR],
    ['did not know us for three days', 'auth', 72 * HOUR],
    ['answered from elsewhere for half a day', 'refused', 12 * HOUR],
    ['could not be kept on a full disk for three days', undefined, 72 * HOUR],
  ])('has its log to the end though its backend %s just then', async (_, kind, long) => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    await time.advance(2 * MINUTE);
    const job = backend.jobs.get('a');
    if (job === undefined) throw new Error('no job');
    Object.assign(job, { state: 'succeeded', log: 'all of it\n' });
    const log = backend.log.bind(backend);
    let [failing, asked] = [true, 0];
    backend.log = (run, from) => {
      asked++;
      return failing ? Promise.reject(kind === undefined ? new Error('no space left on device') : new BackendFault(kind, 'not now')) : log(run, from);
    };
    await time.advance(long);
    expect(window.ended.map(({ state }) => state)).toEqual(['succeeded']);
    expect(window.store.get('a')?.logRead).toBeUndefined();
    expect(asked).toBeLessThan(120);
    failing = false;
    await time.advance(HOUR);
    expect([(await window.logs.read('a')).text, window.store.get('a')?.logRead]).toEqual(['all of it\n', true]);
    expect(window.ended).toHaveLength(1);
  });

  it('whose log comes by many requests is asked for within the minute’s, and is whole before it is closed', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    for (let i = 0; i < 5; i++) await running(window, backend, `r${String(i)}`);
    const moments: number[] = [];
    const read = new Map<string, number>();
    // A log of 90 pages.
    backend.log = ({ id }, _from, _signal, may) => {
      let pages = read.get(id) ?? 0;
      while (pages < 90 && may?.take() === true) {
        moments.push(time.now);
        pages++;
      }
      read.set(id, pages);
      return Promise.resolve({ text: '', next: pages, ...(pages < 90 ? { more: true } : {}) });
    };
    await time.advance(MINUTE);
    for (const job of backend.jobs.values()) job.state = 'succeeded';
    await window.follower.lookNow('r3');
    await time.advance(HOUR);
    expect([...read.values()]).toEqual([90, 90, 90, 90, 90]);
    expect(window.store.all.every(({ logRead }) => logRead === true)).toBe(true);
    // One more: that a person asked for is not held back.
    expect(mostInAMinute([...moments, ...backend.requests.map(({ at }) => at)].sort((a, b) => a - b))).toBeLessThanOrEqual(32);
  });

  it('that the backend was taken to have none of is found again when somebody looks', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    await time.advance(5 * MINUTE);
    const job = backend.jobs.get('a');
    if (job === undefined) throw new Error('no job');
    backend.jobs.delete('a');
    await time.advance(20 * MINUTE);
    expect(window.store.get('a')).toMatchObject({ state: 'lost', reason: expect.stringContaining('no such run any more') as string });
    const { heard } = window.store.get('a') ?? {};
    await window.follower.lookNow('a');
    expect(window.store.get('a')).toMatchObject({ state: 'lost', heard });
    backend.down = true;
    await expect(window.follower.lookNow('a')).rejects.toThrow('nobody there');
    backend.down = false;
    backend.jobs.set('a', { ...job, log: loss(1) });
    await window.follower.lookNow('a');
    expect(window.store.get('a')).toMatchObject({ state: 'running', reason: undefined });
    job.log = loss(1);
    Object.assign(backend.jobs.get('a') ?? {}, { state: 'succeeded' });
    await time.advance(5 * MINUTE);
    expect(window.ended.map(({ state }) => state)).toEqual(['lost', 'succeeded']);
    expect((await window.logs.read('a')).metrics).toHaveLength(1);
  });

  it('that was noted as not started is found when somebody looks, where it would be under its name', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await window.store.add(planOf('a'));
    await window.store.note('a', { state: 'not started', reason: 'a page of a proxy' });
    await window.follower.lookNow('a');
    expect(window.store.get('a')).toMatchObject({ state: 'not started', reason: 'a page of a proxy' });
    backend.jobs.set('a', { state: 'running', log: '' });
    await window.follower.lookNow('a');
    expect(window.store.get('a')).toMatchObject({ state: 'running', reason: undefined });
    // Where only a list could tell, nobody asks for what was certainly refused.
    const service = Object.assign(new FakeBackend(time), { launchesOnce: false });
    const other = await followWindow(time, [service]);
    await other.store.add(planOf('b'));
    await other.store.note('b', { state: 'not started' });
    await other.follower.lookNow('b');
    expect(service.requests).toEqual([]);
  });

  it('goes on after its backend was down for an hour, which was asked ever more rarely', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    await time.advance(10 * MINUTE);
    backend.down = true;
    const before = backend.requests.length;
    await time.advance(HOUR);
    const meanwhile = backend.requests.slice(before);
    expect(meanwhile.length).toBeGreaterThan(10);
    expect(meanwhile.length).toBeLessThan(25);
    expect(meanwhile.filter(({ what }) => what !== 'see all').length).toBeLessThanOrEqual(1);
    expect(window.follower.troubleOf(planOf('a'))).toBe('nobody there');
    expect(window.store.get('a')?.state).toBe('running');
    backend.down = false;
    Object.assign(backend.jobs.get('a') ?? {}, { state: 'succeeded', log: 'all\n' });
    await time.advance(6 * MINUTE);
    expect(window.follower.troubleOf(planOf('a'))).toBeUndefined();
    expect(window.ended.map(({ state }) => state)).toEqual(['succeeded']);
    expect((await window.logs.read('a')).text).toBe('all\n');
  });

  it('is found as it is after a week, and told where it ended meanwhile', async () => {
    const [time, files] = [new FakeTime(), new MemoryFiles()];
    const backend = new FakeBackend(time);
    const first = await followWindow(time, [backend], { files });
    for (const id of ['a', 'b', 'c']) await running(first, backend, id);
    Object.assign(backend.jobs.get('c') ?? {}, { state: 'succeeded' });
    await time.advance(MINUTE);
    expect(first.ended.map(({ id }) => id)).toEqual(['c']);
    first.follower.dispose();
    const asked = backend.requests.length;
    Object.assign(backend.jobs.get('a') ?? {}, { state: 'succeeded', log: loss(1) });
    await time.advance(WEEK);
    expect(backend.requests).toHaveLength(asked);
    const second = await followWindow(time, [backend], { files });
    await time.advance(MINUTE);
    expect(second.ended.map(({ id, state }) => [id, state])).toEqual([['a', 'succeeded']]);
    expect(second.store.get('b')?.state).toBe('running');
    expect((await second.logs.read('a')).metrics).toHaveLength(1);
    expect(backend.requests.slice(asked).filter(({ what }) => what.endsWith(' c'))).toEqual([]);
  });

  it('that ended in the last moment of a window has its log read by the next, and is not told again', async () => {
    const [time, files] = [new FakeTime(), new MemoryFiles()];
    const backend = new FakeBackend(time);
    const first = await followWindow(time, [backend], { files, start: false });
    await running(first, backend, 'a');
    Object.assign(backend.jobs.get('a') ?? {}, { state: 'failed', log: 'ModuleNotFoundError: No module named \'peft\'\n' });
    await first.store.note('a', { state: 'failed', reason: 'it failed with exit code 1' });
    const second = await followWindow(time, [backend], { files });
    await time.advance(MINUTE);
    expect(second.ended).toEqual([]);
    expect(second.store.get('a')).toMatchObject({ logRead: true, hint: expect.stringContaining('peft') as string });
    expect(backend.requests.map(({ what }) => what)).toEqual(['log a']);
  });

  it('that the backend forgot is lost, but not at once; what was restarted for a moment is not', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    await time.advance(5 * MINUTE);
    const job = backend.jobs.get('a');
    backend.jobs.delete('a');
    await time.advance(9 * MINUTE);
    expect(window.store.get('a')?.state).toBe('running');
    if (job !== undefined) backend.jobs.set('a', job);
    await time.advance(2 * MINUTE);
    backend.jobs.delete('a');
    await time.advance(8 * MINUTE);
    expect(window.store.get('a')?.state).toBe('running');
    await time.advance(5 * MINUTE);
    expect(window.store.get('a')).toMatchObject({ state: 'lost', reason: expect.stringMatching(/^cluster has no such run any more: .* It was last seen there 2026-11-21 10:1\d UTC: running\.$/) as string });
    // A forwarded port that leads elsewhere for a while looks the same.
    expect(window.store.get('a')?.reason).toMatch(/another server answers at its address now, as where a port is forwarded to another cluster.* “Look Now”/);
    expect(window.ended.map(({ state }) => state)).toEqual(['lost']);
    const asked = backend.requests.length;
    await time.advance(HOUR);
    expect(backend.requests).toHaveLength(asked);
  });

  it('survives a clock that is set back and forth', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    await time.advance(5 * MINUTE);
    for (const wrong of [-HOUR, 3 * HOUR, -WEEK]) {
      time.wrong = wrong;
      const asked = backend.requests.length;
      await time.advance(10 * MINUTE);
      expect(backend.requests.length - asked).toBeGreaterThan(9);
      expect(backend.requests.length - asked).toBeLessThan(60);
    }
    Object.assign(backend.jobs.get('a') ?? {}, { state: 'succeeded' });
    await time.advance(2 * MINUTE);
    expect(window.ended).toHaveLength(1);
    expect(backend.most).toBeLessThanOrEqual(30);
  });

  it('whose log shrinks is read as what it is now', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    const job = backend.jobs.get('a');
    if (job === undefined) throw new Error('no job');
    job.log = loss(1) + loss(2) + loss(4);
    await time.advance(3 * MINUTE);
    job.log = loss(5);
    await time.advance(3 * MINUTE);
    job.log += loss(10);
    await time.advance(3 * MINUTE);
    expect((await window.logs.read('a')).metrics.map(({ step, values }) => [step, values['loss']])).toEqual([[1, 2], [2, 1]]);
  });

  it('at a backend that the settings lost is not asked for, and followed again when it is back', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const known: FakeBackend[] = [];
    const window = await followWindow(time, known);
    await running(window, backend, 'a');
    await time.advance(HOUR);
    expect(backend.requests).toEqual([]);
    expect(window.follower.troubleOf(planOf('a'))).toMatch(/^The settings have no backend cluster any more/);
    await expect(window.follower.lookNow('a')).rejects.toThrow('no backend cluster');
    await expect(window.follower.stop('a')).rejects.toThrow('no backend cluster');
    expect(window.store.get('a')?.state).toBe('pending');
    known.push(backend);
    await time.advance(6 * MINUTE);
    expect(window.store.get('a')?.state).toBe('running');
  });
});

describe('stopping a run', () => {
  it('is “stop requested” until the backend says that it has stopped', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    await time.advance(MINUTE);
    let during: string | undefined;
    backend.before = () => (during ??= window.store.get('a')?.state);
    await window.follower.stop('a');
    expect(during).toBe('stop requested');
    expect(window.store.get('a')?.state).toBe('stop requested');
    await time.advance(MINUTE);
    expect(window.store.get('a')?.state).toBe('stopped');
    expect(window.ended.map(({ state }) => state)).toEqual(['stopped']);
    await window.follower.stop('a');
    expect(backend.count('stop')).toBe(1);
  });

  it('of one that waits goes on being requested, and is asked for again until it is true', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    const job = backend.jobs.get('a');
    if (job === undefined) throw new Error('no job');
    job.state = 'pending';
    await time.advance(MINUTE);
    await window.follower.stop('a');
    await time.advance(10 * MINUTE);
    expect(window.store.get('a')?.state).toBe('stop requested');
    expect(backend.count('stop')).toBeGreaterThan(5);
    expect(backend.most).toBeLessThanOrEqual(30);
    // It begins after all: the backend has forgotten.
    job.state = 'running';
    await time.advance(3 * MINUTE);
    expect(window.store.get('a')?.state).toBe('stopped');
  });

  it('that the backend did not hear is said, and asked for again by the window that follows', async () => {
    const time = new FakeTime();
    const [backend, files, lease] = [new FakeBackend(time), new MemoryFiles(), new FakeLease()];
    const follows = await followWindow(time, [backend], { files, lease });
    await running(follows, backend, 'a');
    await time.advance(MINUTE);
    const other = await followWindow(time, [backend], { files, lease });
    backend.down = true;
    await expect(other.follower.stop('a')).rejects.toThrow('nobody there');
    await follows.store.load();
    expect(follows.store.get('a')?.state).toBe('stop requested');
    backend.down = false;
    await time.advance(5 * MINUTE);
    expect(follows.store.get('a')?.state).toBe('stopped');
    expect([follows.ended.length, other.ended.length]).toEqual([1, 0]);
  });

  it('is refused in words while nobody knows whether there is something to stop', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend], { start: false });
    await window.store.add(planOf('a'));
    await expect(window.follower.stop('a')).rejects.toThrow('being launched just now');
    await window.store.note('a', { state: 'unknown' });
    await expect(window.follower.stop('a')).rejects.toThrow('not known whether cluster has this run');
    await expect(window.follower.stop('none')).rejects.toThrow('not known any more');
    expect(backend.requests).toEqual([]);
  });
});

describe('a launch that nobody follows to its end', () => {
  it('is looked up by the next window: what was taken goes on, what was not is not started, nothing is launched', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend], { start: false });
    await window.store.add(planOf('preparing'));
    for (const id of ['taken', 'lost', 'ended']) {
      await window.store.add(planOf(id));
      await window.store.note(id, { state: 'submitting' });
    }
    backend.jobs.set('taken', { state: 'running', log: '' });
    backend.jobs.set('ended', { state: 'succeeded', log: 'x\n' });
    await time.advance(10_000);
    window.follower.start();
    await time.advance(15 * MINUTE);
    expect(Object.fromEntries(window.store.all.map(({ id, state }) => [id, state]))).toEqual({ preparing: 'not started', taken: 'running', lost: 'not started', ended: 'succeeded' });
    expect(window.ended.map(({ id }) => id).sort()).toEqual(['ended', 'lost', 'preparing']);
    expect((await window.logs.read('ended')).text).toBe('x\n');
    expect(backend.most).toBeLessThanOrEqual(30);
  });

  it('is settled though the clock was set back since, after the same while and not before', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend], { start: false });
    for (const id of ['a', 'b']) {
      await window.store.add(planOf(id));
      await window.store.note(id, { state: 'unknown', reason: 'the connection was cut' });
    }
    // By this clock both were heard of a week from now.
    time.wrong = -WEEK;
    window.follower.start();
    await time.advance(1.9 * MINUTE);
    expect(window.store.all.map(({ state }) => state)).toEqual(['unknown', 'unknown']);
    // Somebody launches it anew just now: that may be on its way for as long.
    await window.store.note('b', { state: 'submitting' });
    await time.advance(1.5 * MINUTE);
    expect(window.store.get('a')?.state).toBe('not started');
    expect(window.store.get('b')?.state).not.toBe('not started');
    await time.advance(6 * MINUTE);
    expect(window.store.get('b')?.state).toBe('not started');
  });

  it('is left alone while some window launches it, also for long', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const launching = new Set(['a']);
    const window = await followWindow(time, [backend], { launching });
    await window.store.add(planOf('a'));
    await time.advance(HOUR);
    expect(window.store.get('a')?.state).toBe('preparing');
    await window.store.note('a', { state: 'submitting' });
    await time.advance(10 * MINUTE);
    expect([window.store.get('a')?.state, backend.requests.length]).toEqual(['submitting', 0]);
    backend.jobs.set('a', { state: 'running', log: '' });
    await window.store.note('a', { state: 'pending' });
    launching.clear();
    await time.advance(6 * MINUTE);
    expect(window.store.get('a')?.state).toBe('running');
    expect(window.ended).toEqual([]);
  });

  it('that was refused is told by who launched it, not once more', async () => {
    const time = new FakeTime();
    const window = await followWindow(time, [new FakeBackend(time)]);
    await window.store.add(planOf('a'));
    await time.advance(10_000);
    await window.store.note('a', { state: 'not started', reason: 'no' });
    await time.advance(HOUR);
    expect(window.ended).toEqual([]);
  });

  it('that is unknown is asked for again while the backend is down', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend], { start: false });
    await window.store.add(planOf('a'));
    await window.store.note('a', { state: 'unknown' });
    backend.down = true;
    window.follower.start();
    await time.advance(HOUR);
    expect(window.store.get('a')?.state).toBe('unknown');
    expect(backend.requests.length).toBeLessThan(25);
    backend.down = false;
    backend.jobs.set('a', { state: 'running', log: '' });
    await time.advance(6 * MINUTE);
    expect(window.store.get('a')?.state).toBe('running');
  });
});

describe('a launch that may never be settled', () => {
  async function unknownAt(more: { readonly down?: boolean } = {}): Promise<{ readonly time: FakeTime; readonly backend: FakeBackend; readonly window: FollowWindow }> {
    const time = new FakeTime();
    // One that makes up names itself.
    const backend = Object.assign(new FakeBackend(time), { launchesOnce: false, ...more }) as unknown as FakeBackend;
    const window = await followWindow(time, [backend], { start: false });
    await window.store.add(planOf('a'));
    await window.store.note('a', { state: 'unknown', reason: 'the connection was cut' });
    window.follower.start();
    return { time, backend, window };
  }

  it('is looked up often for an hour, then once a day; whoever looks is answered at once', async () => {
    const { time, backend, window } = await unknownAt();
    await time.advance(HOUR + 10 * MINUTE);
    const first = backend.requests.length;
    expect(first).toBeGreaterThan(10);
    await time.advance(WEEK);
    expect(backend.requests.length - first).toBeLessThanOrEqual(8);
    backend.jobs.set('a', { state: 'running', log: '' });
    await window.follower.lookNow('a');
    expect(window.store.get('a')).toMatchObject({ state: 'running', reason: undefined });
    await time.advance(5 * MINUTE);
    expect(backend.count('see all')).toBeGreaterThan(2);
  });

  it('is looked up each hour where the backend is down, which the page says, and whoever looks is told', async () => {
    const { time, backend, window } = await unknownAt({ down: true });
    await time.advance(HOUR + 10 * MINUTE);
    expect(window.follower.troubleOf(planOf('a'))).toBe('nobody there');
    await expect(window.follower.lookNow('a')).rejects.toThrow('nobody there');
    const asked = backend.requests.length;
    await time.advance(24 * HOUR);
    expect(backend.requests.length - asked).toBeLessThanOrEqual(25);
    backend.down = false;
    backend.jobs.set('a', { state: 'running', log: '' });
    await time.advance(HOUR + MINUTE);
    expect(window.store.get('a')?.state).toBe('running');
    expect(window.follower.troubleOf(planOf('a'))).toBeUndefined();
  });

  it('was not started where nothing was submitted, also where its backend left the settings', async () => {
    const time = new FakeTime();
    const window = await followWindow(time, [], { start: false });
    for (const id of ['a', 'b']) await window.store.add(planOf(id));
    await window.follower.lookNow('b');
    expect(window.store.get('b')?.state).toBe('not started');
    window.follower.start();
    await time.advance(MINUTE);
    expect(window.store.get('a')).toMatchObject({ state: 'not started', reason: expect.stringContaining('before anything was submitted') as string });
    expect(window.follower.troubleOf(planOf('a'))).toBeUndefined();
    await time.advance(HOUR);
    expect(time.waiting).toBe(0);
  });
});

describe('many runs', () => {
  it('100 at one backend for an hour: at most 30 requests in any minute, every log is read, those looked at most', { timeout: 60_000 }, async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    for (let i = 0; i < 100; i++) await running(window, backend, `r${String(i)}`);
    window.follower.shown(['r7']);
    backend.before = () => {
      for (const job of backend.jobs.values()) if (job.state === 'running') job.log += 'more\n';
    };
    await time.advance(HOUR);
    expect(backend.most).toBeLessThanOrEqual(30);
    const reads = [...backend.jobs.keys()].map((id) => backend.requests.filter(({ what }) => what === `log ${id}`).length);
    expect(Math.min(...reads)).toBeGreaterThan(3);
    // Evenly, but for the one that somebody looks at.
    expect(Math.max(...reads.filter((_, i) => i !== 7)) - Math.min(...reads)).toBeLessThanOrEqual(2);
    expect(reads[7]).toBeGreaterThan(5 * Math.min(...reads));
    for (const job of backend.jobs.values()) job.state = 'succeeded';
    await time.advance(20 * MINUTE);
    expect(window.ended).toHaveLength(100);
    expect(window.store.all.every(({ state, logRead }) => hasEnded(state) && logRead === true)).toBe(true);
    expect(backend.most).toBeLessThanOrEqual(30);
    const asked = backend.requests.length;
    await time.advance(WEEK);
    expect(backend.requests).toHaveLength(asked);
  });

  it('at several backends share what may be asked, and one that hangs holds up no other', async () => {
    const time = new FakeTime();
    const [hangs, works] = [new FakeBackend(time, 'hangs'), new FakeBackend(time, 'works')];
    const window = await followWindow(time, [hangs, works]);
    for (let i = 0; i < 10; i++) await running(window, i % 2 === 0 ? hangs : works, `r${String(i)}`);
    hangs.seeAll = () => new Promise(() => undefined);
    await time.advance(HOUR);
    expect(window.store.all.filter(({ state }) => state === 'running').map(({ backend }) => backend.name)).toEqual(Array.from({ length: 5 }, () => 'works'));
    expect(works.count('log')).toBeGreaterThan(100);
  });

  it('with an error in our own part are followed on', async () => {
    const time = new FakeTime();
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend]);
    await running(window, backend, 'a');
    const note = window.store.note.bind(window.store);
    let failing = true;
    window.store.note = (id, event) => (failing ? Promise.reject(new Error('the disk is full')) : note(id, event));
    await time.advance(10 * MINUTE);
    expect(window.store.get('a')?.state).toBe('pending');
    expect(window.log.said[0]).toBe('error: Following the runs at cluster failed, and is tried again: the disk is full');
    expect(window.log.said.length).toBeLessThan(25);
    failing = false;
    await time.advance(2 * MINUTE);
    expect(window.store.get('a')?.state).toBe('running');
  });
});

describe('several windows', () => {
  it('one follows; when it is killed another goes on where it was, and tells only what ends from then on', async () => {
    const [time, files, lease] = [new FakeTime(), new MemoryFiles(), new FakeLease()];
    const backend = new FakeBackend(time);
    const first = await followWindow(time, [backend], { files, lease });
    for (const id of ['a', 'b']) await running(first, backend, id);
    await time.advance(MINUTE);
    const second = await followWindow(time, [backend], { files, lease });
    const job = backend.jobs.get('a');
    if (job === undefined) throw new Error('no job');
    job.log = loss(1);
    await time.advance(2 * MINUTE);
    Object.assign(backend.jobs.get('b') ?? {}, { state: 'succeeded' });
    await time.advance(2 * MINUTE);
    expect(backend.most).toBeLessThanOrEqual(30);
    first.follower.dispose();
    lease.forget();
    job.log += loss(2);
    const asked = backend.requests.length;
    await time.advance(2 * MINUTE);
    expect(backend.requests.length).toBeGreaterThan(asked);
    job.log += loss(4);
    job.state = 'succeeded';
    await time.advance(2 * MINUTE);
    expect(first.ended.map(({ id }) => id)).toEqual(['b']);
    expect(second.ended.map(({ id }) => id)).toEqual(['a']);
    expect((await second.logs.read('a')).text).toBe(job.log);
  });
});
