import { appendFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MemoryFiles } from '../../../../src/session/memoryFiles';
import { nodeFiles } from '../../../../src/session/nodeFiles';
import { RunLogs, type LogBounds } from '../../../../src/session/training/runLogFile';
import { MetricLines } from '../../../../src/train/logs/metricLines';
import type { Files } from '../../../../src/trace/files';
import { heard, runsFolder, type Heard } from './setUp';

const LINES = ["{'loss': '5.9', 'epoch': '0.1'}", ' 50%|###  | 2/4', "{'loss': '4.5', 'epoch': '0.2'}", 'done — fertig', "{'train_runtime': '3.2', 'train_loss': '5.1'}", ''];
const LOG = LINES.join('\n');

function window(folder: string, text = 1e6, files: Files = nodeFiles, more: Partial<LogBounds> = {}): { logs: RunLogs; log: Heard } {
  const log = heard();
  let second = 0;
  const logs = new RunLogs(folder, files, () => new Date(Date.UTC(2026, 10, 21, 10, 0, second++)).toISOString(), log, { text, memory: 1e6, ...more });
  onTestFinished(() => {
    logs.dispose();
  });
  return { logs, log };
}

/** As a backend that gives the whole log each time. */
const partOf = (log: string, from: number): { text: string; next: number } => ({ text: log.length >= from ? log.slice(from) : log, next: log.length });

describe('the log of a run', { timeout: 30_000 }, () => {
  it('law: comes together from parts, with its numbers, whenever it is read anew', async () => {
    const whole = new MetricLines().read(LOG);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: LOG.length }), fc.boolean()), { maxLength: 8 }), async (cuts) => {
        const files = new MemoryFiles();
        let { logs } = window('/runs', undefined, files);
        for (const [end, reload] of [...cuts.sort(([a], [b]) => a - b), [LOG.length, false] as const]) {
          const { next } = await logs.read('a');
          await logs.append('a', partOf(LOG.slice(0, end), next), next);
          if (reload) ({ logs } = window('/runs', undefined, files));
        }
        for (const one of [logs, window('/runs', undefined, files).logs]) {
          const log = await one.read('a');
          expect(log.text).toBe(LOG);
          expect([log.length, log.next]).toEqual([LOG.length, LOG.length]);
          expect(log.metrics.map(({ step, values, last }) => ({ step, values, last }))).toEqual(whole);
          for (const at of [0, 1, 40, LOG.length]) expect(log.since(at)).toBe(LOG.slice(at));
          expect([0, 1, 40, LOG.length + 1].map((most) => log.beginning(most))).toEqual([0, 1, 40, LOG.length].map((most) => LOG.slice(0, most)));
          expect(LOG.endsWith(log.end(5))).toBe(true);
          expect(log.end(5).length).toBeGreaterThanOrEqual(5);
        }
      }),
    );
  });

  it('passes over a torn last line, and goes on from the last whole one', async () => {
    const folder = runsFolder();
    const first = window(folder.path).logs;
    await first.append('a', { text: 'one\n', next: 4 });
    appendFileSync(path.join(folder.path, 'a.log.jsonl'), Buffer.concat([Buffer.from('{"at":"2026","from":4,"next":9,"text":"caf'), Buffer.from([0xc3])]));
    const { logs, log } = window(folder.path);
    expect(await logs.read('a')).toMatchObject({ text: 'one\n', next: 4 });
    await logs.append('a', { text: 'two é\n', next: 10 }, 4);
    await logs.append('a', { text: 'three\n', next: 16 }, 10);
    expect(await logs.read('a')).toMatchObject({ text: 'one\ntwo é\nthree\n', next: 16 });
    expect(log.said).toEqual(['warn: A line of the log of the run a cannot be read and is passed over.']);
    expect(await first.read('a')).toMatchObject({ text: 'one\ntwo é\nthree\n', next: 16 });
  });

  it('grows in another window, which is told; two that read the same keep it once', async () => {
    const folder = runsFolder();
    const [one, two] = [window(folder.path).logs, window(folder.path).logs];
    expect((await two.read('a')).text).toBe('');
    const told: string[] = [];
    two.onDidChange((id) => told.push(id));
    await one.append('a', partOf(LOG.slice(0, 20), 0), 0);
    await expect.poll(async () => (await two.read('a')).text, { timeout: 5000 }).toBe(LOG.slice(0, 20));
    await expect.poll(() => told, { timeout: 5000 }).toContain('a');
    await Promise.all([one, two].map((logs) => logs.append('a', partOf(LOG, 20), 20)));
    // What was asked for before another window went on is let go.
    await two.append('a', partOf(LOG, 0), 0);
    for (const logs of [one, two, window(folder.path).logs]) {
      const log = await logs.read('a');
      expect(log.text).toBe(LOG);
      expect(log.metrics.map(({ step }) => step)).toEqual([1, 2, 2]);
    }
  });

  it('keeps once what two windows wrote though neither knew of the other', async () => {
    const folder = runsFolder();
    const line = (from: number, next: number): string => `${JSON.stringify({ at: '2026-11-21T10:00:00.000Z', from, next, text: LOG.slice(from, next), metrics: [] })}\n`;
    folder.write('a.log.jsonl', line(0, 20) + line(0, 20) + line(0, 50) + line(20, 50) + line(50, LOG.length));
    expect((await window(folder.path).logs.read('a')).text).toBe(LOG);
  });

  it('that is shorter than before has begun anew: all of it is kept, its numbers alone count', async () => {
    const folder = runsFolder();
    const { logs } = window(folder.path);
    await logs.append('a', partOf(LOG, 0), 0);
    const short = "{'loss': '9.5'}\n";
    await logs.append('a', partOf(short, LOG.length), LOG.length);
    await logs.append('a', partOf(`${short}{'loss': '8.5'}\n`, short.length), short.length);
    for (const log of [await logs.read('a'), await window(folder.path).logs.read('a')]) {
      expect(log.text).toBe(`${LOG}\n[The backend’s log begins anew here, or was cut.]\n${short}{'loss': '8.5'}\n`);
      expect(log.metrics.map(({ step, values }) => [step, values['loss']])).toEqual([[1, 9.5], [2, 8.5]]);
      expect(log.next).toBe(short.length * 2);
      expect(log.beginning(1000)).toBe(`${short}{'loss': '8.5'}\n`);
    }
  });

  it('that is too long loses its older half, which is said; no number is lost, none counted twice', async () => {
    const folder = runsFolder();
    let { logs } = window(folder.path, 2000);
    let all = '';
    const other = window(folder.path, 2000).logs;
    await other.read('a');
    for (let i = 1; i <= 300; i++) {
      const more = `${'x'.repeat(i % 7)}\n{'loss': '${String(i)}'}\n`;
      all += more;
      // Torn in the middle of its numbers.
      const { next } = await logs.read('a');
      await logs.append('a', partOf(all.slice(0, -(i % 12) || undefined), next), next);
      if (i % 50 === 0) ({ logs } = window(folder.path, 2000));
    }
    const { next } = await logs.read('a');
    await logs.append('a', partOf(all, next), next);
    for (const one of [logs, other, window(folder.path, 2000).logs]) {
      const log = await one.read('a');
      expect(log.length).toBeLessThan(2400);
      expect(log.text).toMatch(/^\[The first 1 MB of this log are not kept here; the backend has them\.\]\n/);
      expect(all.endsWith(log.text.slice(log.text.indexOf('\n') + 1))).toBe(true);
      expect(log.next).toBe(all.length);
      expect(log.metrics.map(({ step, values }) => [step, values['loss']])).toEqual(Array.from({ length: 300 }, (_, i) => [i + 1, i + 1]));
    }
    expect(folder.read('a.log.jsonl').split('\n').length).toBeLessThan(400);
  });

  it('of which the backend has nothing any more keeps its text and its numbers, and goes on where it was', async () => {
    const folder = runsFolder();
    const { logs } = window(folder.path);
    await logs.append('a', partOf(LOG, 0), 0);
    const metrics = [...(await logs.read('a')).metrics];
    await logs.append('a', { text: '', next: 0 }, LOG.length);
    for (const log of [await logs.read('a'), await window(folder.path).logs.read('a')]) expect([log.text, log.next, log.metrics]).toEqual([LOG, LOG.length, metrics]);
    await logs.append('a', partOf(`${LOG}more`, LOG.length), LOG.length);
    expect((await logs.read('a')).text).toBe(`${LOG}more`);
  });

  it('law: that is too long keeps the end of what came, however long its parts are', async () => {
    const most = 1000;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(1, 10, 300, 501, 700, 990, 1000, 1001, 3000), fc.boolean()), { minLength: 1, maxLength: 12 }), async (parts) => {
        const files = new MemoryFiles();
        let { logs } = window('/runs', most, files);
        let all = '';
        for (const [i, [length, reload]] of parts.entries()) {
          const from = all.length;
          all += `${'x'.repeat(length)}\n{'loss': '${String(i + 1)}'}\n`;
          await logs.append('a', partOf(all, from), from);
          if (reload) ({ logs } = window('/runs', most, files));
        }
        for (const one of [logs, window('/runs', most, files).logs]) {
          const log = await one.read('a');
          expect(all.endsWith(log.text.replace(/^\[The first .*\]\n/, '').slice(-most / 2))).toBe(true);
          expect(log.text.endsWith(all.slice(-most / 2))).toBe(true);
          expect(log.length).toBeLessThan(most + 200);
          expect(log.next).toBe(all.length);
          expect(log.metrics.map(({ step, values }) => [step, values['loss']])).toEqual(parts.map((_, i) => [i + 1, i + 1]));
        }
      }),
      { numRuns: 200, seed: 6 },
    );
  });

  it('that is too long by its last part alone keeps the end of that', async () => {
    const { logs } = window(runsFolder().path, 1000);
    await logs.append('a', { text: 'x'.repeat(400), next: 400 }, 0);
    const log = await logs.append('a', { text: `${'y'.repeat(692)}\nValueError: why it failed`, next: 1118 }, 400);
    expect(log.text).toMatch(/^\[The first 1 MB .*\]\ny+\nValueError: why it failed$/);
    expect(log.end(40)).toContain('ValueError: why it failed');
  });

  it('that comes as one part longer than is kept keeps its end', async () => {
    const { logs } = window(runsFolder().path, 1000);
    const log = await logs.append('a', { text: `${'x'.repeat(5000)}\nthe end`, next: 5008 }, 0);
    expect(log.text).toMatch(/^\[The first 1 MB .*\]\nx{492}\nthe end$/);
    expect(log.next).toBe(5008);
  });

  it('that grows for days is read from where it was: each byte of its file once', async () => {
    let bytes = 0;
    const memory = new MemoryFiles();
    const files: Files = Object.assign(Object.create(memory) as Files, {
      read: async (at: string, start?: number) => {
        const found = await memory.read(at, start);
        bytes += found.length;
        return found;
      },
    });
    const { logs } = window('/runs', undefined, files);
    for (let i = 0; i < 500; i++) {
      await logs.append('a', { text: 'x'.repeat(100), next: (i + 1) * 100 }, i * 100);
      await logs.read('a');
    }
    expect(bytes).toBe((await memory.facts('/runs/a.log.jsonl'))?.size);
  });

  it('takes numbers that a backend gives apart from its text', async () => {
    const folder = runsFolder();
    const { logs } = window(folder.path);
    await logs.append('a', { text: 'Step 10/20\n', next: 1, metrics: [{ step: 10, values: { loss: 2 }, last: false }] }, 0);
    await logs.append('a', { text: '', next: 1 }, 1);
    await logs.append('a', { text: '', next: 2, metrics: [{ step: 20, values: { loss: 1 }, last: false }] }, 1);
    expect((await window(folder.path).logs.read('a')).metrics.map(({ step }) => step)).toEqual([10, 20]);
    expect(folder.read('a.log.jsonl').trimEnd().split('\n')).toHaveLength(2);
  });

  it('that cannot be kept is said, and comes again', async () => {
    const memory = new MemoryFiles();
    let isFull = true;
    const files: Files = Object.assign(Object.create(memory) as Files, {
      append: async (at: string, text: string) => {
        if (!isFull) return memory.append(at, text);
        await memory.append(at, text.slice(0, 30));
        throw new Error('no space left on device');
      },
    });
    const { logs } = window('/runs', undefined, files);
    await expect(logs.append('a', partOf(LOG, 0), 0)).rejects.toThrow('The log of the run a could not be kept: no space left on device');
    isFull = false;
    expect((await logs.read('a')).next).toBe(0);
    await logs.append('a', partOf(LOG, 0), 0);
    expect(await window('/runs', undefined, memory).logs.read('a')).toMatchObject({ text: LOG });
  });

  it('that comes as one part longer than is kept loses none of its numbers, and goes on with the right ones', async () => {
    const folder = runsFolder();
    const { logs } = window(folder.path, 1000);
    let all = Array.from({ length: 200 }, (_, i) => `{'loss': '${String(i + 1)}'}\n`).join('');
    await logs.append('a', partOf(all, 0), 0);
    all += "{'loss': '201'}\n";
    await logs.append('a', partOf(all, (await logs.read('a')).next));
    for (const one of [logs, window(folder.path, 1000).logs]) {
      const log = await one.read('a');
      expect(log.metrics.map(({ step, values }) => [step, values['loss']])).toEqual(Array.from({ length: 201 }, (_, i) => [i + 1, i + 1]));
      expect(log.length).toBeLessThan(1200);
    }
  });

  it('that is nothing but numbers is kept within bounds, in memory and on disk, and its curve still begins and ends where it did', async () => {
    const folder = runsFolder();
    const most = 100 * 354;
    const { logs } = window(folder.path, 4000, nodeFiles, { numbers: most });
    let all = '';
    for (let part = 0; part < 20; part++) {
      const from = all.length;
      all += Array.from({ length: 500 }, (_, i) => `{'loss': '${String(part * 500 + i + 1)}'}\n`).join('');
      await logs.append('a', partOf(all, from), from);
    }
    for (const one of [logs, window(folder.path, 4000, nodeFiles, { numbers: most }).logs]) {
      const { metrics } = await one.read('a');
      expect(metrics.length).toBeLessThanOrEqual(100);
      expect(metrics.length).toBeGreaterThan(50);
      expect([metrics[0]?.step, metrics.at(-1)?.step]).toEqual([1, 10_000]);
      expect(metrics.every(({ step, values }, i) => values['loss'] === step && (i === 0 || step > (metrics[i - 1]?.step ?? 0)))).toBe(true);
    }
    expect(folder.read('a.log.jsonl').length).toBeLessThan(60_000);
  });

  it('with many numbers makes room for others in memory', async () => {
    const reads = new Map<string, number>();
    const disk = new MemoryFiles();
    const files: Files = Object.assign(Object.create(disk) as Files, {
      read: (at: string, start?: number) => {
        reads.set(at, (reads.get(at) ?? 0) + 1);
        return disk.read(at, start);
      },
    });
    // A number in each eleven characters: 11 MB of text would be 350 MB in memory.
    const text = "{'a': '1'}\n".repeat(100);
    const memory = 9.5 * (text.length + 100 * 351);
    const first = window('/runs', undefined, files).logs;
    for (let i = 0; i < 10; i++) await first.append(`r${String(i)}`, { text, next: text.length }, 0);
    const { logs } = window('/runs', undefined, files, { memory });
    for (let i = 0; i < 10; i++) await logs.read(`r${String(i)}`);
    reads.clear();
    await logs.read('r9');
    expect(reads.size).toBe(0);
    await logs.read('r0');
    expect(reads.get('/runs/r0.log.jsonl')).toBe(1);
  });
});
