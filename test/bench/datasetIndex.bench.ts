import { spawnSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFileBytes } from '../../src/session/datasets/nodeFileBytes';
import type { IndexTools, RowIndex } from '../../src/trace/containers/container';
import { packIndex, unpackIndex } from '../../src/trace/containers/indexFile';
import { jsonl } from '../../src/trace/containers/jsonl';
import { seeded } from '../seeded';
import { inFolder, writeRows } from './datasetFile';
import { collectGarbage, median } from './measure';
import type { Row } from './row';

const ROWS = 1_000_000;
const ROUNDS = 7;
const OPENED = 300;

const tools: IndexTools = { signal: new AbortController().signal, progress: () => undefined };

/** A file of 1 GB with a million rows: found, kept, and one of them opened. */
export function rows(): Promise<Row[]> {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'large.jsonl');
    await writeRows(file, ROWS);
    const { size } = await stat(file);
    const { wc, index, last } = await indexing(file);
    const opening = await openingRows(file, path.join(folder, 'small.json'), last);
    const facts = { container: 'jsonl', size, modified: 0, identity: '' };
    const packed = packIndex(last, facts);
    const start = performance.now();
    unpackIndex(packed, facts);
    const unpacking = performance.now() - start;
    return [
      { name: 'size of the file', figure: size / 1e9, unit: 'GB' },
      { name: 'rows found', figure: last.count, ok: last.count === ROWS },
      { name: '`wc -l`', figure: wc, unit: 'ms' },
      { name: 'index', figure: index, unit: 'ms' },
      { name: 'index against `wc -l`', figure: index / wc, unit: 'x', bound: 2 },
      { name: 'memory for the index, after', figure: memory(file, 'after'), unit: 'MB', bound: 150 },
      { name: 'memory of the whole process while indexing, at most', figure: memory(file, 'most'), unit: 'MB' },
      { name: 'index on disk', figure: packed.length / 1e6, unit: 'MB', bound: 16 },
      { name: 'index read back', figure: unpacking, unit: 'ms' },
      { name: 'open a row', figure: opening.row, unit: 'ms' },
      { name: 'open a row against a small file', figure: opening.row / opening.file, unit: 'x', bound: 2 },
    ];
  });
}

/** The best of several each, in turns, on a file that the system has in memory. Milliseconds of the clock. */
async function indexing(file: string): Promise<{ wc: number; index: number; last: RowIndex }> {
  let wc = Infinity;
  let index = Infinity;
  let last: RowIndex | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    let start = performance.now();
    const { stdout } = spawnSync('wc', ['-l', file], { encoding: 'utf8' });
    wc = Math.min(wc, performance.now() - start);
    if (parseInt(stdout, 10) !== ROWS) throw new Error(`wc counts ${stdout}`);
    collectGarbage();
    start = performance.now();
    last = await indexOf(file);
    index = Math.min(index, performance.now() - start);
  }
  if (last === undefined) throw new Error('Nothing was indexed.');
  return { wc, index, last };
}

async function indexOf(file: string): Promise<RowIndex> {
  const bytes = await openFileBytes(file);
  try {
    return await jsonl.index(bytes, tools);
  } finally {
    await bytes.close();
  }
}

/** A row by the index against a file that holds such a row alone: opened, read and parsed. Median milliseconds. */
async function openingRows(large: string, small: string, index: RowIndex): Promise<{ row: number; file: number }> {
  const random = seeded(3);
  const times: { row: number[]; file: number[] } = { row: [], file: [] };
  for (let i = 0; i < OPENED; i++) {
    const ordinal = Math.floor(random() * index.count);
    let start = performance.now();
    const bytes = await openFileBytes(large);
    const { value, bytes: content } = await jsonl.row(bytes, index, ordinal);
    await bytes.close();
    times.row.push(performance.now() - start);
    await writeFile(small, content);
    start = performance.now();
    const alone = JSON.parse(await readFile(small, 'utf8')) as { id: unknown };
    times.file.push(performance.now() - start);
    if (value?.['id'] !== alone.id) throw new Error('The row is another.');
  }
  return { row: median(times.row), file: median(times.file) };
}

/** What a process of its own needs, in MB: `after` is heap and buffers with the index in hand, less what they were before. */
function memory(file: string, which: 'after' | 'most'): number {
  const bench = fileURLToPath(import.meta.url);
  const script = `const { memoryOf } = await import(${JSON.stringify(bench)}); console.log(await memoryOf(${JSON.stringify(file)}, '${which}'));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], { encoding: 'utf8' });
  const found = Number(stdout);
  if (stdout === '' || !Number.isFinite(found)) throw new Error(stderr);
  return found / 1e6;
}

/** Runs in the process whose memory is measured. Bytes. */
export async function memoryOf(file: string, which: 'after' | 'most'): Promise<number> {
  const used = (): number => {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  let most = 0;
  const bytes = await openFileBytes(file);
  const index = await jsonl.index(bytes, { ...tools, progress: () => void (most = Math.max(most, process.memoryUsage.rss())) });
  await bytes.close();
  const after = used() - before;
  if (index.count !== ROWS) throw new Error('Rows are missing.');
  return which === 'after' ? after : most;
}
