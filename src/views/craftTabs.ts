import * as vscode from 'vscode';
import type { Draft, Drafts } from '../host/drafts';
import { DRAFT_SCHEME } from '../host/draftFiles';

/** Shows a draft beside its trace. @param at where the eye should go; `undefined` leaves the view where it was */
export async function showDraft(drafts: Drafts, draft: Draft, viewColumn?: vscode.ViewColumn, at?: vscode.Position): Promise<void> {
  const options: vscode.TextDocumentShowOptions = {
    preview: false,
    ...(viewColumn === undefined ? {} : { viewColumn }),
    ...(at === undefined ? {} : { selection: new vscode.Range(at, at) }),
  };
  await vscode.commands.executeCommand('vscode.diff', vscode.Uri.parse(draft.trace), drafts.uri(draft), `${fileName(draft)} ↔ ${draft.label} (draft)`, options);
}

/** What changed in a trace since its draft was begun. */
export async function showMoved(drafts: Drafts, draft: Draft): Promise<void> {
  await vscode.commands.executeCommand('vscode.diff', drafts.baseUri(draft), vscode.Uri.parse(draft.trace), `${fileName(draft)}: as it was ↔ as it is`, { preview: false });
}

/** Closes every tab that shows something of a draft. @returns the column where its preview was */
export async function closeDraftTabs(drafts: Drafts, draft: Draft): Promise<vscode.ViewColumn | undefined> {
  await drafts.settle(draft);
  const isOurs = (uri: vscode.Uri): boolean => uri.scheme === DRAFT_SCHEME && uri.path.startsWith(`/${draft.id}/`);
  const tabs = vscode.window.tabGroups.all.flatMap((group) =>
    group.tabs.filter(({ input }) =>
      input instanceof vscode.TabInputTextDiff ? isOurs(input.modified) || isOurs(input.original) : input instanceof vscode.TabInputText && isOurs(input.uri),
    ),
  );
  const column = tabs[0]?.group.viewColumn;
  await vscode.window.tabGroups.close(tabs, true);
  return column;
}

/** The draft whose preview is in front. */
export function activeDraft(drafts: Drafts): Draft | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shown = input instanceof vscode.TabInputTextDiff ? input.modified : input instanceof vscode.TabInputText ? input.uri : undefined;
  return shown === undefined ? undefined : drafts.of(shown);
}

function fileName({ trace }: Draft): string {
  return decodeURIComponent(trace.split('/').at(-1) ?? trace);
}
