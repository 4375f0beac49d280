import { findFrontMatter } from '../frontMatter';
import { isIntent } from '../intent';
import { MARK } from '../roleLines';
import type { JsonObject, JsonValue } from './fieldRef';
import { keptHead, printHead, readHead } from './headText';
import { DERIVED, derivedHead, headValues, isDerived, isShown, sameJson, type Derived } from './headValues';
import { RowNotWritable } from './rowNotWritable';
import type { HeadValue, RowTrace } from './rowTrace';

/** The YAML of a row's head: what the row says, with the overlay over it, in the words of the person who last wrote it. */
export function composeHead(trace: RowTrace, overlay: JsonObject | undefined, mark: string | undefined): string {
  const values = headValues(derivedHead(trace), overlay, mark);
  const kept = overlay?.['head'];
  return (typeof kept === 'string' ? keptHead(kept, values) : undefined) ?? printHead(values);
}

/** Where a document's head ends, and its YAML with `\n`; no YAML where it has no head. */
export interface HeadPlace {
  readonly yaml: string;
  /** Where the body begins: behind the closing fence, its line end not included. */
  readonly end: number;
}

export function headPlace(text: string): HeadPlace | 'unclosed' {
  const top = text.startsWith('\uFEFF') ? 1 : 0;
  const place = findFrontMatter(text, top);
  if (place === undefined) return { yaml: '', end: top };
  if (place === 'unclosed') return place;
  return { yaml: text.slice(place.yaml.start, place.yaml.end).replaceAll('\r\n', '\n'), end: place.block.end };
}

/** The head of an edited document. @throws RowNotWritable with the line where it cannot be read */
export function editedHead(text: string): HeadPlace & { readonly values: ReadonlyMap<string, JsonValue> } {
  const place = headPlace(text);
  if (place === 'unclosed') {
    throw new RowNotWritable('The front matter that begins in line 1 is never closed. End it with a line of `---`, then save again.');
  }
  const read = readHead(place.yaml);
  if ('values' in read) return { ...place, values: read.values };
  const line = place.yaml.slice(0, read.at).split('\n').length + 1;
  throw new RowNotWritable(`The front matter is not valid YAML in line ${String(line)} (${read.wrong}). Mend it, then save again.`);
}

export function markIn(values: ReadonlyMap<string, JsonValue>): string | undefined {
  const mark = values.get('mark');
  return typeof mark === 'string' && MARK.test(mark) ? mark : undefined;
}

/** What an edited head changes: values with a field of their own, and the overlay. */
export interface HeadChange {
  readonly fields: readonly { readonly head: HeadValue; readonly value: string }[];
  readonly overlay: JsonObject | undefined;
}

/** @param wrote the YAML that the document had before; its line ends as in `edited` */
export function headChange(
  trace: RowTrace,
  overlay: JsonObject | undefined,
  wrote: string,
  { yaml, values }: { readonly yaml: string; readonly values: ReadonlyMap<string, JsonValue> },
): HeadChange {
  if (yaml === wrote) return { fields: [], overlay };
  const derived = new Map<Derived, JsonValue>(derivedHead(trace));
  const before = headValues(derived, overlay, undefined);
  const fields: { head: HeadValue; value: string }[] = [];
  const next = new Map<string, JsonValue>();
  for (const name of DERIVED) {
    const now = values.get(name) ?? undefined;
    const field = name === 'intent' ? intentIn(trace, now) : name === 'reasoning' ? undefined : trace[name];
    if (sameJson(before.get(name), now)) {
      const over = overlay !== undefined && Object.hasOwn(overlay, name) ? overlay[name] : undefined;
      if (over !== undefined) next.set(name, over);
    } else if (field?.at !== undefined && typeof now === 'string') {
      fields.push({ head: field, value: now });
      derived.set(name, now);
    } else if (!sameJson(derived.get(name), now)) {
      next.set(name, now ?? null);
    }
  }
  for (const [name, value] of values) if (!isDerived(name) && name !== 'mark' && name !== 'head') next.set(name, value);
  const unseen = Object.entries(overlay ?? {}).filter(([name, value]) => !isShown(name, value) && name !== 'head');
  const said = objectOf([...next, ...unseen]);
  const printed = printHead(headValues(derived, said, markIn(values)));
  const kept = yaml === printed ? said : { ...said, head: yaml };
  return { fields, overlay: kept };
}

/** Only an intent's name is written where the row has one: any other word there would not be read as what it was typed as. */
function intentIn({ intent, intentAt }: RowTrace, now: JsonValue | undefined): HeadValue | undefined {
  return intentAt !== undefined && isIntent(now) ? { value: intent, at: intentAt } : undefined;
}

/** `undefined` where there is nothing; also a key such as `__proto__` is one like any other. */
function objectOf(entries: readonly (readonly [string, JsonValue])[]): JsonObject | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
