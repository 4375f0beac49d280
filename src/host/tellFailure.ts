import * as vscode from 'vscode';
import { plainLabel } from './plainLabel';

/** Tells a person why what they asked for failed, in the error's own words. Nobody waits for the message, which goes by itself. */
export function tellFailure(error: unknown): void {
  void vscode.window.showErrorMessage(`CoT Lens: ${plainLabel(error instanceof Error ? error.message : String(error), 1000)}`);
}
