import { isPrefilled } from '../../curate/dualUse';
import { prefillOf } from '../../curate/formats/prefillRl';
import type { CuratedSample } from '../../curate/sample';
import type { JsonObject } from '../../trace/rows/fieldRef';
import { prefillShare, type PrefillChoice } from '../../train/prefillShare';
import type { PreflightCheck } from './preflight';

/** Which samples keep their flawed prefill, by the recipe's `prefillShare` and `seed`; `undefined` where the recipe has no such share. */
export function prefillChoice(samples: readonly CuratedSample[], { prefillShare: share, seed }: JsonObject): PrefillChoice | undefined {
  if (typeof share !== 'number') return undefined;
  const candidates = samples.filter(goesOut).map((sample) => ({ id: sample.id, prefillable: isPrefilled(sample) }));
  return prefillShare(candidates, share, typeof seed === 'number' ? seed : 0);
}

/** As the format of prefill rows decides it: what has another recipe's errors in it, or lost track of its prefill, makes no prompt. */
function goesOut(sample: CuratedSample): boolean {
  if (sample.intent === 'unknown') return false;
  return isPrefilled(sample) ? prefillOf(sample) !== undefined : sample.cotlens.injected.length === 0;
}

/** Is the share of prompts that begin with flawed reasoning the one that was asked for? */
export function prefillCheck({ keep, share, wanted, said }: PrefillChoice): PreflightCheck {
  const about = 'Prefill share';
  if (said !== undefined) return { about, status: 'warning', said };
  const percent = (of: number): string => `${(100 * of).toLocaleString('en-US', { maximumFractionDigits: 1 })} %`;
  return { about, status: 'ok', said: `${keep.size.toLocaleString('en-US')} prompts begin with flawed reasoning, ${percent(share)} of all (α ${String(wanted)}).` };
}
