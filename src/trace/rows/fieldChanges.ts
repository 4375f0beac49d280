import type { Span } from '../span';
import { keptApart } from './asSaved';
import type { FieldEdit, FieldPath, FieldRef, JsonObject, JsonValue } from './fieldRef';
import { valueAt } from './fieldValue';
import { sameJson } from './headValues';
import { RowNotWritable } from './rowNotWritable';

interface Change {
  readonly slice: Span | undefined;
  readonly text: string;
  /** The editor had made its line ends one kind: it does not say which, only how many. */
  readonly remade: boolean;
}

/** Gathers changes of a row's texts and makes of them one edit for each value that changes. */
export class FieldChanges {
  private readonly byPath = new Map<string, { path: FieldPath; changes: Change[] }>();
  private readonly values: FieldEdit[] = [];

  constructor(private readonly row: JsonObject) {}

  /** Writes a text in its place; one that the row did not have between what goes around it there. */
  write({ path, slice, absent }: FieldRef, text: string, remade = false): void {
    this.add(path, { slice, text: absent === undefined ? text : absent.before + text + absent.after, remade });
  }

  /** Takes a text away with the marks around it; one that fills a field leaves it empty. */
  remove({ path, slice, whole }: FieldRef): void {
    this.add(path, { slice: whole ?? slice, text: '', remade: false });
  }

  /** Puts a value in the place of what is there. */
  set(path: FieldPath, value: JsonValue): void {
    this.values.push({ path, value });
  }

  /** @throws RowNotWritable where the row is not the one that the text was made of, or a value has to be JSON and is not */
  edits(): FieldEdit[] {
    const edits: FieldEdit[] = [];
    for (const { path, changes } of this.byPath.values()) {
      const old = valueAt(this.row, path);
      const value = newValue(path, old, changes);
      addSmallest(edits, [...path], old, value);
    }
    for (const { path, value } of this.values) if (value !== undefined) addSmallest(edits, [...path], valueAt(this.row, path), value);
    return edits;
  }

  private add(path: FieldPath, change: Change): void {
    const key = JSON.stringify(path);
    const known = this.byPath.get(key);
    if (known === undefined) this.byPath.set(key, { path, changes: [change] });
    else known.changes.push(change);
  }
}

/**
 * Adds the change of a value as those of the values in it that differ, where it still has the same ones in the same order: numbers
 * beyond what JavaScript holds, and the white space between, stay as the row writes them. Never goes deeper than the row is.
 * @param path of the value; the same again afterwards
 */
function addSmallest(edits: FieldEdit[], path: (string | number)[], old: JsonValue | undefined, value: JsonValue): void {
  const [before, after] = [itemsOf(old), itemsOf(value)];
  const isSameShape = Array.isArray(old) === Array.isArray(value) && before?.length === after?.length;
  if (before === undefined || after === undefined || !isSameShape || before.some(([key], i) => key !== after[i]?.[0])) {
    if (!sameJson(value, old)) edits.push({ path: [...path], value });
    return;
  }
  for (const [i, [key, item]] of after.entries()) {
    path.push(key);
    addSmallest(edits, path, before[i]?.[1], item);
    path.pop();
  }
}

function itemsOf(value: JsonValue | undefined): readonly (readonly [string | number, JsonValue])[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Array.isArray(value) ? [...(value as readonly JsonValue[]).entries()] : Object.entries(value as JsonObject);
}

function newValue(path: FieldPath, old: JsonValue | undefined, changes: readonly Change[]): JsonValue {
  const [first] = changes;
  if (first !== undefined && changes.every(({ slice, text }) => slice === undefined && text === first.text)) {
    return likeOld(path, old, first.text);
  }
  const all = typeof old === 'string' ? old : '';
  const end = all.length;
  let at = 0;
  let value = '';
  // The sort keeps the order of changes in the same place.
  const sorted = changes.map(({ slice, text, remade }) => ({ ...(slice ?? { start: 0, end }), text, remade })).sort((a, b) => a.start - b.start);
  let join = plainly;
  for (const { start, end: to, text, remade } of sorted) {
    if (to > end) throw new RowNotWritable(`The row’s field ${named(path)} is no longer the one that this text was made of. Open the row anew.`);
    value = join(value, all.slice(at, Math.max(at, start)));
    value = (remade && !splitsLineEnd(all, start) ? keptApart : plainly)(value, text);
    join = remade && !splitsLineEnd(all, to) ? keptApart : plainly;
    at = Math.max(at, to);
  }
  return join(value, all.slice(at));
}

/** Does a place lie between the two characters of one line end? What stands on both sides of it is one, and stays one. */
const splitsLineEnd = (text: string, at: number): boolean => text[at - 1] === '\r' && text[at] === '\n';

const plainly = (first: string, second: string): string => first + second;

/** A text as the kind of value that the field has had. */
function likeOld(path: FieldPath, old: JsonValue | undefined, text: string): JsonValue {
  if (old === undefined || old === null || typeof old === 'string') return text;
  const value = parsed(text);
  if (typeof old === 'object') {
    if (value === undefined) throw new RowNotWritable(`The row’s field ${named(path)} holds JSON, and what stands there now is not valid JSON. Mend it, then save again.`);
    return value;
  }
  return typeof value === typeof old && JSON.stringify(value) === text ? (value ?? text) : text;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

const named = (path: FieldPath): string => `“${path.join('.')}”`;
