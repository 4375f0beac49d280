import { baseOf, injectedInSample } from '../injectedInSample';
import { assistantMessage, promptMessages, rowMarks } from './rowParts';
import { notExported, type RowMaker } from './underDualUse';

/** Pairs of the base (chosen) and the flawed, uncorrected chain with the same answer (rejected): they differ in the error alone. */
export const trlPreference: RowMaker = {
  name: 'trl-preference',
  label: 'TRL preference pairs (an ablation)',
  use: 'TRL DPOTrainer: learns to prefer the base chain to the one with the error and without its correction. Only as a recorded ablation, since such a pair holds flawed reasoning that nothing corrects. The canary is a column.',
  extension: 'jsonl',
  needsTemplate: false,
  rendered: 'apart',
  textUse: 'contrast',
  make(sample, options) {
    const { steps: injected } = injectedInSample(sample);
    // A return to the last safe step, and how it goes on from there, put an error right as a correction does: what is rejected goes without.
    const righting = new Set(injected.flatMap(({ step, role }) => (role === 'error' ? [] : [step])));
    if (!injected.some(({ role }) => role === 'error')) return notExported(sample, 'it has no injected error that the base could be preferred to.');
    const base = baseOf(sample);
    if (base === undefined) return notExported(sample, 'its base is not known: the chain was changed besides what was injected, and nothing was kept of how it was.');
    const flawed = { steps: sample.steps.filter((_step, index) => !righting.has(index)), answer: base.answer };
    return [{ prompt: promptMessages(sample), chosen: [assistantMessage(base)], rejected: [assistantMessage(flawed)], ...rowMarks(sample, options) }];
  },
};
