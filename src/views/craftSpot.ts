import * as vscode from 'vscode';
import { DRAFT_SCHEME } from '../host/draftFiles';
import type { CraftRequest } from '../host/crafting';
import type { OpenTraces } from '../host/openTraces';
import type { TraceState } from '../session/traceState';
import type { Span } from '../trace/span';

/** Where something is to be crafted. */
export interface CraftSpot {
  readonly editor: vscode.TextEditor;
  readonly document: vscode.TextDocument;
  readonly state: TraceState;
  readonly at: Span;
}

/** The place that is asked for, else the cursor or selection of the active editor; says why where there is none. */
export async function craftSpot(traces: Pick<OpenTraces, 'state'>, { uri, at, step }: CraftRequest = {}): Promise<CraftSpot | undefined> {
  const editor = uri === undefined ? vscode.window.activeTextEditor : await editorOf(vscode.Uri.parse(uri));
  const state = editor === undefined ? undefined : traces.state(editor.document);
  if (editor === undefined || state === undefined) {
    void vscode.window.showInformationMessage(
      editor?.document.uri.scheme === DRAFT_SCHEME
        ? 'This is a draft. Accept or discard it; then craft in the trace.'
        : 'Open a trace first, or turn the open text into one with “Inspect as Trace”.',
    );
    return undefined;
  }
  if (state.hiddenFrom !== undefined) {
    void vscode.window.showInformationMessage('This trace is being scored by hand, and what is not scored yet stays hidden. Finish or leave that first (Escape).');
    return undefined;
  }
  const { document, selection } = editor;
  const asked = step === undefined ? at : state.turn.steps[step];
  if (step !== undefined && asked === undefined) {
    void vscode.window.showInformationMessage(`This trace has no step ${String(step + 1)} any more.`);
    return undefined;
  }
  const place = asked ?? { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
  return { editor, document, state, at: { start: place.start, end: place.end } };
}

async function editorOf(uri: vscode.Uri): Promise<vscode.TextEditor> {
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  return shown ?? vscode.window.showTextDocument(uri, { preview: false });
}
