import type { Recipe } from '../recipe';
import { backtrack } from './backtrack';
import { counterAlignedPrefill } from './counterAlignedPrefill';
import { hesitationCorrection } from './hesitationCorrection';
import { recompose } from './recompose';
import { temptationCorrection } from './temptationCorrection';

/** Every recipe, in the order in which they are offered. Adding one is a file and a line here. */
export const RECIPES: readonly Recipe[] = [temptationCorrection, hesitationCorrection, counterAlignedPrefill, recompose, backtrack];

/** The recipe of that name, as provenance has it; `undefined` where none has it. */
export function recipeNamed(name: string): Recipe | undefined {
  return RECIPES.find((recipe) => recipe.name === name);
}
