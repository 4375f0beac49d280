/** How many words a text has: runs of what is no white space, and of scripts without spaces each character (ours). */
export function wordsOf(text: string): number {
  const spaced = text.replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu, ' x ');
  // First the runs, then which of them are words: one pattern for both would go back over long runs of signs.
  return spaced.match(/\S+/g)?.filter((run) => /[\p{L}\p{N}]/u.test(run)).length ?? 0;
}
