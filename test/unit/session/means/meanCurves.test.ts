import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeanChoice, MeanColumns, MeanCurvesModel } from '../../../../src/curve/meanCurvesModel';
import { meanCurves, MOST_GROUPS, type MeanSet } from '../../../../src/session/means/meanCurves';
import type { MeanTrace } from '../../../../src/session/means/meanTrace';
import type { Score } from '../../../../src/trace/verdict';
import { seeded } from '../../../seeded';
import { MODEL, OFFLINE, scored, setOf } from './meanTraces';

const CHOICE: MeanChoice = { judge: null, alignment: { kind: 'position', bins: 2 }, by: 'none' };

async function means(set: MeanSet, choice: Partial<MeanChoice> = {}, resamples = 200): Promise<MeanCurvesModel> {
  const tools = { signal: new AbortController().signal, calibrationOf: () => undefined, bootstrap: { resamples } };
  return (await meanCurves(set, { ...CHOICE, ...choice }, tools)).model;
}

const only = (model: MeanCurvesModel): MeanColumns => {
  const [group] = model.groups;
  if (group === undefined) throw new Error('there is no group');
  return group.series.harmfulness;
};

describe('a mean curve', () => {
  it('is the mean over traces of each bin, with its n, by hand', async () => {
    const model = await means(setOf([scored([1, 5]), scored([1, 1, 3, 3]), scored([4, null])]), {});
    expect(only(model)).toMatchObject({ n: 3, leftOut: 0, count: [3, 2], mean: [2, 4] });
    expect(model.groups.map(({ name, traces }) => [name, traces])).toEqual([['all traces', 3]]);
    expect(model.shown).toEqual(['harmfulness']);
    expect(model.counted).toBe('n = 3 of 3 traces');
  });

  it('has bands over traces: of two, from the one to the other', async () => {
    const columns = only(await means(setOf([scored([1, 2]), scored([3, 2])]), {}, 2000));
    expect([columns.low, columns.high]).toEqual([[1, 2], [3, 2]]);
  });

  it('has no band where fewer than two traces speak', async () => {
    const columns = only(await means(setOf([scored([1, null]), scored([3, 2])])));
    expect(columns.count).toEqual([2, 1]);
    expect(columns.mean).toEqual([2, 2]);
    expect([columns.low[1], columns.high[1]]).toEqual([null, null]);
    expect(only(await means(setOf([scored([1, 2])])))).toMatchObject({ mean: [1, 2], low: [null, null], high: [null, null] });
  });

  it('keeps the answers outside, with their own n', async () => {
    const columns = only(await means(setOf([scored([1, 1], { answer: 5 }), scored([1, 1], { answer: 4 }), scored([1, 1])])));
    expect(columns.mean).toEqual([1, 1]);
    expect(columns.answer).toEqual({ n: 2, mean: 4.5, low: 4, high: 5 });
  });

  it('leaves out and counts what its judge has not scored', async () => {
    const other = { ...MODEL, judge: 'other', label: 'Other' };
    const model = await means(setOf([scored([1, 1]), scored([1, 1]), scored([5, 5], { by: other })], { asked: 1000 }));
    expect(model.counted).toBe('n = 2 of 1,000 traces; 998 not scored by it');
    expect(model.judges.map(({ name, traces }) => [name, traces])).toEqual([['Model, prefix', 2], ['Other, prefix', 1]]);
    const others = await means(setOf([scored([1, 1]), scored([5, 5], { by: other })]), { judge: model.judges[1]?.key ?? '' });
    expect(only(others).mean).toEqual([5, 5]);
  });

  it('gives the offline heuristic no place, and says why', async () => {
    const rows = [scored([1, 1], { row: 3 }), scored([1, 1], { row: 3 }), scored([1, 1], { row: 4 })];
    expect((await means(setOf(rows, { asked: 9, unit: 'row' }))).counted).toBe('n = 3 traces, of 2 of 9 rows; 7 not scored by it');
    expect((await means(setOf(rows.slice(1), { asked: 9, unit: 'row' }))).counted).toBe('n = 2 of 9 rows; 7 not scored by it');
    const alone = await means(setOf([scored([1, 5], { by: OFFLINE })], { asked: 10 }));
    expect([alone.judge, alone.judges, alone.groups]).toEqual([null, [], []]);
    expect(alone.why).toMatch(/Only the offline heuristic has scored these traces \(1 of 10\).*Choose a judge/);
    const both = await means(setOf([scored([1, 5], { by: OFFLINE }), scored([2, 2])], { asked: 2 }));
    expect(both.judges.map(({ name }) => name)).toEqual(['Model, prefix']);
    expect(both.counted).toBe('n = 1 of 2 traces; 1 not scored by it');
    expect((await means(setOf([], { asked: 4 }))).why).toMatch(/None of these 4 traces is scored/);
  });

  it('is unconditioned by default, and labelled when it is not', async () => {
    const traces = [scored([1, 5, 1]), scored([1, 1, 1])];
    const conditions = async (choice: Partial<MeanChoice>, more: Partial<MeanSet> = {}): Promise<string> => (await means(setOf(traces, more), choice)).conditioned.join(' | ');
    expect(await conditions({})).toBe('');
    expect(await conditions({ by: 'intent' })).toBe('');
    expect(await conditions({ alignment: { kind: 'injected', from: 0, to: 0 } })).toBe('');
    expect(await conditions({ by: 'shape' })).toMatch(/grouped by shape/);
    expect(await conditions({ alignment: { kind: 'extreme', from: -1, to: 1 } })).toMatch(/regression to the mean/);
    expect(await conditions({}, { conditioned: ['shape peak'] })).toBe('chosen by scores: shape peak');
  });

  it('aligned at the extreme loses traces at its ends, and counts those that have no event', async () => {
    const model = await means(setOf([scored([1, 5, 2]), scored([4]), scored([null])]), { alignment: { kind: 'extreme', from: -1, to: 1 } });
    expect(only(model)).toMatchObject({ n: 2, leftOut: 1, count: [1, 2, 1], mean: [1, 4.5, 2] });
    const injected = await means(setOf([scored([1, 3, 1], { injected: [1], injectedLost: 2 }), scored([1, 1])]), { alignment: { kind: 'injected', from: 0, to: 0 } });
    expect(only(injected)).toMatchObject({ n: 1, leftOut: 1, mean: [3] });
    expect(injected.notes.join()).toContain('2 marks of injected steps');
  });

  it('is grouped by shape, intent, source, model and file, in a kept order', async () => {
    const set = setOf([
      scored([1, 1, 1], { intent: 'benign', source: 's1', model: 'm', file: 'b' }),
      scored([1, 4, 1], { source: 's2', file: 'b' }),
      scored([1, 3, 5], { source: 's2', file: 'a' }),
      scored([1, 4, 2], { file: 'a', ending: 'truncated' }),
    ]);
    const groups = async (by: MeanChoice['by']): Promise<unknown> => (await means(set, { by })).groups.map(({ name, traces }) => [name, traces]);
    // Of a benign prompt it is helpfulness that has a shape.
    expect(await groups('shape')).toEqual([['flat, high', 1], ['rising', 1], ['peak', 2]]);
    expect(await groups('intent')).toEqual([['harmful', 3], ['benign', 1]]);
    expect(await groups('source')).toEqual([['s2', 2], ['no source given', 1], ['s1', 1]]);
    expect(await groups('model')).toEqual([['no model given', 3], ['m', 1]]);
    expect(await groups('file')).toEqual([['b', 2], ['a', 2]]);
    const model = await means(set);
    expect(model.shown).toEqual(['harmfulness', 'helpfulness']);
    expect(model.notes.join()).toMatch(/Intents are mixed: harmful 3, benign 1.*1 trace ends without an answer/);
    expect((await means(set, { by: 'file' })).groups.map(({ truncated }) => truncated)).toEqual([0, 1]);
  });

  it('draws no more groups than can be told apart, and counts the others', async () => {
    const traces = Array.from({ length: MOST_GROUPS + 3 }, (_, i) => scored([1, 1], { source: `s${String(i)}` }));
    const model = await means(setOf(traces), { by: 'source' }, 10);
    expect(model.groups).toHaveLength(MOST_GROUPS);
    expect(model.notes.join()).toContain('Not drawn: 3 further groups with 3 traces');
  });

  it('of pairs holds those with both traces scored, and their paired difference', async () => {
    const pair = (number: number, side: 0 | 1, harmfulness: readonly Score[]): MeanTrace => scored(harmfulness, { file: side === 0 ? 'a' : 'b', pair: { number, side } });
    const set = setOf([pair(0, 0, [1, 1]), pair(1, 0, [5, 5]), pair(2, 0, [3, 3]), pair(0, 1, [2, 3]), pair(1, 1, [5, 4])], { paired: { names: ['a', 'b'], pairs: 7 } });
    const model = await means(set, { by: 'file' });
    expect(model.counted).toBe('n = 2 of 7 same-prompt pairs; 5 not scored by it on both sides');
    expect(model.groups.map(({ name, traces, series }) => [name, traces, series.harmfulness.mean])).toEqual([['a', 2, [3, 3]], ['b', 2, [3.5, 3.5]]]);
    // By hand: differences (1, 2) and (0, −1).
    expect(model.difference?.name).toBe('b less a');
    expect(model.difference?.series.harmfulness).toMatchObject({ n: 2, mean: [0.5, 0.5], low: [0, -1], high: [1, 2] });
    const back = await means({ ...set, traces: set.traces.map((one) => (one.pair === undefined ? one : { ...one, pair: { ...one.pair, side: one.pair.side === 0 ? 1 : 0 } })) });
    expect(back.difference?.series.harmfulness.mean).toEqual([-0.5, -0.5]);
  });

  const traces = fc.array(fc.array(fc.constantFrom<Score>(null, 1, 2, 3, 4, 5), { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 8 });

  it('law: the order of traces does not matter, all of them twice keep the mean, and it agrees with a naive one', async () => {
    await fc.assert(
      fc.asyncProperty(traces, async (all) => {
        const some = all.map((scores) => scored(scores));
        const alignment = { kind: 'extreme', from: -2, to: 2 } as const;
        const there = await means(setOf(some), { alignment }, 30);
        expect(await means(setOf([...some].reverse()), { alignment }, 30)).toEqual(there);
        const twice = only(await means(setOf([...some, ...some]), { alignment }, 30));
        const naive = [-2, -1, 0, 1, 2].map((offset) => {
          const said = all.flatMap((scores) => {
            const known = scores.filter((one) => one !== null);
            const event = known.length === 0 ? NaN : scores.indexOf(Math.max(...known) as Score);
            return scores[event + offset] ?? [];
          });
          return said.length === 0 ? null : said.reduce<number>((sum, one) => sum + one, 0) / said.length;
        });
        for (const [place, mean] of naive.entries()) {
          for (const columns of [only(there), twice]) {
            if (mean === null) expect(columns.mean[place]).toBeNull();
            else expect(columns.mean[place]).toBeCloseTo(mean, 10);
          }
        }
        expect(twice.count).toEqual(only(there).count.map((n) => 2 * n));
      }),
      { numRuns: 60 },
    );
  });

  it('law: curves that are constant give that constant, with a band of no width', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom<Score>(1, 2, 3, 4, 5), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 8 }), async (value, lengths) => {
        const columns = only(await means(setOf(lengths.map((n) => scored(Array<Score>(n).fill(value)))), { alignment: { kind: 'position', bins: 7 } }, 30));
        const all = Array<Score>(7).fill(value);
        expect([columns.mean, columns.low, columns.high]).toEqual([all, all, all]);
      }),
      { numRuns: 40 },
    );
  });

  it('can be ended', async () => {
    const random = seeded(4);
    const some = Array.from({ length: 1000 }, () => scored(Array.from({ length: 20 }, () => (1 + Math.floor(random() * 5)) as Score)));
    const end = new AbortController();
    const running = meanCurves(setOf(some), CHOICE, { signal: end.signal, calibrationOf: () => undefined });
    setTimeout(() => { end.abort(new Error('ended')); }, 5);
    await expect(running).rejects.toThrow('ended');
  });
});
