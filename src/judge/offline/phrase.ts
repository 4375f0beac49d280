import type { Word } from './clauses';

/**
 * A phrase of the cue table: words apart by spaces. `a|b` one of them, `stem~` any word beginning so, `word?` may be
 * missing, `..3` up to three words of any kind but `not` and `never`, `{group}` one of a named group of words, and
 * `(nobody|no one)` one of some runs of words.
 * Matching is done word by word with bounded gaps, so a phrase costs a bounded amount of work per word of text.
 */
export interface Phrase {
  readonly items: readonly Item[];
}

interface Item {
  readonly gap: number;
  readonly optional: boolean;
  readonly words: ReadonlySet<string>;
  readonly stems: readonly string[];
  /** The one word, where there is no choice: the quickest to compare. */
  readonly only: string | undefined;
}

/** Stems are looked up by this many letters, and so must have as many. */
export const SHORTEST_STEM = 3;

/** A gap never jumps over these: `I will ..1 help` is not `I will not help`. */
const NEVER_SKIPPED = new Set(['not', 'never']);

/** One phrase for each choice of runs in parentheses. Throws on what is no phrase. */
export function phrasesOf(source: string, groups: Readonly<Record<string, string>>): Phrase[] {
  const choice = /^([^(]*)\(([^()]+)\)(.*)$/.exec(source);
  if (choice === null) return [phraseOf(source, groups)];
  const [, before = '', runs = '', after = ''] = choice;
  return runs.split('|').flatMap((run) => phrasesOf(before + run + after, groups));
}

/** Throws on an unknown group, a short stem, or a first item that may match nothing. */
function phraseOf(source: string, groups: Readonly<Record<string, string>>): Phrase {
  const opened = source.replace(/\{([a-z-]+)\}/g, (_, name: string) => {
    const group = groups[name];
    if (group === undefined) throw new Error(`No group of words is called ${name}`);
    return group;
  });
  const all = opened.split(' ').map(itemOf);
  const first = all[0];
  if (first === undefined || first.optional || first.gap > 0) throw new Error(`${source} begins with what may be missing`);
  return { items: all };
}

const items = new Map<string, Item>();

/** Phrases share their items: most are written more than once. */
function itemOf(source: string): Item {
  const item = items.get(source) ?? newItem(source);
  items.set(source, item);
  return item;
}

function newItem(source: string): Item {
  if (source.startsWith('..')) return { gap: Number(source.slice(2)), optional: false, words: new Set(), stems: [], only: undefined };
  const optional = source.endsWith('?');
  const all = (optional ? source.slice(0, -1) : source).split('|');
  const stems = all.filter((word) => word.endsWith('~')).map((word) => word.slice(0, -1));
  if (all.some((word) => !/^[\p{L}'.]+~?$/u.test(word)) || stems.some((stem) => stem.length < SHORTEST_STEM)) throw new Error(`Not a phrase: ${source}`);
  const words = all.filter((word) => !word.endsWith('~'));
  return { gap: 0, optional, words: new Set(words), stems, only: stems.length === 0 && words.length === 1 ? words[0] : undefined };
}

/** The words and stems a phrase can begin with: what an index of phrases is made of. */
export function beginningsOf(phrase: Phrase): { words: readonly string[]; stems: readonly string[] } {
  const first = phrase.items[0];
  return { words: [...(first?.words ?? [])], stems: first?.stems ?? [] };
}

/** Index of the word after the phrase where it matches at `at`, or -1. */
export function matchEnd(phrase: Phrase, words: readonly Word[], at: number, item = 0): number {
  const wanted = phrase.items[item];
  if (wanted === undefined) return at;
  if (wanted.gap > 0) {
    for (let skipped = 0; skipped <= wanted.gap && at + skipped <= words.length; skipped++) {
      const end = matchEnd(phrase, words, at + skipped, item + 1);
      if (end !== -1) return end;
      if (NEVER_SKIPPED.has(words[at + skipped]?.text ?? '')) return -1;
    }
    return -1;
  }
  const word = words[at];
  if (word !== undefined && fits(wanted, word.text)) {
    const end = matchEnd(phrase, words, at + 1, item + 1);
    if (end !== -1) return end;
  }
  return wanted.optional ? matchEnd(phrase, words, at, item + 1) : -1;
}

function fits(item: Item, word: string): boolean {
  if (item.only !== undefined) return item.only === word;
  if (item.words.has(word)) return true;
  for (const stem of item.stems) if (word.startsWith(stem)) return true;
  return false;
}
