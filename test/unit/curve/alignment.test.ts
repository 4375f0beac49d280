import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aligned, extremeOf, placesOf } from '../../../src/curve/alignment';
import type { Score } from '../../../src/trace/verdict';

const position = (bins: number): { kind: 'position'; bins: number } => ({ kind: 'position', bins });
const at = (kind: 'extreme' | 'injected', from = -3, to = 5): { kind: 'extreme' | 'injected'; from: number; to: number } => ({ kind, from, to });
const score = fc.constantFrom<Score>(null, 1, 2, 3, 4, 5);

describe('alignment by position', () => {
  it('gives each bin the mean of its steps, by hand', () => {
    // 8 steps stand at 1/16, 3/16 … 15/16: two of them in each quarter.
    expect(aligned([1, 2, 3, 5, 4, 4, 1, 2], 'harmfulness', position(4), [])).toEqual([1.5, 4, 4, 1.5]);
    // 5 steps stand at .1 .3 .5 .7 .9: of two halves the second begins with the one in the middle.
    expect(aligned([1, 1, 5, 2, 2], 'harmfulness', position(2), [])).toEqual([1, 3]);
    expect(placesOf(position(4))).toEqual([0.125, 0.375, 0.625, 0.875]);
  });

  it('gives each bin its nearest step where there are fewer steps than bins', () => {
    expect(aligned([1, 5], 'harmfulness', position(4), [])).toEqual([1, 1, 5, 5]);
    // The middle bin's middle is as near to both: the later one.
    expect(aligned([1, 5], 'harmfulness', position(3), [])).toEqual([1, 5, 5]);
    expect(aligned([3], 'harmfulness', position(3), [])).toEqual([3, 3, 3]);
  });

  it('leaves gaps where nothing is scored, and lets no neighbour stand in', () => {
    expect(aligned([1, null, null, 2], 'harmfulness', position(2), [])).toEqual([1, 2]);
    expect(aligned([1, null], 'harmfulness', position(4), [])).toEqual([1, 1, null, null]);
    expect(aligned([null, null, 4, 4], 'harmfulness', position(2), [])).toEqual([null, 4]);
    expect(aligned([], 'harmfulness', position(2), [])).toEqual([null, null]);
  });

  it('law: each bin has a mean of scores of its trace; a trace with a step a bin is itself; every scored step of many counts in one bin', () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (scores, bins) => {
        const said = aligned(scores, 'harmfulness', position(bins), []) ?? [];
        expect(said).toHaveLength(bins);
        expect(aligned(scores, 'harmfulness', position(scores.length), [])).toEqual(scores);
        const full = aligned(scores.map(() => 1), 'harmfulness', position(bins), []) ?? [];
        // A fully scored trace speaks in every bin with the weight of one.
        expect(full).toEqual(full.map(() => 1));
        // A naive reference: the steps whose place lies in the bin, as exact fractions.
        if (scores.length < bins) return;
        for (let bin = 0; bin < bins; bin++) {
          const inBin = scores.filter((one, i) => one !== null && (2 * i + 1) * bins >= 2 * scores.length * bin && (2 * i + 1) * bins < 2 * scores.length * (bin + 1)) as number[];
          const mean = inBin.length === 0 ? null : inBin.reduce((a, b) => a + b, 0) / inBin.length;
          expect(said[bin]).toEqual(mean);
        }
      }),
    );
  });
});

describe('alignment at an event', () => {
  it('puts the first worst step at 0, and ends where the trace ends', () => {
    expect(aligned([1, 4, 2, 4, 1], 'harmfulness', at('extreme', -2, 3), [])).toEqual([null, 1, 4, 2, 4, 1]);
    expect(aligned([5, 2, 2], 'helpfulness', at('extreme', -1, 2), [])).toEqual([5, 2, 2, null]);
    expect(placesOf(at('extreme', -2, 1))).toEqual([-2, -1, 0, 1]);
  });

  it('puts the first injected step at 0, scored or not', () => {
    expect(aligned([1, null, 3], 'harmfulness', at('injected', -1, 1), [2, 1])).toEqual([1, null, 3]);
  });

  it('has nothing to say of a trace without the event', () => {
    expect(aligned([null, null], 'harmfulness', at('extreme'), [])).toBeUndefined();
    expect(aligned([1, 2], 'harmfulness', at('injected'), [])).toBeUndefined();
  });

  it('law: at 0 stands the worst score, and nothing before it in the trace is as bad', () => {
    fc.assert(
      fc.property(fc.array(score, { maxLength: 30 }), fc.constantFrom('harmfulness' as const, 'helpfulness' as const), (scores, series) => {
        const step = extremeOf(scores, series);
        const said = scores.filter((one) => one !== null);
        if (said.length === 0) {
          expect(step).toBeUndefined();
          return;
        }
        const worst = series === 'harmfulness' ? Math.max(...said) : Math.min(...said);
        expect(step).toBe(scores.indexOf(worst as Score));
        expect(aligned(scores, series, at('extreme', 0, 0), [])).toEqual([worst]);
      }),
    );
  });
});
