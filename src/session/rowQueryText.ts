import type { DatasetRow } from './dataset';

/** A text without the difference of upper and lower case; ours: `toLowerCase`, whatever the language of this machine. */
export function folded(text: string): string {
  return text.toLowerCase();
}

/** Does the text (`folded`) stand in the row's id, prompt, reasoning or answer, within one of them? Tools' texts are not searched. */
export function rowHolds({ traces }: DatasetRow, needle: string): boolean {
  return traces.some(
    ({ id, messages }) =>
      (id !== undefined && folded(id.value).includes(needle)) ||
      messages.some(
        ({ role, parts }) =>
          role !== 'tool' && parts.some(({ kind, text }) => kind !== 'toolCall' && kind !== 'redacted' && folded(text).includes(needle)),
      ),
  );
}

/** Tells by a row's bytes alone that it cannot hold a text. */
export interface RawFilter {
  /**
   * Places in a block of bytes, ascending, at least one in every row that can hold the text: a row without any cannot. Places may be
   * near what was found. Takes time linear in the length.
   */
  places(block: Uint8Array): number[];
}

/** What of a text stands in a file just as it is typed: no escape of JSON, no quote of CSV, no letter of several bytes. */
const PLAIN = /[ !#-.0-[\]-~]+/g;
/** The letters outside ASCII whose lower case holds one of ASCII, in UTF-8 (as `places` sees it) and as an escape: the Kelvin sign and the dotted I. */
const STRANGERS: Readonly<Record<string, readonly string[]>> = {
  k: ['\u00e2\u0084\u00aa', '\\u212a'],
  i: ['\u00e4\u00b0', '\\u0130'],
};

/**
 * A filter for a text (`folded`); `undefined` where nothing can be said from the bytes. It looks for the longest stretch of the text
 * that is written as it is, and stops also where a letter of that stretch may stand as an escape (`\u0061`).
 * Numbers are searched as they are written.
 */
export function rawFilter(needle: string): RawFilter | undefined {
  const core = (needle.match(PLAIN) ?? []).reduce((best, run) => (run.trim().length > best.trim().length ? run : best), '').trim();
  if (core === '') return undefined;
  const letters = new Set(core);
  const escaped = new Set([...letters, ...[...letters].map((letter) => letter.toUpperCase())].map((letter) => letter.charCodeAt(0)));
  const strangers = [...letters].flatMap((letter) => STRANGERS[letter] ?? []);
  return {
    places(block) {
      // One byte a character: places in the string are places in the block. Lower case changes bytes above ASCII too, but no place.
      const text = Buffer.from(block.buffer, block.byteOffset, block.byteLength).toString('latin1').toLowerCase();
      const found = occurrences(text, core);
      // `\u00` and two digits: of a letter that is looked for, or of any other, which says nothing.
      for (const at of occurrences(text, '\\u00')) if (escaped.has(Number.parseInt(text.slice(at + 4, at + 6), 16))) found.push(at);
      for (const stranger of strangers) found.push(...occurrences(text, stranger));
      return found.sort((a, b) => a - b);
    },
  };
}

function occurrences(text: string, part: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) found.push(at);
  return found;
}
