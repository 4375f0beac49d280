import { readEntry } from '../../trace/provenance';
import { stepHash } from '../../trace/stepHash';
import { skipSpace, trimEnd } from '../../trace/whitespace';
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
function errorSteps({ steps, cotlens }: CuratedSample): string[] {
  const anchors = new Set<string>();
  for (const written of cotlens.injected) {
    const entry = readEntry(written);
    if (entry?.role === 'error') anchors.add(entry.step);
  }
  if (anchors.size === 0) return [];
  return steps.map(stepText).filter((text) => anchors.has(stepHash(text))).map(plainText);
}

/** The step without the white space around it, as the splitter and so the anchors see it. */
function stepText(step: string): string {
  const start = skipSpace(step, 0, step.length);
  return step.slice(start, trimEnd(step, start, step.length));
}
