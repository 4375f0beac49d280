import { fromRandomAccessReaderPromise, getFileNameLowLevel, validateFileName, type Entry, type ZipFile } from 'yauzl';
import type { FileBytes, IndexTools } from './container';
import { ENCRYPTED, LOCAL_HEADER_LENGTH, type ZipEntry } from './zipEntry';
import { ZipReader } from './zipReader';

/** What an archive says it holds. */
export interface ZipDirectory {
  /** In the directory's order. Those that must not be read say why. */
  readonly entries: readonly ZipEntry[];
  /** First byte of the directory. */
  readonly start: number;
}

/** After so many entries other work gets its turn. */
const AT_A_TIME = 1000;

/**
 * Reads the directory of a ZIP archive, ZIP64 too, and finds what is false in it as far as it shows without unpacking: entries that
 * lie over one another or outside the file, encrypted ones, names that would lead out of a folder.
 * @throws Error in words where there is no directory that can be read; the signal's reason
 */
export async function readZipDirectory(file: FileBytes, { signal, progress }: IndexTools): Promise<ZipDirectory> {
  let zip: ZipFile;
  try {
    // Names are looked at one by one: a bad one is that entry's problem, not the archive's. So are sizes.
    const options = { decodeStrings: false, validateEntrySizes: false, autoClose: false };
    zip = await fromRandomAccessReaderPromise(new ZipReader(file), file.size, options);
  } catch (error) {
    throw inWords(error);
  }
  const start = Number(zip.readEntryCursor);
  const found: Omit<ZipEntry, 'next'>[] = [];
  const ends: number[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      found.push(entryOf(entry, found.length));
      ends.push(entry.relativeOffsetOfLocalHeader + LOCAL_HEADER_LENGTH + entry.fileNameLength + entry.compressedSize);
      if (found.length % AT_A_TIME === 0) {
        await new Promise(setImmediate);
        signal.throwIfAborted();
        progress(Number(zip.readEntryCursor) - start);
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    throw inWords(error, found.length);
  } finally {
    zip.close();
  }
  signal.throwIfAborted();
  return { start, entries: placed(found, ends, start) };
}

function entryOf(entry: Entry, ordinal: number): Omit<ZipEntry, 'next'> {
  const { generalPurposeBitFlag: flags, fileNameRaw, extraFields } = entry;
  const name = getFileNameLowLevel(flags, fileNameRaw, extraFields, true);
  const problem = wrongName(name) ?? ((flags & ENCRYPTED) === 0 ? undefined : 'is encrypted; save the log again without a password');
  return {
    name,
    ordinal,
    at: entry.relativeOffsetOfLocalHeader,
    method: entry.compressionMethod,
    flags,
    crc: entry.crc32,
    packed: entry.compressedSize,
    size: entry.uncompressedSize,
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Nothing is ever unpacked to disk; but who made such a name did not mean well, or was no Inspect. */
function wrongName(name: string): string | undefined {
  return validateFileName(name.replaceAll('\\', '/')) === null
    ? undefined
    : 'has a name that leads out of its folder; it is not read, since no log of Inspect holds such a name';
}

/** Adds where each entry must end, and says which lie over another or outside. */
function placed(found: readonly Omit<ZipEntry, 'next'>[], ends: readonly number[], start: number): ZipEntry[] {
  const order = found.map((_entry, i) => i).sort((a, b) => (found[a]?.at ?? 0) - (found[b]?.at ?? 0) || a - b);
  const next = new Float64Array(found.length);
  const over = new Set<number>();
  let limit = start;
  for (let i = order.length - 1; i >= 0; i--) {
    const here = order[i] ?? 0;
    next[here] = limit;
    if ((ends[here] ?? 0) > limit) {
      over.add(here);
      const other = order[i + 1];
      if (other !== undefined) over.add(other);
    }
    limit = Math.min(limit, found[here]?.at ?? 0);
  }
  return found.map((entry, i) => ({
    ...entry,
    next: next[i] ?? start,
    ...(over.has(i) && entry.problem === undefined
      ? { problem: 'lies over another entry or outside the archive: the archive is damaged, or made to deceive; copy it anew' }
      : {}),
  }));
}

function inWords(error: unknown, entry?: number): Error {
  const said = error instanceof Error ? error.message : String(error);
  const where = entry === undefined ? '' : ` at entry ${String(entry + 1)}`;
  // A system's own error (no such file, no permission) says enough and is handled by its code.
  if (error instanceof Error && 'code' in error) return error;
  return new Error(`This is no ZIP archive, or it was cut off or damaged${where} (${said}). Copy the file anew; a log that is still being written opens once its run has ended.`);
}
