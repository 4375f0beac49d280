import type { ComparedRow } from '../../curve/runsPageModel';
import type { Run } from '../../train/runs/run';
import type { JsonValue } from '../../trace/rows/fieldRef';
import { recipeInWords, stateInWords } from './runInWords';

/** Digits of a SHA-256 that people compare. */
const DIGITS = 12;

/** Ids of samples that are written out. Ours. */
const MOST_IDS = 10;

/** Rows that are there though they are the same. */
const ALWAYS: ReadonlySet<string> = new Set(['State', 'Recipe', 'Set', 'Backend']);

/**
 * What differs between runs: a row for each value of recipe, set, file and versions that not all of them have alike, and a few that are
 * always there. Values of the recipe stand under their own names; nested ones as `lora.rank`.
 * @param runs two to six
 */
export function compareRuns(runs: readonly Run[]): readonly ComparedRow[] {
  const all = runs.map(factsOf);
  const names = [...new Set(all.flatMap((facts) => [...facts.keys()]))];
  const rows = names.map((name) => ({ name, values: all.map((facts) => facts.get(name) ?? null) }));
  return rows.filter(({ name, values }) => ALWAYS.has(name) || values.some((value) => value !== values[0]));
}

function factsOf({ state, recipe, set, file, backend, values, expected, versions }: Run): ReadonlyMap<string, string> {
  const facts = new Map<string, string>([
    ['State', stateInWords(state)],
    ['Recipe', recipeInWords(recipe)],
    ['Set', set.name],
    ['Set, SHA-256', set.sha256.slice(0, DIGITS)],
    ['File, format', file.format],
    ['File, rows', file.rows.toLocaleString('en-US')],
    ['File, SHA-256', file.sha256.slice(0, DIGITS)],
    ['Ablation', file.ablation ? 'yes' : 'no'],
    ['Backend', backend.name],
    ['Backend, address', backend.url],
  ]);
  if (file.ablations !== undefined && file.ablations.length > 0) facts.set('Ablation, samples', idsInWords(file.ablations));
  if (file.canary !== undefined) facts.set('Canary', file.canary);
  if (file.at !== undefined) facts.set('File, read from', file.at);
  if (expected.optimiserSteps !== undefined) facts.set('Expected updates', expected.optimiserSteps.toLocaleString('en-US'));
  if (expected.trainedTokens !== undefined) facts.set('Trained tokens of a pass', expected.trainedTokens.toLocaleString('en-US'));
  for (const [name, value] of flat(values, '')) if (name !== 'recipe') facts.set(name, value);
  for (const [name, value] of Object.entries(versions)) facts.set(`Version of ${name}`, value);
  return facts;
}

function idsInWords(ids: readonly string[]): string {
  return ids.length <= MOST_IDS ? ids.join(', ') : `${ids.slice(0, MOST_IDS).join(', ')} and ${(ids.length - MOST_IDS).toLocaleString('en-US')} more`;
}

function flat(value: JsonValue, name: string): (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, name === '' ? key : `${name}.${key}`));
}
