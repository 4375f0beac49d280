import type { FieldRef, JsonObject } from '../../../../src/trace/rows/fieldRef';
import { headPlace } from '../../../../src/trace/rows/rowHead';
import { composeRow } from '../../../../src/trace/rows/rowDocument';
import { rowSections } from '../../../../src/trace/rows/rowSections';
import { rowSlots } from '../../../../src/trace/rows/rowSlots';
import type { RowTrace } from '../../../../src/trace/rows/rowTrace';
import { readHead } from '../../../../src/trace/rows/headText';
import { markIn } from '../../../../src/trace/rows/rowHead';

export interface Typed {
  /** The document with the new text in the place of the old one. */
  readonly text: string;
  readonly old: string;
  readonly at: FieldRef;
  readonly index: number;
  /** Would the new text be taken for a mark of the document? */
  readonly mistaken: boolean;
}

/** Types a text over one of a row's texts in its document; `undefined` where the document shows none that can be written. */
export function typedInto(trace: RowTrace, overlay: JsonObject | undefined, pick: number, typed: string): Typed | undefined {
  const document = composeRow(trace, overlay);
  const shown = rowSlots(trace).filter((slot) => slot.shown);
  const writable = shown.flatMap(({ part, kind }, index) => {
    if (part.items !== undefined) return part.items.map((item, i) => ({ index, old: item.text, at: item.at, from: part.items?.slice(0, i).reduce((sum, { text }) => sum + text.length + 2, 0) ?? 0, kind }));
    return part.at === undefined ? [] : [{ index, old: part.text, at: part.at, from: 0, kind }];
  });
  const one = writable[pick % Math.max(1, writable.length)];
  const slot = shown[one?.index ?? -1];
  if (one === undefined || slot === undefined || (slot.part.text === '' && one.kind !== 'reasoning')) return undefined;
  const isItem = slot.part.items !== undefined;
  // Blank lines tell items apart; who types one makes two of one.
  if (isItem && (/\n\n|^\n|\n$/.test(typed.replace(/\r\n?/g, '\n')) || slot.part.items?.some(({ text }) => /\n\n|^\n|\n$/.test(text.replace(/\r\n?/g, '\n'))))) return undefined;
  if (isItem && typed === '' ) return undefined;
  if (isItem && slot.part.items?.some(({ text }) => text === '')) return undefined;

  const head = headPlace(document);
  if (head === 'unclosed') throw new Error('a head that is never closed');
  const read = readHead(head.yaml);
  if ('wrong' in read) throw new Error(read.wrong);
  const mark = markIn(read.values);
  const eol = document.slice(head.end).startsWith('\r\n') ? '\r\n' : '\n';
  const top = head.end > 0 ? 'head' : 'top';
  const ends = [eolOfDocument(trace, document), eol];
  for (const end of ends) {
    const sections = rowSections(document, head.end, mark, top, end);
    if (sections.length !== shown.length || sections[one.index]?.content !== slot.part.text) continue;
    const section = sections[one.index];
    if (section === undefined) continue;
    const region = document.slice(section.start, section.end);
    const lead = glueBefore(region, section.line !== undefined || section.block !== undefined ? 1 : one.index > 0 ? 2 : head.end > 0 ? 1 : 0, end);
    const start = section.start + lead + one.from;
    const text = document.slice(0, start) + typed + document.slice(start + one.old.length);
    const now = rowSections(text, head.end, mark, top, end);
    const whole = isItem ? slot.part.text.slice(0, one.from) + typed + slot.part.text.slice(one.from + one.old.length) : typed;
    const same =
      now.length === sections.length &&
      now.every((other, i) => other.kind === sections[i]?.kind && other.content === (i === one.index ? whole : sections[i]?.content));
    // A first text has no mark of its own: blanks are none, and a BOM or a fence would be read as something else.
    return { text, old: one.old, at: one.at, index: one.index, mistaken: !same && typed !== '' };
  }
  throw new Error('the document does not hold the row’s texts');
}

function glueBefore(region: string, count: number, eol: string): number {
  let at = 0;
  for (let i = 0; i < count && region.startsWith(eol, at); i++) at += eol.length;
  return at;
}

function eolOfDocument(trace: RowTrace, _document: string): string {
  const texts = rowSlots(trace).map(({ part }) => part.text);
  const all = texts.join('').match(/\r\n?|\n/g) ?? [];
  return texts.some((text) => text.endsWith('\r')) || (all.length > 0 && texts.every((text) => (text.match(/\r\n?|\n/g) ?? []).every((end) => end === '\r\n'))) ? '\r\n' : '\n';
}
