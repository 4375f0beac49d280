import type { Slot } from './recipe';
import type { WrongReply } from './readWritten';

/** More than this is no step; ours. The characters are for languages that put no blanks between words. */
export const MOST_WORDS_OF_A_STEP = 400;
/** The same for a slot of several steps; ours. RECAP studied prefills of 100 to 700 words. */
export const MOST_WORDS_OF_SEVERAL = 1500;
const CHARACTERS_A_WORD = 10;

/**
 * What is wrong with texts that came whole: one is empty, far longer than a step, or says what a step of the base or another of the texts
 * says already. `undefined` where nothing is.
 * @param base the steps that are there, those that are to give way included
 */
export function writtenFault(texts: readonly string[], slots: readonly Slot[], base: readonly string[]): WrongReply | undefined {
  const empty = slots.find((_slot, i) => (texts[i] ?? '').trim() === '');
  if (empty !== undefined) return { code: 'empty', wrong: `Its "${empty.name}" says nothing.` };
  const rambling = ramblingSlot(texts, slots);
  if (rambling !== undefined) return rambling;
  const known = new Map(base.map((text, i) => [sameText(text), i]));
  const seen = new Map<string, string>();
  for (const [i, { name }] of slots.entries()) {
    const text = texts[i] ?? '';
    const other = seen.get(sameText(text));
    if (other !== undefined) return { code: 'repeats', wrong: `Its "${name}" says the same as its "${other}".` };
    seen.set(sameText(text), name);
    for (const part of [text, ...text.split(/\n[^\S\n]*\n/)]) {
      const step = known.get(sameText(part));
      if (step !== undefined && part.trim() !== '') return { code: 'repeats', wrong: `Its "${name}" repeats step ${String(step + 1)}, which is there already.` };
    }
  }
  return undefined;
}

/** The first text that is far longer than a step; also to be asked while a reply comes, so that it can be stopped. */
export function ramblingSlot(texts: readonly string[], slots: readonly Slot[]): WrongReply | undefined {
  for (const [i, { name, steps }] of slots.entries()) {
    const text = texts[i] ?? '';
    const most = steps === 'one' ? MOST_WORDS_OF_A_STEP : MOST_WORDS_OF_SEVERAL;
    // Most texts are too short to be counted at all.
    if (text.length <= most) continue;
    if (text.length > most * CHARACTERS_A_WORD || wordsUpTo(text, most + 1) > most) {
      return { code: 'rambles', wrong: `Its "${name}" is longer than ${most.toLocaleString('en-US')} words or ${(most * CHARACTERS_A_WORD).toLocaleString('en-US')} characters.` };
    }
  }
  return undefined;
}

function wordsUpTo(text: string, most: number): number {
  let count = 0;
  for (const word = /\S+/g; count < most && word.exec(text) !== null; ) count++;
  return count;
}

/** What two texts are compared by: white space and case do not count (ours). */
function sameText(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}
