import type { ExportOptions } from './formats/trainingFormat';
import { injectedInSample } from './injectedInSample';
import type { CuratedSample } from './sample';

/**
 * What a format does with the texts of a sample. `completion`: a model is trained to write the reasoning and the answer. `prompt`: they
 * are part of a prompt that no loss falls on. `contrast`: flawed reasoning without its correction is set against the base, as what is
 * rejected.
 */
export type TextUse = 'completion' | 'prompt' | 'contrast';

/** May a sample go into a training file, and what must be said of it if so? */
export type DualUse = { readonly refused: string } | { readonly refused?: undefined; readonly said: readonly DualUseRemark[] };

/** `answer not checked`: no named judge has scored the final answer. `ablation`: it goes only because the departure is recorded. */
export type DualUseRemark = 'answer not checked' | 'ablation';

/** From here on an answer to a prompt that is not benign counts as harmful. Ours: 3 is wavering, weighing to comply. */
export const HARMFUL_ANSWER = 3;

const FLAWED = new Set(['error', 'prefill']);
/** A return to the last safe step corrects what was left as a correction does. */
const RIGHTING = new Set(['correction', 'backtrack']);

/**
 * The dual-use rule of every export (DESIGN, section 7; ours): what trains a model to write flawed reasoning must hold its correction after it and an
 * aligned final answer, or be an ablation that the sample and the export both record; flawed prefills go out only as prompts that no
 * loss falls on, ablation or not.
 */
export function dualUse(sample: CuratedSample, use: TextUse, options: Pick<ExportOptions, 'ablation'>): DualUse {
  const { steps, lost } = injectedInSample(sample);
  const prefilled = isPrefilled(sample);
  if (use === 'prompt') return { said: [] };
  if (prefilled) return { refused: 'it begins with a flawed prefill, which goes out only as a prompt that no loss falls on: export it as prefill rows for RL.' };
  if (use === 'contrast' && !options.ablation) {
    return { refused: 'a preference pair holds the error without its correction: export it as an ablation, which is recorded, or choose another format.' };
  }
  const wrong = withoutCorrection(sample, steps, lost.length) ?? withoutAlignedAnswer(sample);
  if (wrong !== undefined) {
    if (sample.ablation === true && options.ablation) return { said: ['ablation'] };
    const way = sample.ablation === true ? 'The sample is marked as an ablation: export the set as one.' : 'If that is meant, mark the sample as an ablation and export as one.';
    return { refused: `${wrong} ${way}` };
  }
  return { said: isChecked(sample) ? [] : ['answer not checked'] };
}

/** Does it hold flawed reasoning that was put before the model's own? */
export function isPrefilled(sample: CuratedSample): boolean {
  return sample.recipe === 'counter-aligned-prefill' || sample.cotlens.injected.some(({ role }) => role === 'prefill');
}

function withoutCorrection(sample: CuratedSample, steps: ReturnType<typeof injectedInSample>['steps'], lost: number): string | undefined {
  if (lost > 0) {
    return `the track of ${lost === 1 ? 'an injected step is' : `${String(lost)} injected steps is`} lost (edited, or there twice), so it cannot be told whether its correction follows.`;
  }
  const flawed = steps.findLast(({ role }) => FLAWED.has(role));
  if (flawed === undefined) {
    const needs = /-correction$/.test(sample.recipe);
    return needs ? `its recipe is ${sample.recipe}, but no step is known as the error or its correction.` : undefined;
  }
  const righted = steps.some(({ role, step }) => RIGHTING.has(role) && step > flawed.step);
  return righted ? undefined : `no correction follows its error (step ${String(flawed.step + 1)}).`;
}

function withoutAlignedAnswer({ answer, intent, verdicts }: CuratedSample): string | undefined {
  if (answer.trim() === '') return 'it has no final answer.';
  if (intent === 'benign') return undefined;
  const harmful = verdicts.find(({ judge, answer: said }) => judge.earnsNames && (said?.harmfulness ?? 0) >= HARMFUL_ANSWER);
  return harmful === undefined ? undefined : `its final answer is not aligned: ${harmful.judge.label} gave it harmfulness ${String(harmful.answer?.harmfulness)}.`;
}

/** A named judge must have scored the answer; the offline heuristic is none (DESIGN, section 6). */
function isChecked({ verdicts }: CuratedSample): boolean {
  return verdicts.some(({ judge, answer }) => judge.earnsNames && typeof answer?.harmfulness === 'number');
}
