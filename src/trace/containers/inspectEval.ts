import type { JsonObject } from '../rows/fieldRef';
import type { Container, FileBytes, RawRow, RowIndex } from './container';
import { editedJson } from './editedJson';
import { evalLog, type EvalLog } from './inspectEvalLog';
import { parseWithNumbers, plainJson } from './inspectEvalNumbers';
import { sampleEntries } from './inspectEvalRows';
import { writesAscii } from './jsonWriting';
import { decoded, exactText, jsonRow, unread } from './readRow';
import { HEAD } from './wholeFile';
import { zipContent } from './zipContent';
import { readZipDirectory } from './zipDirectory';
import type { ZipEntry } from './zipEntry';
import { spliceZip } from './zipSplice';

/** What the index of an `.eval` log keeps besides. */
export interface EvalIndex {
  /** First byte of the archive's directory. */
  readonly start: number;
  /** The samples' entries, in the order of rows. */
  readonly entries: readonly ZipEntry[];
  /** What the log says of all its samples: shown where a sample does not say it itself, never written into one. */
  readonly log: EvalLog;
}

/** A log of Inspect AI: a ZIP archive with one JSON file a sample. Nothing of it is ever unpacked to disk. */
export const inspectEval: Container = {
  name: 'eval',
  writable: true,

  detect(head, fileName) {
    if (/\.eval$/i.test(fileName)) return true;
    const [p, k, three, four] = head;
    if (p !== 0x50 || k !== 0x4b || three !== 3 || four !== 4) return false;
    // The first entry of a log: its beginning, or a sample.
    const name = Buffer.from(head.subarray(30, 60)).toString('latin1');
    return name.startsWith('_journal/start.json') || /^samples\/.*_epoch_/.test(name);
  },

  async index(file, tools) {
    const { entries, start } = await readZipDirectory(file, tools);
    const problems: string[] = [];
    const json = async (name: string): Promise<unknown> => {
      const entry = entries.findLast((one) => one.name === name);
      if (entry === undefined) return undefined;
      const value = await jsonOf(file, entry);
      if (!(value instanceof Error)) return value;
      problems.push(value.message);
      return undefined;
    };
    const { rows, replaced } = sampleEntries(entries, await json('summaries.json'));
    tools.signal.throwIfAborted();
    if (rows.length === 0 && !entries.some(({ name }) => name === 'header.json' || name.startsWith('_journal/'))) {
      throw new Error('This ZIP archive is no log of Inspect: it holds no samples/…_epoch_….json.');
    }
    if (rows.length === 0) problems.push('The log holds no samples yet.');
    if (replaced > 0) problems.push(`${String(replaced)} sample entries stand again later in the archive; the later ones are shown.`);
    const log = evalLog((await json('header.json')) ?? (await json('_journal/start.json')));
    tools.progress(file.size);
    const more: EvalIndex = { start, entries: rows, log };
    return { count: rows.length, spans: new Float64Array(0), more, problems };
  },

  async row(file, index, ordinal) {
    const entry = entryAt(index, ordinal);
    const content = await zipContent(file, entry);
    if (typeof content === 'string') return unread(`Row ${String(ordinal + 1)}: ${content}.`);
    return sampleOf(content, `Row ${String(ordinal + 1)} (${entry.name})`);
  },

  edited(raw, edits) {
    const json = exactText(raw.bytes);
    const ascii = writesAscii(raw.bytes.subarray(0, HEAD));
    const plain = plainJson(json, JSON.stringify(edits));
    if (plain.text === json) return editedJson(raw, edits, ascii);
    const edited = editedJson({ ...raw, bytes: Buffer.from(plain.text) }, edits, ascii);
    return Buffer.from(plain.restore(exactText(edited)));
  },

  async *withRows(file, index, rows, signal) {
    const contents = new Map([...rows].map(([ordinal, bytes]) => [entryAt(index, ordinal), bytes]));
    yield* spliceZip(file, (index.more as EvalIndex).start, contents, signal);
  },
};

/** What an `.eval` log says of all its samples. */
export function logOf(index: RowIndex): EvalLog {
  return (index.more as EvalIndex).log;
}

function entryAt(index: RowIndex, ordinal: number): ZipEntry {
  const entry = (index.more as EvalIndex).entries[ordinal];
  if (entry === undefined) throw new RangeError(`There is no row ${String(ordinal + 1)} of ${String(index.count)}.`);
  return entry;
}

function sampleOf(content: Uint8Array, name: string): RawRow {
  const row = jsonRow(content, name);
  if (row.value !== undefined) return row;
  let value: unknown;
  try {
    value = parseWithNumbers(decoded(content).text);
  } catch {
    return row;
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { bytes: content, value: value as JsonObject } : row;
}

async function jsonOf(file: FileBytes, entry: ZipEntry): Promise<unknown> {
  const content = await zipContent(file, entry);
  if (typeof content === 'string') return new Error(`${content}.`);
  try {
    return parseWithNumbers(decoded(content).text);
  } catch {
    return new Error(`${entry.name} is no JSON; the samples are not touched by it.`);
  }
}
