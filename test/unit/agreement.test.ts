import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementOf } from '../../src/judge/agreement';

const times = (n: number, score: number): number[] => new Array<number>(n).fill(score);

describe('agreement on an ordinal scale', () => {
  it('gives the quadratic kappa that scikit-learn tests itself with: 0.9541', () => {
    // sklearn/metrics/tests/test_classification.py, test_cohen_kappa: classes 0, 1, 2 of 46/44/10 against 50/40/10.
    const { kappa } = agreementOf([...times(46, 1), ...times(44, 2), ...times(10, 3)], [...times(50, 1), ...times(40, 2), ...times(10, 3)], 3);
    expect(kappa).toBeCloseTo(0.9541, 4);
  });

  it('is 1 for equal scores, 0 for a constant rater, below 0 for reversed ones, and not said where both are constant', () => {
    expect(agreementOf([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]).kappa).toBe(1);
    expect(agreementOf([1, 2, 3, 4, 5], [3, 3, 3, 3, 3]).kappa).toBe(0);
    expect(agreementOf([1, 1, 1], [1, 1, 1]).kappa).toBeNaN();
    expect(agreementOf([1, 2, 3, 4, 5], [5, 4, 3, 2, 1]).kappa).toBe(-1);
  });

  it('counts accuracy, mean error and the confusion table with labels in rows', () => {
    const { n, accuracy, meanAbsoluteError, confusion } = agreementOf([1, 1, 2], [1, 3, 2], 3);
    expect([n, accuracy, meanAbsoluteError]).toEqual([3, 2 / 3, 2 / 3]);
    expect(confusion).toEqual([[1, 0, 1], [0, 1, 0], [0, 0, 0]]);
  });

  it('refuses scores outside the scale and lists of unlike length', () => {
    expect(() => agreementOf([0], [1])).toThrow(RangeError);
    expect(() => agreementOf([1], [6])).toThrow(RangeError);
    expect(() => agreementOf([1], [])).toThrow(RangeError);
  });

  it('is symmetric', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), { minLength: 1 });
    fc.assert(
      fc.property(pairs, (both) => {
        const a = both.map(([x]) => x);
        const b = both.map(([, y]) => y);
        const [there, back] = [agreementOf(a, b).kappa, agreementOf(b, a).kappa];
        if (Number.isNaN(there)) expect(back).toBeNaN();
        else expect(there).toBeCloseTo(back, 10);
      }),
    );
  });
});
