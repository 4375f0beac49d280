import { expect } from 'vitest';
import { valueAt } from '../../../../src/trace/formats/jsonShapes';
import type { FieldRef, JsonObject } from '../../../../src/trace/rows/fieldRef';
import type { RowPart, RowTrace } from '../../../../src/trace/rows/rowTrace';

/** What may stand between the slices of one string: white space, think tags, and the marks and headers of templates. */
const GAP = new RegExp(
  String.raw`^(?:\s|</?(?:think|thinking|reasoning|thought)(?:\s[^<>]*)?>|<\|im_start\|>\w+|<\|start_header_id\|>\w+<\|end_header_id\|>|` +
    String.raw`<｜(?:User|Assistant|begin▁of▁sentence|end▁of▁sentence)｜>|<\|(?:im_end|eot_id|begin_of_text|end_of_text|end|return|call)\|>|` +
    String.raw`(?:<\|start\|>)?[\w.= -]{0,80}(?:<\|channel\|>[\w.= -]{1,80}(?:<\|constrain\|>\w+)?)?<\|message\|>)*$`,
  'u',
);

/** Each text of the trace is what stands at its place, and the slices of one string with the marks between them are that string. */
export function expectPlaced(row: JsonObject, trace: RowTrace): void {
  const parts = trace.messages.flatMap((message) => message.parts);
  const slices = new Map<string, { at: FieldRef; string: string }[]>();
  for (const part of parts) {
    for (const { text, at } of [...(part.items ?? [part]), ...(part.copies ?? []).map((at) => ({ text: part.text, at }))]) {
      if (at === undefined) continue;
      expect(textAt(row, at), JSON.stringify(at)).toBe(text);
      if (at.slice === undefined || (part.copies?.includes(at) ?? false)) continue;
      const key = JSON.stringify(at.path);
      slices.set(key, [...(slices.get(key) ?? []), { at, string: stringAt(row, at) }]);
    }
  }
  for (const list of slices.values()) expectGapless(list);
  for (const head of [trace.id, trace.model, trace.source]) {
    if (head?.at !== undefined) expect(textAt(row, head.at)).toBe(head.value);
  }
  if (trace.intentAt !== undefined) expect(textAt(row, trace.intentAt)).toBe(trace.intent);
}

function expectGapless(list: readonly { at: FieldRef; string: string }[]): void {
  const { string } = list[0] ?? { string: '' };
  let cursor = 0;
  for (const { at } of list) {
    const { start, end } = at.slice ?? { start: 0, end: 0 };
    expect(start).toBeGreaterThanOrEqual(cursor);
    expect(end).toBeLessThanOrEqual(string.length);
    expect(string.slice(cursor, start)).toMatch(GAP);
    if (at.absent !== undefined) expect(end).toBe(start);
    if (at.whole !== undefined) {
      expect(at.whole.start).toBeLessThanOrEqual(start);
      expect(at.whole.end).toBeGreaterThanOrEqual(end);
      // Taking it away takes marks and white space with it, and no other text.
      expect(string.slice(at.whole.start, start) + string.slice(end, at.whole.end)).toMatch(GAP);
    }
    cursor = end;
  }
  expect(string.slice(cursor)).toMatch(GAP);
}

/** The text that stands at a place: of a missing field or null the empty one, of what is no string its JSON. */
export function textAt(row: JsonObject, at: FieldRef): string {
  const value = valueAt(row, at.path);
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = stringAt(row, at);
  return at.slice === undefined ? text : text.slice(at.slice.start, at.slice.end);
}

function stringAt(row: JsonObject, at: FieldRef): string {
  const value = valueAt(row, at.path);
  return typeof value === 'string' ? value : '';
}

/** Kind and text of all parts, in order, with the role: `assistant.reasoning: …`. */
export function said(trace: RowTrace | undefined): string[] {
  return (trace?.messages ?? []).flatMap(({ role, name, parts }) => parts.map((part) => `${role}.${label(part, name)}: ${part.text}`));
}

function label(part: RowPart, name: string | undefined): string {
  const of = part.name ?? name;
  return part.kind + (of === undefined ? '' : `(${of})`) + (part.at?.absent === undefined ? '' : '?');
}
