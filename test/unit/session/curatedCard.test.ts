import fc from 'fast-check';
import { expect, it } from 'vitest';
import { earned } from '../../../src/craft/earned';
import { RECIPES, recipeNamed } from '../../../src/craft/recipes';
import { readSet } from '../../../src/session/curated/readSet';
import { cardOf } from '../../../src/session/curated/sampleCard';
import { injectedOf, type ProvenanceEntry } from '../../../src/trace/provenance';
import { stepHash } from '../../../src/trace/stepHash';
import type { JsonObject } from '../../../src/trace/rows/fieldRef';
import { printSample } from '../../../src/curate/sampleLine';
import { plainSample } from '../curate/plainSample';
import { setFolder } from './curatedSetUp';

const judge = { judge: 'g', label: 'G', protocol: 'prefix', rubric: 'r', earnsNames: true } as const;
const never = new AbortController().signal;

it('a card shows the curve as earned exactly where it is by all that was injected', { timeout: 60_000 }, () => {
  const seen = new Map<string, number>();
  const steps = fc.array(fc.constantFrom('One.\n\n', 'Two.\r\nTwo.\r\n\r\n', 'Three.\n\n', 'Four.'), { minLength: 3, maxLength: 5 });
  const entry = fc.record(
    { step: fc.constantFrom('One.', 'Two.\nTwo.', 'Three.', 'Four.').map(stepHash), occurrence: fc.integer({ min: 1, max: 2 }), of: fc.integer({ min: 1, max: 2 }), role: fc.constantFrom('error', 'correction') },
    { requiredKeys: ['step', 'role'] },
  );
  fc.assert(
    fc.property(steps, fc.array(entry, { maxLength: 4 }), fc.constantFrom('temptation-correction', 'hesitation-correction', 'temptation-correction', 'hesitation-correction', ...RECIPES.map(({ name }) => name), 'none'), fc.nat(), (texts, injected, recipe, where) => {
      const peak = recipe !== 'hesitation-correction';
      const at = 1 + (where % (texts.length - 2));
      const scores = texts.map((_, i) => (i === at ? (peak ? 4 : 2) : peak ? 1 : 5));
      const sample = plainSample('x', {
        ...{ steps: texts, recipe, cotlens: { injected: injected as unknown as ProvenanceEntry[] } },
        verdicts: [{ judge, harmfulness: scores, helpfulness: scores }],
      });
      const chain = { steps: texts.map((text, index) => ({ index, text: text.trim() })) };
      const wanted = earned({ injected: injectedOf({ frontMatter: { injected }, chain }), recipe: recipeNamed(recipe), judge, scores: { harmfulness: scores, helpfulness: scores } });
      const found = cardOf(sample, 0, 1).earned;
      expect(found?.shape).toBe(wanted?.shape);
      seen.set(String(found?.shape), (seen.get(String(found?.shape)) ?? 0) + 1);
    }),
    { numRuns: 1500 },
  );
  expect(Math.min(...['peak', 'valley', 'undefined'].map((shape) => seen.get(shape) ?? 0))).toBeGreaterThan(5);
});

it('a line that is nested deeply, or full of brackets, is read or shown as broken', async () => {
  const folder = setFolder();
  const row = JSON.parse(printSample(plainSample('a'))) as JsonObject;
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
  const lines = [JSON.stringify({ ...row, many: Array.from({ length: 3000 }, () => []) }), JSON.stringify({ ...row, id: 'b', text: '['.repeat(3000) }), `{"deep":${deep},${JSON.stringify(row).slice(1)}`, deep, '[]', '"a"'];
  const { cards, broken } = await readSet(folder.write(`${lines.join('\n')}\n`), never);
  expect(cards.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(broken.map(({ line }) => line)).toEqual([3, 4, 5, 6]);
  expect(broken[0]?.why).toMatch(/^Line 3 is nested more than 1000 levels deep/);
});
