import * as z from 'zod';
import type { AnyRecipe } from './anyRecipe';
import { TRAINING_RECIPES } from './recipes';

/** What an editor needs to check and explain a recipe’s file while it is written: JSON schema, draft 7, with all descriptions and defaults. */
export function recipeSchema({ schema, label, about, source }: Pick<AnyRecipe, 'schema' | 'label' | 'about' | 'source'>): Readonly<Record<string, unknown>> {
  // As people write it: what has a default may be left out.
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return { $schema, title: label, description: `${about} ${source}`, ...rest };
}

/** The schemas as files, by their name: `advchain-sft.schema.json`. */
export function recipeSchemaFiles(): ReadonlyMap<string, string> {
  return new Map(TRAINING_RECIPES.map((recipe) => [`${recipe.name}.schema.json`, `${JSON.stringify(recipeSchema(recipe), undefined, 2)}\n`]));
}
