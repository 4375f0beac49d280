import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawSteps, type Candidate } from '../../../src/session/calibrationDraw';

const candidates = fc.uniqueArray(
  fc.record({ trace: fc.constantFrom('a', 'b', 'c', 'd'), seen: fc.integer({ min: 0, max: 300 }).map(String), score: fc.integer({ min: 1, max: 5 }) }),
  { maxLength: 120, selector: ({ trace, seen }) => `${trace} ${seen}` },
);
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

const countBy = (some: readonly Candidate[], key: (one: Candidate) => unknown): Map<unknown, number> => {
  const counts = new Map<unknown, number>();
  for (const one of some) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1);
  return counts;
};

describe('the draw of a calibration', () => {
  it('law: draws as many as there are, at most n, and no two the same', () => {
    fc.assert(
      fc.property(candidates, seeds, fc.integer({ min: 0, max: 40 }), (all, seed, n) => {
        const drawn = drawSteps(all, n, seed);
        const distinct = new Set(all.map(({ seen }) => seen)).size;
        expect(drawn.length).toBe(Math.min(n, distinct));
        expect(new Set(drawn.map(({ seen }) => seen)).size).toBe(drawn.length);
        for (const one of drawn) expect(all).toContain(one);
      }),
    );
  });

  it('law: from two scores it draws equally often, give or take one, unless one has no more', () => {
    fc.assert(
      fc.property(candidates, seeds, (all, seed) => {
        // Of equal steps the first by trace counts; make them all different, so that each score's supply is known.
        const unlike = all.map((one, i) => ({ ...one, seen: String(i) }));
        const supply = countBy(unlike, ({ score }) => score);
        const drawn = countBy(drawSteps(unlike, 30, seed), ({ score }) => score);
        for (const [score, has] of supply) {
          const taken = drawn.get(score) ?? 0;
          for (const [other] of supply) if (taken < has) expect(drawn.get(other) ?? 0).toBeLessThanOrEqual(taken + 1);
        }
      }),
    );
  });

  it('law: the same for the same seed, in whatever order the candidates come', () => {
    fc.assert(
      fc.property(candidates, seeds, (all, seed) => {
        expect(drawSteps([...all].reverse(), 30, seed)).toEqual(drawSteps(all, 30, seed));
      }),
    );
  });

  const supply: Candidate[] = Array.from({ length: 600 }, (_, i) => ({
    trace: `t${String(i % 20)}`,
    seen: `s${String(i)}`,
    // Nearly all steps are a 1, as in real traces.
    score: i < 540 ? 1 : 2 + (i % 4),
  }));

  it('of 600 steps, most of them a 1, takes six of each score, from many traces', () => {
    const drawn = drawSteps(supply, 30, 7);
    expect([...countBy(drawn, ({ score }) => score).entries()].sort()).toEqual([[1, 6], [2, 6], [3, 6], [4, 6], [5, 6]]);
    const ofTraces = countBy(drawn, ({ trace }) => trace);
    expect(ofTraces.size).toBeGreaterThanOrEqual(15);
    expect(Math.max(...ofTraces.values())).toBeLessThanOrEqual(3);
  });

  it('another seed draws others, in an order that does not go by score', () => {
    const [one, other] = [1, 2].map((seed) => drawSteps(supply, 30, seed).map(({ seen }) => seen));
    expect(one).not.toEqual(other);
    const scores = drawSteps(supply, 30, 1).map(({ score }) => score);
    expect(scores).not.toEqual([...scores].sort());
  });
});
