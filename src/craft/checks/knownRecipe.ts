import { placeOfSample } from './findingPlace';
import type { SampleCheck } from './sampleCheck';

/** Does the provenance name a recipe that is known here? `unknown-recipe` where not, so that which curve it must show cannot be told. */
export const knownRecipe: SampleCheck = {
  name: 'known recipe',
  check(sample) {
    const { recipe, injected } = sample;
    if (recipe !== undefined || injected.steps.length === 0) return [];
    const named = injected.steps.find((step) => step.recipe !== undefined)?.recipe;
    const why = named === undefined ? 'The provenance names no recipe' : `No recipe is called “${named}”`;
    return [
      {
        code: 'unknown-recipe',
        severity: 'information',
        message: `${why}, so it is not known which curve this sample must show. Its curve is not checked.`,
        at: placeOfSample(sample),
        fixes: [],
      },
    ];
  },
};
