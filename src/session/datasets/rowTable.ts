import type { JsonObject } from '../../trace/rows/fieldRef';
import { breather } from './breather';
import type { Indexed } from './indexedFile';
import { inPieces } from './pieces';
import { rowHash } from './rowHash';
import { KeyMaker, nameOfRow } from './rowKeys';
import type { ReadRow } from './rowReader';
import type { FileBytes } from '../../trace/containers/container';

/** The keys and hashes of all rows of a file, by their place in it. */
export interface RowTable {
  /** What each row is called by itself, before equal names were told apart; `undefined` of one that has no name of its own. */
  readonly names: readonly (string | undefined)[];
  readonly keys: readonly string[];
  readonly hashes: readonly string[];
  readonly places: ReadonlyMap<string, number>;
}

/**
 * Looks through all rows once, for their keys and hashes; lets other work run in between.
 * @param read reads a row by its content alone: how somebody chose to read it changes no names
 */
export async function rowTable(file: FileBytes, { container, index }: Indexed, read: (row: JsonObject) => ReadRow, signal?: AbortSignal): Promise<RowTable> {
  const names: (string | undefined)[] = [];
  const keys: string[] = [];
  const hashes: string[] = [];
  const places = new Map<string, number>();
  const maker = new KeyMaker();
  const buffered = inPieces(file);
  const breathe = breather(signal);
  for (let i = 0; i < index.count; i++) {
    const raw = await container.row(buffered, index, i);
    const name = nameOfRow(raw.value === undefined ? [] : read(raw.value).traces);
    const key = maker.key(i, name);
    names.push(name);
    keys.push(key);
    hashes.push(rowHash(raw.bytes));
    places.set(key, i);
    await breathe();
  }
  return { names, keys, hashes, places };
}

/** The table of the same rows of which some were written anew; the same that `rowTable` would make. */
export async function carriedTable(before: RowTable, rows: ReadonlyMap<number, { readonly name: string | undefined; readonly hash: string }>): Promise<RowTable> {
  const [names, hashes] = [[...before.names], [...before.hashes]];
  let renamed = false;
  for (const [i, { name, hash }] of rows) {
    renamed ||= names[i] !== name;
    [names[i], hashes[i]] = [name, hash];
  }
  if (!renamed) return { ...before, hashes };
  const keys: string[] = [];
  const places = new Map<string, number>();
  const maker = new KeyMaker();
  const breathe = breather();
  for (const [i, name] of names.entries()) {
    const key = maker.key(i, name);
    keys.push(key);
    places.set(key, i);
    await breathe();
  }
  return { names, keys, hashes, places };
}

/** A row that is called otherwise now. */
export interface RenamedRow {
  readonly ordinal: number;
  readonly old: string;
  readonly now: string;
}

/** The rows that are called otherwise now; all must stand where they stood. */
export function renamedRows(before: RowTable, now: RowTable): readonly RenamedRow[] {
  if (before.keys === now.keys) return [];
  return before.keys.flatMap((old, ordinal) => {
    const key = now.keys[ordinal];
    return key === undefined || key === old ? [] : [{ ordinal, old, now: key }];
  });
}

/** What differs between two states of a file. */
export function tableChange(before: RowTable | undefined, now: RowTable | undefined): { readonly all: boolean; readonly rows: readonly number[] } {
  if (before === undefined || now === undefined || before.keys.length !== now.keys.length) return { all: true, rows: [] };
  const rows = now.hashes.flatMap((hash, i) => (before.hashes[i] === hash ? [] : [i]));
  return rows.some((i) => before.keys[i] !== now.keys[i]) ? { all: true, rows: [] } : { all: false, rows };
}
