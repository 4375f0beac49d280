import * as vscode from 'vscode';
import type { Place } from '../curve/curvesModel';
import type { OpenTraces } from '../host/openTraces';

/**
 * Puts the editor's cursor on a step, or on the answer, and brings it into view; opens the trace where no editor shows it.
 * @param focus whether the editor takes the keyboard
 * @param not the column that the asking page stands in, which an editor must not cover
 * @throws with words for the user where the trace cannot be opened, or has no such place any more
 */
export async function goToPlace(
  traces: OpenTraces,
  uri: vscode.Uri,
  place: Place,
  focus: boolean,
  not: vscode.ViewColumn | undefined,
): Promise<void> {
  const key = uri.toString();
  const visible = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === key);
  const document = visible?.document ?? (await vscode.workspace.openTextDocument(uri));
  const turn = traces.state(document)?.turn;
  const target = place === 'answer' ? turn?.answer : turn?.steps[place];
  if (target === undefined) {
    throw new Error(`The trace has no ${place === 'answer' ? 'answer' : `step ${String(place + 1)}`} any more: its text has changed.`);
  }
  const viewColumn = visible?.viewColumn ?? columnOf(key) ?? (not === vscode.ViewColumn.One ? vscode.ViewColumn.Beside : vscode.ViewColumn.One);
  const editor =
    visible !== undefined && !focus
      ? visible
      : await vscode.window.showTextDocument(document, { viewColumn, preserveFocus: !focus });
  const at = document.positionAt(target.start);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, document.positionAt(target.end)), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The column whose tabs hold the document, though another tab hides it. */
function columnOf(uri: string): vscode.ViewColumn | undefined {
  return vscode.window.tabGroups.all.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri),
  )?.viewColumn;
}
