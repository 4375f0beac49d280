import { parseTrace } from '../trace/parseTrace';
import { isRefusal } from './recipe';
import { RECIPES, recipeNamed } from './recipes';
import { polishInstructions, POLISH_REPLY } from './polish';
import { suggestInstructions, SUGGEST_REPLY } from './suggestByTeacher';
import { instructionsFor, slotReply, teacherSystem } from './teacherFrame';

/** Instructions as a person is shown them. */
export interface ShownInstructions {
  /** The part that a workspace's own file takes the place of. */
  readonly text: string;
  /** All that the system message says, the fixed frame included. */
  readonly system: string;
  /** The versions that they have, as provenance says; more than one where a recipe's texts differ with the intent. */
  readonly versions: readonly string[];
}

/**
 * The built-in instructions of a name, whole, with their versions; `undefined` where there are none.
 * @param own the workspace's own text, to see it in its frame
 */
export function shownInstructions(name: string, own?: string): ShownInstructions | undefined {
  if (name === 'polish') {
    const all = [{ before: 0, after: 3 }, { before: 0, after: undefined }, { before: undefined, after: 3 }].map((sides) => polishInstructions(own, { first: 1, last: 2, ...sides }));
    const text = all[0]?.text ?? '';
    return { text, system: teacherSystem(text, POLISH_REPLY), versions: distinct(all.map(({ version }) => version)) };
  }
  if (name === 'suggest') {
    // What stands behind them is the recipe that is asked for; here the first.
    const all = RECIPES.map((recipe) => suggestInstructions(own, recipe));
    const text = all[0]?.text ?? '';
    return { text, system: teacherSystem(text, SUGGEST_REPLY), versions: all.map(({ version }) => version) };
  }
  const recipe = recipeNamed(name);
  if (recipe === undefined) return undefined;
  const all = recipe.intents.flatMap((intent) => {
    const trace = parseTrace(EXAMPLE.replace('INTENT', intent));
    const at = trace.text.indexOf('Two');
    const target = recipe.place(trace, { start: at, end: at }, { harmfulness: [1, 5, 5], helpfulness: [5, 1, 1] });
    return isRefusal(target) ? [] : [{ target, ...instructionsFor(recipe, target.slots, own) }];
  });
  const [first] = all;
  if (first === undefined) return undefined;
  return { text: first.text, system: teacherSystem(first.text, slotReply(first.target.slots)), versions: distinct(all.map(({ version }) => version)) };
}

/** A trace at which every recipe of ours works; its words are told to nobody. */
const EXAMPLE = '---\nintent: INTENT\n---\nPrompt\n\n<think>\nOne\n\nTwo\n\nThree\n</think>\n\nAnswer\n';

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
