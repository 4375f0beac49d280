import { printRoleLine, type RoleName } from '../roleLines';
import type { SectionKind } from '../sections';
import type { RowSlot } from './rowSlots';

/** The lines that say whose text follows; reasoning has its tags. */
export const ROLE_OF: Readonly<Record<Exclude<SectionKind, 'reasoning'>, RoleName>> = {
  system: 'system',
  user: 'user',
  assistant: 'assistant',
  toolCall: 'tool call',
  toolResult: 'tool result',
  redacted: 'redacted reasoning',
};

/**
 * Writes the texts of a row below each other, each exactly as it is, with marks and blank lines between them. What the user says
 * first and what follows a closing tag needs no role line.
 */
export function printBody(slots: readonly RowSlot[], eol: string, mark: string | undefined): string {
  const shown = slots.filter((slot) => slot.shown);
  const tag = mark === undefined ? 'think' : `think-${mark}`;
  let out = '';
  for (const { kind, name, part, unclosed, lineless } of shown) {
    if (out !== '') out += eol + eol;
    if (kind === 'reasoning') out += `<${tag}>${eol}${part.text}${unclosed ? '' : `${eol}</${tag}>`}`;
    else if (lineless) out += part.text;
    else out += printRoleLine(ROLE_OF[kind], name, mark) + (part.text === '' ? '' : eol + part.text);
  }
  return out + eol;
}

/** How many line ends around a text are ours, by what stands before and after it. */
export type Edge = 'head' | 'newHead' | 'top' | 'line' | 'open' | 'close' | 'end';

const BEFORE: Readonly<Record<Edge, number>> = { head: 1, newHead: 2, top: 0, line: 1, open: 1, close: 2, end: 0 };
const AFTER: Readonly<Record<Edge, number>> = { head: 0, newHead: 0, top: 0, line: 2, open: 2, close: 1, end: 1 };

/** A text between two marks without the line ends that are ours, as far as they are still there. */
export function withoutGlue(text: string, before: Edge, after: Edge, eol: string): string {
  let start = 0;
  for (let i = 0; i < BEFORE[before]; i++) {
    if (text.startsWith(eol, start)) start += eol.length;
    else if (text.startsWith('\n', start)) start++;
    else if (text.startsWith('\r\n', start)) start += 2;
    else break;
  }
  let end = text.length;
  for (let i = 0; i < AFTER[after]; i++) {
    if (end - eol.length >= start && text.endsWith(eol, end)) end -= eol.length;
    else if (end - 1 >= start && text.endsWith('\n', end)) end--;
    else break;
  }
  return text.slice(start, end);
}
