import type { DatasetRow } from '../datasets/dataset';

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
/** The letters outside ASCII whose lower case holds one of ASCII, in UTF-8 and as an escape: the Kelvin sign and the dotted I. */
const STRANGERS: Readonly<Record<string, { readonly bytes: string; readonly escape: string }>> = {
  k: { bytes: '\u00e2\u0084\u00aa', escape: '212a' },
  i: { bytes: '\u00c4\u00b0', escape: '0130' },
};

/**
 * A filter for a text (`folded`); `undefined` where nothing can be said from the bytes. It looks for the longest stretch of the text
 * that is written as it is, and stops also where a letter of that stretch may stand as an escape (`\u0061`).
 * Numbers are searched as they are written.
 */
export function rawFilter(needle: string): RawFilter | undefined {
  const core = (needle.match(PLAIN) ?? []).reduce((best, run) => (run.trim().length > best.trim().length ? run : best), '').trim();
  if (core === '') return undefined;
  const letters = [...new Set(core)];
  const strangers = letters.flatMap((letter) => STRANGERS[letter] ?? []);
  const codes = new Set([...letters, ...letters.map((letter) => letter.toUpperCase())].map((letter) => `00${letter.charCodeAt(0).toString(16)}`));
  // Without the flag `u` no letter above ASCII is taken for one of ASCII.
  const plain = new RegExp(core.replace(/[$()*+.?[\]^{|}]/g, '\\$&'), 'gi');
  const escaped = new RegExp(`\\\\u(?:${[...codes, ...strangers.map(({ escape }) => escape)].join('|')})`, 'gi');
  return {
    places(block) {
      // One byte a character: places in the string are places in the block.
      const text = Buffer.from(block.buffer, block.byteOffset, block.byteLength).toString('latin1');
      const found = [...matches(text, plain), ...matches(text, escaped)];
      for (const { bytes } of strangers) for (let at = text.indexOf(bytes); at !== -1; at = text.indexOf(bytes, at + 1)) found.push(at);
      return found.sort((a, b) => a - b);
    },
  };
}

function matches(text: string, pattern: RegExp): number[] {
  const found: number[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) found.push(match.index);
  return found;
}
