import type { Container, FileBytes, IndexTools, RowIndex } from '../../src/trace/containers/container';
import { csv } from '../../src/trace/containers/delimited';
import { packIndex, unpackIndex } from '../../src/trace/containers/indexFile';
import { json } from '../../src/trace/containers/json';
import { jsonl } from '../../src/trace/containers/jsonl';
import type { FieldEdit } from '../../src/trace/rows/fieldRef';
import type { Job } from './measure';
import type { Row } from './row';
import { scalingRow } from './scalingRow';

/**
 * Bytes of the smaller input. Ten times as much, with what is made of it, still fits the caches that a processor's core has to itself
 * (some 2 MB): of 4 MB it did not, and rows with nothing quadratic in them took up to 13 times as long.
 */
const SMALL = 100_000;
/** Bytes that the file gives at once: the larger input still comes in many pieces, so that what is quadratic in their number is seen. */
const CHUNK = 1 << 16;
/** Of a row to edit: ten times as much are fourteen thousand fields. Of more, the engine's own tables of names outgrow the caches. */
const SMALL_ROW = 20_000;

const tools: IndexTools = { signal: new AbortController().signal, progress: () => undefined };

type Text = (size: number) => string;

const repeated = (piece: string): Text => (size) => piece.repeat(Math.ceil(size / piece.length));

const between = (before: string, piece: string, after: string): Text => (size) => before + repeated(piece)(size) + after;

const numbered = (line: string): Text => (size) => {
  const count = Math.ceil(size / (line.length + 5));
  return Array.from({ length: count }, (_, i) => line.replaceAll('#', String(i).padStart(6, '0'))).join('');
};

const nested: Text = (size) => `[{"a":${'['.repeat(size / 2)}${']'.repeat(size / 2)}}]`;

/** Texts that no container may be slow on. */
const ANY: Readonly<Record<string, Text>> = {
  'quotes': repeated('"'),
  'commas': repeated(','),
  'NULs': repeated('\0'),
  'backslashes': repeated('\\'),
  'brackets that open': repeated('['),
  'brackets that close': repeated(']'),
  'line feeds': repeated('\n'),
  'carriage returns': repeated('\r'),
  'carriage returns and line feeds': repeated('\r\n'),
  'spaces': repeated(' '),
  'one long line': between('{"a":"', 'a', '"}'),
  'escaped quotes': between('[{"a":"', '\\"', '"}]'),
  'a string without end': between('[{"a":"', 'a\\\\', ''),
  'deep brackets': nested,
  'brackets without end': between('[{"a":', '[', ''),
  'objects without end': between('', '{"a":', ''),
};

const JSONS: Readonly<Record<string, Text>> = {
  'rows of nothing': between('[{}', ',{}', ']'),
  'missing commas': between('[', '{}', ']'),
  'trailing commas': between('[', ',', ']'),
  'numbers for rows': between('[0', ',1', ']'),
  'many keys': (size) => `{${numbered('"k#":1,')(size)}"data":[{}]}`,
  'many lists': (size) => `{${numbered('"k#":[{}],')(size)}"data":[{}]}`,
  'a long key': between('{"', 'k', '":[{}]}'),
  'broken rows, told apart by lines': between('[\n', '{"a":[\n', ''),
};

const TABLES: Readonly<Record<string, Text>> = {
  'rows of one cell': between('a,b\n', 'x\n', ''),
  'stray quotes': between('a,b\n', 'x"', ''),
  'quoted cells': between('a,b\n', '"",', ''),
  'text after quotes': between('a,b\n', '"x"y,', ''),
  'a quote without end': between('a,b\n"', 'x,\n', ''),
  'many columns': numbered('c#,'),
  'columns of one name': between('', 'c,', 'c\n'),
};

const EDITS: Readonly<Record<string, { text: Text; edits: (size: number) => FieldEdit[] }>> = {
  'a field beside many brackets': { text: between('{"a":[', '[[[{"b":[]}]]],', '0]}'), edits: () => [{ path: ['b'], value: 'x' }] },
  'a string of escapes': { text: between('{"a":"', '\\u00fc\\/', '"}'), edits: (size) => [{ path: ['a'], value: 'ü/'.repeat(size / 8).replace('ü/ü', 'üxü') }] },
  'every field of many': {
    text: (size) => `{${numbered('"k#":"x",')(size)}"z":0}`,
    edits: (size) => Array.from({ length: Math.ceil(size / 14) }, (_, i) => ({ path: [`k${String(i).padStart(6, '0')}`], value: 'y' })),
  },
  'every field taken away': {
    text: (size) => `{${numbered('"k#":"x",')(size)}"z":0}`,
    edits: (size) => Array.from({ length: Math.ceil(size / 14) }, (_, i) => ({ path: [`k${String(i).padStart(6, '0')}`], value: undefined })),
  },
  'every entry of a list': {
    text: (size) => `{"a":[${numbered('"k#",')(size)}0]}`,
    edits: (size) => Array.from({ length: Math.ceil(size / 14) }, (_, i) => ({ path: ['a', i], value: 'y' })),
  },
  'one key over and over': { text: (size) => `{${'"a":1,'.repeat(size / 6)}"a":1}`, edits: () => [{ path: ['a'], value: undefined }] },
};

/** What a stranger's dataset can do to us. */
export async function rows(): Promise<Row[]> {
  const found: Row[] = [];
  const add = async (name: string, make: (size: number) => Job, size = SMALL): Promise<void> => {
    found.push(await scalingRow(name, make, size));
  };
  for (const container of [jsonl, json, csv]) {
    const own = container === json ? JSONS : container === csv ? TABLES : {};
    for (const [name, text] of Object.entries({ ...ANY, ...own })) {
      await add(`${container.name} 10x: ${name}`, (size) => reading(container, text(size)));
    }
  }
  for (const [name, { text, edits }] of Object.entries(EDITS)) await add(`edit 10x: ${name}`, (size) => editing(jsonl, text(size), edits(size)), SMALL_ROW);
  await add('edit 10x: every cell of a table', (size) => editing(csv, `${'c,'.repeat(30)}c\n${`${'x'.repeat(size / 30)},`.repeat(30)}x`, [{ path: ['c (2)'], value: 'y' }]));
  await add('index file 10x', (size) => packing(size));
  return found;
}

/** Indexes, reads the first rows and the last, and copies. */
function reading(container: Container, text: string): Job {
  const file = bytesOf(text);
  return async () => {
    const index = await container.index(file, tools);
    let read = 0;
    for (const ordinal of new Set([0, 1, index.count - 1])) {
      if (ordinal >= 0 && ordinal < index.count) read += (await container.row(file, index, ordinal)).bytes.length;
    }
    if (container.withRows === undefined) throw new Error('It cannot be written.');
    for await (const piece of container.withRows(file, index, new Map(), tools.signal)) read += piece.length;
    return read;
  };
}

function editing(container: Container, text: string, edits: readonly FieldEdit[]): Job {
  const file = bytesOf(text);
  return async () => {
    const index = await container.index(file, tools);
    return container.edited?.(await container.row(file, index, 0), edits, index).length;
  };
}

function packing(size: number): Job {
  const spans = Float64Array.from({ length: size / 2 }, (_, i) => i * 999);
  const index: RowIndex = { count: spans.length / 2, spans, more: {}, problems: [] };
  const file = { container: 'jsonl', size: 1e12, modified: 1, identity: '' };
  return () => Promise.resolve(unpackIndex(packIndex(index, file), file)?.count);
}

function bytesOf(text: string): FileBytes {
  const bytes = Buffer.from(text, 'utf8');
  return {
    path: '/bench/set',
    size: bytes.length,
    read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
    async *chunks(start) {
      for (let at = start; at < bytes.length; at += CHUNK) yield await Promise.resolve(bytes.subarray(at, at + CHUNK));
    },
  };
}
