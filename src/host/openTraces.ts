import * as vscode from 'vscode';
import type { TraceState } from '../session/traceState';
import type { TraceStore } from '../session/traceStore';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import type { ScoreLogs } from './scoreLogs';
import type { Settings } from './settings';

/** Above this many characters an edit is followed after a pause instead of at once, so that typing stays quick. */
const LARGE = 500_000;
const PAUSE = 200;

/** Feeds the store with the documents that are traces: opened, edited, renamed, closed. */
export class OpenTraces implements Disposable {
  private readonly listening: vscode.Disposable[] = [];
  private readonly later = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly store: TraceStore,
    private readonly scores: ScoreLogs,
    private readonly settings: Settings,
    private readonly log: Logger,
  ) {
    const { workspace } = vscode;
    this.listening.push(
      workspace.onDidOpenTextDocument((document) => {
        this.follow(document);
      }),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (this.store.get(document.uri.toString()) !== undefined) this.edited(document);
      }),
      workspace.onDidCloseTextDocument((document) => {
        clearTimeout(this.later.get(document.uri.toString()));
        this.store.close(document.uri.toString());
      }),
      workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) {
          scores.moved(oldUri, newUri).catch((error: unknown) => {
            log.error(`The scores of ${oldUri.path} could not follow it to ${newUri.path}: ${String(error)}`);
          });
        }
      }),
      workspace.onDidChangeWorkspaceFolders(() => {
        scores.forgetPlaces();
        this.followAll();
      }),
      settings.onDidChange(() => {
        this.followAll();
      }),
    );
    this.followAll();
  }

  dispose(): void {
    for (const timer of this.later.values()) clearTimeout(timer);
    for (const listener of this.listening) listener.dispose();
  }

  /** The state of a document as its text is now; `undefined` where it is no trace. */
  state(document: vscode.TextDocument): TraceState | undefined {
    const known = this.store.get(document.uri.toString());
    if (known === undefined) return this.follow(document);
    return known.version === document.version ? known : this.update(document);
  }

  private followAll(): void {
    for (const document of vscode.workspace.textDocuments) this.follow(document);
  }

  private follow(document: vscode.TextDocument): TraceState | undefined {
    const uri = document.uri.toString();
    if (document.isClosed || !this.settings.isTraceLanguage(document)) {
      this.store.close(uri);
      return undefined;
    }
    const isNew = this.store.get(uri) === undefined;
    const state = this.update(document);
    if (isNew) {
      const { log, doc } = this.scores.of(document.uri);
      log
        .load(doc)
        .then(() => this.adoptScores(document, state))
        .catch((error: unknown) => {
          this.log.error(`The saved scores of ${doc} cannot be read: ${String(error)}. The trace opens without them.`);
        });
    }
    return state;
  }

  /** *Save As* opens the new file while the old document is still there: what was scored must not be lost with it. */
  private async adoptScores(document: vscode.TextDocument, { trace }: TraceState): Promise<void> {
    const { log, doc } = this.scores.of(document.uri);
    if (log.scores(doc).all().length > 0) return;
    const uri = document.uri.toString();
    const from = this.store.uris.find((other) => {
      const state = other === uri ? undefined : this.store.get(other);
      return state !== undefined && state.judges.length > 0 && state.trace.text === trace.text;
    });
    if (from !== undefined) await this.scores.copied(vscode.Uri.parse(from), document.uri);
  }

  private edited(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    clearTimeout(this.later.get(uri));
    const known = this.store.get(uri);
    if (known === undefined || known.trace.text.length < LARGE) {
      this.update(document);
      return;
    }
    this.later.set(
      uri,
      setTimeout(() => {
        this.later.delete(uri);
        if (!document.isClosed) this.update(document);
      }, PAUSE),
    );
  }

  private update(document: vscode.TextDocument): TraceState {
    const options = this.settings.traceOptions(document);
    return this.store.update(document.uri.toString(), document.version, document.getText(), options);
  }
}
