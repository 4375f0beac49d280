/** A number of things in words: `1 step`, `2 steps`. For nouns that take an s. */
export function countOf(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
