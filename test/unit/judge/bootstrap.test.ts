import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsOf, kappaOf } from '../../../src/judge/agreement';
import { bootstrapOver, type Figure } from '../../../src/judge/bootstrap';

/** Efron & Tibshirani 1993, table 3.1: 15 law schools, LSAT and GPA. */
const LSAT = [576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594];
const GPA = [3.39, 3.3, 2.81, 3.03, 3.44, 3.07, 3.0, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96];

const correlation: Figure = ([n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0]) => (n * xy - x * y) / Math.sqrt((n * xx - x * x) * (n * yy - y * y));
const schools = LSAT.map((x, i) => {
  // Centred, so that sums of squares keep their digits.
  const [dx, dy] = [x - 600, (GPA[i] ?? 0) - 3];
  return [1, dx, dy, dx * dx, dy * dy, dx * dy];
});

describe('bootstrap over traces', () => {
  it('of the correlation of the 15 law schools: .776 and the percentile interval that scipy gives', () => {
    // scipy 1.17.1, stats.bootstrap(paired, method='percentile', n_resamples=100000): [0.4594, 0.9617].
    const [r] = bootstrapOver(schools, [correlation], { resamples: 20_000 });
    expect(r?.value).toBeCloseTo(0.776, 3);
    expect(Math.abs((r?.low ?? NaN) - 0.4594)).toBeLessThan(0.01);
    expect(Math.abs((r?.high ?? NaN) - 0.9617)).toBeLessThan(0.004);
  });

  it('of weighted kappa over 20 subjects: the interval that scipy gives', () => {
    // The ratings of R's irr, anxiety, raters 1 and 2, with 6 taken as 5. scipy as above: 0.3486 [-0.0353, 0.6367].
    const first = [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 5, 1, 5, 2, 2, 1, 2, 4, 3];
    const second = [3, 5, 4, 5, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4];
    const subjects = first.map((score, i) => countsOf([score], [second[i] ?? 0]));
    const [kappa] = bootstrapOver(subjects, [(sums) => kappaOf(sums)], { resamples: 20_000 });
    expect(kappa?.value).toBeCloseTo(0.3486, 4);
    expect(Math.abs((kappa?.low ?? NaN) + 0.0353)).toBeLessThan(0.02);
    expect(Math.abs((kappa?.high ?? NaN) - 0.6367)).toBeLessThan(0.01);
  });

  const mean: Figure = ([n = 0, sum = 0]) => sum / n;

  it('of a mean comes near to the normal interval, mean ± 1.96 s/√n', () => {
    const values = Array.from({ length: 400 }, (_, i) => (i * 37) % 100);
    const average = values.reduce((a, b) => a + b, 0) / 400;
    const error = Math.sqrt(values.reduce((sum, v) => sum + (v - average) ** 2, 0) / 400 / 400);
    const [estimate] = bootstrapOver(values.map((v) => [1, v]), [mean]);
    expect(estimate?.value).toBeCloseTo(average, 10);
    expect(Math.abs((estimate?.low ?? NaN) - (average - 1.96 * error))).toBeLessThan(0.25 * error);
    expect(Math.abs((estimate?.high ?? NaN) - (average + 1.96 * error))).toBeLessThan(0.25 * error);
  });

  it('needs two traces or more: of one, or of none, there is no interval', () => {
    expect(bootstrapOver([[1, 3]], [mean])).toEqual([{ value: 3, low: NaN, high: NaN }]);
    expect(bootstrapOver([], [mean])).toEqual([{ value: NaN, low: NaN, high: NaN }]);
    const [two] = bootstrapOver([[1, 3], [1, 5]], [mean]);
    expect(two).toEqual({ value: 4, low: 3, high: 5 });
  });

  it('draws traces whole: many steps of two traces leave as wide an interval as one step of each', () => {
    const [wide] = bootstrapOver([[100, 100], [100, 500]], [mean]);
    expect(wide).toEqual({ value: 3, low: 1, high: 5 });
  });

  it('leaves out draws of which a figure cannot be said', () => {
    const known: Figure = ([n = 0, sum = 0]) => (sum === 2 ? NaN : sum / n);
    const [estimate] = bootstrapOver([[1, 1], [1, 4]], [known]);
    expect([estimate?.low, estimate?.high]).toEqual([2.5, 4]);
  });

  const traces = fc.array(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), { maxLength: 8 }).map((pairs) =>
      countsOf(pairs.map(([a]) => a), pairs.map(([, b]) => b)),
    ),
    { minLength: 2, maxLength: 12 },
  );
  const kappa: Figure = (sums) => kappaOf(sums);

  it('law: the same for the same seed, whatever the order of the traces; another seed moves it a little', () => {
    fc.assert(
      fc.property(traces, fc.integer({ min: 1, max: 1000 }), (some, seed) => {
        const options = { resamples: 200, seed };
        const once = bootstrapOver(some, [kappa], options);
        expect(bootstrapOver([...some].reverse(), [kappa], options)).toEqual(once);
        expect(bootstrapOver([...some.slice(1), ...some.slice(0, 1)], [kappa], options)).toEqual(once);
      }),
      { numRuns: 50 },
    );
    const others = [1, 2].map((seed) => bootstrapOver(schools, [correlation], { seed, resamples: 500 })[0]);
    expect(others[0]).not.toEqual(others[1]);
  });

  it('law: low is not above high, and both are figures that a draw can have', () => {
    fc.assert(
      fc.property(traces, (some) => {
        const [estimate] = bootstrapOver(some, [kappa], { resamples: 100 });
        if (estimate === undefined || Number.isNaN(estimate.low)) return;
        expect(estimate.low).toBeLessThanOrEqual(estimate.high);
        expect(estimate.low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(estimate.high).toBeLessThanOrEqual(1 + 1e-12);
      }),
      { numRuns: 50 },
    );
  });
});
