import type { Container } from './container';
import { csv, tsv } from './delimited';
import { json } from './json';
import { jsonl } from './jsonl';

/**
 * All ways in which rows lie in a file, those first that are known by their first bytes. To be imported from parts that load on demand:
 * tables bring csv-parse along.
 * @param archives containers with heavy libraries (Parquet, Inspect logs), given by whoever has loaded them
 */
export function containers(...archives: readonly Container[]): readonly Container[] {
  return [...archives, csv, tsv, jsonl, json];
}

/** The container of a file by its first bytes (64 KiB or all) and its name; `undefined` where none fits. */
export function detectContainer(list: readonly Container[], head: Uint8Array, fileName: string): Container | undefined {
  return list.find((container) => container.detect(head, fileName));
}
