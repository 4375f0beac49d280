import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../trace/rows/fieldRef';

/** A recipe's values that were answered by a person, while its file was changed. */
export interface MergedValues {
  readonly values: JsonObject;
  /** Names of values that were changed in both, to something else; of these what was answered stands in `values`. */
  readonly contradict: readonly string[];
}

/**
 * Puts together what a person answered and what was changed in the file meanwhile. A value that only one of them changed is that one's,
 * also where it was taken away.
 * @param read as they were when the file was read
 */
export function mergeValues(read: JsonObject, answered: JsonObject, inFile: JsonObject): MergedValues {
  const [before, given, now] = [read, answered, inFile].map(asWritten) as [JsonObject, JsonObject, JsonObject];
  const names = [...new Set([...Object.keys(now), ...Object.keys(given), ...Object.keys(before)])];
  const isAnswered = (name: string): boolean => !isDeepStrictEqual(given[name], before[name]);
  const values = asWritten(Object.fromEntries(names.map((name) => [name, isAnswered(name) ? given[name] : now[name]])));
  const contradict = names.filter((name) => isAnswered(name) && !isDeepStrictEqual(now[name], before[name]) && !isDeepStrictEqual(now[name], given[name]));
  return { values, contradict };
}

/** Values without those that a file does not hold. */
function asWritten(values: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(values)) as JsonObject;
}
