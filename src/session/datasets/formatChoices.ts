import { isIntent, type Intent } from '../../trace/intent';
import type { JsonObject } from '../../trace/rows/fieldRef';
import type { ColumnMapping } from '../../trace/rows/rowFormat';
import type { FormatChoice } from './dataset';
import { isObject } from './overlays';

const FIELDS = ['id', 'prompt', 'reasoning', 'answer', 'model', 'source', 'intent'] as const;

/** A choice as `.cotlens/formats.json` holds it; `undefined` of what is none. Fields of a later version are left out. */
export function readChoice(entry: JsonObject | undefined): FormatChoice | undefined {
  if (entry === undefined) return undefined;
  const { format, mapping } = entry;
  const read = isObject(mapping) ? readMapping(mapping) : undefined;
  if (typeof format !== 'string' && read === undefined) return undefined;
  return { ...(typeof format === 'string' ? { format } : {}), ...(read === undefined ? {} : { mapping: read }) };
}

function readMapping(entry: JsonObject): ColumnMapping {
  const fields = FIELDS.flatMap((name) => {
    const value = entry[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  const { intents } = entry;
  const named = Object.entries(isObject(intents) ? intents : {}).filter((pair): pair is [string, Intent] => isIntent(pair[1]));
  return { ...Object.fromEntries(fields), ...(named.length === 0 ? {} : { intents: Object.fromEntries(named) }) };
}

/** The choice as it is kept; `undefined` where it says nothing. */
export function writtenChoice({ format, mapping }: FormatChoice): JsonObject | undefined {
  const fields = Object.entries(mapping ?? {}).filter((pair): pair is [string, JsonObject | string] => pair[1] !== undefined && pair[1] !== '');
  if (format === undefined && fields.length === 0) return undefined;
  return { ...(format === undefined ? {} : { format }), ...(fields.length === 0 ? {} : { mapping: Object.fromEntries(fields) }) };
}

/**
 * The ways to the texts, numbers and yes-or-nos of a row, as a mapping names them (`a.b.0`), with their values: what *Map columns…*
 * lists. Of a list only the first entries; at most 300, in the row's order.
 */
export function columnsOf(row: JsonObject): { readonly path: string; readonly value: string }[] {
  const found: { path: string; value: string }[] = [];
  const waiting: { path: string; value: unknown; depth: number }[] = [{ path: '', value: row, depth: 0 }];
  for (let next = waiting.shift(); next !== undefined && found.length < 300; next = waiting.shift()) {
    const { path, value, depth } = next;
    if (Array.isArray(value) || isObject(value)) {
      if (depth >= 6) continue;
      const entries = Array.isArray(value) ? value.slice(0, 3).map((one, i) => [String(i), one as unknown] as const) : Object.entries(value).slice(0, 300);
      waiting.unshift(...entries.map(([name, inner]) => ({ path: path === '' ? name : `${path}.${name}`, value: inner, depth: depth + 1 })));
    } else if (value !== null && value !== undefined) {
      found.push({ path, value: typeof value === 'string' ? value : JSON.stringify(value) });
    }
  }
  return found;
}
