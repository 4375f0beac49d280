import type { JsonObject, JsonValue } from '../rows/fieldRef';
import { isFilled, isList, isObject } from './jsonShapes';
import { REASONING_FIELDS } from './reasoningFields';

/**
 * What people call these fields in tables and plain rows, in the order in which they are tried; capitals, blanks and dashes do not count.
 * Ours, from the data sets we know; anything else goes by *Choose Format…*.
 */
export const PROMPT_FIELDS: readonly string[] = ['prompt', 'question', 'instruction', 'user_message', 'user_prompt', 'problem'];

/** Names that configuration files have too, so that they count only beside an answer and with a sentence in them. */
export const WEAK_PROMPT_FIELDS: readonly string[] = ['query', 'input', 'user', 'request', 'adversarial', 'vanilla'];

export const SYSTEM_FIELDS: readonly string[] = ['system_prompt', 'system', 'system_message'];

export const ANSWER_FIELDS: readonly string[] = [
  'response', 'completion', 'raw_response', 'model_response', 'output', 'model_output', 'generation', 'generated_text', 'assistant',
  'reply', 'final_answer', 'answer', 'solution', 'responses', 'completions', 'generations', 'outputs',
];

/** Fields of a row's own for reasoning: those of servers first, then what data sets call it. */
export const ROW_REASONING_FIELDS: readonly string[] = [
  ...REASONING_FIELDS, 'chain_of_thought', 'cot', 'complex_cot', 'reasoning_trace', 'thinking_trajectory', 'thoughts', 'rationale',
];

/** The row's field of one of these names: the first that holds something, else the first that is there. */
export function fieldNamed(row: JsonObject, names: readonly string[]): string | undefined {
  const found = fieldsNamed(row, names);
  return found.find((key) => holdsText(row[key])) ?? found[0];
}

/** All fields of the row that have one of these names, in the order of the names. */
export function fieldsNamed(row: JsonObject, names: readonly string[]): readonly string[] {
  // Asked of every row by many formats: no map is made of its fields, most of which are spelt as the names are.
  const found: (string | undefined)[] = [];
  for (const key of Object.keys(row)) {
    const plain = /^[a-z0-9_]*$/.test(key) ? key : key.toLowerCase().replace(/[\s-]/g, '_');
    const at = names.indexOf(plain);
    if (at !== -1 && (key === plain || found[at] === undefined)) found[at] = key;
  }
  return found.length === 0 ? [] : found.filter((key) => key !== undefined);
}

function holdsText(value: JsonValue | undefined): boolean {
  return isFilled(value) || (isList(value) && value.length > 0) || isObject(value);
}
