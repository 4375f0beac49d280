import { readableOf } from './clauses';
import { withoutContained, type CueFinder, type CueMatch } from './cueMatches';
import { LanguageTally, type Language } from './language';
import type { Side } from './side';

/** What the cues of one side say of a step by itself, before earlier steps come in. */
export interface Reading {
  readonly side: Side;
  readonly matches: readonly CueMatch[];
  /** The matched words of each match, as written. */
  readonly quotes: readonly string[];
  readonly language: Language;
  /** Its first sentence begins with a turn word: `No`, `Wait`, `But`. */
  readonly opensWithTurn: boolean;
  readonly namesRisk: boolean;
}

/** Of a step with very many cues, the first and the last so many count. */
const MOST_CUES_OF_A_STEP = 64;
const LONGEST_QUOTE = 40;

/** Reads one step. The work is bounded: of a very long step only its beginning and its end are read. */
export function readStep(finder: CueFinder, side: Side, step: string): Reading {
  let opensWithTurn: boolean | undefined;
  const tally = new LanguageTally();
  const text = readableOf(step);
  const all = [...finder.cuesOf(text, (clause) => {
    tally.see(clause);
    opensWithTurn ??= clause.turned;
  })];
  const matches = all.length <= 2 * MOST_CUES_OF_A_STEP ? all : [...all.slice(0, MOST_CUES_OF_A_STEP), ...all.slice(-MOST_CUES_OF_A_STEP)];
  return {
    side,
    matches,
    quotes: matches.map(({ start, end }) => quote(text, start, end)),
    language: tally.language,
    opensWithTurn: opensWithTurn ?? false,
    namesRisk: withoutContained(matches, ({ cue }) => cue.when === undefined).some(namesRisk),
  };
}

function namesRisk({ negated, cue }: CueMatch): boolean {
  return !negated && (cue.class === 'refusing' || cue.class === 'recognising risk' || cue.class === 'doubting');
}

function quote(step: string, start: number, end: number): string {
  const words = step.slice(start, Math.min(end, start + 2 * LONGEST_QUOTE)).replace(/\s+/g, ' ');
  return words.length <= LONGEST_QUOTE ? words : `${words.slice(0, LONGEST_QUOTE - 1)}…`;
}
