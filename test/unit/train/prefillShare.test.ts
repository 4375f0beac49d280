import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefillShare, type PrefillCandidate } from '../../../src/train/prefillShare';

const of = (able: number, plain: number): PrefillCandidate[] => [...Array.from({ length: able }, (_, i) => ({ id: `p${String(i)}`, prefillable: true })), ...Array.from({ length: plain }, (_, i) => ({ id: `o${String(i)}`, prefillable: false }))];

describe('the share of prefilled prompts', () => {
  it('is RECAP’s half of all rows, by some of those that have a prefill', () => {
    const { keep, share, wanted, said } = prefillShare(of(80, 20), 0.5, 42);
    expect([keep.size, share, wanted, said]).toEqual([50, 0.5, 0.5, undefined]);
    expect([...keep].every((id) => id.startsWith('p'))).toBe(true);
  });

  it('that cannot be reached is said, and as many as there are keep theirs', () => {
    const few = prefillShare(of(20, 80), 0.5, 42);
    expect([few.keep.size, few.share]).toEqual([20, 0.2]);
    expect(few.said).toBe('A share of 0.5 of 100 prompts is 50 that begin with flawed reasoning, and only 20 have one: the share is 0.2. Add samples with a prefill, leave some others out, or lower prefillShare.');
    expect(prefillShare(of(1, 3), 0.5, 42).said).toContain('only 1 has one: the share is 0.25.');
    expect(prefillShare(of(0, 3), 1, 42).said).toContain('none has one: the share is 0.');
  });

  it('is none of none, and none of some', () => {
    expect(prefillShare([], 0.5, 42)).toEqual({ keep: new Set(), share: 0, wanted: 0.5, said: undefined });
    expect(prefillShare(of(5, 5), 0, 42)).toMatchObject({ keep: new Set(), said: undefined });
    expect(prefillShare(of(5, 0), 1, 42)).toMatchObject({ share: 1, said: undefined });
  });

  it('goes by the seed', () => {
    const chosen = [1, 2, 3, 4].map((seed) => [...prefillShare(of(40, 0), 0.5, seed).keep].sort().join());
    expect(new Set(chosen).size).toBe(4);
    // Each may be chosen: over many seeds nobody is always, or never.
    const times = new Map<string, number>();
    for (let seed = 0; seed < 200; seed++) for (const id of prefillShare(of(10, 0), 0.5, seed).keep) times.set(id, (times.get(id) ?? 0) + 1);
    expect([...times.values()].every((count) => count > 60 && count < 140) && times.size === 10).toBe(true);
  });

  it('law: as near to what is asked as rows can be, the same in any order, and more only adds', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (able, plain, share, more, seed) => {
        const samples = of(able, plain);
        const chosen = prefillShare(samples, share, seed);
        expect(chosen.keep.size).toBe(Math.min(able, Math.round(share * samples.length)));
        expect(chosen.said === undefined).toBe(Math.round(share * samples.length) <= able);
        expect([...prefillShare(samples.toReversed(), share, seed).keep].sort()).toEqual([...chosen.keep].sort());
        const greater = prefillShare(samples, Math.max(share, more), seed).keep;
        expect([...chosen.keep].every((id) => greater.has(id))).toBe(true);
      }),
    );
  });
});
