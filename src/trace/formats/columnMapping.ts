import type { FieldPath, JsonObject } from '../rows/fieldRef';
import type { ColumnMapping } from '../rows/rowFormat';
import type { RowTrace } from '../rows/rowTrace';
import { isIntent, type Intent } from '../intent';
import { readExchange, type Exchange } from './exchange';
import { headValue } from './headFields';
import { intentOf, statedIntent } from './intentLabels';
import { isList, valueAt } from './jsonShapes';

/** Does the mapping say where texts of the trace stand, so that the row's own shape does not matter? */
export function mapsTexts({ prompt, reasoning, answer }: ColumnMapping): boolean {
  return prompt !== undefined || reasoning !== undefined || answer !== undefined;
}

/** A path as a person writes it: a field's name as a whole, else `a.b.0`. */
export function pathOf(row: JsonObject, written: string): FieldPath {
  if (Object.hasOwn(row, written)) return [written];
  const path: (string | number)[] = [];
  for (const key of written.split('.')) {
    path.push(isList(valueAt(row, path)) && /^\d{1,9}$/.test(key) ? Number(key) : key);
  }
  return path;
}

/** Reads a row by a mapping; what it does not name is where `usual` says. */
export function mappedRow(row: JsonObject, mapping: ColumnMapping, usual: Exchange): readonly RowTrace[] {
  const { prompt, reasoning, answer } = mapping;
  const exchange: Exchange = {
    system: usual.system,
    prompt: prompt === undefined ? usual.prompt : [pathOf(row, prompt)],
    answer: answer === undefined ? usual.answer : pathOf(row, answer),
    ...(reasoning === undefined ? { reasoning: usual.reasoning ?? [] } : { reasoningAt: pathOf(row, reasoning) }),
  };
  return readExchange(row, exchange);
}

/** The traces with the head as a mapping has it; what it does not name stays as the format read it. */
export function withMappedHead(row: JsonObject, mapping: ColumnMapping, traces: readonly RowTrace[]): readonly RowTrace[] {
  const { id, model, source } = mapping;
  const intent = mappedIntent(row, mapping);
  return traces.map((trace) => ({
    ...trace,
    ...(id === undefined ? {} : { id: headValue(row, pathOf(row, id)) }),
    ...(model === undefined ? {} : { model: headValue(row, pathOf(row, model)) }),
    ...(source === undefined ? {} : { source: headValue(row, pathOf(row, source)) }),
    ...(intent === undefined ? {} : { intent }),
  }));
}

/** `=harmful` for all rows, or a field whose values the mapping, or the names of intents and known labels, explain. */
function mappedIntent(row: JsonObject, { intent, intents }: ColumnMapping): Intent | undefined {
  if (intent === undefined) return undefined;
  if (intent.startsWith('=')) {
    const all = intent.slice(1);
    return isIntent(all) ? all : 'unknown';
  }
  const path = pathOf(row, intent);
  const value = valueAt(row, path);
  const mapped = intentOf(intents ?? {}, value);
  if (mapped !== 'unknown') return mapped;
  if (isIntent(value)) return value;
  const [field] = path;
  return path.length === 1 && value !== undefined && field !== undefined ? statedIntent({ [field]: value }) : 'unknown';
}
