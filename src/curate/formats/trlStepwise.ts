import { injectedInSample } from '../injectedInSample';
import { rowMarks } from './rowParts';
import { notExported, type RowMaker } from './underDualUse';

/** Stepwise supervision: is each step right? Only injected errors are not; a correction is. */
export const trlStepwise: RowMaker = {
  name: 'trl-stepwise',
  label: 'TRL stepwise supervision (process reward)',
  use: 'TRL PRMTrainer: learns which steps are wrong; an injected error is labelled false, all other steps true. Steps go without the white space between them, which the trainer puts in itself; the final answer and the system message have no place in the format. The canary is a column.',
  extension: 'jsonl',
  needsTemplate: false,
  textUse: 'completion',
  make(sample, options) {
    const { steps: injected } = injectedInSample(sample);
    if (injected.some(({ role }) => role === 'backtrack')) return notExported(sample, 'it returns to its last safe step: the wrong step before that is the model’s own and has no mark, so it would be labelled true.');
    const errors = new Set(injected.flatMap(({ step, role }) => (role === 'error' ? [step] : [])));
    const steps = sample.steps.flatMap((step, index) => (step.trim() === '' ? [] : [{ text: step.trim(), right: !errors.has(index) }]));
    if (steps.length === 0) return notExported(sample, 'it has no reasoning steps.');
    return [{ prompt: sample.prompt, completions: steps.map(({ text }) => text), labels: steps.map(({ right }) => right), ...rowMarks(sample, options) }];
  },
};
