/** Control characters, and those that reorder or hide text (bidirectional marks, zero-width ones, tags). */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * Text of others as one line in which nothing is hidden or reordered: in a longer text it cannot make lines of its own.
 * @param most characters at most, the ellipsis included
 */
export function plainLine(text: string, most = Number.POSITIVE_INFINITY): string {
  // Only the beginning is needed: a step can be megabytes long.
  const line = text.slice(0, most * 4).replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  if (line.length <= most) return line;
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most - 1).join('').replace(/[\s.,;:]+$/, '')}…` : line;
}
