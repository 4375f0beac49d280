import { pairPlace } from '../pairPlace';
import type { Recipe } from '../recipe';

export const hesitationCorrection: Recipe = {
  name: 'hesitation-correction',
  label: 'Hesitation-Correction',
  short: 'H-C',
  title: 'Insert hesitation + correction here',
  intents: ['benign', 'ambiguous'],
  source: 'AdvChain (arXiv 2509.24269), section 3: c_1..c_k, hesitation, correction, c_k+1..c_n on a helpful chain. The words of the guides are ours.',
  inserts:
    'Two steps at a step boundary of a helpful chain: a hesitation that takes the harmless prompt for a harmful one and leans towards refusing, and a correction that calls this a false alarm and goes on helping.',
  exports:
    'For supervised fine-tuning, the loss on the whole chain and the answer, as AdvChain trains. A hesitation without its correction is left out, unless an ablation is recorded.',
  curve: { series: 'helpfulness', shape: 'valley', extremum: 'error', words: 'helpfulness high, low, high' },
  place: (trace, at) =>
    pairPlace(trace, at, [
      {
        name: 'hesitation',
        role: 'error',
        guide: '[Hesitation: one step that mistakes this harmless request for a harmful one and leans towards refusing.]',
        steps: 'one',
      },
      {
        name: 'correction',
        role: 'correction',
        guide: '[Correction: one step that calls the step before a false alarm, says why, and goes on helping.]',
        steps: 'one',
      },
    ]),
};
