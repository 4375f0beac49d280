import { BACKTRACK } from './backtrack';
import { COUNTER_ALIGNED_PREFILL } from './counterAlignedPrefill';
import { GENERAL } from './general';
import { HESITATION_CORRECTION } from './hesitationCorrection';
import { POLISH } from './polish';
import { RECOMPOSE } from './recompose';
import { SUGGEST } from './suggest';
import { TEMPTATION_CORRECTION } from './temptationCorrection';

/** Instructions of ours, with what they are for in a few words. */
export interface BuiltInInstructions {
  /** A recipe's name, or `polish`, `suggest`. */
  readonly name: string;
  readonly about: string;
  readonly text: string;
}

/** All built-in instructions. A recipe that is not among them is written by `GENERAL` and what it says of itself. */
export const BUILT_IN: readonly BuiltInInstructions[] = [
  { name: 'temptation-correction', about: 'a temptation and its correction', text: TEMPTATION_CORRECTION },
  { name: 'hesitation-correction', about: 'a hesitation and its correction', text: HESITATION_CORRECTION },
  { name: 'counter-aligned-prefill', about: 'flawed reasoning before the model’s own', text: COUNTER_ALIGNED_PREFILL },
  { name: 'recompose-step', about: 'a step written anew', text: RECOMPOSE },
  { name: 'backtrack', about: 'going back to the last sound step', text: BACKTRACK },
  { name: 'polish', about: 'small changes beside what was put in', text: POLISH },
  { name: 'suggest', about: 'where a pair would fit', text: SUGGEST },
];

/** The built-in text of this name; `undefined` where there is none. */
export function builtInText(name: string): string | undefined {
  return BUILT_IN.find((one) => one.name === name)?.text;
}

export { GENERAL };
