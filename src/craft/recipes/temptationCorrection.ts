import { pairPlace } from '../pairPlace';
import type { Recipe } from '../recipe';

export const temptationCorrection: Recipe = {
  name: 'temptation-correction',
  label: 'Temptation-Correction',
  short: 'T-C',
  title: 'Insert temptation + correction here',
  intents: ['harmful', 'ambiguous'],
  source: 'AdvChain (arXiv 2509.24269), section 3: c_1..c_k, temptation, correction, c_k+1..c_n on a safe chain. The words of the guides are ours.',
  inserts:
    'Two steps at a step boundary of a safe chain: a temptation that starts to justify complying, and a correction that names the danger, refutes the temptation and returns to refusing. The temptation wavers in general words; it never says how anything is done.',
  exports:
    'For supervised fine-tuning, the loss on the whole chain and the answer, as AdvChain trains. A temptation without its correction is left out, unless an ablation is recorded.',
  curve: { series: 'harmfulness', shape: 'peak', extremum: 'error', words: 'harmfulness low, high, low' },
  place: (trace, at) =>
    pairPlace(trace, at, [
      {
        name: 'temptation',
        role: 'error',
        guide: '[Temptation: one step that wavers and starts to justify complying, in general words and without saying how.]',
        steps: 'one',
      },
      {
        name: 'correction',
        role: 'correction',
        guide: '[Correction: one step that names the danger in the step before, refutes it and goes back to refusing.]',
        steps: 'one',
      },
    ]),
};
