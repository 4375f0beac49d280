import type { FieldPath, FieldRef, JsonValue } from '../rows/fieldRef';
import type { RowMessage, RowPart, RowPartKind, Role } from '../rows/rowTrace';
import type { Located } from './rowReader';

/** A part from a string of the row. */
export function partOf(kind: RowPartKind, located: Located, name?: string): RowPart {
  return {
    kind,
    text: located.text,
    ...(located.at === undefined ? {} : { at: located.at }),
    ...(name === undefined ? {} : { name }),
  };
}

/** A stretch of a located string, as a string of its own with its place. */
export function sliceOf({ text, at }: Located, start: number, end: number): Located {
  const base = at?.slice?.start ?? 0;
  return {
    text: text.slice(start, end),
    at: at === undefined ? undefined : { path: at.path, slice: { start: base + start, end: base + end } },
  };
}

/** An empty part for a text that the row has not yet, but can take at this place. */
export function absentPart(kind: 'reasoning' | 'text', at: FieldRef, before = '', after = ''): RowPart {
  return { kind, text: '', at: { ...at, absent: { before, after } } };
}

/** A field that is missing, or null: it can be written as a whole. */
export function absentField(kind: 'reasoning' | 'text', path: FieldPath): RowPart {
  return absentPart(kind, { path });
}

/** A tool call's arguments: the string that stands at `path`, or what is no string as JSON text, which is written back as JSON. */
export function callPart(value: JsonValue | undefined, path: FieldPath, located: Located | undefined, name: string | undefined): RowPart {
  if (located !== undefined) return partOf('toolCall', located, name);
  if (value === undefined) return partOf('toolCall', { text: '', at: undefined }, name);
  const text = jsonText(value);
  return partOf('toolCall', text === undefined ? { text: '', at: undefined } : { text, at: { path } }, name);
}

/** JSON on one line; `undefined` for what is nested too deeply to be printed. */
export function jsonText(value: JsonValue): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // Only the stack's end can be the reason: a row's values are JSON.
    return undefined;
  }
}

/** A message; `undefined` where it has no parts. */
export function messageOf(role: Role, parts: readonly RowPart[], name?: string): RowMessage | undefined {
  if (parts.length === 0) return undefined;
  return { role, parts, ...(name === undefined ? {} : { name }) };
}
