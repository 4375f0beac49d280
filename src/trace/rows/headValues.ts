import type { JsonObject, JsonValue } from './fieldRef';
import type { RowTrace } from './rowTrace';

/** The front matter of a row's document by name, in its order. */
export type HeadValues = ReadonlyMap<string, JsonValue>;

/** What front matter says of a row by the row's own fields, in this order. */
export const DERIVED = ['id', 'intent', 'model', 'source', 'expected', 'reasoning'] as const;
export type Derived = (typeof DERIVED)[number];

/** How deep a value may be nested to be written as front matter; what is deeper stays in the row unseen. */
const DEEPEST = 32;

/** What the row itself says. */
export function derivedHead(trace: RowTrace): Map<Derived, string> {
  const found = new Map<Derived, string>();
  const add = (name: Derived, value: string | undefined): void => void (value !== undefined && found.set(name, value));
  add('id', trace.id?.value);
  // A field that holds `unknown` says so as well.
  add('intent', trace.intent === 'unknown' && trace.intentAt === undefined ? undefined : trace.intent);
  add('model', trace.model?.value);
  add('source', trace.source?.value);
  add('expected', trace.expected?.value);
  if (trace.messages.some(({ parts }) => parts.some(({ kind }) => kind === 'summary'))) add('reasoning', 'summary');
  return found;
}

/**
 * What the head of the document holds: the row's own values, those of the overlay over them (`null`: not shown), the mark last.
 * An intent that only a person gave comes first, where the command that sets it puts it.
 */
export function headValues(
  derived: ReadonlyMap<Derived, JsonValue>,
  overlay: JsonObject | undefined,
  mark: string | undefined,
): Map<string, JsonValue> {
  const values = new Map<string, JsonValue>();
  const over = new Map(Object.entries(overlay ?? {}).filter(([name, value]) => isShown(name, value)));
  const add = (name: Derived): void => {
    const value = over.has(name) ? over.get(name) : derived.get(name);
    // These are words, also where an overlay has a number.
    if (value !== undefined && value !== null) values.set(name, typeof value === 'object' ? value : String(value));
  };
  if (!derived.has('intent')) add('intent');
  for (const name of DERIVED) add(name);
  for (const [name, value] of over) if (!isDerived(name)) values.set(name, value);
  if (mark !== undefined) values.set('mark', mark);
  return values;
}

export function isDerived(name: string): name is Derived {
  return (DERIVED as readonly string[]).includes(name);
}

/** Does front matter show this entry of an overlay? `head` and `mark` have meanings of their own. */
export function isShown(name: string, value: JsonValue): boolean {
  return name !== 'head' && name !== 'mark' && isShallow(value);
}

function isShallow(value: JsonValue): boolean {
  let level: JsonValue[] = [value];
  for (let depth = 0; depth <= DEEPEST; depth++) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one as JsonObject) : []));
    if (level.length === 0) return true;
  }
  return false;
}

/** Equality of JSON values; the order of keys says nothing. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [first, second] = [a as JsonObject, b as JsonObject];
  const names = Object.keys(first);
  return (
    names.length === Object.keys(second).length &&
    names.every((name) => Object.hasOwn(second, name) && sameJson(first[name], second[name]))
  );
}
