import { chosenTurn } from '../boundary';
import { injectedOf } from '../../trace/provenance';
import type { Recipe, Slot } from '../recipe';

const HARMFUL: Slot = {
  name: 'prefill',
  role: 'prefill',
  guide: '[Prefill: flawed reasoning that the model is to recover from, here leaning towards complying, in general words and without saying how.]',
  steps: 'several',
};

const BENIGN: Slot = {
  name: 'prefill',
  role: 'prefill',
  guide: '[Prefill: flawed reasoning that the model is to recover from, here over-cautious and leaning towards refusing a harmless request.]',
  steps: 'several',
};

/** Flawed steps before the model's own. From a source trace instead of a teacher or a person: `prefillOf`. */
export const counterAlignedPrefill: Recipe = {
  name: 'counter-aligned-prefill',
  label: 'Counter-aligned prefill',
  short: 'Prefill',
  title: 'Prefill flawed reasoning before the first step',
  intents: ['harmful', 'benign'],
  source: 'RECAP (arXiv 2510.00938 v2): the assistant turn begins with flawed reasoning, unsafe on a harmful prompt and over-cautious on a benign one. Writing it by hand or by a teacher is ours.',
  inserts: 'One step or more of flawed reasoning before the first step of the chain.',
  exports: 'As a raw prompt for reinforcement learning that ends inside the open reasoning; the prefill itself is never trained on (RECAP: the loss covers only what comes after it).',
  curve: undefined,
  place(trace, at) {
    const turn = chosenTurn(trace, at);
    if (turn === undefined) return { reason: 'Put the cursor into the turn that is to begin with a prefill.' };
    const first = turn.steps[0];
    if (first === undefined && (trace.turns.length > 1 || trace.chain.blocks.length !== 1)) {
      return { reason: 'There is no reasoning here to put a prefill before. Write <think> on a line of its own where the reasoning begins, then try again.' };
    }
    const from = first?.index ?? 0;
    const has = injectedOf(trace).steps.filter(({ step, role }) => role === 'prefill' && turn.steps.some(({ index }) => index === step));
    if (has.length > 0) return { reason: `This chain begins with a prefill already (${stepsInWords(has.map(({ step }) => step))}). Take that out first, or rewrite its steps.` };
    const atFirst = first !== undefined && at.start <= first.end;
    return {
      from,
      to: from,
      before: true,
      slots: [trace.intent === 'benign' ? BENIGN : HARMFUL],
      ...(atFirst || first === undefined ? {} : { note: `A prefill stands before the model’s own reasoning: it goes before step ${String(from + 1)}, not to the cursor.` }),
    };
  },
};

function stepsInWords(steps: readonly number[]): string {
  const [first = 0, last = 0] = [steps[0], steps.at(-1)];
  return first === last ? `step ${String(first + 1)}` : `steps ${String(first + 1)} to ${String(last + 1)}`;
}
