import * as vscode from 'vscode';
import type { DraftWriters } from '../host/craftingDraft';
import type { Drafts } from '../host/drafts';
import type { HandCrafting } from '../host/handCrafting';
import type { OpenTraces } from '../host/openTraces';
import { plainLabel } from '../host/plainLabel';
import type { SendConsent } from '../host/sendConsent';
import type { Teachers } from '../host/teachers';
import type { Disposable } from '../trace/event';

/** What crafting builds on. */
export interface CraftParts {
  readonly traces: OpenTraces;
  readonly drafts: Drafts;
  readonly teachers: Teachers;
  readonly consent: Pick<SendConsent, 'askToCraft'>;
  readonly output: vscode.LogOutputChannel;
}

/** The same with what is made when the first sample is crafted. */
export interface LoadedCraftParts extends CraftParts {
  readonly writers: DraftWriters;
  readonly hand: HandCrafting;
}

/** Says why something cannot be done, with what can be done instead. @returns what the person chose, if anything */
export function refuse(reason: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(plainLabel(reason, 1000), ...buttons);
}

/** The same of something that failed; kept in the log. */
export function failed(output: vscode.LogOutputChannel, error: unknown, ...buttons: string[]): Thenable<string | undefined> {
  const said = plainLabel(error instanceof Error ? error.message : String(error), 1000);
  output.error(said);
  return vscode.window.showErrorMessage(`CoT Lens: ${said}`, ...buttons);
}

/** Says something in the status bar, where it goes away by itself. */
export function say(text: string): void {
  vscode.window.setStatusBarMessage(plainLabel(text, 300), 10_000);
}

/** Shows progress with a cancel button in a notification while something runs that the person waits for. */
export async function withStop<T>(title: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: plainLabel(title, 200), cancellable: true }, async (_progress, token) => {
    const listening: Disposable = token.onCancellationRequested(() => {
      stop.abort();
    });
    try {
      return await run(stop.signal);
    } finally {
      listening.dispose();
    }
  });
}
