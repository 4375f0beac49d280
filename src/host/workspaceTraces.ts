import * as vscode from 'vscode';
import type { OpenedTrace, TraceToScore } from '../session/scoreTraces';
import { TraceStore } from '../session/traceStore';
import type { TraceState } from '../session/traceState';
import { documentName } from './rowUris';
import type { ScoreLogs } from './scoreLogs';
import type { Settings } from './settings';

/** A trace of the workspace that may be scored with others. */
export interface WorkspaceTrace extends TraceToScore {
  readonly uri: vscode.Uri;
  /** Whose folder says which rubric is used, where the trace's own address lies in none: a row's dataset. */
  readonly resource?: vscode.Uri;
}

/** The traces that *Score Traces of the Workspace…* offers: `.cot` files, and what else is open as a trace. */
export class WorkspaceTraces {
  constructor(
    private readonly store: TraceStore,
    private readonly scores: ScoreLogs,
    private readonly settings: Settings,
  ) {}

  async find(): Promise<readonly WorkspaceTrace[]> {
    const files = await vscode.workspace.findFiles('**/*.cot');
    const known = new Map(files.map((uri) => [uri.toString(), uri]));
    for (const uri of this.store.uris) known.set(uri, vscode.Uri.parse(uri));
    return [...known.values()]
      .map((uri) => this.of(uri))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** A trace by its address, also a row of a dataset; needs no editor. */
  of(uri: vscode.Uri): WorkspaceTrace {
    return { uri, name: documentName(uri), open: () => this.open(uri) };
  }

  /** Is a run of scoring under way on it, from its own editor? */
  isRunning(uri: vscode.Uri): boolean {
    return this.store.get(uri.toString())?.scoring !== undefined;
  }

  private async open(uri: vscode.Uri): Promise<OpenedTrace> {
    const { log, doc } = this.scores.of(uri);
    await log.load(doc);
    const state = await this.stateOf(uri);
    return {
      state,
      log,
      doc,
      close: () => {
        if (this.store.get(uri.toString()) !== undefined) return;
        this.scores.release(uri);
        this.settings.release(uri);
      },
    };
  }

  /** As its text is now: that of the editor where it is open, else that of the file. */
  private async stateOf(uri: vscode.Uri): Promise<TraceState> {
    const shown = vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === uri.toString());
    const text = shown?.getText() ?? new TextDecoder('utf-8', { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));
    // A store of its own: what nobody looks at is nobody's business in the editor.
    const { log, doc } = this.scores.of(uri);
    const aside = new TraceStore(() => log.scores(doc));
    try {
      return aside.update(uri.toString(), 1, text, this.settings.traceOptions(shown ?? { uri, languageId: 'cot' }));
    } finally {
      aside.dispose();
    }
  }
}
