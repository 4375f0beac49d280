import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { EditableDataset, RowSave, RowSaved } from '../../../../src/session/datasets/dataset';
import { DatasetSet, type DatasetPlaces } from '../../../../src/session/datasets/datasetSet';
import { IndexFiles } from '../../../../src/session/datasets/keptIndexes';
import { openFileBytes } from '../../../../src/session/datasets/nodeFileBytes';
import { nodeFiles } from '../../../../src/session/nodeFiles';
import { textHash } from '../../../../src/session/datasets/rowHash';
import type { RowReader } from '../../../../src/session/datasets/rowReader';
import { csv } from '../../../../src/trace/containers/delimited';
import { inspectEval } from '../../../../src/trace/containers/inspectEval';
import { json } from '../../../../src/trace/containers/json';
import { jsonl } from '../../../../src/trace/containers/jsonl';
import { FORMATS, readRow } from '../../../../src/trace/formats';
import { composeRow, rowEdits } from '../../../../src/trace/rows/rowDocument';

const reader: RowReader = {
  formats: FORMATS.map(({ name }) => name),
  read: (row, choice) => readRow(row, choice),
  compose: composeRow,
  changes: rowEdits,
};

/** A row as STAR-1 has them. */
export function starRow(id: string, question: string, more: object = {}): string {
  return JSON.stringify({ id, question, response: `<think>\nFirst of ${id}.\n\nThen ${id}.\n</think>\n\nAnswer ${id}.`, category: ['Kitchen'], source: 'garden', score: { a: 5 }, ...more });
}

export function preferenceRow(prompt: string): string {
  return JSON.stringify({ prompt, chosen: '<think>\nKind.\n</think>\n\nYes.', rejected: '<think>\nCurt.\n</think>\n\nNo.' });
}

export interface Folder {
  readonly path: string;
  /** Everything that was logged. */
  readonly logged: string[];
  /** How often datasets were written anew. */
  readonly rewrites: () => number;
  /** How often datasets were looked through for their rows. */
  readonly indexings: () => number;
  set(limits?: Pick<DatasetPlaces, 'large' | 'onRenamed'>): DatasetSet;
  write(name: string, content: string | Uint8Array): string;
  read(name: string): string;
}

/** A folder with datasets; what was made goes with the test. @param at a folder that is there; absent: one of its own */
export function makeFolder(at?: string): Folder {
  const folder = at ?? mkdtempSync(path.join(tmpdir(), 'cot-lens-datasets-'));
  const sets: DatasetSet[] = [];
  const logged: string[] = [];
  let rewrites = 0;
  let indexings = 0;
  const say = (message: string): void => void logged.push(message);
  onTestFinished(() => {
    for (const set of sets) set.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  const counted = [jsonl, csv, inspectEval, json].map((container): typeof jsonl => ({
    ...container,
    index: (file, tools) => {
      indexings++;
      return container.index(file, tools);
    },
    withRows: (file, index, rows, signal) => {
      rewrites++;
      if (container.withRows === undefined) throw new Error(`${container.name} cannot be written`);
      return container.withRows(file, index, rows, signal);
    },
  }));
  return {
    path: folder,
    logged,
    rewrites: () => rewrites,
    indexings: () => indexings,
    set(limits = {}) {
      const log = { info: say, warn: say, error: say };
      const placeOf = (file: string): { folder: string; doc: string } => ({ folder: path.join(folder, '.cotlens'), doc: path.relative(folder, file) });
      const kept = new IndexFiles(placeOf, nodeFiles, counted.map(({ name }) => name), log, 0);
      const set = new DatasetSet({
        ...{ containers: counted, reader, kept, log, placeOf },
        ...{ openBytes: (file: string) => openFileBytes(file), own: path.join(folder, 'own'), files: nodeFiles, debounce: 20, ...limits },
      });
      sets.push(set);
      return set;
    },
    write(name, content) {
      const file = path.join(folder, name);
      writeFileSync(file, content);
      return file;
    },
    read: (name) => readFileSync(path.join(folder, name), 'utf8'),
  };
}

/** Saves a row's document as an editor does: read, changed, written back. */
export async function edit(dataset: EditableDataset, ordinal: number, from: string, to: string, variant?: string): Promise<RowSaved> {
  return dataset.save(await edited(dataset, ordinal, from, to, variant));
}

/** What an editor would save after that change. */
export async function edited(dataset: EditableDataset, ordinal: number, from: string, to: string, variant?: string): Promise<RowSave> {
  const { key, text, variant: name } = await dataset.text(ordinal, variant);
  if (!text.includes(from)) throw new Error(`The document does not hold ${from}:\n${text}`);
  return { key, ordinal, variant: name, text: text.replace(from, to), base: textHash(text) };
}
