import * as vscode from 'vscode';
import type { DatasetFiles } from '../host/datasetFiles';
import { plainLabel } from '../host/plainLabel';
import { tellFailure } from '../host/tellFailure';
import { rowUri } from '../host/rowUris';
import type { EditableDataset } from '../session/datasets/dataset';
import { nameOf } from '../session/datasets/rowPath';
import type { RowWalk } from '../session/datasets/rowWalk';
import type { Disposable } from '../trace/event';
import type { RowTrace } from '../trace/rows/rowTrace';
import { activeRow, chosenDataset, type ActiveRow } from './activeRow';

/** VS Code hands extensions no document above this. */
const LARGEST_TEXT = 50 * 1024 * 1024;

export interface RowCommandParts {
  readonly datasets: DatasetFiles;
  /** Whose order *Next Row* follows, where they list the dataset; the first that does. */
  readonly walks: readonly RowWalk[];
}

/** *Open Row…*, *Next Row*, *Previous Row*, *Reveal Row in File*. */
export function registerRowCommands(parts: RowCommandParts): Disposable {
  const commands: Record<string, () => Promise<void>> = {
    openRow: () => openRow(parts),
    nextRow: () => step(parts, 1),
    previousRow: () => step(parts, -1),
    revealRow: () => reveal(parts),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) =>
      vscode.commands.registerCommand(`cotLens.${name}`, async () => {
        try {
          await run();
        } catch (error) {
          tellFailure(error);
        }
      }),
    ),
  );
}

async function openRow({ datasets }: RowCommandParts): Promise<void> {
  const path = await chosenDataset('Open a row');
  if (path === undefined) return;
  await datasets.with(path, async (dataset) => {
    const count = dataset.count.toLocaleString('en');
    const typed = await vscode.window.showInputBox({
      title: `Open a row of ${plainLabel(vscode.workspace.asRelativePath(path))}`,
      prompt: `Its number, 1 to ${count}, or its id`,
      validateInput: async (value) => (value.trim() === '' || (await ordinalOf(dataset, value)) !== undefined ? undefined : `There is no row with this number or id; there are ${count} rows.`),
    });
    const ordinal = typed === undefined ? undefined : await ordinalOf(dataset, typed);
    if (ordinal !== undefined) await show(dataset, ordinal, 'first', { preview: false });
  });
}

/** A number is a row's place; what is none, or lies beyond the end, is an id. */
async function ordinalOf(dataset: EditableDataset, typed: string): Promise<number | undefined> {
  const value = typed.trim();
  const number = /^\d{1,15}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= dataset.count) return number - 1;
  return value === '' ? undefined : dataset.find(nameOf(value), 0);
}

async function step({ datasets, walks }: RowCommandParts, by: 1 | -1): Promise<void> {
  const active = activeRow();
  if (active === undefined) {
    void vscode.window.showInformationMessage('Open a row of a dataset first.');
    return;
  }
  const { place } = active;
  await datasets.with(place.dataset, async (dataset) => {
    const ordinal = (await dataset.find(place.key, place.ordinal)) ?? Math.min(place.ordinal, dataset.count - 1);
    const variants = (await dataset.row(ordinal)).traces;
    const at = Math.max(0, variants.findIndex((one) => variantName(one) === place.variant));
    const beside = variants[at + by];
    if (beside !== undefined) return open(dataset, ordinal, beside, active);
    const walk = walks.find((one) => one.lists(dataset.path));
    const next = walk === undefined ? ordinal + by : walk.neighbour(dataset.path, ordinal, by);
    if (next === undefined || next < 0 || next >= dataset.count) {
      void vscode.window.setStatusBarMessage(by === 1 ? 'This is the last row.' : 'This is the first row.', 3000);
      return;
    }
    await show(dataset, next, by === 1 ? 'first' : 'last', active);
  });
}

type How = Partial<Pick<ActiveRow, 'column'>> & Pick<ActiveRow, 'preview'>;

async function show(dataset: EditableDataset, ordinal: number, which: 'first' | 'last', how: How): Promise<void> {
  const { traces } = await dataset.row(ordinal);
  await open(dataset, ordinal, which === 'first' ? traces[0] : traces.at(-1), how);
}

/** Opens also a row that cannot be read: its editor says why. */
async function open(dataset: EditableDataset, ordinal: number, trace: RowTrace | undefined, { column, preview }: How): Promise<void> {
  const { key } = await dataset.row(ordinal);
  const uri = rowUri({ dataset: dataset.path, key, ordinal, variant: variantName(trace) });
  await vscode.commands.executeCommand('vscode.open', uri, { preview, ...(column === undefined ? {} : { viewColumn: column }) });
}

function variantName(trace: RowTrace | undefined): string | undefined {
  return trace?.variant === undefined ? undefined : nameOf(trace.variant);
}

async function reveal({ datasets }: RowCommandParts): Promise<void> {
  const active = activeRow();
  if (active === undefined) {
    void vscode.window.showInformationMessage('Open a row of a dataset first.');
    return;
  }
  const { place } = active;
  await datasets.with(place.dataset, async (dataset) => {
    const ordinal = await dataset.find(place.key, place.ordinal);
    const start = ordinal === undefined ? undefined : await dataset.startsAt(ordinal);
    if (start === undefined || !['jsonl', 'json', 'csv', 'tsv'].includes(dataset.container)) {
      void vscode.window.showInformationMessage(ordinal === undefined ? 'The row is not in its file any more.' : `A ${dataset.container} file is no text that could be shown.`);
      return;
    }
    if (dataset.size > LARGEST_TEXT) {
      void vscode.window.showInformationMessage(`The row begins at byte ${start.toLocaleString('en')}. VS Code hands extensions no text above 50 MB, so the file cannot be shown there.`);
      return;
    }
    const file = await vscode.workspace.openTextDocument(vscode.Uri.file(dataset.path));
    const before = new TextDecoder().decode((await vscode.workspace.fs.readFile(file.uri)).subarray(0, start));
    // As an editor counts lines; a row may begin within one.
    const lines = before.split(/\r\n|\r|\n/);
    const at = new vscode.Position(lines.length - 1, lines.at(-1)?.length ?? 0);
    await vscode.window.showTextDocument(file, { selection: new vscode.Range(at, at), viewColumn: active.column });
  });
}
