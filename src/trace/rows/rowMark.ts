import type { RowSlot } from './rowSlots';

/** Tags and role lines that a text could hold of a document with a mark, with the mark that they would carry. */
const MARKED = /<\/?think-([0-9A-Za-z]{1,16})(?=>)| ([0-9A-Za-z]{1,16})(?= ---)/g;

/** The first mark that none of the row's texts could be read with: `7f`, `80`, … Ours; the same for the same texts. */
export function freeMark(slots: readonly RowSlot[]): string {
  const taken = new Set<string>();
  for (const { part, name } of slots) {
    for (const text of [part.text, name ?? '']) {
      for (const [, ofTag, ofLine] of text.matchAll(MARKED)) taken.add(ofTag ?? ofLine ?? '');
    }
  }
  let next = 0x7f;
  while (taken.has(next.toString(16))) next++;
  return next.toString(16);
}
