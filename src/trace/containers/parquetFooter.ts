import { basename } from 'node:path';
import { parquetMetadata, parquetSchema, type AsyncBuffer, type FileMetaData, type SchemaTree } from 'hyparquet';
import type { FileBytes } from './container';
import { PARQUET_PARSERS } from './parquetValues';
import { megabytes } from './zipEntry';

/** Largest footer that is read, in bytes, and most rows; ours. Each of the footer's bytes can become an object. */
const LARGEST_FOOTER = 16 * 1024 * 1024;
const MOST_ROWS = 100_000_000;
/** Most of a file that is read at once, in bytes; ours. */
const LARGEST_READ = 1024 * 1024 * 1024;

const MARK = 'PAR1';
/** Of files whose footer is encrypted. */
const ENCRYPTED_MARK = 'PARE';

/**
 * Reads what a Parquet file says of itself, which stands at its end, and checks it against the file.
 * @throws Error in words where it is no Parquet file, cut off, or says what cannot be
 */
export async function readFooter(file: FileBytes): Promise<FileMetaData> {
  const name = basename(file.path);
  const end = Buffer.from(await file.read(Math.max(0, file.size - 8), file.size));
  const mark = end.toString('latin1', Math.max(0, end.length - 4));
  if (mark === ENCRYPTED_MARK) throw new Error(`${name} is encrypted. Write it again without encryption.`);
  if (file.size < 12 || mark !== MARK) {
    throw new Error(`${name} is no Parquet file, or was cut off: it does not end as one. Copy it anew; what Git LFS left as a pointer is fetched by \`git lfs pull\`.`);
  }
  const length = end.readUInt32LE(0);
  if (length > file.size - 12) throw new Error(`${name} is damaged: its footer would be longer than the file. Copy it anew.`);
  if (length > LARGEST_FOOTER) throw new Error(`${name} has a footer of ${megabytes(length)}; up to ${megabytes(LARGEST_FOOTER)} are read. Write it again with larger row groups.`);
  let footer: FileMetaData;
  try {
    footer = parquetMetadata(new Uint8Array(await file.read(file.size - 8 - length, file.size)), { parsers: PARQUET_PARSERS, geoparquet: false });
    checkFooter(footer, file.size - 8 - length);
  } catch (error) {
    throw new Error(`${name} is damaged: its footer cannot be read (${saidBy(error)}). Copy it anew.`, { cause: error });
  }
  if (Number(footer.num_rows) > MOST_ROWS) throw new Error(`${name} says it holds ${String(footer.num_rows)} rows; up to ${String(MOST_ROWS)} are read. Split it.`);
  return footer;
}

/** @param end where the data ends and the footer begins. @throws Error that says what cannot be */
function checkFooter(footer: FileMetaData, end: number): void {
  const { num_rows, row_groups } = footer;
  const leaves = leavesOf(parquetSchema(footer));
  if (leaves.length === 0) throw new Error('it names no columns');
  let rows = 0n;
  for (const { num_rows: some, columns } of row_groups) {
    if (typeof some !== 'bigint' || some < 0n) throw new Error('a row group has no count of rows');
    rows += some;
    // What of a group does not fit the schema would be read all the same, and its errors be nobody's.
    if (columns.length !== leaves.length) throw new Error('a row group has other columns than the file');
    for (const [i, { meta_data: column, file_path: elsewhere }] of columns.entries()) {
      if (elsewhere !== undefined && elsewhere !== '') throw new Error('its columns lie in other files');
      if (column === undefined) throw new Error('a column is encrypted, or is not described');
      if (column.path_in_schema.join('.') !== leaves[i]) throw new Error('a row group has other columns than the file');
      const start = Number(column.dictionary_page_offset ?? column.data_page_offset);
      if (!(start >= 4) || !(Number(column.total_compressed_size) >= 0) || start + Number(column.total_compressed_size) > end) {
        throw new Error(`column ${column.path_in_schema.join('.')} lies outside the file`);
      }
    }
  }
  if (rows !== num_rows) throw new Error(`it counts ${String(num_rows)} rows, its row groups ${String(rows)}`);
}

/** The columns that values lie in, as paths. */
function leavesOf({ children, path }: SchemaTree): string[] {
  return children.length === 0 ? (path.length === 0 ? [] : [path.join('.')]) : children.flatMap(leavesOf);
}

/** The file as hyparquet reads it. */
export function parquetBytes(file: FileBytes): AsyncBuffer {
  return {
    byteLength: file.size,
    slice(start, end = file.size) {
      const read = slice(file, start, end);
      // It reads ahead, and forgets what it read where something else fails first: an error of that is nobody's.
      read.catch(() => undefined);
      return read;
    },
  };
}

async function slice(file: FileBytes, start: number, end: number): Promise<ArrayBuffer> {
  if (!(start >= 0) || end < start || end > file.size) throw new Error('something lies beyond the end of the file');
  if (end - start > LARGEST_READ) throw new Error(`a column of ${megabytes(end - start)} is more than the ${megabytes(LARGEST_READ)} that are read`);
  const bytes = await file.read(start, end);
  if (bytes.length < end - start) throw new Error('the file has become shorter');
  // A piece of a larger buffer would show hyparquet the bytes around it.
  return new Uint8Array(bytes).buffer;
}

export function saidBy(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
