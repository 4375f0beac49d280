import * as vscode from 'vscode';
import { LateProgress } from '../host/lateProgress';
import { rowUri } from '../host/rowUris';
import type { WorkspaceTrace } from '../host/workspaceTraces';
import type { DatasetRow } from '../session/datasets/dataset';
import { promptOf } from '../session/rows/rowFacts';
import { nameOf } from '../session/datasets/rowPath';
import type { RowQuery } from '../session/rows/rowQuery';
import { conditionInWords } from '../session/rows/rowQueryWords';
import type { TracesViewParts } from './tracesView';
import type { Opened } from './tracesViewShown';

/** What can be done with selected rows. */
export type RowAction = 'open' | 'score' | 'means' | 'copyPrompt' | 'reveal' | 'format';

/** Rows that are opened, and rows whose prompts are copied, at most. */
const MOST_OPENED = 10;
const MOST_COPIED = 1000;
/** Above so many rows scoring is asked about before they are read. */
const MANY = 2000;

/** Does something with rows of the list; where none are selected it says so, or speaks of all that are listed. @throws Error in words */
export async function actOnRows(action: RowAction, opened: Opened, rows: Uint32Array, query: RowQuery, parts: TracesViewParts): Promise<void> {
  if (action === 'means') return showMeans(opened, rows, query);
  if (action === 'reveal' && opened.files === undefined) {
    await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(opened.dataset.path));
    return;
  }
  if (action === 'format') {
    if (opened.files === undefined) await vscode.commands.executeCommand('cotLens.chooseFormat', vscode.Uri.file(opened.dataset.path));
    else void vscode.window.showInformationMessage('Trace files are read as they stand. Choose a dataset in the Traces view first.');
    return;
  }
  if (rows.length === 0) {
    void vscode.window.showInformationMessage('Select rows in the Traces view first: click, Shift+click, Space, or Ctrl+A for all of the list.');
    return;
  }
  switch (action) {
    case 'open':
      for (const ordinal of rows.slice(0, MOST_OPENED)) await openRow(opened, ordinal, true);
      return;
    case 'score':
      return score(opened, rows, parts);
    case 'copyPrompt':
      return copyPrompts(opened, rows);
    case 'reveal': {
      const uri = opened.files?.uri(rows[0] ?? 0);
      if (uri !== undefined) await vscode.commands.executeCommand('revealInExplorer', uri);
    }
  }
}

/** Opens a row's document: as a preview that the next one replaces, or to keep. @throws Error in words */
export async function openRow(opened: Opened, ordinal: number, keep: boolean): Promise<void> {
  const row = await opened.dataset.row(ordinal);
  if (row.problem !== undefined) throw new Error(row.problem);
  await vscode.window.showTextDocument(uriOf(opened, row), { preview: !keep, preserveFocus: !keep });
}

function uriOf({ dataset, files }: Opened, { ordinal, key, traces }: DatasetRow, at = 0): vscode.Uri {
  const file = files?.uri(ordinal);
  if (file !== undefined) return file;
  const variant = traces[at]?.variant;
  return rowUri({ dataset: dataset.path, key, ordinal, variant: variant === undefined ? undefined : nameOf(variant) });
}

async function score(opened: Opened, rows: Uint32Array, parts: TracesViewParts): Promise<void> {
  if (rows.length > MANY) {
    const yes = 'Go On';
    const said = `${String(rows.length)} rows are selected; each of them is read before the run. Is it meant to be that many?`;
    if ((await vscode.window.showWarningMessage(said, { modal: true, detail: 'What it comes to is asked before anything is sent.' }, yes)) !== yes) return;
  }
  const run = new AbortController();
  const late = new LateProgress('Reading the rows to score', run);
  const traces: WorkspaceTrace[] = [];
  try {
    for (const [i, ordinal] of rows.entries()) {
      traces.push(...(await tracesOf(opened, ordinal, parts)));
      late.report(i + 1, rows.length);
      if (run.signal.aborted) return;
    }
  } finally {
    late.end();
  }
  if (traces.length === 0) throw new Error('None of the selected rows can be read as a trace, so there is nothing to score.');
  await parts.score(traces);
}

async function tracesOf(opened: Opened, ordinal: number, parts: TracesViewParts): Promise<WorkspaceTrace[]> {
  const resource = opened.files === undefined ? vscode.Uri.file(opened.dataset.path) : undefined;
  const row = await opened.dataset.row(ordinal);
  return row.traces.map((_, at) => ({ ...parts.traces.of(uriOf(opened, row, at)), ...(resource === undefined ? {} : { resource }) }));
}

async function showMeans({ dataset, list, selected }: Opened, rows: Uint32Array, query: RowQuery): Promise<void> {
  // Nothing selected: all that is listed. All rows of the dataset need not be named one by one.
  const chosen = rows.length > 0 ? rows : list.isWhole ? undefined : list.ordinals([[0, Infinity]]);
  const ordinals = chosen === undefined || chosen.length === dataset.count ? undefined : chosen;
  await vscode.commands.executeCommand('cotLens.showMeanCurves', { dataset: dataset.path, ordinals, conditioned: rows.length > 0 ? selected.condition : conditionInWords(query) });
}

async function copyPrompts({ dataset }: Opened, rows: Uint32Array): Promise<void> {
  const prompts: string[] = [];
  for (const ordinal of rows.slice(0, MOST_COPIED)) {
    const [trace] = (await dataset.row(ordinal)).traces;
    if (trace !== undefined) prompts.push(promptOf(trace));
  }
  await vscode.env.clipboard.writeText(prompts.join('\n\n'));
  if (rows.length > MOST_COPIED) void vscode.window.showInformationMessage(`The prompts of the first ${String(MOST_COPIED)} selected rows were copied.`);
}
