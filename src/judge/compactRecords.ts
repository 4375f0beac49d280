import { identityKey, parseRecord, type ScoreRecord } from './scoreRecord';

/** How many records a file held, and how many are left. */
export interface Compaction {
  readonly before: number;
  readonly after: number;
}

/**
 * The text of a score file without the records that a later one of the same key replaced, and those that `keep` does not want.
 * Lines that are no records are kept as they are.
 */
export function compactRecords(text: string, keep: (record: ScoreRecord) => boolean): { text: string; counts: Compaction } {
  const lines = text.split('\n');
  const last = new Map<string, number>();
  let before = 0;
  const keys = lines.map((line, i) => {
    const record = parseRecord(line);
    if (record === undefined) return undefined;
    before++;
    const key = JSON.stringify([identityKey(record.judge), record.seen, record.intent, record.splitter]);
    if (keep(record)) last.set(key, i);
    return key;
  });
  const kept = lines.filter((line, i) => {
    const key = keys[i];
    return key === undefined ? line.trim() !== '' : last.get(key) === i;
  });
  return { text: kept.map((line) => line + '\n').join(''), counts: { before, after: last.size } };
}
