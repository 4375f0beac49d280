import { placeOfStep } from './findingPlace';
import type { Finding, SampleCheck } from './sampleCheck';

/** The form of every slot's guide: `[Temptation: one step that …]`. Kept by a test over all recipes. */
const GUIDE = /^\[[A-Z][^\][:]{0,60}: [^\][]+\]$/;

/** Is every injected step written? `not-written` where a recipe's guide still stands in the place of its text. */
export const written: SampleCheck = {
  name: 'written',
  check: ({ trace, injected }) =>
    injected.steps.flatMap(({ step, role }): Finding[] => {
      if (!isGuide(trace.chain.steps[step]?.text ?? '')) return [];
      return [
        {
          code: 'not-written',
          severity: 'error',
          message: `The ${role} at step ${String(step + 1)} is not written yet: what stands there is its guide. Write over it.`,
          at: placeOfStep(trace, step),
          fixes: [{ kind: 'rewrite', title: `Rewrite step ${String(step + 1)}`, step }],
        },
      ];
    }),
};

/** Has a text the form of a guide that nobody wrote over? Of any recipe, at any place. */
export function isGuide(text: string): boolean {
  return GUIDE.test(text.trim());
}
