import type { FieldPath, JsonObject } from '../rows/fieldRef';
import type { HeadValue } from '../rows/rowTrace';
import { valueAt } from './jsonShapes';

/** Where rows keep what stands in a trace's head, by habit; the first that is filled counts. */
export const ID_FIELDS: readonly string[] = [
  'id', '_id', 'uuid', 'custom_id', 'prompt_id', 'question_id', 'problem_id', 'task_id', 'example_id', 'conversation_id', 'probe_id',
  'sample_id', 'idx', 'index',
];
export const MODEL_FIELDS: readonly string[] = ['model', 'model_id', 'model_name', 'generator', 'model_key'];
export const SOURCE_FIELDS: readonly string[] = ['source', 'data_source', 'dataset', 'dataset_name', 'origin', 'split_name'];

/** The first of the fields that holds a string, a number or a truth value; written back as the kind of value it was. */
export function firstValue(row: JsonObject, names: readonly string[]): HeadValue | undefined {
  for (const name of names) {
    const value = headValue(row, [name]);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The value at a path for a trace's head; `undefined` where there is none, or nothing in it. */
export function headValue(row: JsonObject, path: FieldPath): HeadValue | undefined {
  const value = valueAt(row, path);
  if (typeof value === 'string') return value === '' ? undefined : { value, at: { path } };
  return typeof value === 'number' || typeof value === 'boolean' ? { value: String(value), at: { path } } : undefined;
}
