import { LineIndex } from '../lineIndex';
import { printRoleLine } from '../roleLines';
import { ROLE_OF } from './rowBody';
import { RowNotWritable } from './rowNotWritable';
import { fits, isSilent, placeOf, type RowSection } from './rowSections';
import type { RowSlot } from './rowSlots';

/** A place of the row with the section of the edited document that is its text now; none where it was taken away or never shown. */
export interface Match {
  readonly slot: RowSlot;
  readonly section: RowSection | undefined;
}

const COPY = 'Undo that and save again, or keep this text as a copy.';

/**
 * Finds for each place of the row its section. A section may be added where the row has a place for it, and what its last answer is
 * made of may be taken away; all else must stand in the row's order.
 * @throws RowNotWritable that names what was added, taken away or moved
 */
export function matchSlots(slots: readonly RowSlot[], sections: readonly RowSection[], text: string): Match[] {
  const matches: Match[] = [];
  const lineOf = (section: RowSection): number => LineIndex.of(text).lineAt(placeOf(section).start) + 1;
  let next = 0;
  for (const [i, section] of sections.entries()) {
    if (section.block !== undefined && section.block.open === undefined) {
      throw new RowNotWritable(`The closing tag in line ${String(lineOf(section))} has no opening one. Put it where the reasoning begins, then save again.`);
    }
    const found = slotFor(section, slots, next);
    if (opensReasoning(section, sections[i + 1]) && !isBeforeReasoning(slots, found)) continue;
    if (found !== undefined) {
      for (; next < found; next++) matches.push({ slot: slots[next] as RowSlot, section: undefined });
      matches.push({ slot: slots[next++] as RowSlot, section });
    } else if (!isSilent(section) || section.content.trim() !== '') {
      throw new RowNotWritable(noPlace(section, slots[next], lineOf(section)));
    }
  }
  for (const slot of slots.slice(next)) matches.push({ slot, section: undefined });
  const gone = matches.find(({ slot, section }) => section === undefined && slot.shown && !slot.removable);
  if (gone !== undefined) {
    throw new RowNotWritable(`${nameOf(gone.slot)} is gone from the text${hint(sections, lineOf)}, and a row’s messages cannot be taken out of it here. ${COPY}`);
  }
  return matches;
}

/** An assistant's line with nothing between it and its reasoning says no more than the tag does. */
function opensReasoning({ kind, line, content }: RowSection, next: RowSection | undefined): boolean {
  return kind === 'assistant' && line !== undefined && content.trim() === '' && next?.kind === 'reasoning';
}

function isBeforeReasoning(slots: readonly RowSlot[], place: number | undefined): boolean {
  if (place === undefined || slots[place]?.shown !== true) return false;
  let next = place + 1;
  while (slots[next]?.shown === false) next++;
  return slots[next]?.kind === 'reasoning';
}

/** The next place that a section can be: the next one that was shown if it is of its kind, else one before it that was not. */
function slotFor(section: RowSection, slots: readonly RowSlot[], from: number): number | undefined {
  let unseen: number | undefined;
  let likely: number | undefined;
  for (let i = from; i < slots.length; i++) {
    const slot = slots[i];
    if (slot === undefined) break;
    if (fits(section, slot)) {
      // After a text without a line that was emptied, the next with one is another.
      if (slot.shown && likely !== undefined) return slot.lineless ? likely : i;
      if (slot.shown && !(slot.lineless && section.line !== undefined)) return i;
      if (slot.shown) likely = i;
      // An answer of blanks only is what a person left behind the last tag.
      if (section.kind !== 'assistant' || section.content.trim() !== '') unseen ??= i;
    }
    if (slot.shown && !slot.removable) break;
  }
  return likely ?? unseen;
}

function noPlace(section: RowSection, expected: RowSlot | undefined, line: number): string {
  const what = `${section.kind === 'reasoning' ? 'The reasoning' : nameOf(section)} in line ${String(line)}`;
  const instead = expected?.shown === true ? ` Here the row has ${lowered(nameOf(expected))}.` : '';
  return `${what} has no place in this row: it takes no more messages, and none in another order.${instead} ${COPY}`;
}

/** The usual reason why something is gone. */
function hint(sections: readonly RowSection[], lineOf: (section: RowSection) => number): string {
  const last = sections.at(-1);
  if (last?.block === undefined || last.block.close !== undefined) return '';
  return ` (the reasoning that begins in line ${String(lineOf(last))} is never closed, so all after it is part of it)`;
}

/** A place in words, at the beginning of a sentence. */
export function nameOf({ kind, name }: Pick<RowSlot, 'kind' | 'name'>): string {
  switch (kind) {
    case 'reasoning':
      return 'The reasoning';
    case 'user':
      return 'The user’s message';
    case 'assistant':
      return 'The answer';
    case 'system':
      return 'The system message';
    case 'toolCall':
    case 'toolResult':
    case 'redacted':
      return `What stands under “${printRoleLine(ROLE_OF[kind], name, undefined)}”`;
  }
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
