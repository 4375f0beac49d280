import { describe, expect, it } from 'vitest';
import { seeded } from '../../seeded';
import { backendAt, NEVER, runName, serve, wordsOf } from './openaiFixture';
import { fineTuningFaults as faults } from '../../harness/fakeFineTuning';

const metrics = (step: number): Record<string, unknown> => ({ type: 'metrics', data: { step, train_loss: 1 / step, train_mean_token_accuracy: 0.5, valid_loss: 2, full_valid_loss: 3, total_steps: 40, note: 'none' } });

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
      next: 4,
      metrics: [{ step: 1, values: { loss: 1, mean_token_accuracy: 0.5, eval_loss: 2, full_valid_loss: 3, total_steps: 40 }, last: false }],
    });
  });

  it('is read no further than to what was read before', async () => {
    const server = await serve({ page: 10 });
    const job = server.make({});
    for (let i = 1; i <= 95; i++) server.event(job, `event ${String(i)}`);
    const backend = backendAt(server);
    const run = runName('a', job.id);
    expect((await backend.log(run, 0, NEVER)).next).toBe(95);
    expect(server.requests).toHaveLength(10);
    server.event(job, 'event 96');
    server.requests.length = 0;
    expect(await backend.log(run, 95, NEVER)).toMatchObject({ text: expect.stringMatching(/^\S+ event 96\n$/) as string, next: 96 });
    expect(server.requests).toHaveLength(1);
    expect(await backend.log(run, 96, NEVER)).toEqual({ text: '', next: 96, metrics: [] });
    // After a reload nothing is remembered but the number.
    for (let i = 97; i <= 99; i++) server.event(job, `event ${String(i)}`);
    expect((await backendAt(server).log(run, 96, NEVER)).text.match(/event \d+/g)).toEqual(['event 97', 'event 98', 'event 99']);
  });

  it('begins again where the server tells less than was read', async () => {
    const server = await serve();
    const job = server.make({});
    for (let i = 1; i <= 5; i++) server.event(job, `event ${String(i)}`);
    const backend = backendAt(server);
    await backend.log(runName('a', job.id), 0, NEVER);
    job.events.splice(0, 3);
    server.event(job, 'event 6');
    expect((await backend.log(runName('a', job.id), 5, NEVER)).text).toMatch(/^\S+ event 6\n$/);
    expect((await backendAt(server).log(runName('a', job.id), 5, NEVER)).text.match(/event \d/g)).toEqual(['event 4', 'event 5', 'event 6']);
  });

  it('fails in words', async () => {
    const server = await serve();
    const job = server.make({});
    for (const [fault, kind] of [[faults.unauthorized, 'auth'], [faults.limited, 'refused'], [faults.crashed, 'odd'], [faults.malformed, 'odd'], [faults.cut, 'unreachable'], [faults.noAddress, 'refused']] as const) {
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
      for (let part = 0; part < 6; part++) {
        for (let i = Math.floor(random() * 9); i > 0; i--) server.event(job, `event ${String(++count)}`, metrics(count));
        if (random() < 0.3) backend = backendAt(server);
        const read = await backend.log(run, from, NEVER);
        text += read.text;
        from = read.next;
        expect(read.metrics?.length).toBe(read.text.split('\n').length - 1);
      }
      expect(text.match(/event \d+/g) ?? []).toEqual(Array.from({ length: count }, (_, i) => `event ${String(i + 1)}`));
      expect(from).toBe(count);
    }
  }, 30_000);
});
