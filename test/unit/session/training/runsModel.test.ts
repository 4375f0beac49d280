import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../../src/session/training/compareRuns';
import { recipeInWords, secondsInWords, stateInWords, versionsInWords } from '../../../../src/session/training/runInWords';
import { runOnPage, runsModel } from '../../../../src/session/training/runsModel';
import { thinnedPoints } from '../../../../src/session/training/runsModelPoints';
import type { MetricLine } from '../../../../src/train/logs/metricLines';
import { TRAINING_RECIPES } from '../../../../src/train/recipes';
import { RUN_STATES, runOf, type Run, type RunEvent, type RunPlan } from '../../../../src/train/runs/run';
import { planOf } from './plan';

const BEGIN = Date.parse('2026-11-21T10:00:00.000Z');
const at = (seconds: number): string => new Date(BEGIN + seconds * 1000).toISOString();

function runWith(event: Omit<RunEvent, 'at'>, over: Partial<RunPlan> = {}): Run {
  return runOf(planOf('a', over), [{ at: at(0), ...event }]);
}

const line = (step: number, second: number, values: Record<string, number>, last = false): MetricLine & { at: string } => ({ step, values, last, at: at(second) });
const none = { metrics: [] };
const now = (seconds: number): Date => new Date(BEGIN + seconds * 1000);

describe('a run on the page', () => {
  it('has its state, curves, last numbers and times', () => {
    const metrics = [line(1, 60, { loss: 5, epoch: 0.1, learning_rate: 1e-5, grad_norm: 2 }), line(2, 70, { loss: 4, epoch: 0.2 }), line(11, 160, { loss: 3 })];
    const page = runOnPage(runWith({ state: 'running', started: at(0) }), { metrics }, now(165));
    expect(page).toMatchObject({ id: 'a', state: 'running', stateInWords: 'running', recipe: 'AdvChain SFT', backend: 'cluster', set: 'shed', elapsed: 165, step: 11, expected: 40, reason: null, hint: null, model: '/shared/out/shed', lookable: true, versions: 'CoT Lens 0.5.0' });
    // 10 s an update; 29 are left, and 5 s went by since.
    expect(page.remaining).toBe(285);
    expect(Object.keys(page.series)).toEqual(['loss', 'learning_rate', 'grad_norm', 'epoch']);
    expect(page.series['loss']).toEqual([[1, 5], [2, 4], [11, 3]]);
    expect(page.last).toEqual({ loss: 3, learning_rate: 1e-5, grad_norm: 2, epoch: 0.2 });
  });

  it('can be looked at as long as its backend may know of it', () => {
    const lookable = (kind: 'ray' | 'openai'): string[] => RUN_STATES.filter((state) => runOnPage({ ...runWith({}), state, backend: { kind, name: 'b', url: 'http://127.0.0.1:9' } }, none, now(0)).lookable);
    expect(lookable('ray')).toEqual(expect.arrayContaining(['submitting', 'unknown', 'pending', 'running', 'paused', 'stop requested', 'not started', 'lost']));
    // What such an API was certain not to have taken has no name there.
    expect(lookable('openai')).toEqual(lookable('ray').filter((state) => state !== 'not started'));
    for (const state of ['preparing', 'succeeded', 'failed', 'stopped']) expect(lookable('ray')).not.toContain(state);
  });

  it('says no time left where nothing tells it', () => {
    const run = runWith({ state: 'running', started: at(0) });
    const left = (metrics: (MetricLine & { at: string })[], second: number, of: Run = run): number | null => runOnPage(of, { metrics }, now(second)).remaining;
    expect(left([], 10)).toBeNull();
    expect(left([line(1, 60, { loss: 1 })], 61)).toBeNull();
    // All that was read at once, as after a reload.
    expect(left([line(1, 60, { loss: 1 }), line(20, 60, { loss: 1 })], 61)).toBeNull();
    expect(left([line(1, 60, { loss: 1 }), line(20, 60, { loss: 1 }), line(22, 80, { loss: 1 })], 80)).toBe(180);
    // It stands still.
    expect(left([line(1, 60, { loss: 1 }), line(2, 70, { loss: 1 })], 70 + 601)).toBeNull();
    expect(left([line(1, 60, { loss: 1 }), line(50, 70, { loss: 1 })], 71)).toBeNull();
    for (const state of ['stop requested', 'succeeded', 'failed', 'paused'] as const) expect(left([line(1, 60, { loss: 1 }), line(2, 70, { loss: 1 })], 71, runWith({ state, started: at(0) }))).toBeNull();
    expect(left([line(1, 60, { loss: 1 }), line(2, 70, { loss: 1 })], 71, runWith({ state: 'running', started: at(0) }, { expected: {} }))).toBeNull();
    expect(left([line(39, 60, { loss: 1 }), line(40, 70, { loss: 1 })], 100)).toBe(0);
  });

  it('counts elapsed time by what the backend said, never below nothing', () => {
    expect(runOnPage(runWith({ state: 'pending' }), none, now(50)).elapsed).toBeNull();
    expect(runOnPage(runWith({ state: 'pending', started: at(0) }), none, now(50)).elapsed).toBeNull();
    expect(runOnPage(runWith({ state: 'succeeded', started: at(0), ended: at(47) }), none, now(9999)).elapsed).toBe(47);
    expect(runOnPage(runWith({ state: 'running', started: at(100) }), none, now(50)).elapsed).toBe(0);
    expect(runOnPage(runWith({ state: 'running', started: 'no time' }), none, now(50)).elapsed).toBeNull();
  });

  it('keeps the trainer’s summary out of the curves, and in the last numbers', () => {
    const metrics = [line(1, 1, { loss: 5 }), line(1, 2, { train_loss: 4, train_runtime: 9 }, true)];
    const page = runOnPage(runWith({ state: 'succeeded' }), { metrics }, now(3));
    expect(Object.keys(page.series)).toEqual(['loss']);
    expect(page.last).toEqual({ loss: 5, train_loss: 4, train_runtime: 9 });
    expect([page.step, runOnPage(runWith({ state: 'running' }), none, now(3)).step]).toEqual([1, null]);
  });

  it('counts updates where the recipe logs only some of them; of a step that came twice the later counts', () => {
    const metrics = [line(1, 1, { loss: 5 }), line(2, 2, { loss: 4 }), line(2, 3, { loss: 3.5 })];
    const page = runOnPage(runWith({ state: 'running' }, { values: { trlSettings: { logging_steps: 5 } } }), { metrics }, now(3));
    expect([page.step, page.series['loss'], page.model]).toEqual([10, [[5, 5], [10, 3.5]], null]);
  });

  it('says why it is as it is; what keeps a run from being followed only while it goes on', () => {
    expect(runOnPage(runWith({ state: 'running' }), none, now(1), 'nobody there').reason).toBe('nobody there');
    expect(runOnPage(runWith({ state: 'failed', reason: 'out of memory', hint: 'less' }), none, now(1), 'nobody there')).toMatchObject({ reason: 'out of memory', hint: 'less' });
    expect(runOnPage(runWith({ state: 'succeeded', model: 'ft:x' }), none, now(1)).model).toBe('ft:x');
  });

  it('holds a log’s names within bounds, whatever they are', () => {
    const odd = JSON.parse('{"__proto__": 1, "constructor": 2}') as Record<string, number>;
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`n${String(i)}`, i]));
    const page = runOnPage(runWith({ state: 'running' }), { metrics: [line(1, 1, odd), line(2, 2, { ...many, ['x'.repeat(300)]: 1 })] }, now(3));
    expect(Object.keys(page.series)).toHaveLength(200);
    expect(Object.getOwnPropertyNames(page.last)).toEqual(expect.arrayContaining(['__proto__', 'constructor', 'n0']));
  });
});

describe('a long series', () => {
  it('law: is thinned to at most so many points, in order, with its ends and extremes', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 400 }), fc.integer({ min: 4, max: 60 }), (values, most) => {
        const points = values.map((value, i) => [i + 1, value] as const);
        const kept = thinnedPoints(points, most);
        expect(kept.length).toBeLessThanOrEqual(Math.max(most, 4));
        expect(kept.every((one, i) => i === 0 || one[0] > (kept[i - 1]?.[0] ?? 0))).toBe(true);
        expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
        const of = (some: readonly (readonly [number, number])[]): number[] => [Math.min(...some.map(([, value]) => value)), Math.max(...some.map(([, value]) => value))];
        expect(of(kept)).toEqual(of(points));
      }),
    );
    expect(thinnedPoints(Array.from({ length: 100_000 }, (_, i) => [i, i] as const))).toHaveLength(2000);
  });
});

describe('runs that are compared', () => {
  const two = (over: Partial<RunPlan>): Run[] => [runOf(planOf('a'), []), runOf(planOf('b', over), [])];

  it('show what differs, and a few facts that are always there', () => {
    const rows = compareRuns(two({ values: { recipe: 'advchain-sft', outputDir: '/shared/out/shed', seed: 43, lora: { rank: 16 } }, versions: { cotLens: '0.6.0' }, file: { ...planOf('b').file, ablation: true } }));
    expect(rows).toEqual([
      { name: 'State', values: ['being prepared', 'being prepared'] },
      { name: 'Recipe', values: ['AdvChain SFT', 'AdvChain SFT'] },
      { name: 'Set', values: ['shed', 'shed'] },
      { name: 'Ablation', values: ['no', 'yes'] },
      { name: 'Backend', values: ['cluster', 'cluster'] },
      { name: 'seed', values: ['42', '43'] },
      { name: 'Version of cotLens', values: ['0.5.0', '0.6.0'] },
      { name: 'lora.rank', values: [null, '16'] },
    ]);
  });

  it('of trainers that differ, show which versions; one that never said its own has none', () => {
    const [one, other] = ['1.13.0', '1.14.0'].map((trl) => runOf(planOf('a'), [{ at: at(0), versions: { python: '3.11.7', trl } }]));
    const [old] = two({});
    if (one === undefined || other === undefined || old === undefined) throw new Error('none');
    expect(compareRuns([one, other]).slice(4)).toEqual([{ name: 'Version of trl', values: ['1.13.0', '1.14.0'] }]);
    expect(compareRuns([one, old]).slice(4)).toEqual([{ name: 'Version of python', values: ['3.11.7', null] }, { name: 'Version of trl', values: ['1.13.0', null] }]);
  });

  it('of files that differ in their ablations or canary, show them', () => {
    const { file } = planOf('b');
    const many = Array.from({ length: 12 }, (_, i) => `s${String(i)}`);
    const rows = compareRuns([runOf(planOf('a', { file: { ...file, canary: 'one', ablations: [] } }), []), runOf(planOf('b', { file: { ...file, canary: 'two', ablations: many } }), [])]);
    expect(rows.slice(4)).toEqual([
      { name: 'Canary', values: ['one', 'two'] },
      { name: 'Ablation, samples', values: [null, 's0, s1, s2, s3, s4, s5, s6, s7, s8, s9 and 2 more'] },
    ]);
  });

  it('of sets that differ in content alone, show their hashes', () => {
    const rows = compareRuns(two({ set: { ...planOf('b').set, sha256: 'ffbbccddeeff00112233' } }));
    expect(rows.find(({ name }) => name === 'Set, SHA-256')?.values).toEqual(['aabbccddeeff', 'ffbbccddeeff']);
  });

  it('stand in the model where there are two or more', () => {
    const [one, other] = two({}).map((run) => ({ run, log: none }));
    if (one === undefined || other === undefined) throw new Error('none');
    expect(runsModel([one], now(0)).differences).toEqual([]);
    expect(runsModel([one, other], now(0))).toMatchObject({ runs: [{ id: 'a' }, { id: 'b' }], differences: [{ name: 'State' }, { name: 'Recipe' }, { name: 'Set' }, { name: 'Backend' }] });
  });
});

describe('words for runs', () => {
  it('are there for every state and every recipe, by its own label', () => {
    expect(new Set(RUN_STATES.map(stateInWords)).size).toBe(RUN_STATES.length);
    expect(TRAINING_RECIPES.map(({ name }) => recipeInWords(name))).toEqual(TRAINING_RECIPES.map(({ label }) => label));
    expect(recipeInWords('of the future')).toBe('of the future');
    expect(recipeInWords('constructor')).toBe('constructor');
  });

  it('of versions: those of the launch, then the trainer’s', () => {
    expect(versionsInWords({ cotLens: '0.6.0', backend: 'Ray 2.58.0', python: '3.11.7', trl: '1.13.0', 'flash-attn': '2.8.0', constructor: '1' })).toBe('CoT Lens 0.6.0, Ray 2.58.0, Python 3.11.7, trl 1.13.0, flash-attn 2.8.0, constructor 1');
    expect(versionsInWords({})).toBe('');
  });

  it('of times', () => {
    expect([0, 59.4, 59.6, 61, 3599, 3600, 11_100, 86_399, 86_400, 187_200].map(secondsInWords)).toEqual(['0 s', '59 s', '1 min', '1 min', '1 h', '1 h', '3 h 5 min', '1 d', '1 d', '2 d 4 h']);
  });
});
