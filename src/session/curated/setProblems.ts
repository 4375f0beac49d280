import { checkSet } from '../../curate/checks';
import type { SetCheckOptions, SetFinding } from '../../curate/checks/setCheck';
import { sampleHash } from '../../curate/sampleHash';
import type { CuratedSet } from './curatedSet';

/** What was found across the samples of a set, with the ids of those samples: places move when others come or go. */
export interface SetProblem extends SetFinding {
  /** Of `samples`, in their order. */
  readonly ids: readonly string[];
}

/** What was found across the samples of a set, and which those were. */
export interface CheckedProblems {
  readonly problems: readonly SetProblem[];
  /** The samples as they were read for it, in their order: `text` is their `sampleHash`. */
  readonly checked: readonly { readonly id: string; readonly text: string }[];
}

/**
 * What is wrong across the samples of a set as it is on disk now. Lines that are no samples, and what the samples' own checks found, are
 * known without any check: `set.broken`, and each card's `findings`.
 * @param progress told now and then: the check under way, and the share of all work that is done, 0 … 1
 * @throws the signal's reason; Error where the file cannot be read
 */
export async function problemsOf(
  set: Pick<CuratedSet, 'read'>,
  options: SetCheckOptions,
  signal: AbortSignal,
  progress?: (check: string, share: number) => void,
): Promise<CheckedProblems> {
  const samples = await set.read(undefined, signal);
  const findings = await checkSet(samples, options, signal, progress);
  return {
    problems: findings.map((finding) => ({ ...finding, ids: finding.samples.flatMap((place) => samples[place]?.id ?? []) })),
    checked: samples.map((sample) => ({ id: sample.id, text: sampleHash(sample) })),
  };
}
