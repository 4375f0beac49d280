import { clausesOf, type Clause, type Word } from './clauses';
import type { Cue } from './cue';
import { NEGATION_REACH, NEGATIONS, WORD_GROUPS } from './words';
import { beginningsOf, matchEnd, phrasesOf, SHORTEST_STEM, type Phrase } from './phrase';

/** A cue found in a step. */
export interface CueMatch {
  readonly cue: Cue;
  /** Which words of the step it is, by number: the first, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Offsets of the matched words. */
  readonly start: number;
  readonly end: number;
  /** A negation stands shortly before it. */
  readonly negated: boolean;
  /** Follows `even if` or `even though` in its clause: granted in order to be set aside. */
  readonly granted: boolean;
  /** Its sentence ends with a question mark. */
  readonly asked: boolean;
  /** How many turns (`but`, `however`, …) came before it in the step, its own clause included. */
  readonly turns: number;
}

interface IndexedPhrase {
  readonly cue: Cue;
  readonly phrase: Phrase;
}

interface Found extends IndexedPhrase {
  readonly from: number;
  readonly to: number;
}

const negations = new Set(NEGATIONS);

/** Finds the cues of a table in running text. Work per word is bounded, so it takes time linear in the length. */
export class CueFinder {
  private readonly byWord = new Map<string, IndexedPhrase[]>();
  private readonly byStem = new Map<string, IndexedPhrase[]>();
  /** Words looked at so far: what a scaling test counts. */
  wordsSeen = 0;

  constructor(cues: readonly Cue[]) {
    for (const cue of cues) {
      for (const phrase of cue.phrases.flatMap((source) => phrasesOf(source, WORD_GROUPS))) {
        const { words, stems } = beginningsOf(phrase);
        for (const word of words) add(this.byWord, word, { cue, phrase });
        for (const stem of stems) add(this.byStem, stem.slice(0, SHORTEST_STEM), { cue, phrase });
      }
    }
  }

  /** The cues of a step in the order of their first words, of those the longest first. `see` is called with every clause read. */
  *cuesOf(step: string, see?: (clause: Clause) => void): Generator<CueMatch> {
    let turns = 0;
    let wordsBefore = 0;
    for (const clause of clausesOf(step)) {
      see?.(clause);
      this.wordsSeen += clause.words.length;
      if (clause.turned) turns++;
      for (const { cue, from, to } of this.foundIn(clause.words).sort((a, b) => a.from - b.from || b.to - a.to)) {
        yield {
          cue,
          from: wordsBefore + from,
          to: wordsBefore + to,
          start: clause.words[from]?.start ?? 0,
          end: clause.words[to - 1]?.end ?? 0,
          negated: isNegated(clause.words, from),
          granted: isGranted(clause.words, from),
          asked: clause.asked,
          turns,
        };
      }
      wordsBefore += clause.words.length;
    }
  }

  private foundIn(words: readonly Word[]): Found[] {
    const found: Found[] = [];
    for (let from = 0; from < words.length; from++) {
      const word = words[from];
      if (word === undefined || word.quoted) continue;
      const candidates = this.byWord.get(word.text);
      if (candidates !== undefined) collect(candidates, words, from, 1, found);
      const stemmed = word.text.length < SHORTEST_STEM ? undefined : this.byStem.get(word.text.slice(0, SHORTEST_STEM));
      if (stemmed !== undefined) collect(stemmed, words, from, 0, found);
    }
    return found;
  }
}

function add(index: Map<string, IndexedPhrase[]>, key: string, phrase: IndexedPhrase): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [phrase]);
  else list.push(phrase);
}

/** The phrases that match here; `known` first items were matched by the index already. */
function collect(candidates: readonly IndexedPhrase[], words: readonly Word[], from: number, known: 0 | 1, found: Found[]): void {
  for (const { cue, phrase } of candidates) {
    const to = matchEnd(phrase, words, from + known, known);
    if (to > from) found.push({ cue, phrase, from, to });
  }
}

/** Drops what lies inside another match: `no reason to refuse` is no `refuse`. Only what counts may hide anything. */
export function withoutContained(matches: Iterable<CueMatch>, counts: (match: CueMatch) => boolean): CueMatch[] {
  const kept: CueMatch[] = [];
  let reach = 0;
  let last: CueMatch | undefined;
  for (const match of matches) {
    const same = last !== undefined && match.from === last.from && match.to === last.to && match.cue !== last.cue;
    if ((match.to <= reach && !same) || !counts(match)) continue;
    reach = Math.max(reach, match.to);
    last = match;
    kept.push(match);
  }
  return kept;
}

function isNegated(words: readonly Word[], from: number): boolean {
  for (let i = Math.max(0, from - NEGATION_REACH); i < from; i++) {
    const word = words[i];
    if (word === undefined || word.aside) continue;
    // `not only` and `not just` deny nothing.
    const next = words[i + 1]?.text;
    if (negations.has(word.text) && next !== 'only' && next !== 'just') return true;
  }
  return false;
}

/** How far `even if` reaches. */
const CONCESSION_REACH = 10;

function isGranted(words: readonly Word[], from: number): boolean {
  for (let i = Math.max(1, from - CONCESSION_REACH); i < from; i++) {
    const word = words[i]?.text;
    if ((word === 'if' || word === 'though') && words[i - 1]?.text === 'even') return true;
  }
  return false;
}
