import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADVCHAIN_MIX } from '../../../src/curate/mix';
import { mixInWords, mixOf } from '../../../src/curate/mixOf';
import { asksForCurve, recipeNames } from '../../../src/curate/recipeNames';

const T = 'temptation-correction';
const H = 'hesitation-correction';
const words = (counts: Record<string, number>, target: Record<string, number> = ADVCHAIN_MIX): readonly string[] =>
  mixInWords(mixOf(new Map(Object.entries(counts)), target), (recipe) => recipeNames(recipe).short);

describe('the mix of a set', () => {
  it('says how it stands, what is missing for the mix, and what in all', () => {
    expect(words({ [T]: 3, [H]: 3 })).toEqual(['3 T-C : 3 H-C, target 800 : 200', 'For this mix add 9 T-C.', 'For 800 : 200 in all add 797 T-C and 197 H-C.']);
    expect(words({ [T]: 12, [H]: 3 })).toEqual(['12 T-C : 3 H-C, target 800 : 200', 'The mix is as it is to be.', 'For 800 : 200 in all add 788 T-C and 197 H-C.']);
    expect(words({ [T]: 800, [H]: 200 }).slice(1)).toEqual(['The mix is as it is to be.', 'All that the target asks for is there.']);
    expect(words({})).toEqual(['0 T-C : 0 H-C, target 800 : 200', 'For 800 : 200 in all add 800 T-C and 200 H-C.']);
  });

  it('counts what the target does not name apart, and knows no mix without a target', () => {
    expect(words({ [T]: 4, none: 1, 'counter-aligned-prefill': 2 }).at(-1)).toBe('Outside the target: 2 Prefill, 1 no recipe.');
    expect(words({ [T]: 4 }, {})).toEqual(['Outside the target: 4 T-C.']);
    expect(words({}, {})).toEqual([]);
    expect(mixOf(new Map([[T, 1]]), { [T]: 0, [H]: Number.NaN })).toEqual([{ recipe: T, samples: 1, target: 0, missingForMix: 0, missingInAll: 0 }]);
  });

  it('has the target’s proportions once what is missing is added, and nothing more is asked for then', () => {
    const count = fc.integer({ min: 0, max: 5000 });
    const wanted = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(count, wanted), { minLength: 1, maxLength: 4 }), (recipes) => {
        const target = Object.fromEntries(recipes.map(([, number], i) => [`r${String(i)}`, number]));
        const counts = new Map(recipes.map(([samples], i) => [`r${String(i)}`, samples]));
        const parts = mixOf(counts, target);
        const filled = new Map(parts.map((part) => [part.recipe, part.samples + part.missingForMix]));
        const times = Math.max(...parts.map((part) => part.samples / part.target));
        for (const part of parts) {
          // As near to the proportion as whole samples allow, and never below it.
          expect((filled.get(part.recipe) ?? 0) - part.target * times).toBeGreaterThan(-1e-6);
          expect((filled.get(part.recipe) ?? 0) - part.target * times).toBeLessThan(1);
          expect(part.samples + part.missingInAll).toBe(Math.max(part.samples, part.target));
        }
      }),
    );
  });

  it('calls recipes by name, whatever the name is', () => {
    expect(recipeNames(T)).toEqual({ label: 'Temptation-Correction', short: 'T-C' });
    expect(recipeNames(H)).toEqual({ label: 'Hesitation-Correction', short: 'H-C' });
    expect(recipeNames('backtrack')).toEqual({ label: 'Backtrack to the last safe step', short: 'Backtrack' });
    expect([T, 'backtrack', 'none', 'of-tomorrow'].map(asksForCurve)).toEqual([true, false, false, true]);
    expect(recipeNames('my-own recipe').label).toBe('My own recipe');
  });
});
