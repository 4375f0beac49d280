import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementOf, biasOf, countsOf, exactShareOf, kappaOf, meanAbsoluteDifferenceOf, type Weight } from '../../../src/judge/agreement';

/** Cohen (1968), table 1: two judges, 200 cases, three diagnoses; judge B in rows. */
const COHEN = [88, 14, 18, 10, 40, 10, 2, 6, 12];

describe('weighted kappa in the literature', () => {
  it('of Cohen 1968, table 1: .348 with his weights, .492 without (as psych::cohen.kappa says of it too)', () => {
    const weights = [0, 1, 3, 1, 0, 6, 3, 6, 0];
    const cohens: Weight = (i, j) => weights[i * 3 + j] ?? NaN;
    const unweighted: Weight = (i, j) => (i === j ? 0 : 1);
    expect(kappaOf(COHEN, 3, cohens)).toBeCloseTo(0.348, 3);
    expect(kappaOf(COHEN, 3, unweighted)).toBeCloseTo(0.492, 3);
  });

  it('of Cohen 1968, table 1, with quadratic weights: 5 / 11', () => {
    // By hand: seen 14+18·4+10+10+2·4+6 = 120; rows 120/60/20, columns 100/60/40:
    // expected (120·60 + 4·120·40 + 60·100 + 60·40 + 4·20·100 + 20·60) / 200 = 220; 1 − 120 / 220.
    expect(kappaOf(COHEN, 3)).toBeCloseTo(5 / 11, 12);
  });

  it('of the anxiety ratings in R’s irr, kappa2(anxiety[, 1:2], "squared"): 0.297', () => {
    const first = [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3];
    const second = [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4];
    expect(agreementOf(first, second, 6).kappa).toBeCloseTo(0.297, 3);
  });

  it('equals the intraclass form of Fleiss & Cohen 1973: 2 · covariance over both variances and the squared bias', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), { minLength: 2 });
    fc.assert(
      fc.property(pairs, (both) => {
        const a = both.map(([x]) => x);
        const b = both.map(([, y]) => y);
        const mean = (of: readonly number[]): number => of.reduce((sum, x) => sum + x, 0) / of.length;
        const [ma, mb] = [mean(a), mean(b)];
        const covariance = mean(both.map(([x, y]) => (x - ma) * (y - mb)));
        const spread = mean(a.map((x) => (x - ma) ** 2)) + mean(b.map((y) => (y - mb) ** 2)) + (ma - mb) ** 2;
        const { kappa } = agreementOf(a, b);
        if (spread < 1e-12) expect(kappa).toBeNaN();
        else expect(kappa).toBeCloseTo((2 * covariance) / spread, 9);
      }),
    );
  });
});

describe('figures of counted pairs', () => {
  const counts = countsOf([1, 1, 2, 5], [1, 3, 1, 5]);

  it('mean absolute difference, bias and exact share, by hand', () => {
    expect(meanAbsoluteDifferenceOf(counts)).toBe(3 / 4);
    expect(biasOf(counts)).toBe(1 / 4);
    expect(exactShareOf(counts)).toBe(2 / 4);
  });

  it('are not said of no pairs', () => {
    const none = countsOf([], []);
    expect([kappaOf(none), meanAbsoluteDifferenceOf(none), biasOf(none), exactShareOf(none)]).toEqual([NaN, NaN, NaN, NaN]);
  });

  const scores = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 60 });
  const both = (pairs: readonly (readonly [number, number])[]): Float64Array => countsOf(pairs.map(([a]) => a), pairs.map(([, b]) => b));

  it('law: keep their bounds', () => {
    fc.assert(
      fc.property(scores, (pairs) => {
        const of = both(pairs);
        const kappa = kappaOf(of);
        expect(Number.isNaN(kappa) || (kappa >= -1 - 1e-12 && kappa <= 1)).toBe(true);
        expect(meanAbsoluteDifferenceOf(of)).toBeGreaterThanOrEqual(Math.abs(biasOf(of)) - 1e-12);
        expect(meanAbsoluteDifferenceOf(of)).toBeLessThanOrEqual(4);
        expect(exactShareOf(of)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('law: with the raters changed about, kappa and the absolute difference stay and the bias turns round', () => {
    fc.assert(
      fc.property(scores, (pairs) => {
        const [there, back] = [both(pairs), both(pairs.map(([a, b]) => [b, a] as const))];
        if (Number.isNaN(kappaOf(there))) expect(kappaOf(back)).toBeNaN();
        else expect(kappaOf(back)).toBeCloseTo(kappaOf(there), 10);
        expect(meanAbsoluteDifferenceOf(back)).toBeCloseTo(meanAbsoluteDifferenceOf(there), 10);
        expect(biasOf(back)).toBeCloseTo(-biasOf(there), 10);
      }),
    );
  });

  it('law: a rater agrees with himself: kappa 1 unless he always says the same', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (one) => {
        const same = countsOf(one, one);
        if (new Set(one).size === 1) expect(kappaOf(same)).toBeNaN();
        else expect(kappaOf(same)).toBe(1);
        expect([biasOf(same), meanAbsoluteDifferenceOf(same), exactShareOf(same)]).toEqual([0, 0, 1]);
      }),
    );
  });
});
