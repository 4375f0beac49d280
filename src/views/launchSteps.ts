import type { TrainingFormat } from '../curate/formats/trainingFormat';
import { trainingFormatNamed } from '../curate/formats';
import type { ChosenTemplate } from '../host/chatTemplates';
import type { SetToExport } from '../session/exportSet';
import type { AnyRecipe } from '../train/anyRecipe';
import type { BackendSetting } from '../train/backends/backendSetting';
import type { JsonObject } from '../trace/rows/fieldRef';
import { BACK, type Answer } from './askInSteps';
import type { LaunchParts } from './launchFineTune';

/** The answers so far; a step back finds them as they were given. */
export interface LaunchDraft {
  /** The set's file, and what it held when it was chosen. */
  setPath: string | undefined;
  set: SetToExport | undefined;
  backend: BackendSetting | undefined;
  recipe: AnyRecipe | undefined;
  /** Values as far as they are known; read and completed by the recipe. */
  values: JsonObject;
  /** Were they read from the recipe file beside the set? Then they are written back. */
  fromFile: boolean;
  /** The values as that file had them when it was read or written on the way here; `undefined` where nobody kept them. */
  read: JsonObject | undefined;
  /** What was written into that file on the way here: it may be replaced without a question. */
  written: string | undefined;
  /** `null`: the person goes on without one. */
  template: ChosenTemplate | null | undefined;
  /** The model that it was chosen for. */
  templateOf: unknown;
  ablation: boolean;
  /** Where the cluster reads the rows; `null`: they are to travel along. `undefined`: nobody said, so that they travel unless they were pushed before. */
  at: string | null | undefined;
}

/** What a question is asked with. */
export interface Asking extends LaunchParts {
  readonly doing: 'launch' | 'push';
  readonly title: string;
  readonly step: number;
  readonly of: number;
  readonly draft: LaunchDraft;
  /** Did the person come from the question before? */
  readonly forwards: boolean;
}

/** What a question did; its answer stands in the draft. A question: that one has to be asked again, and those after it. */
export type Asked = Promise<Answer<'asked' | AskStep>>;
export type AskStep = (asking: Asking) => Asked;

export function emptyDraft(): LaunchDraft {
  return { setPath: undefined, set: undefined, backend: undefined, recipe: undefined, values: {}, fromFile: false, read: undefined, written: undefined, template: undefined, templateOf: undefined, ablation: false, at: undefined };
}

/**
 * Asks one question after the other, with a way back; one that has nothing to ask is passed over in the direction that the person goes.
 * @param first the place of the first question, 0-based
 * @returns whether all were answered
 */
export async function walk(parts: LaunchParts, doing: Asking['doing'], draft: LaunchDraft, steps: readonly AskStep[], first = 0): Promise<boolean> {
  const title = doing === 'launch' ? 'Launch Fine-Tune' : 'Push Curated Set';
  let forwards = true;
  for (let at = first; at < steps.length; ) {
    if (at < 0) return false;
    const answer: Awaited<Asked> = await steps[at]?.({ ...parts, doing, title, step: at + 1, of: steps.length, draft, forwards });
    if (answer === undefined) return false;
    if (typeof answer === 'function') {
      at = steps.indexOf(answer);
      forwards = true;
      continue;
    }
    forwards = answer !== BACK;
    at += forwards ? 1 : -1;
  }
  return true;
}

/** What was answered before. @throws Error where the question was not asked yet */
export function known<T>(answer: T | undefined, what: string): T {
  if (answer === undefined) throw new Error(`No ${what} was chosen yet.`);
  return answer;
}

/** The training format of a recipe's rows. */
export function formatOf({ format }: AnyRecipe): TrainingFormat {
  const found = trainingFormatNamed(format);
  if (found === undefined) throw new Error(`There is no training format ${format}.`);
  return found;
}
