import type { TrainingRecipe } from '../trainingRecipe';
import { advchainSft } from './advchainSft';
import { recapTrlGrpo } from './recapTrlGrpo';
import { recapVerl } from './recapVerl';

/** All ways to train, in the order they are offered. Adding one touches its own file and this list. */
export const TRAINING_RECIPES: readonly TrainingRecipe<never>[] = [advchainSft, recapTrlGrpo, recapVerl];
