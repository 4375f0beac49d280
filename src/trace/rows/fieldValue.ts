import type { FieldPath, JsonObject, JsonValue } from './fieldRef';

/** The value at a path of a row; `undefined` where there is none. */
export function valueAt(row: JsonObject, path: FieldPath): JsonValue | undefined {
  let value: JsonValue | undefined = row;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as JsonObject)[key];
  }
  return value;
}
