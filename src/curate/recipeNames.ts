/** What a recipe is called in lists and legends, made of the name that samples and provenance carry. */
export interface RecipeNames {
  /** `Temptation-Correction`, `Counter-aligned prefill`. */
  readonly label: string;
  /** `T-C`; of others the label. */
  readonly short: string;
}

/** A recipe of tomorrow, or of another program, has a name too: nothing is looked up. `none` is a trace without anything injected. */
export function recipeNames(recipe: string): RecipeNames {
  if (recipe === 'none' || recipe === '') return { label: 'No recipe', short: 'no recipe' };
  const pair = /^([a-z]+)-correction$/.exec(recipe)?.[1];
  if (pair !== undefined) return { label: `${capital(pair)}-Correction`, short: `${capital(pair).slice(0, 1)}-C` };
  const label = recipe === 'counter-aligned-prefill' ? 'Counter-aligned prefill' : capital(recipe.replaceAll('-', ' '));
  return { label, short: label };
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
