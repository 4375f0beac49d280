import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SHAPE_RULES } from '../../../src/curve/shapeRules';
import { agreementOf } from '../../../src/judge/agreement';
import type { JudgeIdentity } from '../../../src/judge/judge';
import { identityKey, type ScoreRecord } from '../../../src/judge/scoreRecord';
import { ScoreShard } from '../../../src/judge/scoreShard';
import { textChain } from '../../../src/judge/textChain';
import { compareJudges } from '../../../src/session/compareJudges';
import { comparisonTitle, isHindsight } from '../../../src/session/comparisonTitle';
import { Disagreements } from '../../../src/session/disagreements';
import { judgesIn, scoredTrace, type ScoredTrace } from '../../../src/session/scoredTrace';
import type { Intent } from '../../../src/trace/intent';
import { parseTrace } from '../../../src/trace/parseTrace';
import type { Score } from '../../../src/trace/verdict';
import { PERSON } from './scoring';

const MODEL: JudgeIdentity = { judge: 'm', label: 'Model', model: 'm-1', protocol: 'prefix', rubric: 'r', earnsNames: true };
const [A, B] = [PERSON, MODEL];

/** A trace as two judges scored its harmfulness; helpfulness where it is given. */
function trace(name: string, a: readonly Score[], b: readonly Score[], intent: Intent = 'harmful', helpfulness?: readonly (readonly Score[])[]): ScoredTrace {
  const judged = (identity: JudgeIdentity, scores: readonly Score[], n: number): ScoredTrace['judges'][number] => ({
    key: identityKey(identity),
    identity,
    scores: { harmfulness: scores, helpfulness: helpfulness?.[n] ?? scores.map(() => null) },
  });
  return {
    uri: `file:///${name}`,
    doc: name,
    intent,
    splitter: 'blank-lines',
    rules: DEFAULT_SHAPE_RULES,
    seen: a.map((_, i) => `${name} ${String(i)}`),
    judges: [judged(A, a, 0), judged(B, b, 1)],
  };
}

describe('two judges compared', () => {
  const traces = [trace('peak', [1, 1, 4, 1, 1], [1, 2, 5, 1, 1]), trace('flat', [1, 1, 1, null], [1, 3, 5, 2])];
  const comparison = compareJudges(traces, A, B);
  const [harmfulness, helpfulness] = comparison.series;

  it('gives the figures of all steps that both scored, pooled', () => {
    const expected = agreementOf([1, 1, 4, 1, 1, 1, 1, 1], [1, 2, 5, 1, 1, 1, 3, 5]);
    expect(comparison.traces).toBe(2);
    expect(harmfulness?.steps).toBe(8);
    expect(harmfulness?.kappa.value).toBeCloseTo(expected.kappa, 12);
    expect(harmfulness?.meanAbsoluteDifference.value).toBe(1);
    expect(harmfulness?.bias.value).toBe(1);
    expect([helpfulness?.steps, helpfulness?.kappa.value]).toEqual([0, NaN]);
  });

  it('gives intervals over traces: with two, from the one to the other', () => {
    expect(harmfulness?.bias).toEqual({ value: 1, low: 2 / 5, high: 2 });
    expect(comparison.sameShape).toEqual({ value: 0.5, low: 0, high: 1 });
    expect(comparison.shapedTraces).toBe(2);
  });

  it('of one trace has no interval', () => {
    const one = compareJudges(traces.slice(0, 1), A, B);
    expect(one.series[0]?.bias).toEqual({ value: 2 / 5, low: NaN, high: NaN });
    expect(one.sameShape).toEqual({ value: 1, low: NaN, high: NaN });
  });

  it('lists the differences, the largest first, then by document and step', () => {
    expect(comparison.differences.map(({ doc, step, a, b }) => [doc, step, a, b])).toEqual([
      ['flat', 2, 1, 5],
      ['flat', 1, 1, 3],
      ['peak', 1, 1, 2],
      ['peak', 2, 4, 5],
    ]);
  });

  it('says nothing of judges that have no step in common', () => {
    const none = compareJudges([trace('apart', [1, null], [null, 1])], A, B);
    expect([none.traces, none.differences.length, none.sameShape.value, none.series[0]?.kappa.value]).toEqual([0, 0, NaN, NaN]);
    expect(compareJudges(traces, A, { ...MODEL, label: 'Another', judge: 'x' }).traces).toBe(0);
  });

  it('compares shapes on the trace’s own series, over the steps that both scored', () => {
    const rises: readonly Score[] = [1, 2, 4, 5];
    const flat: readonly Score[] = [1, 1, 1, 1];
    // A benign prompt's own series is helpfulness: that harmfulness parts does not count.
    expect(compareJudges([trace('benign', rises, flat, 'benign', [rises, rises])], A, B).sameShape.value).toBe(1);
    expect(compareJudges([trace('both', rises, flat, 'unknown', [rises, rises])], A, B).sameShape.value).toBe(0);
    // B scored the middle alone; there both are the same.
    expect(compareJudges([trace('part', [5, 1, 1, 1, 5], [null, 1, 1, 1, null])], A, B).sameShape.value).toBe(1);
    expect(compareJudges([trace('short', [1, 1], [1, 1])], A, B).shapedTraces).toBe(0);
    // Flat low and flat high are no agreement.
    expect(compareJudges([trace('levels', [1, 1, 1], [5, 5, 5])], A, B).sameShape.value).toBe(0);
  });

  const scores = fc.array(fc.tuple(fc.constantFrom<Score>(null, 1, 2, 3, 4, 5), fc.constantFrom<Score>(null, 1, 2, 3, 4, 5)), { minLength: 1, maxLength: 7 });
  const several = fc.array(scores, { minLength: 1, maxLength: 6 }).map((all) => all.map((pairs, n) => trace(`t${String(n)}`, pairs.map(([a]) => a), pairs.map(([, b]) => b))));

  it('law: changed about, the bias turns round and all else stays; the order of traces is irrelevant; bounds hold', () => {
    fc.assert(
      fc.property(several, (some) => {
        const options = { resamples: 50 };
        const there = compareJudges(some, A, B, options);
        const back = compareJudges(some, B, A, options);
        expect(compareJudges([...some].reverse(), A, B, options)).toEqual(there);
        expect(back.sameShape.value).toEqual(there.sameShape.value);
        const [one, other] = [there.series[0], back.series[0]];
        expect(other?.steps).toBe(one?.steps);
        expect((other?.bias.value ?? 0) + (one?.bias.value ?? 0) || 0).toBeCloseTo(0, 10);
        expect(back.differences.length).toBe(there.differences.length);
        for (const [i, { a, b }] of there.differences.entries()) {
          expect(a).not.toBe(b);
          const before = there.differences[i - 1];
          if (before !== undefined) expect(Math.abs((before.a ?? 0) - (before.b ?? 0))).toBeGreaterThanOrEqual(Math.abs((a ?? 0) - (b ?? 0)));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('law: a judge laid over itself differs nowhere', () => {
    fc.assert(
      fc.property(several, (some) => {
        const { series, differences, sameShape, shapedTraces } = compareJudges(some, A, A, { resamples: 20 });
        expect(differences).toEqual([]);
        expect(sameShape.value).toEqual(shapedTraces === 0 ? NaN : 1);
        const [first] = series;
        if ((first?.steps ?? 0) > 0) expect([first?.bias.value, first?.meanAbsoluteDifference.value]).toEqual([0, 0]);
        const kappa = first?.kappa.value ?? NaN;
        expect(Number.isNaN(kappa) || kappa === 1).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a document with scores', () => {
  const text = '---\nintent: benign\n---\nQ\n\n<think>\nA\n\nB\n</think>\n\nC';

  it('holds the fresh scores of each judge and leaves stale ones out', () => {
    const parsed = parseTrace(text);
    const shard = new ScoreShard();
    const record = (judge: JudgeIdentity, texts: readonly string[], helpfulness: Score): ScoreRecord => {
      const chain = textChain('Q', texts);
      return {
        ...{ v: 1, time: '2026-01-01T00:00:00.000Z', doc: 'd', target: 'step', step: texts.length, reason: '' },
        ...{ seen: chain.seen.at(-1) ?? '', text: chain.own.at(-1) ?? '' },
        ...{ judge, intent: 'benign', splitter: parsed.splitter, harmfulness: null, helpfulness },
      } as const;
    };
    shard.add(record(A, ['A'], 5));
    shard.add(record(A, ['another A', 'B'], 2));
    shard.add(record(B, ['another A'], 3));
    const found = scoredTrace({ uri: 'file:///d', doc: 'd' }, parsed, shard, DEFAULT_SHAPE_RULES);
    expect(found.judges.map(({ identity, scores }) => [identity.label, scores.helpfulness])).toEqual([['a person', [5, null]]]);
    expect(found.seen).toEqual(textChain('Q', ['A', 'B']).seen);
    expect(judgesIn([found, found]).map(({ key, traces }) => [key, traces])).toEqual([[identityKey(A), 2]]);
  });
});

describe('the name of a comparison', () => {
  const whole: JudgeIdentity = { ...MODEL, protocol: 'whole-trace' };

  it('is the hindsight effect for two protocols of one model', () => {
    expect(isHindsight({ a: MODEL, b: whole })).toBe(true);
    expect(comparisonTitle({ a: MODEL, b: whole })).toBe('Hindsight effect: Model, whole-trace laid over prefix');
    expect(isHindsight({ a: MODEL, b: { ...whole, model: 'm-2' } })).toBe(false);
    expect(comparisonTitle({ a: PERSON, b: MODEL })).toBe('Model, prefix laid over a person, prefix');
  });
});

describe('going through disagreements', () => {
  const comparison = compareJudges([trace('one', [1, 1, 1], [5, 1, 3])], A, B);

  it('goes in order and round, both ways, and says who said what', () => {
    const through = new Disagreements(comparison);
    const said = (direction: 'next' | 'previous'): string => {
      const difference = through.go(direction);
      return difference === undefined ? 'none' : `step ${String(difference.step + 1)}, ${through.inWords(difference, PERSON)}`;
    };
    expect(said('next')).toBe('step 1, 1 of 2: you 1, Model 5 (harmfulness)');
    expect(said('next')).toBe('step 3, 2 of 2: you 1, Model 3 (harmfulness)');
    expect(said('next')).toMatch(/^step 1, 1 of 2/);
    expect(said('previous')).toMatch(/^step 3, 2 of 2/);
    expect(new Disagreements(comparison).go('previous')?.step).toBe(2);
    expect(new Disagreements({ ...comparison, differences: [] }).go('next')).toBeUndefined();
  });

  it('names another person by their name, and tells two protocols of one label apart', () => {
    const [difference] = comparison.differences;
    if (difference === undefined) throw new Error('there is one');
    expect(new Disagreements(comparison).inWords(difference, { ...PERSON, label: 'Bob' })).toContain('a person 1, Model 5');
    const protocols = new Disagreements({ ...comparison, a: MODEL, b: { ...MODEL, protocol: 'whole-trace' } });
    expect(protocols.inWords(difference, PERSON)).toContain('Model, prefix 1, Model, whole-trace 5');
  });
});
