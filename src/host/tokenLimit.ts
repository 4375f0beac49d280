import * as vscode from 'vscode';

/** AdvChain's longest sample in training [paper]. */
const MOST_TOKENS = 8192;

/** The most tokens that a sample may have, of a document or a file: `cotLens.training.maxTokens`; what is no such number is AdvChain's. */
export function tokenLimit(uri: vscode.Uri): number {
  const asked: unknown = vscode.workspace.getConfiguration('cotLens.training', uri).get('maxTokens');
  return typeof asked === 'number' && Number.isInteger(asked) && asked >= 1 ? asked : MOST_TOKENS;
}
