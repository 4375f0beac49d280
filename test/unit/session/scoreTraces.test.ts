import { describe, expect, it } from 'vitest';
import { scoreTraces, type TracesProgress, type TracesTools, type TraceToScore } from '../../../src/session/scoreTraces';
import type { ScoreLog } from '../../../src/judge/scoreLog';
import { Slots } from '../../../src/session/slots';
import { faults } from '../../harness/modelServer';
import { readJudgeRequest, scriptedReply } from '../../harness/scriptedJudge';
import { serve } from '../model/chats';
import { judgeAt, stateOf, traceOf } from '../judge/judging';
import { openLog, temporaryFolder } from './scoring';

const steps = (trace: number, count = 3): string[] => Array.from({ length: count }, (_, i) => `trace ${String(trace)} step ${String(i)} =${String(1 + (i % 5))}`);

function traces(log: ScoreLog, count: number, of = 3): TraceToScore[] {
  return Array.from({ length: count }, (_, k) => ({
    name: `t${String(k)}`,
    open: async () => {
      const doc = `t${String(k)}.cot`;
      await log.load(doc);
      return { log, doc, state: stateOf(log, traceOf(steps(k, of)), doc) };
    },
  }));
}

const run = (all: readonly TraceToScore[], tools: Pick<TracesTools, 'judge'> & Partial<TracesTools>): ReturnType<typeof scoreTraces> =>
  scoreTraces(all, { clock: { now: () => 0 }, signal: new AbortController().signal, progress: () => undefined, ...tools });

describe('scoring many traces', () => {
  it.each(['prefix', 'whole-trace'] as const)('scores all, keeps the places for requests full and never more (%s)', async (protocol) => {
    // So slow that all places are taken before the first reply comes, however busy the machine is.
    const server = await serve({ reply: scriptedReply(), latency: protocol === 'prefix' ? 25 : 100 });
    const log = openLog(await temporaryFolder());
    const progress: TracesProgress[] = [];
    const result = await run(traces(log, 12), { judge: judgeAt(server, { protocol }, { concurrency: 4 }), progress: (now) => progress.push(now) });
    expect(result).toMatchObject({ scored: 48, kept: 0, cancelled: false });
    expect(result.stopped).toBeUndefined();
    expect(result.traces.map(({ name, result: one }) => [name, one?.scored])).toEqual(Array.from({ length: 12 }, (_, k) => [`t${String(k)}`, 4]));
    expect(server.mostInFlight).toBe(4);
    expect(progress.at(-1)).toMatchObject({ traces: 12, of: 12, verdicts: 48 });
    expect(result.usage?.output).toBeGreaterThan(0);
    server.reset();
    const again = await run(traces(log, 12), { judge: judgeAt(server, { protocol }) });
    expect(again).toMatchObject({ scored: 0, kept: 48 });
    expect(server.completions).toEqual([]);
  });

  it('keeps the requests of a trace together, so that its beginning stays in the server’s cache', async () => {
    const server = await serve({ reply: scriptedReply(), latency: 3 });
    const log = openLog(await temporaryFolder());
    await run(traces(log, 6, 10), { judge: judgeAt(server, {}, { concurrency: 2 }) });
    const order = server.completions.map(({ json }) => Number(/trace (\d+)/.exec(readJudgeRequest(json.messages).steps[0]?.text ?? '')?.[1]));
    // A trace begins only when there is no more to be asked for in those before it.
    const begun = [0, 1, 2, 3, 4, 5].map((k) => order.indexOf(k));
    begun.slice(1).forEach((at, k) => { expect(at).toBeGreaterThanOrEqual((k + 1) * 11 - 2); });
  });

  it('a trace that cannot be opened, or is too long, does not keep the others', async () => {
    const server = await serve({ reply: scriptedReply() });
    const log = openLog(await temporaryFolder());
    const all = traces(log, 5);
    all[1] = { name: 'gone', open: () => Promise.reject(new Error('no such file')) };
    server.fault(faults.contextOverflow, { after: 5 });
    const result = await run(all, { judge: judgeAt(server, {}, { concurrency: 1 }) });
    expect(result.stopped).toBeUndefined();
    expect(result.traces[1]).toMatchObject({ name: 'gone', error: new Error('no such file') });
    expect(result.traces.map(({ result: one }) => one?.scored)).toEqual([4, undefined, 1, 4, 4]);
    expect(result.traces[2]?.result?.stopped?.code).toBe('too-long');
  });

  it('a fault of the endpoint stops all, and what came is kept', async () => {
    const server = await serve({ reply: scriptedReply(), latency: 2 });
    const log = openLog(await temporaryFolder());
    server.fault(faults.unauthorized, { after: 6, times: Infinity });
    const result = await run(traces(log, 9), { judge: judgeAt(server, {}, { concurrency: 2 }) });
    expect(result).toMatchObject({ scored: 6, cancelled: false, stopped: { code: 'unauthorized' } });
    expect(server.completions.length).toBeLessThanOrEqual(8);
    // What had begun says why it is not complete; what had not, nothing.
    expect(result.traces.filter((one) => one.result?.stopped !== undefined).length).toBeGreaterThan(0);
    expect(result.traces.at(-1)).toEqual({ name: 't8' });
    expect(log.scores('t0.cot').records()).toHaveLength(4);
  });

  it('a judge that only talks nonsense is given up after three traces', async () => {
    const server = await serve({ reply: () => 'hm' });
    const log = openLog(await temporaryFolder());
    const result = await run(traces(log, 20), { judge: judgeAt(server, {}, { concurrency: 1 }) });
    expect(result.stopped).toMatchObject({ code: 'faults-in-row', message: expect.stringContaining('3 traces in a row') as string });
    // Three traces, three steps of each, each asked once more.
    expect(server.completions.length).toBeLessThan(30);
  });

  it('cancelled, keeps what it has, and the next run asks for the rest alone', async () => {
    const server = await serve({ reply: scriptedReply(), latency: 2 });
    const folder = await temporaryFolder();
    const log = openLog(folder);
    const abort = new AbortController();
    const result = await run(traces(log, 6), {
      judge: judgeAt(server, {}, { concurrency: 2 }),
      signal: abort.signal,
      progress: ({ verdicts }) => { if (verdicts >= 7) abort.abort(); },
    });
    expect(result.cancelled).toBe(true);
    expect(result.scored).toBeGreaterThanOrEqual(7);
    expect(result.scored).toBeLessThan(12);
    const later = openLog(folder);
    const rest = await run(traces(later, 6), { judge: judgeAt(server) });
    expect(rest).toMatchObject({ scored: 24 - result.scored, kept: result.scored, cancelled: false });
  });
});

describe('places for requests', () => {
  it('are given in the order they were asked for, and idle only where nobody waits', async () => {
    const slots = new Slots(1);
    const never = new AbortController().signal;
    const order: string[] = [];
    expect(slots.tryTake()).toBe(true);
    const waiting = [
      slots.idle(never).then(() => order.push('idle')),
      slots.take(never).then(() => order.push('first')),
      slots.take(never).then(() => order.push('second')),
    ];
    for (let i = 0; i < 3; i++) {
      slots.release();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(waiting);
    expect(order).toEqual(['first', 'second', 'idle']);
  });

  it('who is told to stop waits no longer, and takes none', async () => {
    const slots = new Slots(1);
    const stop = new AbortController();
    slots.tryTake();
    const taken = slots.take(stop.signal);
    stop.abort();
    expect(await taken).toBe(false);
    slots.release();
    expect(slots.tryTake()).toBe(true);
    expect(await slots.take(stop.signal)).toBe(false);
  });
});
