import type { FieldEdit, FieldPath, JsonObject, JsonValue } from '../rows/fieldRef';
import type { RawRow } from './container';
import { elementsOf, membersOf, skipJsonSpace, valueEnd, type MemberPlace } from './jsonPlaces';
import { JsonWriting, type JsonLayout } from './jsonWriting';
import { exactText } from './readRow';

/** Edits of one value and of what is in it. */
interface Changes {
  /** The value as a whole; absent where only parts of it change. */
  set?: { readonly value: JsonValue | undefined };
  inside: Map<string, Changes> | undefined;
  /** The member of the object as it is written, once it is found. */
  member?: MemberPlace;
  readonly edit: FieldPath;
  /** How much of the edit's path leads here. */
  readonly depth: number;
}

type Inside = ReadonlyMap<string, Changes>;

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A row of JSON with some values changed: the bytes of those change and no others. A value that is the same as before keeps its bytes,
 * and of a changed string those at both ends that are the same.
 * @param ascii how the file writes characters beyond ASCII, for rows that have none
 * @throws Error in words where a field cannot be written
 */
export function editedJson(raw: RawRow, edits: readonly FieldEdit[], ascii: boolean): Uint8Array {
  if (raw.value === undefined) throw new Error(raw.problem ?? 'This row could not be read, so that nothing can be written to it.');
  const text = exactText(raw.bytes);
  const changes = changesOf(edits);
  const writer = new Writer(text, ascii);
  writer.value(changes, skipJsonSpace(text, 0), writer.ground);
  return writer.done() ?? raw.bytes;
}

function changesOf(edits: readonly FieldEdit[]): Changes {
  const root: Changes = { inside: undefined, edit: [], depth: 0 };
  for (const { path, value } of edits) {
    let node = root;
    for (const [i, key] of path.entries()) {
      // A later edit inside a value that an earlier one set would be lost.
      if (node.set !== undefined) throw new Error(`The field ${named(node)} cannot be written as a whole and in part at once.`);
      const name = String(key);
      // Most changes are of a value as a whole, and maps are large.
      const inside: Map<string, Changes> = (node.inside ??= new Map<string, Changes>());
      let next = inside.get(name);
      if (next === undefined) inside.set(name, (next = { inside: undefined, edit: path, depth: i + 1 }));
      node = next;
    }
    node.inside = undefined;
    node.set = { value };
  }
  return root;
}

class Writer {
  /** How an object is written of which nothing can be seen. */
  readonly ground: JsonLayout;
  private readonly replacements: Replacement[] = [];
  private lazy: JsonWriting | undefined;

  constructor(
    private readonly text: string,
    private readonly ascii: boolean,
  ) {
    const first = /"\s*:( ?)/.exec(text);
    const gap = first?.[1] ?? ' ';
    this.ground = { lines: undefined, gap, colon: `:${gap}` };
  }

  /** The row's new bytes; `undefined` where nothing changes. */
  done(): Uint8Array | undefined {
    if (this.replacements.length === 0) return undefined;
    const pieces: string[] = [];
    let at = 0;
    for (const { start, end, text } of this.replacements.sort((a, b) => a.start - b.start || a.end - b.end)) {
      pieces.push(this.text.slice(at, start), text);
      at = end;
    }
    pieces.push(this.text.slice(at));
    return new TextEncoder().encode(pieces.join(''));
  }

  value(changes: Changes, at: number, layout: JsonLayout): void {
    if (changes.set !== undefined) {
      if (changes.set.value === undefined) throw new Error(`${changes.depth === 0 ? 'A row' : `The entry ${named(changes)} of a list`} cannot be removed.`);
      this.replace(at, valueEnd(this.text, at), changes.set.value, layout);
    } else if (changes.inside !== undefined) {
      const open = this.text.charAt(at);
      if (open === '{') this.object(changes.inside, at);
      else if (open === '[') this.list(changes, changes.inside, at);
      else throw new Error(`The field ${named(changes)} holds no fields of its own, so that none can be written in it.`);
    }
  }

  private get writing(): JsonWriting {
    return (this.lazy ??= new JsonWriting(this.text, this.ascii));
  }

  private replace(start: number, end: number, value: JsonValue, layout: JsonLayout): void {
    const raw = this.text.slice(start, end);
    if (isSame(raw, value)) return;
    const wasText = raw.startsWith('"') && typeof value === 'string';
    const text = wasText ? this.writing.changed(raw, JSON.parse(raw) as string, value) : this.writing.value(value, layout);
    this.replacements.push({ start, end, text });
  }

  private list(changes: Changes, inside: Inside, at: number): void {
    const { elements, close } = elementsOf(this.text, at);
    const [first] = elements;
    const layout = this.layout(at, first?.start, elements.at(-2)?.end, elements.at(-1)?.start, close, this.ground.colon);
    const added: [number, string][] = [];
    for (const [key, change] of inside) {
      const number = Number(key);
      const element = elements[number];
      if (element !== undefined) this.value(change, element.start, layout);
      else if (isRemoval(change)) continue;
      else if (Number.isInteger(number) && number >= elements.length) added.push([number, this.fresh(change, layout)]);
      else throw new Error(`A list has numbered entries, and no field ${named(change)}.`);
    }
    added.sort(([a], [b]) => a - b);
    if (added.some(([number], i) => number !== elements.length + i)) {
      throw new Error(`The list ${named(changes)} has ${String(elements.length)} entries; an entry can be added only right after the last.`);
    }
    this.add(added.map(([, text]) => text), elements.at(-1)?.end, at, close, layout);
  }

  private object(inside: Inside, at: number): void {
    const { members, close } = membersOf(this.text, at);
    const last = members.at(-1);
    const colon = last === undefined ? this.ground.colon : this.text.slice(last.keyEnd, last.start);
    const layout = this.layout(at, members[0]?.keyStart, members.at(-2)?.end, last?.keyStart, close, /[\r\n]/.test(colon) ? ': ' : colon);
    const removed = this.find(inside, members);
    const added: string[] = [];
    for (const [key, change] of inside) {
      if (removesAll(change)) continue;
      const { member } = change;
      if (member !== undefined) this.value(change, member.start, layout);
      else if (!isRemoval(change)) added.push(`"${this.writing.inner(key)}"${layout.colon}${this.fresh(change, layout)}`);
    }
    const kept = this.remove(removed, members);
    this.add(added, kept, at, close, layout);
  }

  /** Tells each change the member that it is of, and finds those to be removed. Of a key that is there twice, the last counts. */
  private find(inside: Inside, members: readonly MemberPlace[]): Set<number> {
    const removed = new Set<number>();
    for (const [i, member] of members.entries()) {
      const raw = this.text.slice(member.keyStart + 1, member.keyEnd - 1);
      const change = inside.get(raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw);
      if (change === undefined) continue;
      if (removesAll(change)) removed.add(i);
      else change.member = member;
    }
    return removed;
  }

  /** Takes members out, each with a comma. @returns where the last that stays ends, if one does */
  private remove(removed: ReadonlySet<number>, members: readonly MemberPlace[]): number | undefined {
    let kept: number | undefined;
    for (const [i, member] of members.entries()) {
      if (!removed.has(i)) kept = member.end;
      else if (kept !== undefined) this.cut(members[i - 1]?.end ?? member.keyStart, member.end);
      else this.cut(member.keyStart, members[i + 1]?.keyStart ?? member.end);
    }
    return kept;
  }

  private cut(start: number, end: number): void {
    this.replacements.push({ start, end, text: '' });
  }

  /** Puts items at the end of an object or list, after what stays of it. */
  private add(items: readonly string[], kept: number | undefined, open: number, close: number, layout: JsonLayout): void {
    if (items.length === 0) return;
    const { lines } = layout;
    const between = lines === undefined ? layout.gap : lines.newline + lines.indent;
    const text = items.join(`,${between}`);
    if (kept !== undefined) this.replacements.push({ start: kept, end: kept, text: `,${between}${text}` });
    // Of what was there nothing stays, but the white space before the bracket fits what comes.
    else if (skipJsonSpace(this.text, open + 1) === close) this.replacements.push({ start: open + 1, end: close, text });
    else {
      const first = skipJsonSpace(this.text, open + 1);
      this.replacements.push({ start: first, end: first, text });
    }
  }

  /** What is not there yet: a value, or objects down to it. */
  private fresh(change: Changes, layout: JsonLayout): string {
    return this.writing.value(freshValue(change), layout);
  }

  /** @param first where the first item begins, `before` where the last but one ends, `last` where the last begins */
  private layout(
    open: number, first: number | undefined, before: number | undefined, last: number | undefined, close: number, colon: string,
  ): JsonLayout {
    if (first === undefined || last === undefined) return this.ground;
    const space = before === undefined ? this.text.slice(open + 1, first) : afterComma(this.text.slice(before, last));
    const line = /(\r?\n)([ \t]*)$/.exec(space);
    if (line === null) return { lines: undefined, gap: before === undefined ? colon.slice(colon.indexOf(':') + 1) : space, colon };
    const [, newline = '\n', indent = ''] = line;
    const outer = /\n([ \t]*)$/.exec(this.text.slice(Math.max(open, close - indent.length - 2), close))?.[1] ?? '';
    return { lines: { newline, indent, unit: indent.startsWith(outer) ? indent.slice(outer.length) : '  ' }, gap: ' ', colon };
  }
}

function afterComma(text: string): string {
  return text.slice(text.indexOf(',') + 1);
}

const named = ({ edit, depth }: Changes): string => edit.slice(0, depth).join('.');

const removesAll = ({ set }: Changes): boolean => set !== undefined && set.value === undefined;

/** Of removals alone nothing comes to be where nothing is. */
function isRemoval({ set, inside }: Changes): boolean {
  return set === undefined ? [...(inside?.values() ?? [])].every(isRemoval) : set.value === undefined;
}

function freshValue({ set, inside }: Changes): JsonValue {
  if (set?.value !== undefined) return set.value;
  // Keys such as `__proto__` are fields like any other.
  return Object.fromEntries([...(inside ?? [])].filter(([, change]) => !isRemoval(change)).map(([key, change]) => [key, freshValue(change)]));
}

/** Is the value of this text the given one? Numbers too large for one are the same as none. */
function isSame(raw: string, value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) {
    const first = raw.charAt(0);
    return first !== '{' && first !== '[' && Object.is(JSON.parse(raw), value);
  }
  return isEqual(JSON.parse(raw) as JsonValue, value);
}

function isEqual(one: JsonValue, other: JsonValue): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return Object.is(one, other);
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  const [a, b] = [one as JsonObject, other as JsonObject];
  return keys.every((key) => {
    const [left, right] = [a[key], b[key]];
    return Object.hasOwn(b, key) && left !== undefined && right !== undefined && isEqual(left, right);
  });
}
