import type { AnyRecipe, ReadRecipe } from '../../train/anyRecipe';
import { TRAINING_RECIPES } from '../../train/recipes';
import type { JsonObject } from '../../trace/rows/fieldRef';

/** A recipe's values as they stand in their file. */
export type RecipeInFile =
  | { readonly recipe: AnyRecipe; readonly raw: JsonObject; readonly read: ReadRecipe }
  /** `faults`: a line for each, with the name of the value. `recipe` and `raw` as far as they can be told. */
  | { readonly recipe: AnyRecipe | undefined; readonly raw: JsonObject | undefined; readonly faults: readonly string[] };

/** The file of a recipe's values: beside the set, by the names of both. */
export function recipeFilePath(setPath: string, recipe: string): string {
  return `${setPath.replace(/(?:\.curated)?\.jsonl$/, '')}.${recipe}.recipe.json`;
}

/** As it is written: all values, in the order of the recipe. */
export function recipeFileText(values: JsonObject): string {
  return `${JSON.stringify(values, undefined, 2)}\n`;
}

/** Reads a file of values; its field `recipe` says of which recipe. */
export function readRecipeFile(text: string, recipes: readonly AnyRecipe[] = TRAINING_RECIPES): RecipeInFile {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { recipe: undefined, raw: undefined, faults: [`It is no JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { recipe: undefined, raw: undefined, faults: ['It is no JSON object of values.'] };
  const values = raw as JsonObject;
  const recipe = recipes.find(({ name }) => name === values['recipe']);
  if (recipe === undefined) return { recipe, raw: values, faults: [`recipe: must be one of ${recipes.map(({ name }) => name).join(', ')}.`] };
  const read = recipe.read(values);
  return 'faults' in read ? { recipe, raw: values, faults: read.faults } : { recipe, raw: values, read };
}
