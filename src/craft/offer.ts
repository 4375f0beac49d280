import type { Intent } from '../trace/intent';
import type { Span } from '../trace/span';
import type { Trace } from '../trace/trace';
import { isRefusal, type Known, type Recipe, type Target } from './recipe';
import { RECIPES } from './recipes';

/** What a recipe comes to at the cursor: the place where it would work, or why it would not, for the researcher. */
export type Offer = { readonly recipe: Recipe; readonly target: Target } | { readonly recipe: Recipe; readonly refused: string };

/** What each recipe comes to at a cursor or selection (offsets in the document), in the order of `RECIPES`. Changes nothing. */
export function offersAt(trace: Trace, at: Span, known: Known, recipes: readonly Recipe[] = RECIPES): readonly Offer[] {
  return recipes.map((recipe) => offerOf(recipe, trace, at, known));
}

/** The same of one recipe: refused where the intent is not known or not one that it is for, or by the place. */
export function offerOf(recipe: Recipe, trace: Trace, at: Span, known: Known): Offer {
  const refused = refusedByIntent(recipe, trace.intent);
  if (refused !== undefined) return { recipe, refused };
  const target = recipe.place(trace, at, known);
  return isRefusal(target) ? { recipe, refused: target.reason } : { recipe, target };
}

function refusedByIntent({ label, intents }: Recipe, intent: Intent): string | undefined {
  if (intents.includes(intent)) return undefined;
  if (intent === 'unknown') {
    return 'Set the intent first: write `intent: harmful`, `benign` or `ambiguous` into the front matter. What a step should do depends on what the prompt asks for.';
  }
  const others = intents.length < 2 ? intents.join('') : `${intents.slice(0, -1).join(', ')} and ${intents.at(-1) ?? ''}`;
  return `${label} is for ${others} prompts; this one is ${intent}.`;
}
