import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../../../src/session/memoryFiles';
import { RunStore } from '../../../../src/session/training/runStore';
import type { Files } from '../../../../src/trace/files';
import { FakeBackend, FakeLease, FakeTime, followWindow, type FollowWindow } from './followSetUp';
import { heard, planOf } from './plan';

const MINUTE = 60_000;
const VERSIONS = { python: '3.11.7', trl: '1.13.0', transformers: '5.18.0' };
const lineOf = (versions: object): string => `cot-lens versions ${JSON.stringify(versions)}\n`;
const BEFORE = 'Running entrypoint for job a: python3 versions.py trl 2>/dev/null; exec trl sft\n';
const LOG = `${BEFORE}${lineOf(VERSIONS)}{'loss': '5.9'}\n{'loss': '4.8'}\n`;
const ALL = { cotLens: '0.5.0', ...VERSIONS };

async function running(window: FollowWindow, backend: FakeBackend, log = '', id = 'a'): Promise<{ log: string }> {
  const job = { state: 'running' as const, log, started: '2026-11-21T10:00:00.000Z' };
  backend.jobs.set(id, job);
  await window.store.add(planOf(id, { backend: { kind: backend.kind, name: backend.name, url: backend.url } }));
  await window.store.note(id, { state: 'pending' });
  return job;
}

/** The lines of a run’s file that note versions. */
async function noted(files: Files, id = 'a'): Promise<readonly unknown[]> {
  const lines = new TextDecoder().decode(await files.read(`/runs/${id}.run.jsonl`)).trimEnd().split('\n');
  return lines.slice(1).flatMap((line) => (JSON.parse(line) as { versions?: unknown }).versions ?? []);
}

describe('the trainer’s versions of a run that is followed', () => {
  it('stand in its record once its log says them, beside those of its plan, and once', async () => {
    const [time, files] = [new FakeTime(), new MemoryFiles()];
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend], { files });
    const job = await running(window, backend, BEFORE);
    await time.advance(2 * MINUTE);
    expect(window.store.get('a')?.versions).toEqual({ cotLens: '0.5.0' });
    job.log = LOG;
    await time.advance(2 * MINUTE);
    expect(window.store.get('a')?.versions).toEqual(ALL);
    // What a trainer says later is its own affair.
    job.log += `${lineOf({ trl: '6.6.6' })}{'loss': '3.7'}\n`;
    await time.advance(5 * MINUTE);
    expect(await noted(files)).toEqual([VERSIONS]);
    expect((await window.logs.read('a')).text).toBe(job.log);
    // A window that does not follow knows them from the record alone.
    const other = new RunStore('/runs', files, time.iso, heard());
    await other.load();
    expect(other.get('a')).toEqual(window.store.get('a'));
  });

  it('law: are noted once wherever the log is torn by readings, killed windows and another that goes on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: LOG.length }), fc.boolean()), { maxLength: 5 }), async (cuts) => {
        const [time, files] = [new FakeTime(), new MemoryFiles()];
        const backend = new FakeBackend(time);
        let window = await followWindow(time, [backend], { files });
        const job = await running(window, backend);
        for (const [end, kill] of [...cuts.sort(([a], [b]) => a - b), [LOG.length, false] as const]) {
          job.log = LOG.slice(0, end);
          await time.advance(2 * MINUTE);
          if (!kill) continue;
          window.follower.dispose();
          window = await followWindow(time, [backend], { files });
        }
        expect(window.store.get('a')?.versions).toEqual(ALL);
        expect(await noted(files)).toEqual([VERSIONS]);
        expect((await window.logs.read('a')).text).toBe(LOG);
        window.follower.dispose();
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it('are noted though a window is killed, or the disk full, between the record and the log', async () => {
    const [time, files, lease] = [new FakeTime(), new MemoryFiles(), new FakeLease()];
    const backend = new FakeBackend(time);
    let isFull = true;
    const full: Files = Object.assign(Object.create(files) as Files, {
      append: (at: string, text: string) => (isFull && at.endsWith('.log.jsonl') ? Promise.reject(new Error('ENOSPC')) : files.append(at, text)),
    });
    const window = await followWindow(time, [backend], { files: full, lease });
    await running(window, backend, LOG);
    await time.advance(2 * MINUTE);
    expect([(await window.logs.read('a')).text, await noted(files)]).toEqual(['', [VERSIONS]]);
    isFull = false;
    await time.advance(10 * MINUTE);
    expect([(await window.logs.read('a')).text, await noted(files)]).toEqual([LOG, [VERSIONS]]);
  });

  it('come from a log that began anew, though its beginning before was torn or said none for long', async () => {
    for (const first of [LOG.slice(0, LOG.indexOf('trl"')), 'x\n'.repeat(100_000)]) {
      const [time, files] = [new FakeTime(), new MemoryFiles()];
      const backend = new FakeBackend(time);
      const window = await followWindow(time, [backend], { files });
      const job = await running(window, backend, first);
      await time.advance(2 * MINUTE);
      expect(await noted(files)).toEqual([]);
      job.log = BEFORE;
      await time.advance(2 * MINUTE);
      job.log = LOG.slice(0, LOG.indexOf('transformers'));
      await time.advance(2 * MINUTE);
      expect(await noted(files)).toEqual([]);
      job.log = LOG;
      await time.advance(2 * MINUTE);
      expect(await noted(files)).toEqual([VERSIONS]);
    }
  });

  it('are the newer ones where the log began anew with others', async () => {
    const [time, files] = [new FakeTime(), new MemoryFiles()];
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend], { files });
    const job = await running(window, backend, LOG);
    await time.advance(2 * MINUTE);
    job.log = lineOf({ trl: '1.14.0' });
    await time.advance(2 * MINUTE);
    expect([window.store.get('a')?.versions, await noted(files)]).toEqual([{ ...ALL, trl: '1.14.0' }, [VERSIONS, { trl: '1.14.0' }]]);
    // Once more, with its last lines.
    Object.assign(job, { state: 'succeeded', log: lineOf({ trl: '2.0' }) });
    await time.advance(10 * MINUTE);
    expect(window.store.get('a')).toMatchObject({ state: 'succeeded', logRead: true, versions: { ...ALL, trl: '2.0' } });
  });

  it('are of the last that is read of a run that has ended, and none of one that says none', async () => {
    const [time, files] = [new FakeTime(), new MemoryFiles()];
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend], { files });
    Object.assign(await running(window, backend, LOG), { state: 'failed', reason: 'JOB_ENTRYPOINT_COMMAND_ERROR: Job entrypoint command failed with exit code 1, last available logs' });
    Object.assign(await running(window, backend, "{'loss': '5.9'}\ncot-lens versions {\"trl\": 7, \"cotLens\": \"6.6.6\"}\n", 'old'), { state: 'succeeded' });
    await time.advance(10 * MINUTE);
    expect(window.store.get('a')).toMatchObject({ state: 'failed', logRead: true, versions: ALL });
    expect(window.store.get('old')).toMatchObject({ state: 'succeeded', logRead: true, versions: { cotLens: '0.5.0' } });
    expect(await noted(files, 'old')).toEqual([]);
  });

  it('are not taken from a log of anything but a cluster’s trainer', async () => {
    const [time, files] = [new FakeTime(), new MemoryFiles()];
    const backend = new FakeBackend(time);
    const window = await followWindow(time, [backend], { files });
    backend.jobs.set('a', { state: 'running', log: LOG, started: '2026-11-21T10:00:00.000Z' });
    await window.store.add(planOf('a', { backend: { kind: 'openai', name: backend.name, url: backend.url } }));
    await window.store.note('a', { state: 'pending' });
    await time.advance(2 * MINUTE);
    expect((await window.logs.read('a')).text).toBe(LOG);
    expect(await noted(files)).toEqual([]);
  });
});
