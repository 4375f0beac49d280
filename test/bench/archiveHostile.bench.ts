import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Container, FileBytes } from '../../src/trace/containers/container';
import { inspectEval, type EvalIndex } from '../../src/trace/containers/inspectEval';
import { parseWithNumbers, plainJson } from '../../src/trace/containers/inspectEvalNumbers';
import { parquetContainer } from '../../src/trace/containers/parquet';
import { archiveOf, DEFLATE, type ArchiveEntry } from '../unit/trace/containers/archive';
import { fileOf, indexTools, joined } from '../unit/trace/containers/bytesOf';
import type { Job } from './measure';
import type { Row } from './row';
import { scalingRow } from './scalingRow';

/**
 * So few that ten times as many, with what is made of them, still fit the caches that a processor's core has to itself: of 60,000
 * they did not, and rows with nothing quadratic in them took up to 13 times as long.
 */
const ENTRIES = 600;

type Make = (count: number) => Job;

function archive(count: number, more: (i: number) => Partial<ArchiveEntry> = () => ({})): FileBytes {
  return fileOf(archiveOf(Array.from({ length: count }, (_, i) => ({ name: `samples/${String(i)}_epoch_1.json`, content: '{"id":1}', ...more(i) }))));
}

const indexing = (entries: (i: number) => Partial<ArchiveEntry>): Make => (count) => {
  const file = archive(count, entries);
  return () => inspectEval.index(file, indexTools());
};

async function readAll(container: Container, file: FileBytes): Promise<number> {
  const index = await container.index(file, indexTools());
  for (let i = 0; i < index.count; i++) await container.row(file, index, i);
  return index.count;
}

const WORKS: readonly (readonly [string, Make, number])[] = [
  ['eval: index', indexing(() => ({})), ENTRIES],
  ['eval: entries all over one another', indexing(() => ({ says: { at: 0 } })), ENTRIES],
  ['eval: one name over and over', indexing(() => ({ name: 'samples/a_epoch_1.json' })), ENTRIES],
  ['eval: names that lead out', indexing((i) => ({ name: `../${String(i)}.json` })), ENTRIES],
  ['eval: names of numbers', indexing((i) => ({ name: `samples/${'9'.repeat(200)}${String(i)}_epoch_1.json` })), ENTRIES / 3],
  ['eval: many extra fields', indexing(() => ({ extra: Buffer.from([0x55, 0x54, 0, 0].concat(Array<number>(396).fill(0))) })), ENTRIES / 3],
  [
    'eval: summaries',
    (count) => {
      const names = Array.from({ length: count }, (_, i) => ({ id: i, epoch: 1 }));
      const samples = names.map(({ id }) => ({ name: `samples/${String(id)}_epoch_1.json`, content: '{}' }));
      const file = fileOf(archiveOf([...samples, { name: 'summaries.json', content: JSON.stringify(names.reverse()), method: DEFLATE }]));
      return () => inspectEval.index(file, indexTools());
    },
    ENTRIES,
  ],
  [
    'eval: save of one sample in three',
    (count) => {
      const file = archive(count);
      const index = inspectEval.index(file, indexTools());
      return async () => {
        const known = await index;
        const rows = new Map((known.more as EvalIndex).entries.flatMap((_, i) => (i % 3 === 0 ? [[i, Buffer.from('{"id":2}')] as const] : [])));
        const pieces = inspectEval.withRows?.(file, known, rows, indexTools().signal);
        return pieces === undefined ? undefined : joined(pieces);
      };
    },
    ENTRIES / 5,
  ],
  ['NaN and backslashes', (size) => textWork(`{"a":[${'NaN,"\\\\",'.repeat(size)}1]}`), 1500],
  ['a string of backslashes', (size) => textWork(`{"a":NaN,"b":"${'\\\\'.repeat(size)}"}`), 100_000],
  ['strings never closed', (size) => textWork(`NaN${'"\\"'.repeat(size)}`), 20_000],
  [
    'parquet: all rows',
    (count) => {
      const columnData = [{ name: 'text', data: Array.from({ length: count }, (_, i) => `row ${String(i)} of many`) }];
      const file = fileOf(new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 1000 })));
      return () => readAll(parquetContainer(), file);
    },
    2000,
  ],
  [
    'parquet: row groups of one row',
    (count) => {
      const columnData = [{ name: 'text', data: Array.from({ length: count }, (_, i) => String(i)) }];
      const file = fileOf(new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 1 })));
      const container = parquetContainer();
      return () => container.index(file, indexTools());
    },
    500,
  ],
];

/** What is no JSON at all must be found out as quickly. */
function textWork(text: string): () => Promise<unknown> {
  return () => {
    const plain = plainJson(text, '');
    try {
      parseWithNumbers(text);
    } catch {
      // As expected of some.
    }
    return Promise.resolve(plain.restore(plain.text).length);
  };
}

/** What a stranger's archive can do to us: ten times the entries take about ten times as long. */
export async function rows(): Promise<Row[]> {
  const found: Row[] = [];
  for (const [name, make, size] of WORKS) found.push(await scalingRow(`archive 10x: ${name}`, make, size));
  return found;
}
