import { startFakeFineTuning, type FakeFineTuning } from '../harness/fakeFineTuning';
import type { Backend } from '../../src/train/backends/backend';
import { OpenAiBackend } from '../../src/train/backends/openai/openAiBackend';
import { FakeBackend, FakeTime, followWindow, mostInAMinute, promisesRun, type FakeJob } from '../unit/session/training/followSetUp';
import { planOf } from '../unit/session/training/plan';
import type { Row } from './row';

const RUNS = 100;
const HOUR = 3_600_000;
/** Runs write something at least so often, in milliseconds. */
const WRITES = 5_000;
const REQUESTS_PER_MINUTE = 30;

/** Where the runs of a row are. */
interface Place {
  /** After “100 runs at”. */
  readonly at: string;
  readonly backends: readonly Backend[];
  /** Makes a job that runs. @returns its name there */
  readonly begin: (id: string, backend: Backend) => string;
  /** All jobs write something. */
  readonly write: (step: number) => void;
  /** All jobs come to their end. */
  readonly end: () => void;
  /** The requests so far in their order, and when each was sent. */
  readonly asked: () => readonly { readonly at: number; readonly what: string }[];
  /** Is this request for the state of runs? */
  readonly isState: (what: string) => boolean;
  /** Is it for the log of this job? */
  readonly isLog: (what: string, job: string) => boolean;
}

/** What a window asks its backends for while many runs go on, by a clock of the bench's own. */
export async function rows(): Promise<Row[]> {
  return [...(await clusters(1)), ...(await clusters(2)), ...(await fineTuning())];
}

function clusters(count: number): Promise<Row[]> {
  const time = new FakeTime();
  const backends = Array.from({ length: count }, (_, i) => new FakeBackend(time, `cluster ${String(i + 1)}`));
  const jobs = (): FakeJob[] => backends.flatMap((backend) => [...backend.jobs.values()]);
  return following(time, {
    at: `${String(count)} backend${count === 1 ? '' : 's'}`,
    backends,
    begin(id, backend) {
      backends.find((one) => one === backend)?.jobs.set(id, { state: 'running', log: '', started: time.iso() });
      return id;
    },
    write(step) {
      for (const job of jobs()) job.log += `{'loss': '${String(1 / step)}'}\n`;
    },
    end() {
      for (const job of jobs()) Object.assign(job, { state: 'succeeded', ended: time.iso() });
    },
    asked: () => backends.flatMap(({ requests }) => requests).sort((a, b) => a.at - b.at),
    isState: (what) => what === 'see all',
    isLog: (what, job) => what === `log ${job}`,
  });
}

/** The backend as it is, over real HTTP, at a server of this process: time stands still while anything is on its way. */
async function fineTuning(): Promise<Row[]> {
  const asked: { readonly at: number; readonly what: string }[] = [];
  let onTheWay = 0;
  const time: FakeTime = new FakeTime(async () => {
    do await promisesRun();
    while (onTheWay > 0);
    for (const { method, path } of server.requests.slice(asked.length)) asked.push({ at: time.now, what: `${method} ${path}` });
  });
  const seconds = (): number => Math.floor(time.clock.now() / 1000);
  const server: FakeFineTuning = await startFakeFineTuning({ now: seconds });
  const backend = counted(new OpenAiBackend({ name: 'provider', url: server.url }), (more) => (onTheWay += more));
  try {
    return await following(time, {
      at: 'a fine-tuning API, over HTTP',
      backends: [backend],
      begin: (id) => server.make({ model: 'base-model', suffix: id, metadata: { cot_lens_run: id } }, { status: 'running' }).id,
      write(step) {
        for (const job of server.jobs) server.event(job, `Step ${String(step)}: training loss=${String(1 / step)}`, { type: 'metrics', data: { step, train_loss: 1 / step } });
      },
      end() {
        for (const job of server.jobs) Object.assign(job, { status: 'succeeded', finished_at: seconds(), fine_tuned_model: `ft:${job.id}` });
      },
      asked: () => asked,
      isState: (what) => /\/fine_tuning\/jobs\?/.test(what),
      isLog: (what, job) => what.includes(`/${job}/events`),
    });
  } finally {
    await server.stop();
  }
}

/** The same backend, told of each of its calls that begins (1) or ends (-1). */
function counted(backend: OpenAiBackend, told: (more: 1 | -1) => void): Backend {
  return new Proxy<Backend>(backend, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]): Promise<unknown> => {
        told(1);
        try {
          return await (value as (...all: unknown[]) => Promise<unknown>).apply(target, given);
        } finally {
          told(-1);
        }
      };
    },
  });
}

async function following(time: FakeTime, { at, backends, begin, write, end, asked, isState, isLog }: Place): Promise<Row[]> {
  const window = await followWindow(time, backends);
  const jobs = new Map<string, string>();
  for (let i = 0; i < RUNS; i++) {
    const backend = backends[i % backends.length];
    if (backend === undefined) throw new Error('no backend');
    const id = `run${String(i)}`;
    const job = begin(id, backend);
    jobs.set(id, job);
    await window.store.add(planOf(id, { backend: { kind: backend.kind, name: backend.name, url: backend.url } }));
    await window.store.note(id, { state: 'pending', job });
  }
  window.follower.shown(['run7']);
  for (let step = 1; time.now < HOUR; step++) {
    write(step);
    await time.advance(WRITES);
  }
  const running = [...asked()];
  const reads = new Map([...jobs].map(([id, job]) => [id, running.filter(({ what }) => isLog(what, job)).length]));
  const least = Math.min(...reads.values());
  end();
  await time.advance(HOUR);
  const ending = asked().slice(running.length);
  const left = window.store.all.filter(({ logRead }) => logRead !== true).length;
  const open = window.store.all.filter(({ state }) => state !== 'succeeded').length;
  const before = asked().length;
  await time.advance(HOUR);
  return [
    { name: `${String(RUNS)} runs at ${at}, an hour: requests, the most in any minute`, figure: mostInAMinute(running.map((one) => one.at)), bound: REQUESTS_PER_MINUTE },
    { name: '… of them for their state, in the hour', figure: running.filter(({ what }) => isState(what)).length },
    { name: '… reads of the log that is looked at', figure: reads.get('run7') ?? 0 },
    { name: '… reads of the log that was read least', figure: least, ok: least > 0 },
    { name: '… while all end: requests, the most in any minute', figure: mostInAMinute(ending.map((one) => one.at)), bound: REQUESTS_PER_MINUTE },
    { name: '… that ended and are not known to have', figure: open, bound: 0 },
    { name: '… that ended with a log not read to its end', figure: left, bound: 0 },
    { name: '… an hour after they ended: requests', figure: asked().length - before, bound: 0 },
  ];
}
