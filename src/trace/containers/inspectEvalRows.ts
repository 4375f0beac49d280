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
  const named: [number, ZipEntry][] = [];
  const others: [string, ZipEntry][] = [];
  for (const row of byName.values()) {
    const at = place.get(row.name);
    if (at === undefined) others.push([sortKey(row.name), row]);
    else named.push([at, row]);
  }
  named.sort(([a], [b]) => a - b);
  others.sort(([a, one], [b, other]) => (a === b ? (one.name < other.name ? -1 : 1) : a < b ? -1 : 1));
  return { rows: [...named, ...others].map(([, row]) => row), replaced: samples - byName.size };
}

/** A text whose order is that of the name with its numbers as numbers: before the digits of each stands how many they are. */
function sortKey(name: string): string {
  return name.replace(/0*(\d+)/g, (_, digits: string) => String.fromCharCode(0x30, digits.length) + digits);
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
