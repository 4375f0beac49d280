import type { FieldPath, JsonObject, JsonValue } from '../rows/fieldRef';

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** A string with something in it besides white space. */
export function isFilled(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && /\S/.test(value);
}

/** A list, not empty, of objects that each have the key. */
export function isListWith(value: JsonValue | undefined, key: string): value is readonly JsonObject[] {
  return isList(value) && value.length > 0 && value.every((item) => isObject(item) && Object.hasOwn(item, key));
}

/** A list, not empty, of strings. */
export function isTextList(value: JsonValue | undefined): value is readonly string[] {
  return isList(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

/** The row's own field; never what an object inherits (`constructor`). */
export function fieldOf(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** What stands at a path; `undefined` where nothing does. */
export function valueAt(root: JsonValue, path: FieldPath): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const key of path) {
    if (isList(value)) value = typeof key === 'number' ? value[key] : undefined;
    else if (isObject(value)) value = fieldOf(value, String(key));
    else return undefined;
  }
  return value;
}
