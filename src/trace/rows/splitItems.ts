/** What stands between two items of one text. Ours. */
export const BETWEEN_ITEMS = '\n\n';

/**
 * Finds the items again in a text that was made of them, after an edit: those before and after the change are as they were, and
 * what is between is one item, or as many as there were by its blank lines. `undefined` where their number changed.
 */
export function splitItems(items: readonly string[], edited: string): string[] | undefined {
  let first = 0;
  let from = 0;
  while (first < items.length - 1 && edited.startsWith((items[first] ?? '') + BETWEEN_ITEMS, from)) {
    from += (items[first] ?? '').length + BETWEEN_ITEMS.length;
    first++;
  }
  let last = items.length - 1;
  let to = edited.length;
  while (last > first) {
    const item = BETWEEN_ITEMS + (items[last] ?? '');
    if (to - item.length < from || !edited.endsWith(item, to)) break;
    to -= item.length;
    last--;
  }
  const middle = edited.slice(from, to);
  const changed = items.slice(first, last + 1);
  const texts = changed.length === 1 ? [middle] : byBlankLines(changed, middle);
  return texts === undefined ? undefined : [...items.slice(0, first), ...texts, ...items.slice(last + 1)];
}

/** Cuts a text at its blank lines, so that each item has as many as before. */
function byBlankLines(items: readonly string[], text: string): string[] | undefined {
  const pieces = text.split(BETWEEN_ITEMS);
  const counts = items.map((item) => item.split(BETWEEN_ITEMS).length);
  if (counts.reduce((sum, count) => sum + count, 0) !== pieces.length) return undefined;
  let at = 0;
  return counts.map((count) => pieces.slice(at, (at += count)).join(BETWEEN_ITEMS));
}
