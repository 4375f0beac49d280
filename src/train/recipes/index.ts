import { anyRecipe, type AnyRecipe } from '../anyRecipe';
import { advchainFineTuningApi } from './advchainFineTuningApi';
import { advchainSft } from './advchainSft';
import { recapTrlGrpo } from './recapTrlGrpo';
import { recapVerl } from './recapVerl';

/** All ways to train, in the order they are offered. Adding one touches its own file and this list. */
export const TRAINING_RECIPES: readonly AnyRecipe[] = [anyRecipe(advchainSft), anyRecipe(recapTrlGrpo), anyRecipe(recapVerl), anyRecipe(advchainFineTuningApi)];

export function trainingRecipe(name: string): AnyRecipe | undefined {
  return TRAINING_RECIPES.find((one) => one.name === name);
}
