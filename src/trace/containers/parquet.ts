import { parquetReadObjects, parquetSchema, type FileMetaData } from 'hyparquet';
import type { Container, FileBytes, RawRow, RowIndex } from './container';
import { boundedCompressors } from './parquetCompressors';
import { parquetBytes, readFooter, saidBy } from './parquetFooter';
import { PARQUET_PARSERS, rowAsJson } from './parquetValues';
import { unread } from './readRow';

/** About how much of a row group is unpacked and kept at once, in bytes unpacked; ours. */
const WINDOW = 64 * 1024 * 1024;
/** How many such stretches are kept: reading on and looking at one row elsewhere do not chase each other away. */
const KEPT = 2;

/** What the index of a Parquet file keeps besides. */
export interface ParquetIndex {
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** For each row group its number of rows, and how many of them are read at once. */
  readonly groups: readonly { readonly rows: number; readonly atOnce: number }[];
}

type Row = Readonly<Record<string, unknown>>;

/** Rows that were unpacked together, or why they could not be. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly rows: Promise<readonly Row[] | string>;
}

/** What is kept of a file that is open. */
interface Open {
  footer: Promise<FileMetaData> | undefined;
  /** The last used first. */
  stretches: Stretch[];
}

/**
 * Parquet: columns, so that rows can be read but not written back. Row groups are read by range, and unpacked in stretches of about
 * 64 MB, of which the last two are kept: reading one row after the other unpacks each stretch once.
 *
 * What is kept belongs to the `RowIndex` object that rows are asked for with, and goes when that goes: ask with the same object as
 * long as the file is the same, and with a new one when it has changed.
 */
export function parquetContainer(): Container {
  const kept = new WeakMap<RowIndex, Open>();
  return {
    name: 'parquet',
    writable: false,

    detect(head, fileName) {
      const mark = Buffer.from(head.subarray(0, 4)).toString('latin1');
      return mark === 'PAR1' || mark === 'PARE' || /\.(?:parquet|pq)$/i.test(fileName);
    },

    async index(file, { signal, progress }) {
      signal.throwIfAborted();
      const footer = await readFooter(file);
      signal.throwIfAborted();
      progress(file.size);
      const more: ParquetIndex = { columns: parquetSchema(footer).children.map(({ element }) => element.name), groups: footer.row_groups.map(groupOf) };
      return { count: Number(footer.num_rows), spans: new Float64Array(0), more, problems: [] };
    },

    async row(file, index, ordinal) {
      const open = kept.get(index) ?? { footer: undefined, stretches: [] };
      kept.set(index, open);
      const stretch = stretchOf(file, index, open, ordinal);
      const rows = await stretch.rows;
      if (typeof rows === 'string') return unread(`Row ${String(ordinal + 1)} ${rows}`);
      const row = rows[ordinal - stretch.from];
      if (row === undefined) return unread(`Row ${String(ordinal + 1)} is missing: the file is damaged, or changed while it was open. Open it again.`);
      return rawRow(row);
    },
  };
}

function rawRow(row: Row): RawRow {
  const value = rowAsJson(row);
  return { bytes: Buffer.from(JSON.stringify(value)), value };
}

function groupOf({ num_rows, total_byte_size, columns }: FileMetaData['row_groups'][number]): ParquetIndex['groups'][number] {
  const rows = Number(num_rows);
  // Some writers leave the sum out, or count it packed.
  const parts = columns.reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0);
  const size = Math.max(1, Number(total_byte_size), parts);
  return { rows, atOnce: Math.max(1, Math.min(rows, Math.ceil((rows * WINDOW) / size))) };
}

/** The stretch with this row: one that is kept, or a new one in place of the one that was used longest ago. */
function stretchOf(file: FileBytes, index: RowIndex, open: Open, ordinal: number): Stretch {
  const known = open.stretches.find(({ from, to }) => ordinal >= from && ordinal < to);
  const used = known ?? newStretch(file, open, boundsOf(index, ordinal));
  open.stretches = [used, ...open.stretches.filter((one) => one !== used)].slice(0, KEPT);
  return used;
}

function newStretch(file: FileBytes, open: Open, bounds: { from: number; to: number }): Stretch {
  const stretch = { ...bounds, rows: readRows(file, open, bounds) };
  stretch.rows.catch(() => {
    // A system's error is told each time anew: it may have passed.
    open.stretches = open.stretches.filter((one) => one !== stretch);
  });
  return stretch;
}

function boundsOf(index: RowIndex, ordinal: number): { from: number; to: number } {
  let start = 0;
  for (const { rows, atOnce } of (index.more as ParquetIndex).groups) {
    if (ordinal < start + rows && ordinal >= start) {
      const from = start + Math.floor((ordinal - start) / atOnce) * atOnce;
      return { from, to: Math.min(start + rows, from + atOnce) };
    }
    start += rows;
  }
  throw new RangeError(`There is no row ${String(ordinal + 1)} of ${String(index.count)}.`);
}

async function readRows(file: FileBytes, open: Open, { from, to }: { from: number; to: number }): Promise<readonly Row[] | string> {
  try {
    open.footer ??= readFooter(file);
    return await parquetReadObjects({
      file: parquetBytes(file),
      metadata: await open.footer,
      rowStart: from,
      rowEnd: to,
      compressors: boundedCompressors(),
      parsers: PARQUET_PARSERS,
      // Bytes that are not marked as text may be pictures.
      utf8: false,
      geoparquet: false,
      useOffsetIndex: true,
    });
  } catch (error) {
    open.footer = undefined;
    // The system's own errors carry its code (ENOENT, EACCES …), and are for who asked.
    if (error instanceof Error && 'code' in error && 'errno' in error && 'syscall' in error) throw error;
    return `cannot be read: rows ${String(from + 1)} to ${String(to)} are damaged, or written in a way that is not read (${saidBy(error)}). The other rows are not touched by it.`;
  }
}
