import type { Container, FileBytes, IndexTools, RowIndex } from './container';
import { editedJson } from './editedJson';
import { JsonScanner, type FoundList } from './jsonScanner';
import { writesAscii } from './jsonWriting';
import { jsonRow, rowBytes, unread } from './readRow';
import { rowsByLines } from './rowsByLines';
import { splicedRows } from './splicedRows';
import { asBuffer, HEAD, lineOf, markLength, wholeFile } from './wholeFile';

/** Of broken rows that begin within so many bytes the line is named: all before them is read for it, for each. */
const LINES_WITHIN = 4 << 20;

/** What the index of a JSON file keeps besides. */
export interface JsonMore {
  /** Where in the file's value the list of rows stands; `undefined` where the file is one row. */
  readonly path: readonly string[] | undefined;
  /** Does the file write characters beyond ASCII as `\u` escapes? */
  readonly ascii: boolean;
}

/**
 * A JSON list of rows, or an object in which one stands (`data`, `samples` … or the first list of objects), or an object that is the
 * only row.
 */
export const json: Container = {
  name: 'json',
  writable: true,

  detect(head, fileName) {
    const text = asBuffer(head.subarray(0, 4096)).toString('latin1').replace(/^\u00EF\u00BB\u00BF/, '');
    if (/\.json$/i.test(fileName)) return /^\s*[[{]/.test(text);
    return /^\s*(?:\[\s*)?\{\s*"/.test(text);
  },

  async index(file, tools) {
    const head = await file.read(0, Math.min(HEAD, file.size));
    const mark = markLength(head, file.path);
    const scan = new JsonScanner();
    for await (const { bytes, base } of wholeFile(file, tools)) {
      const from = Math.min(bytes.length, Math.max(0, mark - base));
      scan.chunk(from === 0 ? bytes : bytes.subarray(from), base + from);
    }
    const torn = scan.end(file.size);
    return indexOf(scan, torn, writesAscii(head), file, tools);
  },

  async row(file, index, ordinal) {
    const read = await rowBytes(file, index, ordinal);
    if (read.problem !== undefined) return unread(read.problem);
    const name = `Row ${String(ordinal + 1)}`;
    const row = jsonRow(read.bytes, name);
    const start = index.spans[2 * ordinal] ?? 0;
    if (row.problem === undefined || start > LINES_WITHIN) return row;
    const line = `line ${String(linesIn(await file.read(0, start)) + 1)}`;
    return jsonRow(read.bytes, `${name} (${linesIn(read.bytes) === 0 ? line : `from ${line} on`})`);
  },

  edited: (raw, edits, index) => editedJson(raw, edits, (index.more as JsonMore).ascii),

  withRows: splicedRows,
};

function linesIn(bytes: Uint8Array): number {
  const all = asBuffer(bytes);
  let count = 0;
  for (let i = all.indexOf(10); i !== -1; i = all.indexOf(10, i + 1)) count++;
  return count;
}

async function indexOf(scan: JsonScanner, torn: boolean, ascii: boolean, file: FileBytes, tools: IndexTools): Promise<RowIndex> {
  if (scan.rootStart === -1) {
    const problem = scan.foreignAt === -1 ? 'The file is empty.' : 'The file is no JSON: it begins with neither [ nor {.';
    return { count: 0, spans: new Float64Array(0), more: moreOf(undefined, ascii), problems: [problem] };
  }
  const { found } = scan;
  const line = async (at: number): Promise<string> => `line ${String(await lineOf(file, at, tools.signal))}`;
  const problems: string[] = [];
  if (scan.foreignAt !== -1) {
    const lines = scan.rootIsObject && found === undefined ? ' If each line is an object of its own, name the file .jsonl.' : '';
    problems.push(`Text stands after the end of the JSON, from ${await line(scan.foreignAt)} on; it is not read.${lines}`);
  }
  if (torn) problems.push(`The JSON is not closed: the file ends before its last bracket. What could be found up to there is shown.`);
  if (found === undefined) {
    const end = scan.rootEnd === -1 ? file.size : scan.rootEnd;
    return { count: 1, spans: Float64Array.of(scan.rootStart, end), more: moreOf(undefined, ascii), problems };
  }
  problems.push(...(await flaws(found, line)));
  let spans = found.spans.done();
  // A bracket or quote that is missing in one row takes all after it along, unless the lines show where rows begin.
  if (torn || scan.foreignAt !== -1) {
    const byLines = await rowsByLines(file, spans[0], scan.rootIsObject, tools);
    if (byLines.count > spans.length / 2) {
      spans = byLines.done();
      problems.push('Brackets or quotes are out of balance: rows are told apart by the lines on which they begin.');
    }
  }
  return { count: spans.length / 2, spans, more: moreOf(found, ascii), problems };
}

async function flaws(found: FoundList, line: (at: number) => Promise<string>): Promise<string[]> {
  const said: string[] = [];
  if (found.strays > 0) {
    said.push(`${elements(found.strays)} of the list ${found.strays === 1 ? 'is no object' : 'are no objects'}, first row ${String(found.firstStray + 1)}.`);
  }
  if (found.gaps > 0) {
    said.push(`A comma with no row after it, ${await line(found.firstGap)}${more(found.gaps)}. Other programs may refuse the file.`);
  }
  if (found.joins > 0) {
    said.push(`A comma is missing between two rows, ${await line(found.firstJoin)}${more(found.joins)}. Other programs may refuse the file.`);
  }
  return said;
}

function elements(count: number): string {
  return count === 1 ? '1 element' : `${String(count)} elements`;
}

function more(count: number): string {
  return count === 1 ? '' : ` and ${String(count - 1)} more`;
}

function moreOf(found: FoundList | undefined, ascii: boolean): JsonMore {
  if (found === undefined) return { path: undefined, ascii };
  return { path: found.key === undefined ? [] : [found.key], ascii };
}
