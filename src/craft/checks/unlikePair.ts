import { placeOfStep } from './findingPlace';
import { pairsOf } from './pairs';
import type { Finding, SampleCheck } from './sampleCheck';

/** Does a correction say anything else than its error? `correction-repeats-error` where it is the same text but for case and white space. */
export const unlikePair: SampleCheck = {
  name: 'correction unlike error',
  check({ trace, injected }) {
    const textOf = (step: number): string => (trace.chain.steps[step]?.text ?? '').toLowerCase().replace(/\s+/g, ' ');
    return pairsOf(injected).flatMap(({ errors, corrections }): Finding[] => {
      const said = new Map(errors.map(({ step }) => [textOf(step), step]));
      return corrections.flatMap(({ step }): Finding[] => {
        const same = said.get(textOf(step));
        if (same === undefined) return [];
        return [
          {
            code: 'correction-repeats-error',
            severity: 'error',
            message: `The correction at step ${String(step + 1)} is word for word the error at step ${String(same + 1)}: it puts nothing right. Rewrite it.`,
            at: placeOfStep(trace, step),
            fixes: [{ kind: 'rewrite', title: `Rewrite step ${String(step + 1)}`, step }],
          },
        ];
      });
    });
  },
};
