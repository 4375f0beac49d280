import { Breather } from './breather';
import { placesInWords } from './placesInWords';
import { sampleKey } from './sampleText';
import type { SetCheck, SetFinding } from './setCheck';

/** Samples that say the same: prompt, steps and answer, line ends and outer white space apart. */
export const exactDuplicates: SetCheck = {
  name: 'exact-duplicates',
  check: async (samples, _options, signal, progress) => {
    const breather = new Breather(signal);
    const groups = new Map<string, number[]>();
    for (const [place, sample] of samples.entries()) {
      const key = sampleKey(sample);
      const same = groups.get(key);
      if (same === undefined) groups.set(key, [place]);
      else same.push(place);
      if (!breather.isDue) continue;
      progress?.(place / samples.length);
      await breather.breathe();
    }
    return [...groups.values()].filter((same) => same.length > 1).map(found);
  },
};

function found(samples: readonly number[]): SetFinding {
  const others = samples.length === 2 ? 'the second' : 'the others';
  return {
    code: 'duplicate',
    severity: 'error',
    message: `${placesInWords(samples)} are the same: prompt, steps and answer. Remove ${others}, or each counts more than once in training.`,
    samples,
    similarity: 1,
  };
}
