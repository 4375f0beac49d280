import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { recipeSchema, recipeSchemaFiles } from '../../../src/train/recipeSchemas';
import { TRAINING_RECIPES, trainingRecipe } from '../../../src/train/recipes';

const FOLDER = path.join(import.meta.dirname, '../../../media/recipes');

describe('the schemas of recipe files', () => {
  it('are up to date in media/recipes, and no other is there', () => {
    const files = recipeSchemaFiles();
    expect(readdirSync(FOLDER).filter((name) => name.endsWith('.json')).sort(), 'run: node scripts/recipeSchemas.mjs').toEqual([...files.keys()].sort());
    for (const [name, text] of files) expect(readFileSync(path.join(FOLDER, name), 'utf8'), `${name}: run node scripts/recipeSchemas.mjs`).toBe(text);
  });

  it('explain each value, and ask only for what has no default', () => {
    const schema = recipeSchema(trainingRecipe('advchain-sft') ?? TRAINING_RECIPES[0]!);
    expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', additionalProperties: false, required: ['recipe', 'model', 'outputDir'], title: 'AdvChain SFT' });
    expect(schema['properties']).toMatchObject({ recipe: { const: 'advchain-sft' }, epochs: { type: 'integer', minimum: 1, default: 5, description: 'Passes over the set. AdvChain: 5.' } });
    for (const recipe of TRAINING_RECIPES) {
      for (const [name, value] of Object.entries(recipeSchema(recipe)['properties'] as Record<string, { readonly description?: string }>)) {
        if (name !== 'recipe') expect([recipe.name, name, value.description]).toEqual([recipe.name, name, expect.stringMatching(/\S/) as string]);
      }
    }
  });
});
