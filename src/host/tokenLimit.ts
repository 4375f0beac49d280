import * as vscode from 'vscode';
import { ADVCHAIN_MAX_LENGTH } from '../curate/advchainMaxLength';

/** The most tokens that a sample may have, of a document or a file: `cotLens.training.maxTokens`; what is no such number is AdvChain's. */
export function tokenLimit(uri: vscode.Uri): number {
  const asked: unknown = vscode.workspace.getConfiguration('cotLens.training', uri).get('maxTokens');
  return typeof asked === 'number' && Number.isInteger(asked) && asked >= 1 ? asked : ADVCHAIN_MAX_LENGTH;
}
