import * as vscode from 'vscode';
import type { ScoreRecord } from '../judge/scoreRecord';
import { ROW_SCHEME } from '../session/datasets/rowPath';
import type { TraceState } from '../session/traceState';
import type { TraceStore } from '../session/traceStore';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import type { ScoreLogs } from './scoreLogs';
import type { Settings } from './settings';

/** Above this many characters an edit is followed after a pause instead of at once, so that typing stays quick. */
const LARGE = 500_000;
const PAUSE = 200;

/**
 * Where traces live. Other schemes show second copies of the same text (the left side of a git diff, say), which need neither
 * diagnostics nor scores of their own.
 */
const SCHEMES: readonly string[] = ['file', 'untitled', 'vscode-vfs', ROW_SCHEME];

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
        const uri = document.uri.toString();
        clearTimeout(this.later.get(uri));
        this.later.delete(uri);
        if (this.store.get(uri) === undefined) return;
        this.store.close(uri);
        this.scores.release(document.uri);
        this.settings.release(document.uri);
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

  /**
   * What is known of a document, perhaps still of the version before the last edit: for listeners that hear every key, which
   * must not have a large trace read anew for each. `undefined` where it is no trace.
   */
  known(document: vscode.TextDocument): TraceState | undefined {
    return this.store.get(document.uri.toString()) ?? this.follow(document);
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
    if (document.isClosed || !SCHEMES.includes(document.uri.scheme) || !this.settings.isTraceLanguage(document)) {
      this.store.close(uri);
      return undefined;
    }
    const isNew = this.store.get(uri) === undefined;
    const state = this.update(document);
    if (isNew) {
      const { log, doc } = this.scores.of(document.uri);
      const saved = this.savedAs(document, state);
      log
        .load(doc)
        .then(async () => {
          if (saved.length > 0 && log.scores(doc).all().length === 0) await this.scores.adopt(document.uri, saved);
        })
        .catch((error: unknown) => {
          this.log.error(`The saved scores of ${doc} cannot be read: ${String(error)}. The trace opens without them.`);
        });
    }
    return state;
  }

  /** *Save As* opens the new file while the untitled document is still there: what was scored there must not be lost with it. */
  private savedAs(document: vscode.TextDocument, { trace, turn }: TraceState): readonly ScoreRecord[] {
    if (document.uri.scheme === 'untitled' || turn.steps.length === 0) return [];
    for (const uri of this.store.uris.map((one) => vscode.Uri.parse(one))) {
      if (uri.scheme !== 'untitled' || this.store.get(uri.toString())?.trace.text !== trace.text) continue;
      const { log, doc } = this.scores.of(uri);
      return log.scores(doc).records();
    }
    return [];
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
