import type * as vscode from 'vscode';
import type { Protocol } from '../judge/judge';

/**
 * Scores what is missing of a document by the chosen judge with this protocol, after the usual question.
 * @returns is everything there now? `false` where the person declined or stopped, or it failed; that was said
 */
export type ScoreWith = (document: vscode.TextDocument, protocol: Protocol) => Promise<boolean>;
