import { recipeNamed } from '../craft/recipes';

/** What a recipe is called in lists and legends. */
export interface RecipeNames {
  /** `Temptation-Correction`. */
  readonly label: string;
  /** `T-C`; of a recipe that is not known here the label. */
  readonly short: string;
}

/**
 * The names of a recipe that samples and provenance carry. A recipe of tomorrow, or of another program, is called by what is written.
 * `none` is a trace without anything injected.
 */
export function recipeNames(name: string): RecipeNames {
  if (name === 'none' || name === '') return { label: 'No recipe', short: 'no recipe' };
  const known = recipeNamed(name);
  if (known !== undefined) return { label: known.label, short: known.short };
  const label = name.slice(0, 1).toUpperCase() + name.slice(1).replaceAll('-', ' ');
  return { label, short: label };
}

/** Is a sample of this recipe to show a curve? Of one that is not known here that is taken for granted. */
export function asksForCurve(name: string): boolean {
  const known = recipeNamed(name);
  return known === undefined ? name !== 'none' && name !== '' : known.curve !== undefined;
}
