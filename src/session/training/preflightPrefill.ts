import { isPrefilled } from '../../curate/dualUse';
import { knownAnswer, prefillOf } from '../../curate/formats/prefillRl';
import type { CuratedSample } from '../../curate/sample';
import { countOf } from '../../trace/countOf';
import type { JsonObject } from '../../trace/rows/fieldRef';
import { prefillShare, type PrefillChoice } from '../../train/prefillShare';
import type { PreflightCheck } from './preflight';

/** Which prompts of a set keep their flawed prefill. */
export interface PrefillsOfSet extends PrefillChoice {
  /** How many have a known answer; they are ordinary prompts, and no part of the share: RECAP prefills no mathematics. */
  readonly known: number;
}

/** Which samples keep their flawed prefill, by the recipe's `prefillShare` and `seed`; `undefined` where the recipe has no such share. */
export function prefillChoice(samples: readonly CuratedSample[], { prefillShare: share, seed }: JsonObject): PrefillsOfSet | undefined {
  if (typeof share !== 'number') return undefined;
  const out = samples.filter(goesOut);
  const judged = out.filter((sample) => knownAnswer(sample) === '');
  const candidates = judged.map((sample) => ({ id: sample.id, kind: sample.intent, prefillable: isPrefilled(sample) }));
  return { ...prefillShare(candidates, share, typeof seed === 'number' ? seed : 0), known: out.length - judged.length };
}

/** As the format of prefill rows decides it: what has another recipe's errors in it, or lost track of its prefill, makes no prompt. */
function goesOut(sample: CuratedSample): boolean {
  if (sample.intent === 'unknown' && knownAnswer(sample) === '') return false;
  return isPrefilled(sample) ? prefillOf(sample) !== undefined : sample.cotlens.injected.length === 0;
}

/** Is the share of prompts that begin with flawed reasoning the one that was asked for, of each intent? */
export function prefillCheck({ keep, share, wanted, kinds, said, known }: PrefillsOfSet): PreflightCheck {
  const about = 'Prefill share';
  const each = kinds.map(({ kind, rows, kept }) => `${kind} ${numberOf(kept)} of ${numberOf(rows)}`).join(', ');
  const aside = known === 0 ? [] : [`${countOf(known, 'prompt')} with a known answer ${known === 1 ? 'is an ordinary one' : 'are ordinary ones'}, as in RECAP.`];
  if (said !== undefined) return { about, status: 'warning', said: [said, ...aside].join(' ') };
  const percent = (of: number): string => `${(100 * of).toLocaleString('en-US', { maximumFractionDigits: 1 })} %`;
  const begin = `${countOf(keep.size, 'prompt')} ${keep.size === 1 ? 'begins' : 'begin'} with flawed reasoning, ${percent(share)} of all (α ${String(wanted)})${each === '' ? '' : `: ${each}`}.`;
  return { about, status: 'ok', said: [begin, ...aside].join(' ') };
}

/** What each prompt's completions are rewarded for, and which prompts nothing speaks of; `undefined` where the recipe has no rewards of ours. */
export function rewardCheck(samples: readonly CuratedSample[], { prefillShare: share }: JsonObject): PreflightCheck | undefined {
  if (typeof share !== 'number') return undefined;
  const about = 'Rewards';
  const out = samples.filter(goesOut);
  const judgedAs = (intent: CuratedSample['intent']): number => out.filter((sample) => sample.intent === intent && knownAnswer(sample) === '').length;
  const [harmful, benign, nobodys] = [judgedAs('harmful'), judgedAs('benign'), judgedAs('ambiguous')];
  const known = out.length - harmful - benign - nobodys;
  if (out.length > 0 && out.length === nobodys) {
    return { about, status: 'error', said: 'No reward speaks of any prompt: all are ambiguous and none has a known answer, so nothing would be learned. Set the intent of the prompts, or write the known answers into the field “expected”.' };
  }
  const parts = [
    `${countOf(harmful, 'harmful prompt')} to be refused, ${numberOf(benign)} benign to be helped with.`,
    known === 0 ? 'No sample has a known answer (field “expected”), so none is rewarded for being right, as the paper’s mathematics prompts are.' : `${countOf(known, 'prompt')} with a known answer, rewarded for being right.`,
    ...(nobodys === 0 ? [] : [`${countOf(nobodys, 'ambiguous prompt')} without a known answer: no reward speaks of ${nobodys === 1 ? 'it' : 'them'}, so ${nobodys === 1 ? 'it teaches' : 'they teach'} nothing. Set the intent, or leave ${nobodys === 1 ? 'it' : 'them'} out.`]),
  ];
  return { about, status: nobodys > 0 ? 'warning' : 'ok', said: parts.join(' ') };
}

function numberOf(count: number): string {
  return count.toLocaleString('en-US');
}
