/** Which of the new entries an old one becomes, if any, and which new ones follow it. */
export interface MatchedEntries {
  /** By old entry: its index among the new ones; `undefined` where it goes. Ascending. */
  readonly becomes: readonly (number | undefined)[];
  /** New ones that no old one becomes, by the old one that they follow; -1: before the first that stays. */
  readonly added: ReadonlyMap<number, readonly number[]>;
}

/**
 * Matches the entries of a list with those that it is to hold, so that those that stay keep their words. Entries that differ in nothing
 * but the count of their steps are the same; where as many are left as there were, they are matched by their place.
 */
export function matchedEntries(old: readonly unknown[], now: readonly unknown[]): MatchedEntries {
  const becomes = new Array<number | undefined>(old.length).fill(undefined);
  const added = new Map<number, number[]>();
  if (old.length === now.length) return { becomes: old.map((_entry, i) => i), added };
  const places = new Map<string, number[]>();
  for (const [i, entry] of old.entries()) {
    const key = keyOf(entry);
    const known = places.get(key);
    if (known === undefined) places.set(key, [i]);
    else known.push(i);
  }
  for (const list of places.values()) list.reverse();
  let last = -1;
  for (const [i, entry] of now.entries()) {
    const same = places.get(keyOf(entry)) ?? [];
    while ((same.at(-1) ?? Infinity) <= last) same.pop();
    const found = same.pop();
    if (found === undefined) {
      const more = added.get(last);
      if (more === undefined) added.set(last, [i]);
      else more.push(i);
    } else {
      becomes[found] = i;
      last = found;
    }
  }
  return { becomes, added };
}

function keyOf(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return JSON.stringify(entry) ?? '';
  const { occurrence: _occurrence, of: _of, ...rest } = entry as Record<string, unknown>;
  return JSON.stringify(rest);
}
