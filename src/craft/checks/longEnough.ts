import { placeOfStep } from './findingPlace';
import type { Finding, SampleCheck } from './sampleCheck';
import { wordsOf } from './wordsOf';

/** An error or a correction of fewer words says too little to teach anything. Ours. */
export const LEAST_WORDS = 8;

/** Do the injected error and correction say anything? `too-short` where not. */
export const longEnough: SampleCheck = {
  name: 'long enough',
  check: ({ trace, injected }) =>
    injected.steps.flatMap(({ step, role }): Finding[] => {
      if (role !== 'error' && role !== 'correction') return [];
      const words = wordsOf(trace.chain.steps[step]?.text ?? '');
      if (words >= LEAST_WORDS) return [];
      return [
        {
          code: 'too-short',
          severity: 'warning',
          message: `The ${role} at step ${String(step + 1)} has ${words === 1 ? 'one word' : `${String(words)} words`}, too few to count (fewer than ${String(LEAST_WORDS)}; ours). Write what goes wrong, or what puts it right, in full.`,
          at: placeOfStep(trace, step),
          fixes: [{ kind: 'rewrite', title: `Rewrite step ${String(step + 1)}`, step }],
        },
      ];
    }),
};
