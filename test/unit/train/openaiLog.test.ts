import { describe, expect, it } from 'vitest';
import { eventLines, eventMetrics, jobEvent } from '../../../src/train/backends/openai/eventLog';
import { RequestBudget } from '../../../src/train/runs/requestBudget';
import { seeded } from '../../seeded';
import { backendAt, counted, NEVER, runName, serve, wordsOf } from './openaiFixture';
import { fineTuningFaults as faults, type FakeFineTuning, type FakeJob } from '../../harness/fakeFineTuning';

const metrics = (step: number): Record<string, unknown> => ({ type: 'metrics', data: { step, train_loss: 1 / step, train_mean_token_accuracy: 0.5, valid_loss: 2, full_valid_loss: 3, total_steps: 40, note: 'none' } });

function eventful(server: FakeFineTuning, count: number): FakeJob {
  const job = server.make({});
  for (let i = 1; i <= count; i++) server.event(job, `event ${String(i)}`);
  return job;
}

const numbersOf = (text: string): number[] => [...text.matchAll(/event (\d+)/g)].map(([, number]) => Number(number));
const upTo = (count: number, from = 1): number[] => Array.from({ length: count - from + 1 }, (_, i) => from + i);

describe('the log', () => {
  it('has the events, oldest first, and their numbers by trainers’ names', async () => {
    const server = await serve();
    const job = server.make({});
    server.event(job, 'Created');
    server.event(job, 'Step 1: training loss=1.00', metrics(1));
    server.event(job, 'Slow\nnode', { level: 'warn' });
    server.event(job, 'A number of no update', { type: 'metrics', data: { train_loss: 1 } });
    const part = await backendAt(server).log(runName('a', job.id), 0, NEVER);
    expect(part).toEqual({
      text: '2026-01-01T00:00:01.000Z Created\n2026-01-01T00:00:02.000Z Step 1: training loss=1.00\n2026-01-01T00:00:03.000Z [warn] Slow node\n2026-01-01T00:00:04.000Z A number of no update\n',
      next: expect.any(Number) as number,
      metrics: [{ step: 1, values: { loss: 1, mean_token_accuracy: 0.5, eval_loss: 2, full_valid_loss: 3, total_steps: 40 }, last: false }],
    });
  });

  it('is read no further than to what was read before, after a reload either', async () => {
    const server = await serve({ page: 10 });
    const job = eventful(server, 95);
    const backend = backendAt(server);
    const run = runName('a', job.id);
    const first = await backend.log(run, 0, NEVER);
    expect(numbersOf(first.text)).toEqual(upTo(95));
    expect(server.requests).toHaveLength(10);
    server.event(job, 'event 96');
    server.requests.length = 0;
    const second = await backend.log(run, first.next, NEVER);
    expect(second.text).toMatch(/^\S+ event 96\n$/);
    expect(server.requests).toHaveLength(1);
    expect(await backend.log(run, second.next, NEVER)).toEqual({ text: '', next: second.next, metrics: [] });
    // After a reload nothing is remembered but the number.
    for (let i = 97; i <= 99; i++) server.event(job, `event ${String(i)}`);
    server.requests.length = 0;
    expect(numbersOf((await backendAt(server).log(run, second.next, NEVER)).text)).toEqual([97, 98, 99]);
    expect(server.requests).toHaveLength(1);
  });

  it('goes on where the server has dropped what was read', async () => {
    const server = await serve();
    const job = eventful(server, 5);
    const backend = backendAt(server);
    const { next } = await backend.log(runName('a', job.id), 0, NEVER);
    job.events.splice(0, 5);
    server.event(job, 'event 6');
    expect((await backend.log(runName('a', job.id), next, NEVER)).text).toMatch(/^\S+ event 6\n$/);
    expect((await backendAt(server).log(runName('a', job.id), next, NEVER)).text).toMatch(/^\S+ event 6\n$/);
  });

  it('is counted where events have no time, and begins again where fewer of them are told than were read', async () => {
    const server = await serve({ page: 3 });
    const job = server.make({});
    const event = (i: number): void => { server.event(job, `event ${String(i)}`, { created_at: undefined }); };
    for (let i = 1; i <= 5; i++) event(i);
    const run = runName('a', job.id);
    const first = await backendAt(server).log(run, 0, NEVER);
    expect(first).toMatchObject({ text: upTo(5).map((i) => `event ${String(i)}\n`).join(''), next: 5 });
    event(6);
    expect(await backendAt(server).log(run, 5, NEVER)).toMatchObject({ text: 'event 6\n', next: 6 });
    job.events.splice(0, 3);
    expect(await backendAt(server).log(run, 6, NEVER)).toMatchObject({ text: 'event 4\nevent 5\nevent 6\n', next: 3 });
  });

  it('takes events whose clock went back in the order in which they were listed', async () => {
    const server = await serve();
    const job = server.make({});
    const at = (i: number, seconds: number): void => { server.event(job, `event ${String(i)}`, { created_at: seconds }); };
    at(1, 1000);
    at(2, 1007);
    const run = runName('a', job.id);
    const first = await backendAt(server).log(run, 0, NEVER);
    at(3, 1005);
    at(4, 1007);
    const second = await backendAt(server).log(run, first.next, NEVER);
    expect(numbersOf(second.text)).toEqual([3, 4]);
    expect(second.next).toBeGreaterThan(first.next);
  });

  it('asks no more than it may, and goes on from there', async () => {
    const server = await serve({ page: 10 });
    const job = eventful(server, 95);
    const backend = backendAt(server);
    const run = runName('a', job.id);
    expect(await backend.log(run, 0, NEVER, counted(0))).toEqual({ text: '', next: 0, more: true });
    expect(server.requests).toEqual([]);
    for (const pages of [4, 5]) {
      expect(await backend.log(run, 0, NEVER, counted(pages))).toEqual({ text: '', next: 0, more: true });
      expect(server.requests).toHaveLength(pages === 4 ? 4 : 9);
      // What is made meanwhile comes after.
      server.event(job, `event ${String(pages === 4 ? 96 : 97)}`);
    }
    const may = counted(100);
    const first = await backend.log(run, 0, NEVER, may);
    expect(may.taken).toBe(1);
    expect(first.more).toBeUndefined();
    expect(numbersOf(first.text)).toEqual(upTo(95));
    expect(numbersOf((await backend.log(run, first.next, NEVER, may)).text)).toEqual([96, 97]);
    expect(server.requests).toHaveLength(11);
  });

  it('goes on after a page that failed, and begins anew where it cannot go on', async () => {
    const server = await serve({ page: 10 });
    const job = eventful(server, 95);
    const backend = backendAt(server);
    const run = runName('a', job.id);
    await backend.log(run, 0, NEVER, counted(4));
    server.fault(faults.limited);
    await wordsOf(backend.log(run, 0, NEVER));
    server.requests.length = 0;
    expect(numbersOf((await backend.log(run, 0, NEVER)).text)).toEqual(upTo(95));
    expect(server.requests).toHaveLength(10);
  });

  it('of many runs keeps to the requests of a minute, and is whole for each in the end', async () => {
    const server = await serve({ page: 10 });
    const runs = Array.from({ length: 8 }, (_, i) => runName(`run-${String(i)}`, eventful(server, 95).id));
    const backend = backendAt(server);
    let now = 0;
    const budget = new RequestBudget(() => now);
    const open = new Map(runs.map((run) => [run, 0]));
    for (let minute = 0; minute < 10 && open.size > 0; minute++, now += 60_000) {
      server.requests.length = 0;
      // Each begins before the first is done.
      for (const [run, from] of [...open]) {
        const pages = counted(4);
        const part = await backend.log(run, from, NEVER, { take: () => pages.take() && budget.take() });
        if (part.more === true) continue;
        expect(numbersOf(part.text)).toEqual(upTo(95));
        open.delete(run);
      }
      expect(server.requests.length).toBeLessThanOrEqual(30);
    }
    expect(open.size).toBe(0);
  });

  it('whose list goes from old to new is not read whole at each look, and comes as far as it may be asked for', async () => {
    const server = await serve({ page: 10, order: 'oldest' });
    const job = eventful(server, 95);
    const backend = backendAt(server);
    const run = runName('a', job.id);
    const first = await backend.log(run, 0, NEVER, counted(4));
    expect(first.more).toBe(true);
    expect(numbersOf(first.text)).toEqual(upTo(40));
    const second = await backend.log(run, first.next, NEVER);
    expect(second.more).toBeUndefined();
    expect(numbersOf(second.text)).toEqual(upTo(95, 41));
    expect(server.requests).toHaveLength(10);
    server.event(job, 'event 96');
    expect(numbersOf((await backend.log(run, second.next, NEVER)).text)).toEqual([96]);
    expect(server.requests).toHaveLength(11);
    expect(numbersOf((await backendAt(server).log(run, second.next, NEVER)).text)).toEqual([96]);
  });

  it('whose server takes no notice of where to begin has nothing twice', async () => {
    const server = await serve({ page: 10, order: 'oldest' });
    const job = eventful(server, 25);
    const backend = backendAt(server);
    const run = runName('a', job.id);
    const { next } = await backend.log(run, 0, NEVER);
    server.event(job, 'event 26');
    server.fault({ kind: 'http', status: 200, body: { object: 'list', data: job.events, has_more: false } });
    expect(numbersOf((await backend.log(run, next, NEVER)).text)).toEqual([26]);
  });

  it('that never ends is given up after fifty pages, and says so', async () => {
    const server = await serve({ endless: true, page: 2 });
    const job = eventful(server, 1);
    const part = await backendAt(server).log(runName('a', job.id), 0, NEVER);
    expect(server.requests).toHaveLength(50);
    expect(part.text).toMatch(/^\[Events before these are not given: more than 100 were not read yet\. \S+ has them\.\]\n/);
    expect(part.text.match(/event 1/g)).toHaveLength(100);
  });

  it('is one line for each event, whatever stands in it, and has numbers of any name', () => {
    const read = (fields: Record<string, unknown>): NonNullable<ReturnType<typeof jobEvent>> => {
      const event = jobEvent({ id: 'e', ...fields });
      if (event === undefined) throw new Error('no event');
      return event;
    };
    expect(eventLines([read({ message: 'a \r\n\u2028 b\t\tc' })])).toBe('a b c\n');
    // Looked through once from each space, this would take hours.
    expect(eventLines([read({ message: `${' '.repeat(2_000_000)}x` })])).toBe(' x\n');
    const data = { step: 1, constructor: 2, toString: 3, train_loss: 4 };
    expect(eventMetrics([read({ data })])).toEqual([{ step: 1, values: { constructor: 2, toString: 3, loss: 4 }, last: false }]);
  });

  it('fails in words', async () => {
    const server = await serve();
    const job = server.make({});
    for (const [fault, kind] of [[faults.unauthorized, 'auth'], [faults.limited, 'busy'], [faults.crashed, 'odd'], [faults.malformed, 'odd'], [faults.cut, 'unreachable'], [faults.noAddress, 'refused']] as const) {
      server.fault(fault);
      expect(await wordsOf(backendAt(server).log(runName('a', job.id), 0, NEVER))).toMatchObject({ kind, message: expect.stringContaining(server.origin) as string });
    }
  });

  it.each(['newest', 'oldest'] as const)('law: parts make the whole however they are read, with the %s first', async (order) => {
    const random = seeded(7);
    for (let round = 0; round < 8; round++) {
      let seconds = 1_767_225_600;
      // Several events fall into one second; of a list from old to new, that would not tell its order.
      const server = await serve({ order, page: 2 + Math.floor(random() * 7), now: () => (seconds += order === 'oldest' || random() < 0.5 ? 1 : 0) });
      const job = server.make({});
      const run = runName('a', job.id);
      let backend = backendAt(server);
      let [text, from, count] = ['', 0, 0];
      const read = async (may: ReturnType<typeof counted>): Promise<boolean> => {
        const before = server.requests.length;
        const part = await backend.log(run, from, NEVER, may);
        expect(server.requests.length - before).toBe(may.taken);
        expect(part.next).toBeGreaterThanOrEqual(from);
        expect(part.metrics?.length ?? 0).toBe(numbersOf(part.text).length);
        text += part.text;
        from = part.next;
        return part.more !== true;
      };
      for (let part = 0; part < 8; part++) {
        for (let i = Math.floor(random() * 9); i > 0; i--) server.event(job, `event ${String(++count)}`, metrics(count));
        if (random() < 0.3) backend = backendAt(server);
        if (await read(counted(Math.floor(random() * 6)))) expect(numbersOf(text).at(-1) ?? 0).toBeLessThanOrEqual(count);
      }
      expect(await read(counted(100))).toBe(true);
      // What was listed before the last events were made came first.
      expect(await read(counted(100))).toBe(true);
      expect(numbersOf(text)).toEqual(upTo(count));
    }
  }, 30_000);
});
