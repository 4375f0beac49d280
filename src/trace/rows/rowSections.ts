import type { Span } from '../span';
import { documentSections, type DocumentSection } from '../sections';
import { withoutGlue, type Edge } from './rowBody';
import type { RowSlot } from './rowSlots';

/** A section of a row's document with the text that it holds. */
export interface RowSection extends DocumentSection {
  readonly content: string;
}

/** The sections of a row's document from the end of its head on; those that hold nothing and say nothing are left out. */
export function rowSections(text: string, start: number, mark: string | undefined, top: Edge, eol: string): RowSection[] {
  const all = documentSections(text, start, mark, []);
  const found: RowSection[] = [];
  let before = top;
  for (const [i, section] of all.entries()) {
    if (section.line !== undefined) before = 'line';
    if (section.block !== undefined) before = section.block.open === undefined ? 'line' : 'open';
    const content = withoutGlue(text.slice(section.start, section.end), before, edgeAfter(section, all[i + 1]), eol);
    if (content !== '' || !isSilent(section)) found.push({ ...section, content });
    before = 'close';
  }
  return found;
}

/** Is this a section that is only there where it has text, because no mark begins it? */
export function isSilent({ kind, line }: DocumentSection): boolean {
  return line === undefined && kind !== 'reasoning';
}

function edgeAfter({ block }: DocumentSection, next: DocumentSection | undefined): Edge {
  if (block?.close !== undefined) return 'close';
  if (next === undefined) return 'end';
  return next.line === undefined ? 'open' : 'line';
}

/** Do these sections hold exactly the row's shown texts, each in its place? */
export function areShown(sections: readonly RowSection[], slots: readonly RowSlot[]): boolean {
  const shown = slots.filter((slot) => slot.shown);
  return (
    sections.length === shown.length &&
    shown.every((slot, i) => {
      const section = sections[i];
      return section !== undefined && fits(section, slot) && section.content === slot.part.text && isWhole(section, slot);
    })
  );
}

export function fits(section: RowSection, { kind, name }: RowSlot): boolean {
  return section.kind === kind && section.name === name;
}

function isWhole({ block }: RowSection, { unclosed }: RowSlot): boolean {
  return block === undefined || (block.open !== undefined && (block.close === undefined) === unclosed);
}

/** Where a section's mark stands, or its text where it has none. */
export function placeOf({ line, block, start }: DocumentSection): Span {
  return line ?? block?.open ?? block?.close ?? { start, end: start };
}
