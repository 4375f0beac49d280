import { describe, expect, it } from 'vitest';
import { readRecipeFile, recipeFilePath, recipeFileText } from '../../../src/session/training/recipeFile';
import { runId } from '../../../src/session/training/runId';
import { TRAINING_RECIPES } from '../../../src/train/recipes';
import type { JsonObject } from '../../../src/trace/rows/fieldRef';

const read = (values: unknown): ReturnType<typeof readRecipeFile> => readRecipeFile(typeof values === 'string' ? values : JSON.stringify(values));

describe('the file of a recipe', () => {
  it('stands beside the set, by the names of both', () => {
    expect(recipeFilePath('/sets/kitchen.curated.jsonl', 'advchain-sft')).toBe('/sets/kitchen.advchain-sft.recipe.json');
    expect(recipeFilePath('/sets/a.b.curated.jsonl', 'recap-verl')).toBe('/sets/a.b.recap-verl.recipe.json');
  });

  it('holds every value of every recipe and preset, and reads back as the same', () => {
    for (const recipe of TRAINING_RECIPES) {
      for (const preset of recipe.presets) {
        const first = recipe.read({ ...(preset.values as JsonObject), recipe: recipe.name, model: 'm', ...(recipe.backend === 'ray' ? { outputDir: '/o' } : {}) });
        if ('faults' in first) throw new Error(`${recipe.name} ${preset.name}: ${first.faults.join()}`);
        const again = read(recipeFileText(first.values));
        expect('read' in again ? again.read.values : again).toEqual(first.values);
        expect(again.recipe?.name).toBe(recipe.name);
      }
    }
  });

  it('says what is wrong by the name of the value, and keeps what was written', () => {
    const found = read({ recipe: 'advchain-sft', model: '', outputDir: '/o', batchSize: 1.5, learnRate: 1 });
    if (!('faults' in found)) throw new Error('read');
    expect(found.faults.join('\n')).toMatch(/model: /);
    expect(found.faults.join('\n')).toMatch(/batchSize: /);
    expect(found.faults.join('\n')).toMatch(/learnRate/);
    expect(found.raw).toMatchObject({ batchSize: 1.5 });
  });

  it('says so of what is no recipe at all', () => {
    for (const text of ['', '{', '[]', 'null', '7']) {
      const found = read(text);
      expect('faults' in found && found.raw === undefined && found.faults.length === 1).toBe(true);
    }
    const other = read({ recipe: 'another' });
    expect('faults' in other ? other.faults[0] : '').toMatch(/recipe: must be one of advchain-sft, /);
  });
});

describe('the id of a run', () => {
  it('is of letters, digits, _ and - alone, and says of what and when', () => {
    expect(runId('advchain-sft', new Date('2026-11-21T23:05:09.123Z'), () => '0a1b2c')).toBe('advchain-sft-20261121-230509-0a1b2c');
    expect(runId('a b/c', new Date(0))).toMatch(/^[A-Za-z0-9_-]+$/);
    const ids = new Set(Array.from({ length: 100 }, () => runId('x', new Date(0))));
    expect(ids.size).toBe(100);
  });
});
