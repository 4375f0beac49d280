/** How many words a text has: runs of what is no white space, and of scripts without spaces each character (ours). */
export function wordsOf(text: string): number {
  const spaced = text.replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu, ' x ');
  return spaced.match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0;
}
