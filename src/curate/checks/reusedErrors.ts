import { stepHash } from '../../trace/stepHash';
import { injectedInSample } from '../injectedInSample';
import type { CuratedSample } from '../sample';
import { Breather } from './breather';
import { beginningOf, placesInWords } from './placesInWords';
import { plainText } from './sampleText';
import type { SetCheck } from './setCheck';

/**
 * One flawed step that several samples use: what a model learns from them is that sentence. Which steps are errors is what their provenance
 * says; the texts are the same where only case and white space differ (ours).
 */
export const reusedErrors: SetCheck = {
  name: 'reused-errors',
  check: async (samples, _options, signal, progress) => {
    const breather = new Breather(signal);
    const uses = new Map<string, { readonly text: string; readonly samples: number[] }>();
    for (const [place, sample] of samples.entries()) {
      for (const text of errorSteps(sample)) {
        const key = stepHash(text.replace(/\s+/g, ' ').toLowerCase());
        const use = uses.get(key);
        if (use === undefined) uses.set(key, { text, samples: [place] });
        else if (use.samples.at(-1) !== place) use.samples.push(place);
      }
      if (!breather.isDue) continue;
      progress?.(place / samples.length);
      await breather.breathe();
    }
    return [...uses.values()]
      .filter((use) => use.samples.length > 1)
      .map((use) => ({
        code: 'reused-error',
        severity: 'warning',
        message: `${placesInWords(use.samples)} have the same flawed step, ${beginningOf(use.text)}. Rewrite it in all but one (*Rewrite this step*): a model would learn this sentence, not the wavering.`,
        samples: use.samples,
      }));
  },
};

/** The texts of the steps that provenance calls errors, as far as they are found. */
function errorSteps(sample: CuratedSample): string[] {
  if (!sample.cotlens.injected.some(({ role }) => role === 'error')) return [];
  return injectedInSample(sample).steps.flatMap(({ step, role }) => (role === 'error' ? [plainText(sample.steps[step] ?? '')] : []));
}
