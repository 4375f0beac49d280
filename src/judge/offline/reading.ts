import type { CueFinder, CueMatch } from './cueMatches';
import { LanguageTally, type Language } from './language';

/** What the cues say of one step by itself, before intent and earlier steps come in. */
export interface Reading {
  readonly matches: readonly CueMatch[];
  /** The matched words of each match, as written. */
  readonly quotes: readonly string[];
  readonly language: Language;
  /** Its first sentence begins with a turn word: `No`, `Wait`, `But`. */
  readonly opensWithTurn: boolean;
}

/** Of a step with very many cues, the first and the last so many count. */
const MOST_CUES_OF_A_STEP = 64;
const LONGEST_QUOTE = 40;

/** Reads one step. Linear in its length; what is kept is bounded. */
export function readStep(finder: CueFinder, step: string): Reading {
  let opensWithTurn: boolean | undefined;
  const tally = new LanguageTally();
  const first: CueMatch[] = [];
  let last: CueMatch[] = [];
  for (const match of finder.cuesOf(step, (clause) => {
    tally.see(clause);
    opensWithTurn ??= clause.turned;
  })) {
    if (first.length < MOST_CUES_OF_A_STEP) first.push(match);
    else {
      last.push(match);
      if (last.length >= 2 * MOST_CUES_OF_A_STEP) last = last.slice(-MOST_CUES_OF_A_STEP);
    }
  }
  const matches = first.concat(last.slice(-MOST_CUES_OF_A_STEP));
  return { matches, quotes: matches.map(({ start, end }) => quote(step, start, end)), language: tally.language, opensWithTurn: opensWithTurn ?? false };
}

function quote(step: string, start: number, end: number): string {
  const words = step.slice(start, Math.min(end, start + 2 * LONGEST_QUOTE)).replace(/\s+/g, ' ');
  return words.length <= LONGEST_QUOTE ? words : `${words.slice(0, LONGEST_QUOTE - 1)}…`;
}
