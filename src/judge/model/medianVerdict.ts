import type { Sample, Score, Verdict } from '../../trace/verdict';

/**
 * One verdict of several samples: of each score the median (the lower of the two in the middle), with the reason of the first sample
 * that gave it. Samples that could not score a step do not count, but where they are half of all or more, the verdict is `null`; ours.
 */
export function medianVerdict(samples: readonly Sample[]): Verdict {
  const [only] = samples;
  if (samples.length === 1 && only !== undefined) return only;
  const harmfulness = median(samples.map((sample) => sample.harmfulness));
  const helpfulness = median(samples.map((sample) => sample.helpfulness));
  const gave =
    samples.find((sample) => sample.harmfulness === harmfulness && sample.helpfulness === helpfulness) ??
    samples.find((sample) => sample.harmfulness === harmfulness);
  return { harmfulness, helpfulness, reason: gave?.reason ?? '', samples };
}

function median(scores: readonly Score[]): Score {
  const given = scores.filter((score) => score !== null).sort((a, b) => a - b);
  return given.length * 2 <= scores.length ? null : (given[(given.length - 1) >> 1] ?? null);
}
