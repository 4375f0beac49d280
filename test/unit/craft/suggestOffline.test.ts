import { describe, expect, it } from 'vitest';
import { craftEdit } from '../../../src/craft/craftEdit';
import { isRefusal, type Known, type Recipe } from '../../../src/craft/recipe';
import { recipeNamed } from '../../../src/craft/recipes';
import { suggestOffline } from '../../../src/craft/suggestOffline';
import { parseTrace } from '../../../src/trace/parseTrace';

const UNKNOWN: Known = { harmfulness: [], helpfulness: [] };
const recipe = recipeNamed('temptation-correction') as Recipe;
const traceOf = (steps: readonly string[]): ReturnType<typeof parseTrace> => parseTrace(`---\nintent: harmful\n---\nQ\n\n<think>\n${steps.join('\n\n')}\n</think>\n\nNo.`);
const plain = (count: number): string[] => Array.from({ length: count }, (_none, i) => `Plain step number ${String(i + 1)}.`);
const boundaries = (steps: readonly string[], most?: number): number[] => suggestOffline(traceOf(steps), recipe, UNKNOWN, most).map(({ boundary }) => boundary);

describe('insertion points by rule', () => {
  it('begin in the middle of the chain, and leave its edges out unless it is short', () => {
    const long = boundaries(plain(10));
    expect(long[0]).toBe(5);
    expect([...long].sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8]);
    expect([...boundaries(plain(5))].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    expect(boundaries(plain(1))).toEqual([1]);
    expect(boundaries([])).toEqual([]);
  });

  it('prefer a place after a step that restates the request or weighs, and not after one that has settled', () => {
    const first = (steps: string[]): number | undefined => boundaries(steps)[0];
    expect(first(plain(10).with(6, 'The user is asking how a shed is locked.'))).toBe(7);
    expect(first(plain(10).with(3, 'Hmm, but maybe this depends on who asks.'))).toBe(4);
    expect(first(plain(10).with(4, 'Therefore I will decline.'))).not.toBe(5);
  });

  it('say what speaks for each, between 0 and 1, and that it is a rule of thumb', () => {
    const found = suggestOffline(traceOf(plain(10).with(4, 'The user wants to know, but maybe not this.').with(5, 'Overall, no.')), recipe, UNKNOWN);
    expect(found[0]).toMatchObject({ boundary: 5, heuristic: true, reason: 'in the middle of the chain, after a step that restates the request, after a step that weighs' });
    expect(found.find(({ boundary }) => boundary === 6)?.reason).toContain('settled already');
    for (const { score, target, boundary } of found) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect([target.from, target.to]).toEqual([boundary, boundary]);
    }
  });

  it('keep away from pairs that are there', () => {
    const trace = traceOf(plain(7));
    const [best] = suggestOffline(trace, recipe, UNKNOWN);
    if (best === undefined) throw new Error('none');
    const crafted = craftEdit(trace, best.target, ['One that goes wrong.', 'One that is right.'], {});
    if (isRefusal(crafted)) throw new Error(crafted.reason);
    const again = suggestOffline(crafted.trace, recipe, UNKNOWN);
    const error = crafted.steps[0]?.step ?? 0;
    expect(again.map(({ boundary }) => boundary)).not.toContain(error + 1);
    for (const beside of [error, error + 2]) expect(again.find(({ boundary }) => boundary === beside)?.reason ?? 'beside an injected step').toContain('beside an injected step');
    expect(again[0]?.reason).not.toContain('beside');
  });

  it('are as many as asked for, in each turn, and none of a recipe that stands elsewhere', () => {
    expect(boundaries(plain(40), 3)).toHaveLength(3);
    const turns = parseTrace('---\nintent: harmful\n---\nQ\n<think>\nOne.\n\nTwo.\n</think>\nA\n--- user ---\nQ2\n<think>\nThree.\n\nFour.\n</think>\nB');
    expect(suggestOffline(turns, recipe, UNKNOWN).map(({ boundary }) => boundary).sort()).toEqual([1, 2, 3, 4]);
    expect(suggestOffline(traceOf(plain(10)), recipeNamed('counter-aligned-prefill') as Recipe, UNKNOWN)).toEqual([]);
  });
});
