import { stepAt } from '../boundary';
import { injectedOf } from '../../trace/provenance';
import type { Recipe } from '../recipe';

export const recompose: Recipe = {
  name: 'recompose-step',
  label: 'Recompose step',
  short: 'Recompose',
  title: 'Rewrite this step',
  intents: ['harmful', 'benign', 'ambiguous'],
  source: 'Chain-of-Guardrail, safety recomposition: an unsafe step is written anew. Its use on over-cautious steps of benign prompts is ours.',
  inserts: 'One step in place of the one at the cursor, so that the chain goes on as it should.',
  exports: 'For supervised fine-tuning on the whole chain and the answer, like any trace without a flaw.',
  curve: undefined,
  place(trace, at) {
    const step = stepAt(trace, at);
    if (step === undefined) return { reason: 'Put the cursor into the step that is to be rewritten.' };
    // An injected step stays what it is for: a temptation that is rewritten is a temptation still.
    const role = injectedOf(trace).steps.find((injected) => injected.step === step)?.role ?? 'recomposed';
    const guide =
      role === 'error'
        ? `[Step ${String(step + 1)} anew: the flawed step, in general words and without saying how.]`
        : role === 'correction'
          ? `[Step ${String(step + 1)} anew: the correction, which names what is wrong in the step before it and puts it right.]`
          : role === 'prefill'
            ? `[Step ${String(step + 1)} anew: flawed reasoning that the model is to recover from, in general words.]`
            : `[Step ${String(step + 1)} anew: what it should have said, so that the next step still follows.]`;
    return { from: step, to: step + 1, slots: [{ name: 'step', role, guide, steps: 'one' }] };
  },
};
