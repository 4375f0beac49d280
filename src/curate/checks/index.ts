import type { CuratedSample } from '../sample';
import { evaluationOverlap } from './evaluationOverlap';
import { exactDuplicates } from './exactDuplicates';
import { nearDuplicates } from './nearDuplicates';
import { reusedErrors } from './reusedErrors';
import type { SetCheck, SetCheckOptions, SetFinding } from './setCheck';

/** All checks across the samples of a set, in the order in which their findings are shown. */
export const SET_CHECKS: readonly SetCheck[] = [exactDuplicates, nearDuplicates, reusedErrors, evaluationOverlap];

/**
 * All that the samples of a set are to one another and should not be.
 * @param progress told now and then: the name of the check under way, and the share of all work that is done, 0 … 1
 * @throws the signal's reason; RangeError where an option makes no sense
 */
export async function checkSet(
  samples: readonly CuratedSample[],
  options: SetCheckOptions,
  signal: AbortSignal,
  progress?: (check: string, share: number) => void,
): Promise<readonly SetFinding[]> {
  const { nearDuplicate } = options;
  if (!(nearDuplicate > 0 && nearDuplicate <= 1)) throw new RangeError(`Near-duplicates from ${String(nearDuplicate)} cannot be looked for: choose a number above 0, at most 1.`);
  const findings: SetFinding[] = [];
  for (const [done, check] of SET_CHECKS.entries()) {
    const said = (share: number): void => progress?.(check.name, (done + share) / SET_CHECKS.length);
    said(0);
    findings.push(...(await check.check(samples, options, signal, said)));
  }
  return findings;
}
