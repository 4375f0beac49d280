import type { JsonObject, JsonValue } from '../rows/fieldRef';
import type { RowTrace } from '../rows/rowTrace';
import { isList, isObject } from './jsonShapes';

type Fact = RowTrace['facts'][number];

/** How much of a value is worth a line, and how many lines of a row. Ours. */
const LONGEST = 300;
const MOST = 40;

/** What a row holds besides the trace, as lines: its fields that are not `shown` elsewhere, where they are short. */
export function factsOf(row: JsonObject, shown: ReadonlySet<string>): readonly Fact[] {
  const facts: Fact[] = [];
  for (const [name, value] of Object.entries(row)) {
    if (facts.length >= MOST) break;
    if (shown.has(name) || name === 'cotlens') continue;
    const text = factText(value);
    if (text !== undefined) facts.push({ name, text });
  }
  return facts;
}

/** A value as one line; `undefined` for what is empty or too large for one. */
export function factText(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value.length > LONGEST ? undefined : value;
  if (typeof value !== 'object') return String(value);
  if (isEmpty(value) || !isSmall(value, { left: MOST }, 0)) return undefined;
  const text = JSON.stringify(value);
  return text.length > LONGEST ? undefined : text;
}

function isEmpty(value: JsonObject | readonly JsonValue[]): boolean {
  return isList(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/** Few values and not nested deeply: looked through before anything is printed, for rows can be of any size. */
function isSmall(value: JsonValue, budget: { left: number }, depth: number): boolean {
  if (--budget.left < 0 || depth > 4) return false;
  if (typeof value === 'string') return value.length <= LONGEST;
  if (isList(value)) return value.length <= MOST && value.every((item) => isSmall(item, budget, depth + 1));
  if (!isObject(value)) return true;
  const keys = Object.keys(value);
  return keys.length <= MOST && keys.every((key) => isSmall(value[key] ?? null, budget, depth + 1));
}
