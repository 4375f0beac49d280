import type { ZipEntry } from './zipEntry';

const SAMPLE = /^samples\/(.*)_epoch_(\d+)\.json$/su;
/** A sample in pieces (version 3 of Inspect's logs): its `sample.json` and folders of messages and events beside it. */
const IN_PIECES = /^samples\/(.*)_epoch_(\d+)\/sample\.json$/su;

/** What names a sample in a log. */
export interface SampleName {
  readonly id: unknown;
  readonly epoch: unknown;
}

/**
 * The entries that are samples: in the order of the log's summaries, those that it does not name after them by name, numbers in names
 * as numbers. Of entries with one name the last counts, as it does for Inspect.
 * @param summaries what `summaries.json` holds, or `undefined`
 */
export function sampleEntries(entries: readonly ZipEntry[], summaries: unknown): { rows: ZipEntry[]; replaced: number } {
  const byName = new Map<string, ZipEntry>();
  let samples = 0;
  for (const entry of entries) {
    const row = rowOf(entry);
    if (row === undefined) continue;
    samples++;
    byName.set(entry.name, row);
  }
  const place = new Map<string, number>();
  for (const { id, epoch } of namesIn(summaries)) {
    const name = `samples/${String(id)}_epoch_${String(epoch)}`;
    for (const full of [`${name}.json`, `${name}/sample.json`]) if (!place.has(full)) place.set(full, place.size);
  }
  const order = new Intl.Collator('en', { numeric: true }).compare;
  const at = ({ name }: ZipEntry): number => place.get(name) ?? Infinity;
  const rows = [...byName.values()].sort((a, b) => (at(a) === at(b) ? order(a.name, b.name) || (a.name < b.name ? -1 : 1) : at(a) - at(b)));
  return { rows, replaced: samples - byName.size };
}

/** Is this entry a sample, or one that must be shown because it is not to be trusted? */
function rowOf(entry: ZipEntry): ZipEntry | undefined {
  if (SAMPLE.test(entry.name)) return entry;
  if (IN_PIECES.test(entry.name)) {
    return { ...entry, problem: entry.problem ?? 'is a sample in pieces (version 3 of Inspect\'s logs), which is not read; convert the log by `inspect log convert` to version 2' };
  }
  // A name that tries to leave the archive's folders is shown, whatever it pretends to be.
  return entry.problem !== undefined && entry.name.endsWith('.json') && entry.name.includes('..') ? entry : undefined;
}

function namesIn(summaries: unknown): SampleName[] {
  if (!Array.isArray(summaries)) return [];
  return summaries.filter(
    (one: unknown): one is SampleName => typeof one === 'object' && one !== null && 'id' in one && 'epoch' in one && isName(one.id) && isName(one.epoch),
  );
}

function isName(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
