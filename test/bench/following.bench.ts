import { FakeBackend, FakeTime, followWindow, mostInAMinute } from '../unit/session/training/followSetUp';
import { planOf } from '../unit/session/training/plan';
import type { Row } from './row';

const RUNS = 100;
const HOUR = 3_600_000;
/** Runs write something at least so often, in milliseconds. */
const WRITES = 5_000;
const REQUESTS_PER_MINUTE = 30;

/** What a window asks its backends for while many runs go on, by a clock of the bench's own. */
export async function rows(): Promise<Row[]> {
  return [...(await following(1)), ...(await following(2))];
}

async function following(count: number): Promise<Row[]> {
  const time = new FakeTime();
  const backends = Array.from({ length: count }, (_, i) => new FakeBackend(time, `cluster ${String(i + 1)}`));
  const window = await followWindow(time, backends);
  for (let i = 0; i < RUNS; i++) {
    const backend = backends[i % count];
    if (backend === undefined) throw new Error('no backend');
    const id = `run${String(i)}`;
    backend.jobs.set(id, { state: 'running', log: '', started: time.iso() });
    await window.store.add(planOf(id, { backend: { kind: backend.kind, name: backend.name, url: backend.url } }));
    await window.store.note(id, { state: 'pending' });
  }
  window.follower.shown(['run7']);
  const jobs = backends.flatMap((backend) => [...backend.jobs.values()]);
  const asked = (): { readonly at: number; readonly what: string }[] => backends.flatMap(({ requests }) => requests).sort((a, b) => a.at - b.at);
  for (let step = 1; time.now < HOUR; step++) {
    for (const job of jobs) job.log += `{'loss': '${String(1 / step)}'}\n`;
    await time.advance(WRITES);
  }
  const running = asked();
  const reads = new Map(window.store.all.map(({ id }) => [id, running.filter(({ what }) => what === `log ${id}`).length]));
  const least = Math.min(...reads.values());
  for (const job of jobs) Object.assign(job, { state: 'succeeded', ended: time.iso() });
  await time.advance(HOUR);
  const ending = asked().slice(running.length);
  const left = window.store.all.filter(({ logRead }) => logRead !== true).length;
  const before = asked().length;
  await time.advance(HOUR);
  const at = `${String(RUNS)} runs at ${String(count)} backend${count === 1 ? '' : 's'}`;
  return [
    { name: `${at}, an hour: requests, the most in any minute`, figure: mostInAMinute(running.map((one) => one.at)), bound: REQUESTS_PER_MINUTE },
    { name: '… of them for their state, in the hour', figure: running.filter(({ what }) => what === 'see all').length },
    { name: '… reads of the log that is looked at', figure: reads.get('run7') ?? 0 },
    { name: '… reads of the log that was read least', figure: least, ok: least > 0 },
    { name: '… while all end: requests, the most in any minute', figure: mostInAMinute(ending.map((one) => one.at)), bound: REQUESTS_PER_MINUTE },
    { name: '… that ended with a log not read to its end', figure: left, bound: 0 },
    { name: '… an hour after they ended: requests', figure: asked().length - before, bound: 0 },
  ];
}
