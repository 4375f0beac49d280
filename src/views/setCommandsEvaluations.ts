import * as vscode from 'vscode';
import { SET_ENDING } from '../host/curatedSets';
import type { DatasetFiles } from '../host/datasetFiles';
import { plainLabel } from '../host/plainLabel';
import { countOf } from '../trace/countOf';
import { findDatasets, type FoundDataset } from './datasetList';

/** The files whose prompts must not be in training, as set for a curated set; a path that is not absolute begins at the set's workspace folder. */
export function evaluationFiles(set: string): readonly string[] {
  const uri = vscode.Uri.file(set);
  const value: unknown = vscode.workspace.getConfiguration('cotLens', uri).get('evaluations');
  const paths = Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string' && one.trim() !== '') : [];
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  return paths.map((path) => (/^(?:[\\/]|[A-Za-z]:)/.test(path) || folder === undefined ? path : vscode.Uri.joinPath(folder, path).fsPath));
}

/** *Choose Evaluations…*: files of the workspace whose prompts *Check Set* looks for; written into the setting of the set's folder. */
export async function chooseEvaluations({ datasets }: { readonly datasets: Pick<DatasetFiles, 'looksLikeTraces'> }, set: string): Promise<void> {
  const uri = vscode.Uri.file(set);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const chosen = new Set(evaluationFiles(set));
  const found = (await datasetsIn(datasets)).filter(({ uri: { fsPath } }) => !fsPath.endsWith(SET_ENDING));
  if (found.length === 0) {
    void vscode.window.showInformationMessage('This workspace has no dataset besides its curated sets. Put the evaluation’s file into it, or name it in the setting cotLens.evaluations.');
    return;
  }
  const known = new Set(found.map(({ uri: { fsPath } }) => fsPath));
  const picked = await vscode.window.showQuickPick(
    found.map(({ uri: { fsPath }, name }) => ({ label: plainLabel(name, 200), picked: chosen.has(fsPath), fsPath })),
    { title: 'Evaluations whose prompts must not be in training', placeHolder: 'Check Set looks for their prompts in the samples', canPickMany: true },
  );
  if (picked === undefined) return;
  // What lies outside the workspace is not listed, and stays.
  const paths = [...[...chosen].filter((path) => !known.has(path)), ...picked.map(({ fsPath }) => fsPath)];
  const inFolder = (path: string): string => (folder !== undefined && vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))?.index === folder.index ? vscode.workspace.asRelativePath(path, false) : path);
  const target = folder === undefined ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.WorkspaceFolder;
  await vscode.workspace.getConfiguration('cotLens', uri).update('evaluations', paths.map(inFolder), target);
  void vscode.window.setStatusBarMessage(`${countOf(paths.length, 'evaluation')} chosen; “Check Set” looks for their prompts.`, 5000);
}

async function datasetsIn(datasets: Pick<DatasetFiles, 'looksLikeTraces'>): Promise<readonly FoundDataset[]> {
  let all: readonly FoundDataset[] = [];
  await findDatasets((path) => datasets.looksLikeTraces(path), new AbortController().signal, (known) => {
    all = known;
  });
  return all;
}
