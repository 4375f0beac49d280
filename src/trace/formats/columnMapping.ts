import type { FieldPath, FieldRef, JsonObject } from '../rows/fieldRef';
import type { ColumnMapping } from '../rows/rowFormat';
import type { RowTrace } from '../rows/rowTrace';
import { INTENTS, isIntent, type Intent } from '../intent';
import { readExchange, type Exchange } from './exchange';
import { headValue } from './headFields';
import { intentOf, labelName, statedIntent } from './intentLabels';
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
    ...intent,
  }));
}

/**
 * `=harmful` for all rows, or a field whose values the mapping, or the names of intents and known labels, explain. Where it holds an
 * intent's own name, and all of these names mean themselves, another can be written there.
 */
function mappedIntent(row: JsonObject, { intent, intents = {} }: ColumnMapping): Pick<RowTrace, 'intent' | 'intentAt'> | undefined {
  if (intent === undefined) return undefined;
  if (intent.startsWith('=')) {
    const all = intent.slice(1);
    return { intent: isIntent(all) ? all : 'unknown', intentAt: undefined };
  }
  const path = pathOf(row, intent);
  const value = valueAt(row, path);
  const means = (label: unknown): Intent => {
    const mapped = intentOf(intents, label);
    return mapped === 'unknown' && isIntent(label) && !Object.hasOwn(intents, label) ? label : mapped;
  };
  const intentAt: FieldRef | undefined = isIntent(value) && INTENTS.every((name) => means(name) === name) ? { path } : undefined;
  // What the mapping says of a value counts also where it says that the intent is not known.
  if (isIntent(value) || isNamed(intents, value)) return { intent: means(value), intentAt };
  const [field] = path;
  const intentSaid = path.length === 1 && value !== undefined && field !== undefined ? statedIntent({ [field]: value }) : 'unknown';
  return { intent: intentSaid, intentAt };
}

function isNamed(intents: Readonly<Record<string, Intent>>, value: unknown): boolean {
  const name = labelName(value);
  return name !== undefined && Object.hasOwn(intents, name);
}
