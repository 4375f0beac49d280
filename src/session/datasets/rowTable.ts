import type { JsonObject } from '../../trace/rows/fieldRef';
import { breather } from './breather';
import type { Indexed } from './indexedFile';
import { inPieces } from './pieces';
import { rowHash } from './rowHash';
import { KeyMaker } from './rowKeys';
import type { ReadRow } from './rowReader';
import type { FileBytes } from '../../trace/containers/container';

/** The keys and hashes of all rows of a file, by their place in it. */
export interface RowTable {
  readonly keys: readonly string[];
  readonly hashes: readonly string[];
  readonly places: ReadonlyMap<string, number>;
}

/**
 * Looks through all rows once, for their keys and hashes; lets other work run in between.
 * @param read reads a row by its content alone: how somebody chose to read it changes no names
 */
export async function rowTable(file: FileBytes, { container, index }: Indexed, read: (row: JsonObject) => ReadRow, signal?: AbortSignal): Promise<RowTable> {
  const keys: string[] = [];
  const hashes: string[] = [];
  const maker = new KeyMaker();
  const buffered = inPieces(file);
  const breathe = breather(signal);
  for (let i = 0; i < index.count; i++) {
    const raw = await container.row(buffered, index, i);
    keys.push(maker.key(i, raw.value === undefined ? [] : read(raw.value).traces));
    hashes.push(rowHash(raw.bytes));
    await breathe();
  }
  return { keys, hashes, places: new Map(keys.map((key, i) => [key, i])) };
}

/** What differs between two states of a file. */
export function tableChange(before: RowTable | undefined, now: RowTable | undefined): { readonly all: boolean; readonly rows: readonly number[] } {
  if (before === undefined || now === undefined || before.keys.length !== now.keys.length) return { all: true, rows: [] };
  const rows = now.hashes.flatMap((hash, i) => (before.hashes[i] === hash ? [] : [i]));
  return rows.some((i) => before.keys[i] !== now.keys[i]) ? { all: true, rows: [] } : { all: false, rows };
}
