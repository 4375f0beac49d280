import type { RunOnPage, RunsPageModel } from '../curve/runsPageModel';
import { plainLabel } from '../host/plainLabel';

/** Characters of a reason, a place or a list of versions, of other texts, and of a number's name: with what makes it safe, a page takes 200. */
const LONG = 4000;
const SHORT = 300;
const NAME = 90;

/** Names and reasons are others' text, and hostile: in the page, and in what is exported, they stand as they can be shown. */
export function plainModel(model: RunsPageModel): RunsPageModel {
  const plain = (text: string, most = SHORT): string => plainLabel(text, most);
  const orNull = (text: string | null, most = LONG): string | null => (text === null ? null : plain(text, most));
  const names = plainNames(model.runs);
  const named = <T>(numbers: Readonly<Record<string, T>>): Record<string, T> => Object.fromEntries(Object.entries(numbers).map(([name, value]) => [names.get(name) ?? name, value]));
  return {
    runs: model.runs.map((run) => ({
      ...run,
      ...{ title: plain(run.title) || run.id, recipe: plain(run.recipe), backend: plain(run.backend), set: plain(run.set), from: orNull(run.from), created: plain(run.created, 100) },
      ...{ reason: orNull(run.reason), hint: orNull(run.hint), model: orNull(run.model), versions: plain(run.versions, LONG) },
      ...{ series: named(run.series), last: named(run.last) },
    })),
    differences: model.differences.map(({ name, values }) => ({ name: plain(name), values: values.map((value) => orNull(value, 1000)) })),
  };
}

/** What is shown of the names in a log: in all runs the same, and of two names never one. */
function plainNames(runs: readonly Pick<RunOnPage, 'series' | 'last'>[]): ReadonlyMap<string, string> {
  const shown = new Map<string, string>();
  const taken = new Set<string>();
  const all = [...new Set(runs.flatMap(({ series, last }) => [...Object.keys(series), ...Object.keys(last)]))];
  // A name that is shown as it is keeps itself: another that looks like it gets the number.
  for (const name of [...all.filter((one) => plainName(one) === one), ...all.filter((one) => plainName(one) !== one)]) {
    const plain = plainName(name);
    let free = plain;
    for (let count = 2; taken.has(free); count++) free = `${plain} (${String(count)})`;
    taken.add(free);
    shown.set(name, free);
  }
  return shown;
}

function plainName(name: string): string {
  return plainLabel(name, NAME) || 'no name';
}
