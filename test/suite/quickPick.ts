import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

/** Runs a command that asks by a list, and takes the entry at this place (0 is the first) with the keys a person would press. */
export async function runAndPick(command: string, entry: number): Promise<void> {
  const done = vscode.commands.executeCommand(command);
  // The list is on its way to the workbench; what is pressed too early goes nowhere.
  await sleep(500);
  for (let i = 0; i < entry; i++) await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
  await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  await done;
}
