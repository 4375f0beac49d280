import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ExportOptions, TrainingFormat } from '../curate/formats/trainingFormat';
import { SET_ENDING } from '../host/curatedSets';
import { plainLabel } from '../host/plainLabel';
import { writeFaultInWords } from '../session/datasets/replaceFile';
import type { ExportedFile, SetToExport } from '../session/exportSet';
import { exportRecord, recordPath } from '../session/exportSetRecord';
import { nodeFiles } from '../session/nodeFiles';
import { countOf } from '../trace/countOf';

/** A training file that is shown and not yet saved. */
export interface Prepared {
  readonly set: SetToExport;
  /** The set's file. */
  readonly path: string;
  readonly format: TrainingFormat;
  readonly options: ExportOptions;
  readonly exported: ExportedFile;
}

/** The name that a training file is offered under: the set's, and the format's. */
export function nameOf({ set, format }: Pick<Prepared, 'set' | 'format'>): string {
  return `${set.name}.${format.name}.${format.extension}`;
}

/**
 * Asks where to, and writes the training file and its record there, each whole or not at all. VS Code asks before a file is replaced.
 * @returns the file's path; `undefined` where the person chose none
 * @throws Error in words where one of the two cannot be written
 */
export async function saveTrainingFile(prepared: Prepared, version: string): Promise<string | undefined> {
  const { set, path, format, options, exported } = prepared;
  const where = await vscode.window.showSaveDialog({
    title: 'Save Training File',
    defaultUri: vscode.Uri.joinPath(vscode.Uri.file(path), '..', nameOf(prepared)),
    filters: { [format.label]: [format.extension] },
  });
  if (where === undefined) return undefined;
  if (where.scheme !== 'file') throw new Error('A training file is saved on this machine’s disk. Choose a folder there.');
  const file = where.fsPath;
  if (file.endsWith(SET_ENDING)) throw new Error(`${basename(file)} is the name of a curated set, which a training file must not take the place of. Choose another name.`);
  const record = recordPath(file);
  const orphan = (await nodeFiles.facts(file)) === undefined && (await nodeFiles.facts(record)) !== undefined;
  if (orphan && !(await mayReplace(record))) return undefined;
  await written(file, exported.text);
  await written(record, exportRecord(set, format, options, exported, { file: basename(file), version, at: new Date().toISOString() })).catch((error: unknown) => {
    throw new Error(`${basename(file)} is saved, but its record is not: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  void vscode.window.showInformationMessage(plainLabel(`Saved ${basename(file)} (${countOf(exported.rows, 'row')}) and its record ${basename(record)}.`, 500));
  return file;
}

async function mayReplace(record: string): Promise<boolean> {
  const replace = 'Replace';
  const detail = 'The training file that it was made for is not there any more.';
  return (await vscode.window.showWarningMessage(`${basename(record)} is there already. Replace it?`, { modal: true, detail }, replace)) === replace;
}

async function written(file: string, text: string): Promise<void> {
  try {
    await nodeFiles.replace(file, text);
  } catch (error) {
    throw new Error(writeFaultInWords(error, file), { cause: error });
  }
}
