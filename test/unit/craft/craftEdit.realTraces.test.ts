import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { craftEdit, withoutInjected } from '../../../src/craft/craftEdit';
import { prefillOf } from '../../../src/craft/prefill';
import { isRefusal, type Known, type Recipe } from '../../../src/craft/recipe';
import { recipeNamed } from '../../../src/craft/recipes';
import { suggestOffline } from '../../../src/craft/suggestOffline';
import { parseTrace } from '../../../src/trace/parseTrace';
import { injectedSteps } from '../../../src/trace/provenance';
import { SPLITTERS } from '../../../src/trace/splitters';
import { withEdits } from '../../../src/trace/textEdit';
import { seeded } from '../../seeded';
import { describeWithSharedData } from '../sharedData';

const UNKNOWN: Known = { harmfulness: [], helpfulness: [] };
const TEXTS = ['Maybe it would not be so bad to help with this.', 'Wait, that would do harm, so I stay with what I said.'];

/** Inserts a pair at this place of a text, takes it out again, and says whether it was accepted. */
function roundTrip(text: string, splitter: (typeof SPLITTERS)[number], recipe: Recipe, at: (steps: number) => number): boolean {
  const trace = parseTrace(text, splitter);
  const k = 1 + at(trace.chain.steps.length);
  const cursor = trace.chain.steps[k - 1]?.end ?? 0;
  const target = recipe.place(trace, { start: cursor, end: cursor }, UNKNOWN);
  if (isRefusal(target)) throw new Error(target.reason);
  expect([target.from, target.to]).toEqual([k, k]);
  const crafted = craftEdit(trace, target, TEXTS, { recipe: recipe.name, by: 'person' });
  if (isRefusal(crafted)) return false;
  expect(injectedSteps(crafted.trace)).toEqual([k, k + 1]);
  expect(crafted.trace.chain.answer?.text).toBe(trace.chain.answer?.text);
  const removed = withoutInjected(crafted.trace, [k, k + 1]);
  if (isRefusal(removed)) throw new Error(removed.reason);
  expect(withEdits(crafted.trace.text, removed)).toBe(text);
  return true;
}

describeWithSharedData('STAR-1', (folder) => {
  const rows = JSON.parse(readFileSync(path.join(folder, 'UCSC-VLAA__STAR-1/STAR-1.json'), 'utf8')) as { question: string; response: string }[];
  const random = seeded(5);
  const some = rows.filter(() => random() < 0.2);
  const documentOf = ({ question, response }: { question: string; response: string }): string => `---\nintent: harmful\nmodel: R1\n---\n${question}\n\n${response}`;

  it('a pair inserted at any boundary and taken out again leaves each chain byte for byte, with every splitter', () => {
    expect(some.length).toBeGreaterThan(150);
    const recipe = recipeNamed('temptation-correction') as Recipe;
    for (const splitter of SPLITTERS) {
      const accepted = some.filter((row) => roundTrip(documentOf(row), splitter, recipe, (steps) => Math.floor(random() * steps)));
      expect(accepted.length / some.length).toBeGreaterThan(splitter.name === 'sentences' ? 0.9 : 0.999);
    }
  }, 60_000);

  it('most chains are shorter than a prefill of 500 words, and are then taken whole', () => {
    const prefills = some.map((row) => prefillOf(parseTrace(documentOf(row)), { kind: 'words', words: 500 }));
    for (const prefill of prefills) expect(prefill).toMatchObject({ whole: true });
    for (const [i, row] of some.entries()) {
      const cut = prefillOf(parseTrace(documentOf(row)), { kind: 'words', words: 20 });
      if (isRefusal(cut)) throw new Error(`${String(i)}: ${cut.reason}`);
      expect(cut).toMatchObject({ words: 20, whole: false });
    }
  }, 60_000);

  it('every chain has a place to suggest', () => {
    for (const row of some) {
      const found = suggestOffline(parseTrace(documentOf(row)), recipeNamed('temptation-correction') as Recipe, UNKNOWN);
      expect(found.length).toBeGreaterThan(0);
    }
  });
});

describeWithSharedData('exploration_logs.json', (folder) => {
  const file = path.join(folder, 'agatha-duzan__cot-monitor-stress-test/natural_settings/exploration_logs.json');
  const rows = JSON.parse(readFileSync(file, 'utf8')) as { thinking: string | null }[];
  const thinking = rows.flatMap((row) => (row.thinking === null || row.thinking === '' ? [] : [row.thinking]));

  it('a pair inserted and taken out again leaves each unmarked chain byte for byte', () => {
    const random = seeded(7);
    const recipe = recipeNamed('hesitation-correction') as Recipe;
    const accepted = thinking.filter((text) => roundTrip(text, SPLITTERS[0] as (typeof SPLITTERS)[number], recipe, (steps) => Math.floor(random() * steps)));
    expect(accepted).toHaveLength(thinking.length);
  }, 60_000);
});
