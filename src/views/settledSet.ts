import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { canaryOf } from '../curate/canary';
import { trainedTokenCounter, type CountTrained } from '../curate/trainedTokens';
import type { ChosenTemplate } from '../host/chatTemplates';
import { SET_ENDING, type CuratedSetFiles } from '../host/curatedSets';
import type { DatasetFiles } from '../host/datasetFiles';
import { plainLabel } from '../host/plainLabel';
import { LARGE_DATASET } from '../session/datasets/largeDataset';
import { sha256Of, type SetToExport } from '../session/exportSet';
import { nodeFiles } from '../session/nodeFiles';
import { countOf } from '../trace/countOf';

const SEED = 'cotLens.canarySeed';
/** A set that changes while it is read is read again so often. */
const TRIES = 5;

interface SetParts {
  readonly sets: CuratedSetFiles;
  readonly datasets: Pick<DatasetFiles, 'with'>;
}

/**
 * A curated set as it stands on disk, with the hash of exactly these bytes. The status bar says that it is read.
 * @throws Error in words where it is gone, is being changed all the time, or edits of it are kept aside
 */
export function settledSet(parts: SetParts, path: string): Promise<SetToExport> {
  return inStatusBar(`Reading ${plainLabel(basename(path))}`, async () => {
    await refuseAside(parts, path);
    const set = await parts.sets.open(path);
    for (let left = TRIES; left > 0; left--) {
      const before = await sha256Of(await nodeFiles.read(path));
      const samples = await set.read();
      const { broken } = set;
      if (before === (await sha256Of(await nodeFiles.read(path)))) return { name: basename(path).slice(0, -SET_ENDING.length) || 'set', sha256: before, samples, broken };
    }
    throw new Error(`${basename(path)} is being changed all the time. Wait until whoever writes it has finished, then do this again.`);
  });
}

/**
 * The hash of a set as it stands on disk: what was looked at is compared with it, without reading its samples again.
 * @throws Error in words where the set is gone, or edits of it are kept aside
 */
export async function setHash(parts: Pick<SetParts, 'datasets'>, path: string): Promise<string> {
  await refuseAside(parts, path);
  return sha256Of(await nodeFiles.read(path));
}

/** @throws Error in words */
async function refuseAside({ datasets }: Pick<SetParts, 'datasets'>, path: string): Promise<void> {
  const { size } = await vscode.workspace.fs.stat(vscode.Uri.file(path)).then(undefined, () => {
    throw new Error(`${basename(path)} is not there any more. Choose another set.`);
  });
  const aside = size > LARGE_DATASET ? await datasets.with(path, (dataset) => dataset.editsAside()) : 0;
  if (aside > 0) {
    throw new Error(`${countOf(aside, 'edit')} of samples in ${basename(path)} ${aside === 1 ? 'is' : 'are'} kept aside and not in the file yet, so ${aside === 1 ? 'it' : 'they'} would be missing. Run “Apply Edits…” or “Discard Edits…” first.`);
  }
}

async function inStatusBar<T>(title: string, task: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, task);
}

/** One canary for all that leaves this workspace for training. */
export async function projectCanary(memory: vscode.Memento): Promise<string> {
  let seed = memory.get<string>(SEED);
  if (seed === undefined) {
    seed = randomUUID();
    await memory.update(SEED, seed);
  }
  return canaryOf(seed);
}

/** Counts with a model's own tokenizer; a text: why it cannot. */
export function counterOf({ template, tokenizer }: ChosenTemplate): CountTrained | string {
  if (tokenizer === undefined) return `no tokenizer.json lies beside the template of ${template.model}.`;
  try {
    return trainedTokenCounter(template, tokenizer);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
