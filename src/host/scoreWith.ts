import type * as vscode from 'vscode';
import type { JudgeVariant } from './judges';

/**
 * Scores what is missing of a document by the chosen judge, or one like it, after the usual question.
 * @returns is everything there now? `false` where the person declined or stopped, or it failed; that was said
 */
export type ScoreWith = (document: vscode.TextDocument, variant: JudgeVariant) => Promise<boolean>;
