import type { Span } from './span';

/** Who speaks from a role line on, as the line says it. */
export type RoleName = 'system' | 'user' | 'assistant' | 'tool call' | 'tool result' | 'redacted reasoning';

/** A line such as `--- user ---` or `--- tool call search ---`, without its line end. */
export interface RoleLine extends Span {
  readonly role: RoleName;
  /** What stands after the role: a tool's name. */
  readonly name: string | undefined;
}

const ROLES = 'system|user|assistant|tool call|tool result|redacted reasoning';

/** What a document may have as its mark: letters and digits, so that it means nothing in YAML, in a tag or in a pattern. */
export const MARK = /^[0-9A-Za-z]{1,16}$/;

/** The lines of `text` from `start` on that have the form of role lines. With a mark only those that carry it. Linear. */
export function findRoleLines(text: string, start: number, mark: string | undefined): RoleLine[] {
  // Most documents have none: one native search decides.
  if (!text.includes(' ---', start)) return [];
  const found: RoleLine[] = [];
  const pattern = rolePattern(mark);
  pattern.lastIndex = start;
  for (let m = pattern.exec(text); m !== null; m = pattern.exec(text)) {
    found.push({ role: m[1] as RoleName, name: m[2], start: m.index, end: m.index + m[0].length });
  }
  return found;
}

/** Writes a role line; the name must be a `lineName`. */
export function printRoleLine(role: RoleName, name: string | undefined, mark: string | undefined): string {
  return ['---', role, name, mark, '---'].filter((word) => word !== undefined).join(' ');
}

/** How much of a tool's name stands in a role line. */
const LONGEST_NAME = 100;

/** A tool's name as it may stand in a role line: on one line, its white space single, cut; `undefined` where nothing is left. */
export function lineName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  // No more is looked at than can be shown, however long a name is.
  const plain = name.slice(0, 2 * LONGEST_NAME).replace(/[\s\p{Cc}]+/gu, ' ').trim().slice(0, LONGEST_NAME).trim();
  // A half of a character, there or by the cut, would not be kept by an editor.
  return plain === '' ? undefined : plain.toWellFormed();
}

/** The text with its marked role lines as they would be without a mark: the mark is the document's, and nobody who reads on needs it. */
export function withoutMark(text: string, mark: string | undefined): string {
  if (mark === undefined) return text;
  return text.replace(rolePattern(mark), (_line, role: RoleName, name: string | undefined) => printRoleLine(role, name, undefined));
}

/** Lines end as the editor's do, with `\n`, `\r\n` or `\r`; a document may begin with a BOM. */
function rolePattern(mark: string | undefined): RegExp {
  const end = mark === undefined ? '' : ` ${mark}`;
  return new RegExp(`(?<=^\\uFEFF?|[\\n\\r])--- (${ROLES})(?: (\\S.*?))?${end} ---(?![^\\n\\r])`, 'g');
}
