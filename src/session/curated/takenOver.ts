import { sampleHash } from '../../curate/sampleHash';
import type { CuratedSample, SampleVerdicts } from '../../curate/sample';
import { identityKey } from '../../judge/scoreRecord';

/**
 * The verdicts of a sample when these are taken over: as verdicts on the text that it has now, before those of other judges on this text.
 * @throws Error where they are of another text, or of another number of steps
 */
export function takenOver(sample: CuratedSample, verdicts: readonly SampleVerdicts[]): readonly SampleVerdicts[] {
  const text = sampleHash(sample);
  const steps = sample.steps.length;
  for (const { of = text, harmfulness, helpfulness } of verdicts) {
    if (of === text && harmfulness.length === steps && helpfulness.length === steps) continue;
    throw new Error(`The scores are not of the text that the sample ${sample.id} has now in its set. They were not taken over: score it as it is, and take them over then.`);
  }
  const taken = new Set(verdicts.map(({ judge }) => identityKey(judge)));
  return [...verdicts, ...sample.verdicts.filter(({ judge }) => !taken.has(identityKey(judge)))].map((one) => ({ ...one, of: text }));
}
