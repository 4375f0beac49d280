import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefillShare, type PrefillCandidate } from '../../../src/train/prefillShare';

const of = (able: number, plain: number, kind = 'harmful'): PrefillCandidate[] => [
  ...Array.from({ length: able }, (_, i) => ({ id: `${kind} p${String(i)}`, kind, prefillable: true })),
  ...Array.from({ length: plain }, (_, i) => ({ id: `${kind} o${String(i)}`, kind, prefillable: false })),
];

describe('the share of prefilled prompts', () => {
  it('is RECAP’s half of all rows, by some of those that have a prefill', () => {
    const { keep, share, wanted, said } = prefillShare(of(80, 20), 0.5, 42);
    expect([keep.size, share, wanted, said]).toEqual([50, 0.5, 0.5, undefined]);
    expect([...keep].every((id) => id.startsWith('harmful p'))).toBe(true);
  });

  it('is drawn for each intent: what harmful prompts lack is not made up for by benign ones', () => {
    const chosen = prefillShare([...of(0, 10), ...of(30, 0, 'benign')], 0.5, 42);
    expect(chosen.kinds).toEqual([{ kind: 'benign', rows: 30, kept: 15 }, { kind: 'harmful', rows: 10, kept: 0 }]);
    expect(chosen.keep.size).toBe(15);
    expect(chosen.said).toBe('A share of 0.5 of 10 harmful prompts is 5 that begin with flawed reasoning, and none has one: the share is 0. Add samples with a prefill, leave some others out, or lower prefillShare.');
    const both = prefillShare([...of(20, 20), ...of(10, 10, 'benign')], 0.5, 42);
    expect(both.kinds).toEqual([{ kind: 'benign', rows: 20, kept: 10 }, { kind: 'harmful', rows: 40, kept: 20 }]);
    expect(both.said).toBeUndefined();
  });

  it('that cannot be reached is said, and as many as there are keep theirs', () => {
    const few = prefillShare(of(20, 80), 0.5, 42);
    expect([few.keep.size, few.share]).toEqual([20, 0.2]);
    expect(few.said).toBe('A share of 0.5 of 100 harmful prompts is 50 that begin with flawed reasoning, and only 20 have one: the share is 0.2. Add samples with a prefill, leave some others out, or lower prefillShare.');
    expect(prefillShare(of(1, 3), 0.5, 42).said).toContain('only 1 has one: the share is 0.25.');
    const two = prefillShare([...of(0, 3), ...of(0, 1, 'benign')], 1, 42).said;
    expect(two).toContain('A share of 1 of 1 benign prompt is 1 that begins with flawed reasoning, and none has one: the share is 0. A share of 1 of 3 harmful prompts is 3');
  });

  it('is none of none, and none of some', () => {
    expect(prefillShare([], 0.5, 42)).toEqual({ keep: new Set(), share: 0, wanted: 0.5, kinds: [], said: undefined });
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

  it('law: of each kind as near to what is asked as rows can be, the same in any order, and more only adds', () => {
    const kind = fc.tuple(fc.nat(30), fc.nat(30));
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(kind, kind, share, share, fc.nat(), ([able, plain], [ableToo, plainToo], wanted, more, seed) => {
        const samples = [...of(able, plain), ...of(ableToo, plainToo, 'benign')];
        const chosen = prefillShare(samples, wanted, seed);
        for (const [name, has, lacks] of [['harmful', able, plain], ['benign', ableToo, plainToo]] as const) {
          const aim = Math.round(wanted * (has + lacks));
          expect([...chosen.keep].filter((id) => id.startsWith(name)).length).toBe(Math.min(has, aim));
          expect(chosen.said?.includes(`${name} prompt`) ?? false).toBe(aim > has);
        }
        expect([...prefillShare(samples.toReversed(), wanted, seed).keep].sort()).toEqual([...chosen.keep].sort());
        const greater = prefillShare(samples, Math.max(wanted, more), seed).keep;
        expect([...chosen.keep].every((id) => greater.has(id))).toBe(true);
      }),
      { seed: 11 },
    );
  });
});
