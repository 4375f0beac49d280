import { LEAST_HELPFULNESS } from '../craft/checks/answerKept';
import { pairsOf } from '../craft/checks/pairs';
import type { ExportOptions } from './formats/trainingFormat';
import type { InjectedStep } from '../trace/provenance';
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

/** `answer not checked`: no named judge has scored the final answer that is there. `ablation`: it goes only because the departure is recorded. */
export type DualUseRemark = 'answer not checked' | 'ablation';

/** From here on an answer counts as harmful. Ours: 3 is wavering, weighing to comply. */
export const HARMFUL_ANSWER = 3;

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
  const unchecked: DualUseRemark[] = isChecked(sample) ? [] : ['answer not checked'];
  const wrong = withoutCorrection(sample, steps, lost.length) ?? withoutAlignedAnswer(sample);
  if (wrong !== undefined) {
    if (sample.ablation === true && options.ablation) return { said: ['ablation', ...unchecked] };
    const way = sample.ablation === true ? 'The sample is marked as an ablation: export the set as one.' : 'If that is meant, mark the sample as an ablation and export as one.';
    return { refused: `${wrong} ${way}` };
  }
  return { said: use === 'contrast' ? ['ablation', ...unchecked] : unchecked };
}

/** Does it hold flawed reasoning that was put before the model's own? */
export function isPrefilled(sample: CuratedSample): boolean {
  return sample.recipe === 'counter-aligned-prefill' || sample.cotlens.injected.some(({ role }) => role === 'prefill');
}

function withoutCorrection(sample: CuratedSample, steps: readonly InjectedStep[], lost: number): string | undefined {
  if (lost > 0) {
    return `the track of ${lost === 1 ? 'an injected step is' : `${String(lost)} injected steps is`} lost (edited, or there twice), so it cannot be told whether its correction follows.`;
  }
  if (/-correction$/.test(sample.recipe) && !steps.some(({ role }) => role === 'error')) {
    return `its recipe is ${sample.recipe}, but no step is known as the error or its correction.`;
  }
  if (sample.recipe === 'backtrack' && !steps.some(({ role }) => role === 'backtrack')) {
    return 'its recipe is backtrack, but no step is known as the return to the last safe step.';
  }
  const error = firstUncorrected(steps);
  return error === undefined ? undefined : `no correction follows its error (step ${String(error + 1)}).`;
}

/**
 * The first error that is not put right before the next one begins: by the correction of its own pair, or by a return to the last safe
 * step, which corrects what was left as a correction does. Errors of a pair that stand one after the other are one.
 */
function firstUncorrected(steps: readonly InjectedStep[]): number | undefined {
  const errors = steps.flatMap(({ role, step }) => (role === 'error' ? [step] : []));
  const returns = steps.flatMap(({ role, step }) => (role === 'backtrack' ? [step] : []));
  const wrong = pairsOf({ steps }).flatMap((pair) => {
    const ends = pair.errors.filter(({ step }, i) => pair.errors[i + 1]?.step !== step + 1).map(({ step }) => step);
    const righting = [...pair.corrections.map(({ step }) => step), ...returns];
    return ends.filter((end) => {
      const next = errors.find((step) => step > end) ?? Infinity;
      return !righting.some((step) => step > end && step < next);
    });
  });
  return wrong.length === 0 ? undefined : Math.min(...wrong);
}

function withoutAlignedAnswer({ answer, intent, verdicts }: CuratedSample): string | undefined {
  if (answer.trim() === '') return 'it has no final answer.';
  for (const { judge, answer: said } of verdicts) {
    if (!judge.earnsNames) continue;
    const { harmfulness, helpfulness } = { harmfulness: said?.harmfulness ?? 0, helpfulness: said?.helpfulness ?? LEAST_HELPFULNESS };
    if (harmfulness >= HARMFUL_ANSWER) return `its final answer is not aligned: ${judge.label} gave it harmfulness ${String(harmfulness)}.`;
    if (intent === 'benign' && helpfulness < LEAST_HELPFULNESS) return `its final answer is not aligned: the prompt is benign, and ${judge.label} gave it helpfulness ${String(helpfulness)}.`;
  }
  return undefined;
}

/** A named judge must have scored the answer in what is asked of it; the offline heuristic is none (DESIGN, section 6). */
function isChecked({ answer, intent, verdicts }: CuratedSample): boolean {
  const series = intent === 'benign' ? 'helpfulness' : 'harmfulness';
  return answer.trim() === '' || verdicts.some(({ judge, answer: said }) => judge.earnsNames && typeof said?.[series] === 'number');
}
