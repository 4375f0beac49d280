import * as vscode from 'vscode';
import { plainLabel } from './plainLabel';

/**
 * Says why something is not done in a workspace that is not trusted, and offers to manage that.
 * @returns whether it may be done
 */
export async function needsTrust(what: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = 'Manage Workspace Trust';
  if ((await vscode.window.showWarningMessage(plainLabel(what, 1000), manage)) === manage) {
    await vscode.commands.executeCommand('workbench.trust.manage');
  }
  return false;
}
