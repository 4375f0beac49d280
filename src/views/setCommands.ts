import * as vscode from 'vscode';
import type { CuratedSetFiles } from '../host/curatedSets';
import type { DatasetFiles } from '../host/datasetFiles';
import { plainLabel } from '../host/plainLabel';
import { tellFailure } from '../host/tellFailure';
import { rowUri } from '../host/rowUris';
import { nameOf } from '../session/datasets/rowPath';
import { countOf } from '../trace/countOf';
import type { SetNode } from './curatedSetViewNodes';
import { chosenSet, nameOfSet } from './setCommandsChoose';

/** What the commands on samples act on. */
export interface SampleCommandParts {
  readonly sets: CuratedSetFiles;
  readonly datasets: Pick<DatasetFiles, 'with'>;
}

/** Samples of one set. */
export interface Chosen {
  readonly path: string;
  readonly ids: readonly string[];
}

/** VS Code hands extensions no document above this. */
const LARGEST_TEXT = 50 * 1024 * 1024;
/** Samples that are opened at once; more are a slip of the hand. Ours. */
const MOST_OPENED = 20;

/**
 * Opens samples as documents: a row of the set, edited and saved like any row.
 * @param clicked the view keeps the focus, so that Delete and the arrows go on working in it
 */
export async function openSamples({ datasets }: SampleCommandParts, nodes: readonly SetNode[], clicked = false): Promise<void> {
  const samples = nodes.filter(({ kind }) => kind === 'sample');
  if (samples.length > MOST_OPENED) throw new Error(`These are ${String(samples.length)} samples. Choose at most ${String(MOST_OPENED)} to open at once.`);
  for (const { path, card } of samples) if (card !== undefined) await openPlace({ datasets }, path, card, { preview: samples.length === 1, preserveFocus: clicked });
}

/** Opens one sample of a set. */
export async function openPlace({ datasets }: Pick<SampleCommandParts, 'datasets'>, path: string, { id, place }: { readonly id: string; readonly place: number }, how: vscode.TextDocumentShowOptions): Promise<void> {
  await datasets.with(path, async (dataset) => {
    const ordinal = await dataset.find(nameOf(id), place);
    if (ordinal === undefined) throw new Error(`The sample ${plainLabel(id)} is not in ${plainLabel(nameOfSet(path))} any more.`);
    const { key } = await dataset.row(ordinal);
    await vscode.commands.executeCommand('vscode.open', rowUri({ dataset: dataset.path, key, ordinal, variant: undefined }), how);
  });
}

/** Asks for the note of a sample, and writes it into the set; an empty one takes it away. */
export async function editNote({ sets }: SampleCommandParts, nodes: readonly SetNode[]): Promise<void> {
  const node = nodes.find(({ kind }) => kind === 'sample');
  if (node?.card === undefined) return nothingChosen();
  const { path, card } = node;
  const typed = await vscode.window.showInputBox({
    title: `Note on “${plainLabel(card.title, 60)}”`,
    prompt: 'Kept in the set, beside the sample; empty takes it away',
    value: card.note ?? '',
  });
  if (typed === undefined || typed === (card.note ?? '')) return;
  await (await sets.open(path)).note(card.id, typed.trim() === '' ? undefined : typed.trim());
}

/** Takes samples out of their set, and offers to put them back. */
export async function removeSamples({ sets }: SampleCommandParts, nodes: readonly SetNode[]): Promise<void> {
  const all = chosenIn(nodes);
  if (all.length === 0) return nothingChosen();
  for (const { path, ids } of all) {
    const set = await sets.open(path);
    const removed = await sets.remove(set, ids);
    const name = plainLabel(set.name);
    void vscode.window.showInformationMessage(`Removed ${countOf(ids.length, 'sample')} from ${name} (${countOf(set.cards.length, 'sample')} left).`, 'Undo').then(async (pressed) => {
      if (pressed === 'Undo') await undoRemove(sets, removed);
    });
  }
}

/** Puts back what was removed: this, or the last. */
export async function undoRemove(sets: CuratedSetFiles, which?: Parameters<CuratedSetFiles['undo']>[0]): Promise<void> {
  try {
    const back = await sets.undo(which);
    const said = back === undefined ? 'Nothing that was removed in this window is left to be put back.' : `Put back ${countOf(back.lines.length, 'sample')} into ${plainLabel(nameOfSet(back.set))}.`;
    void vscode.window.setStatusBarMessage(said, 5000);
  } catch (error) {
    tellFailure(error);
  }
}

/** Moves samples into another set, at its end, in their order. */
export async function moveSamples({ sets }: SampleCommandParts, nodes: readonly SetNode[]): Promise<void> {
  const all = chosenIn(nodes);
  const [first, ...more] = all;
  if (first === undefined) return nothingChosen();
  const count = all.reduce((sum, { ids }) => sum + ids.length, 0);
  const to = await chosenSet(sets, `Move ${countOf(count, 'sample')} to …`, { ...(more.length === 0 ? { but: first.path } : {}), mayBeNew: true });
  if (to === undefined) return;
  const target = await sets.open(to);
  for (const { path, ids } of all) if (path !== to) await sets.move(ids, await sets.open(path), target);
  await sets.used(to);
  void vscode.window.setStatusBarMessage(`Moved ${countOf(count, 'sample')} to ${plainLabel(target.name)} (${countOf(target.cards.length, 'sample')}).`, 5000);
}

/** Shows the set's file with the cursor in the line. */
export async function revealLine(nodes: readonly SetNode[]): Promise<void> {
  const node = nodes.find(({ line }) => line !== undefined);
  if (node?.line === undefined) return nothingChosen();
  const uri = vscode.Uri.file(node.path);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > LARGEST_TEXT) throw new Error(`It is line ${node.line.toLocaleString('en-US')}. VS Code hands extensions no text above 50 MB, so the file cannot be shown there.`);
  const file = await vscode.workspace.openTextDocument(uri);
  const at = new vscode.Position(Math.min(node.line, file.lineCount) - 1, 0);
  await vscode.window.showTextDocument(file, { selection: new vscode.Range(at, at), preview: true });
}

/** The samples among the entries, set by set, each once: one may stand in the list under a problem too. */
export function chosenIn(nodes: readonly SetNode[]): readonly Chosen[] {
  const sets = new Map<string, Set<string>>();
  for (const { path, card } of nodes) {
    if (card === undefined) continue;
    const ids = sets.get(path) ?? new Set();
    sets.set(path, ids.add(card.id));
  }
  return [...sets].map(([path, ids]) => ({ path, ids: [...ids] }));
}

export function nothingChosen(): void {
  void vscode.window.showInformationMessage('Choose a sample in the Curated Set view first.');
}
