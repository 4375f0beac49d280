import { appendFileSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MemoryFiles } from '../../../../src/session/memoryFiles';
import { nodeFiles } from '../../../../src/session/nodeFiles';
import { RunStore } from '../../../../src/session/training/runStore';
import type { Files } from '../../../../src/trace/files';
import { hasEnded, mayComeBack, RUN_STATES, runOf, withEvent, type RunEvent, type RunState } from '../../../../src/train/runs/run';
import { heard, planOf, runsFolder, type Heard } from './setUp';

let minute = 0;
const now = (): string => new Date(Date.UTC(2026, 10, 21, 10, minute++ % 60)).toISOString();

function window(folder: string, files: Files = nodeFiles): { store: RunStore; log: Heard } {
  const log = heard();
  const store = new RunStore(folder, files, now, log);
  onTestFinished(() => {
    store.dispose();
  });
  return { store, log };
}

describe('the runs of a folder', () => {
  it('are there again after a reload, as they were, the newest first', async () => {
    const folder = runsFolder();
    const { store } = window(folder.path);
    await store.add(planOf('a'));
    await store.add(planOf('b', { created: '2026-11-21T11:00:00.000Z' }));
    await store.note('a', { state: 'submitting' });
    await store.note('a', { state: 'pending', job: 'a' });
    await store.note('a', { state: 'running', started: '2026-11-21T10:01:00.000Z' });
    await expect(store.add(planOf('a'))).rejects.toThrow('There is a run a already.');
    const again = window(folder.path).store;
    await again.load();
    expect(again.all).toEqual(store.all);
    expect(again.all.map(({ id, state }) => [id, state])).toEqual([['b', 'preparing'], ['a', 'running']]);
    expect(folder.read('a.run.jsonl').split('\n')).toHaveLength(5);
  });

  it('pass over a torn last line, and what is noted next does not join it', async () => {
    const folder = runsFolder();
    const first = window(folder.path);
    await first.store.add(planOf('a'));
    await first.store.note('a', { state: 'pending' });
    // A window was killed in the middle of a character.
    appendFileSync(path.join(folder.path, 'a.run.jsonl'), Buffer.concat([Buffer.from('{"at":"2026-11-21T10:00:00.000Z","reason":"caf'), Buffer.from([0xc3])]));
    const { store, log } = window(folder.path);
    await store.load();
    expect(store.get('a')?.state).toBe('pending');
    await store.note('a', { state: 'running', reason: 'déjà vu' });
    await store.note('a', { model: '/out' });
    expect(store.get('a')).toMatchObject({ state: 'running', reason: 'déjà vu', model: '/out' });
    expect(log.said).toEqual(['warn: A line of the run a cannot be read and is passed over.']);
    await first.store.load();
    expect(first.store.get('a')).toEqual(store.get('a'));
  });

  it('are the same in two windows that note at once, each told of the other’s', async () => {
    const folder = runsFolder();
    const [one, two] = [window(folder.path).store, window(folder.path).store];
    await one.add(planOf('a'));
    await expect.poll(() => two.get('a')?.state, { timeout: 5000 }).toBe('preparing');
    const told: string[] = [];
    two.onDidChange((id) => told.push(id));
    await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? one : two).note('a', { reason: `note ${String(i)}` })));
    await one.note('a', { state: 'succeeded' });
    await expect.poll(() => two.get('a')?.state, { timeout: 5000 }).toBe('succeeded');
    expect(told).toContain('a');
    const lines = folder.read('a.run.jsonl').trimEnd().split('\n');
    expect(lines).toHaveLength(42);
    expect(new Set(lines.slice(1, 41).map((line) => (JSON.parse(line) as RunEvent).reason)).size).toBe(40);
  });

  it('go when their file goes, and nothing makes a file without a plan', async () => {
    const folder = runsFolder();
    const { store } = window(folder.path);
    await store.add(planOf('a'));
    rmSync(path.join(folder.path, 'a.run.jsonl'));
    await expect.poll(() => store.get('a'), { timeout: 5000 }).toBeUndefined();
    await expect(store.note('a', { state: 'running' })).rejects.toThrow('The file of the run a is gone');
    expect(existsSync(path.join(folder.path, 'a.run.jsonl'))).toBe(false);
  });

  it('without a plan, or with another’s, are said and not shown; the others are', async () => {
    const folder = runsFolder();
    folder.write('lost.run.jsonl', '{"at":"2026-11-21T10:00:00.000Z","state":"running"}\n');
    folder.write('other.run.jsonl', `${JSON.stringify({ plan: planOf('a') })}\n`);
    folder.write('half.run.jsonl', `${JSON.stringify({ plan: { id: 'half', created: '2026' } })}\n`);
    folder.write('empty.run.jsonl', '');
    folder.write('good.run.jsonl', `${JSON.stringify({ plan: planOf('good') })}\n${JSON.stringify({ at: 'x', state: 'a state of the future', job: 7 })}\n[]\n{"state":"failed"}\n${JSON.stringify({ plan: planOf('good', { title: 'another' }) })}\n`);
    const { store, log } = window(folder.path);
    await store.load();
    expect(store.all.map(({ id, state, job, title }) => [id, state, job, title])).toEqual([['good', 'preparing', undefined, planOf('good').title]]);
    expect(log.said.filter((line) => line.includes('does not begin with its plan'))).toHaveLength(3);
  });

  it('name their set and rows by no path that leads above its folder or to another machine: such are not shown, and never begun', async () => {
    const folder = runsFolder();
    const { set, file } = planOf('x');
    const bad = ['../out.jsonl', 'a/../../out.jsonl', '..\\out.jsonl', '//host/share/out.jsonl', '\\\\host\\share\\out.jsonl', '\\\\?\\UNC\\host\\x', 'a\0b'];
    const plans = bad.flatMap((at, i) => [planOf(`set${String(i)}`, { set: { ...set, path: at } }), planOf(`at${String(i)}`, { file: { ...file, at } })]);
    for (const plan of plans) folder.write(`${plan.id}.run.jsonl`, `${JSON.stringify({ plan })}\n`);
    const good = ['sets/a..b.jsonl', '...', '/data/out.jsonl', 'C:/data/out.jsonl', 'https://host/rows.jsonl'];
    for (const [i, at] of good.entries()) folder.write(`good${String(i)}.run.jsonl`, `${JSON.stringify({ plan: planOf(`good${String(i)}`, { set: { ...set, path: at }, file: { ...file, at } }) })}\n`);
    folder.write('odd.run.jsonl', `${JSON.stringify({ plan: { ...planOf('odd'), file: { ...file, at: 7 } } })}\n`);
    const { store, log } = window(folder.path);
    await store.load();
    expect(store.all.map(({ id }) => id).sort()).toEqual(['good0', 'good1', 'good2', 'good3', 'good4', 'odd']);
    expect(store.get('odd')?.file.at).toBeUndefined();
    expect(log.said.filter((line) => line.includes('so it is not shown'))).toHaveLength(plans.length);
    for (const plan of plans) await expect(store.add({ ...plan, id: `new-${plan.id}` })).rejects.toThrow('Nothing was submitted');
    expect(existsSync(path.join(folder.path, 'new-set0.run.jsonl'))).toBe(false);
  });

  it('have names that may stand in a path and in an address, or are not shown', async () => {
    const folder = runsFolder();
    for (const id of ['..\\..\\api\\serve\\applications?x=', 'a b', 'a%2Fb', 'ü', 'fine_1-A']) folder.write(`${id}.run.jsonl`, `${JSON.stringify({ plan: planOf(id) })}\n`);
    const { store } = window(folder.path);
    await store.load();
    expect(store.all.map(({ id }) => id)).toEqual(['fine_1-A']);
  });

  it('say which samples are ablations and which canary is in the file, where their record does', async () => {
    const folder = runsFolder();
    const { file } = planOf('a');
    const { store } = window(folder.path);
    await store.add(planOf('a', { file: { ...file, canary: 'canary of the tests', ablations: ['s1', 's2'] } }));
    folder.write('old.run.jsonl', `${JSON.stringify({ plan: planOf('old') })}\n`);
    folder.write('odd.run.jsonl', `${JSON.stringify({ plan: { ...planOf('odd'), file: { ...file, canary: 7, ablations: ['s1', 2] } } })}\n`);
    const again = window(folder.path).store;
    await again.load();
    expect(again.get('a')?.file).toEqual({ ...file, canary: 'canary of the tests', ablations: ['s1', 's2'] });
    for (const id of ['old', 'odd']) expect(again.get(id)?.file).toEqual(file);
  });

  it('have the versions of their plan and those that became known, of packages that are known, and no others', async () => {
    const folder = runsFolder();
    const { store } = window(folder.path);
    await store.add(planOf('a', { versions: { cotLens: '0.6.0', backend: 'Ray 2.58.0' } }));
    await store.note('a', { versions: { trl: '1.13.0', torch: '2.13.0' } });
    appendFileSync(path.join(folder.path, 'a.run.jsonl'), `${JSON.stringify({ at: now(), versions: { torch: '2.14.0', cotLens: '6.6.6', peft: { a: 1 }, other: '1', ray: 'x'.repeat(99) } })}\n{"at":"x","versions":["1.0"]}\n{"at":"x","versions":null}\n`);
    folder.write('odd.run.jsonl', `${JSON.stringify({ plan: { ...planOf('odd'), versions: { cotLens: '0.5.0', backend: 7, more: null } } })}\n`);
    const again = window(folder.path).store;
    await again.load();
    expect(again.get('a')?.versions).toEqual({ cotLens: '0.6.0', backend: 'Ray 2.58.0', trl: '1.13.0', torch: '2.14.0' });
    expect(again.get('odd')?.versions).toEqual({ cotLens: '0.5.0' });
    expect(JSON.parse(folder.read('a.run.jsonl').split('\n')[1] ?? '')).toEqual({ at: expect.any(String) as string, versions: { trl: '1.13.0', torch: '2.13.0' } });
  });

  it('are read anew where another file took the place', async () => {
    const folder = runsFolder();
    const { store } = window(folder.path);
    await store.add(planOf('a'));
    await store.note('a', { state: 'running' });
    await nodeFiles.replace(path.join(folder.path, 'a.run.jsonl'), `${JSON.stringify({ plan: planOf('a', { title: 'x'.repeat(2000) }) })}\n${JSON.stringify({ at: now(), state: 'failed' })}\n`);
    await store.load();
    expect(store.get('a')).toMatchObject({ state: 'failed', title: 'x'.repeat(2000) });
  });

  it('say when the disk is full, and leave no file without a plan', async () => {
    const files = new MemoryFiles();
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    let isFull = true;
    const onFull: Files = Object.assign(Object.create(files) as Files, {
      create: async (at: string, text: string) => {
        if (!isFull) return files.create(at, text);
        await files.create(at, text.slice(0, 10));
        throw full;
      },
      append: async (at: string, text: string) => {
        if (!isFull) return files.append(at, text);
        await files.append(at, text.slice(0, 10));
        throw full;
      },
    });
    const { store } = window('/runs', onFull);
    await expect(store.add(planOf('a'))).rejects.toThrow(/could not be written down, so nothing was submitted: no space left/);
    expect(await files.list('/runs')).toEqual([]);
    isFull = false;
    await store.add(planOf('a'));
    isFull = true;
    await expect(store.note('a', { state: 'submitting' })).rejects.toThrow(/could not be written down: no space left/);
    expect(store.get('a')?.state).toBe('preparing');
    isFull = false;
    await store.note('a', { state: 'submitting' });
    expect(store.get('a')?.state).toBe('submitting');
  });

  it('say when a file of them cannot be read, and read the others', async () => {
    const folder = runsFolder();
    for (const id of ['a', 'b']) folder.write(`${id}.run.jsonl`, `${JSON.stringify({ plan: planOf(id) })}\n`);
    const broken: Files = { ...nodeFiles, read: (at, start) => (at.endsWith('a.run.jsonl') ? Promise.reject(new Error('EIO: i/o error')) : nodeFiles.read(at, start)) };
    const { store, log } = window(folder.path, broken);
    await store.load();
    expect(store.all.map(({ id }) => id)).toEqual(['b']);
    expect(log.said).toEqual(['error: The file of the run a cannot be read: EIO: i/o error']);
  });
});

describe('what is noted of a run', () => {
  const event = fc.record({ at: fc.constant('2026-11-21T10:00:00.000Z'), state: fc.constantFrom(...RUN_STATES) });

  it('law: an end stays, but for one that was only taken for that, as the backend had none of the run', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        let run = runOf(planOf('a'), []);
        for (const one of events) {
          const next = withEvent(run, one);
          if (hasEnded(run.state) && !mayComeBack(run.state)) expect(next.state).toBe(run.state);
          if (run.state === 'lost') expect(['lost', 'pending', 'running', 'paused', 'succeeded', 'failed', 'stopped']).toContain(next.state);
          if (run.state === 'stop requested' && !hasEnded(one.state)) expect(next.state).toBe('stop requested');
          run = next;
        }
      }),
    );
  });

  it('law: what the backend was seen to have is never uncertain again, and never not started, whatever comes late', () => {
    const CERTAIN: ReadonlySet<RunState> = new Set(['pending', 'running', 'paused', 'stop requested', 'lost', 'succeeded', 'failed', 'stopped']);
    const met = new Set<string>();
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        let run = runOf(planOf('a'), []);
        for (const one of events) {
          const next = withEvent(run, one);
          if (CERTAIN.has(run.state)) expect(CERTAIN).toContain(next.state);
          if (run.state !== 'preparing') expect(next.state).not.toBe('preparing');
          if (CERTAIN.has(run.state) && !CERTAIN.has(one.state)) met.add(`${run.state}, then ${one.state}`);
          run = next;
        }
      }),
      { numRuns: 2000, seed: 6 },
    );
    expect(met.size).toBe(CERTAIN.size * (RUN_STATES.length - CERTAIN.size));
  });

  it('late says nothing of why it is as it is', () => {
    const failed = runOf(planOf('a'), [{ at: 'x', state: 'submitting' }, { at: 'x', state: 'failed', reason: 'out of memory', hint: 'take less' }, { at: 'x', state: 'unknown', reason: 'no answer', hint: 'look there' }]);
    expect(failed).toMatchObject({ state: 'failed', reason: 'out of memory', hint: 'take less' });
    const goesOn = runOf(planOf('a'), [{ at: 'x', state: 'running', job: 'ftjob-1' }, { at: 'x', state: 'unknown', reason: 'no answer' }, { at: 'x', state: 'not started', reason: 'it was refused' }]);
    expect(goesOn).toMatchObject({ state: 'running', job: 'ftjob-1', reason: undefined });
    // What it says otherwise is true all the same.
    expect(runOf(planOf('a'), [{ at: 'x', state: 'stop requested' }, { at: 'x', state: 'pending', job: 'ftjob-1' }])).toMatchObject({ state: 'stop requested', job: 'ftjob-1' });
  });

  it('law: why it is in a state is said of that state alone', () => {
    const said = fc.record({ state: fc.option(fc.constantFrom(...RUN_STATES), { nil: undefined }), reason: fc.option(fc.string(), { nil: undefined }), hint: fc.option(fc.string(), { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 12 }), (events) => {
        let run = runOf(planOf('a'), []);
        for (const { state, reason, hint } of events) {
          const next = withEvent(run, { at: '2026-11-21T10:00:00.000Z', ...(state === undefined ? {} : { state }), ...(reason === undefined ? {} : { reason }), ...(hint === undefined ? {} : { hint }) });
          const stays = next.state === run.state;
          const passedOver = state !== undefined && state !== next.state;
          expect([next.reason, next.hint]).toEqual(passedOver ? [run.reason, run.hint] : [reason ?? (stays ? run.reason : undefined), hint ?? (stays ? run.hint : undefined)]);
          run = next;
        }
      }),
    );
    const run = runOf(planOf('a'), [{ at: 'x', state: 'failed', reason: 'out of memory' }, { at: 'x', logRead: true }]);
    expect(run).toMatchObject({ state: 'failed', reason: 'out of memory' });
  });
});
