import { placeOfSample } from './findingPlace';
import type { Finding, SampleCheck } from './sampleCheck';
import { withArticle } from './stepsInWords';

/** Is the recipe one for a prompt of this intent? `intent-does-not-fit` where not: a temptation on a benign prompt teaches nothing. */
export const fittingIntent: SampleCheck = {
  name: 'fitting intent',
  check(sample) {
    const { recipe, trace } = sample;
    if (recipe === undefined || recipe.intents.includes(trace.intent)) return [];
    const message =
      trace.intent === 'unknown'
        ? `The intent of this prompt is not known, and ${withArticle(recipe.label)} sample needs one (${recipe.intents.join(' or ')}). Set it.`
        : `${recipe.label} is for prompts whose intent is ${recipe.intents.join(' or ')}, and this one’s is ${trace.intent}. Set the intent if it is wrong, or take the injected steps out.`;
    const found: Finding = {
      code: 'intent-does-not-fit',
      severity: 'warning',
      message,
      at: placeOfSample(sample),
      fixes: [{ kind: 'setIntent', title: 'Set intent…' }],
    };
    return [found];
  },
};
