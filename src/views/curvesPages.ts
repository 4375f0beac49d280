import * as vscode from 'vscode';
import type { OpenTraces } from '../host/openTraces';
import type { WhatWasSent } from '../host/scoringOffers';
import type { Settings } from '../host/settings';
import { BeforeEdit } from '../session/beforeEdit';
import type { Comparison } from '../session/comparison';
import type { ExchangesOf } from '../session/exchangesOf';
import type { TraceStore } from '../session/traceStore';
import type { Disposable } from '../trace/event';
import type { CurvesPageSet } from './curvesPage.onDemand';
import { CURVES_VIEW } from './curvesView';
import { ExchangeDocuments } from './exchangeDocuments';

/** What the pages show and act on. */
export interface CurvesParts {
  readonly traces: OpenTraces;
  readonly store: TraceStore;
  readonly settings: Settings;
  readonly exchangesOf: ExchangesOf;
  /** Where the extension is installed; the pages' own files lie in its `dist/webview`. */
  readonly extension: vscode.Uri;
  readonly output: vscode.LogOutputChannel;
}

/** What the part that is loaded on demand is given besides. */
export interface LoadedParts extends CurvesParts {
  readonly before: BeforeEdit;
  readonly documents: ExchangeDocuments;
}

/** How a page is to open. */
export interface OpenOptions {
  /** Judges (`identityKey`) drawn beside the one that is shown. */
  readonly overlay?: readonly string[];
}

/**
 * The Curves pages: *Show Curves*, *What Was Sent*, and pages brought back after a reload. What is heavy (the checking of
 * messages) is loaded with the first page.
 */
export class CurvesPages implements Disposable {
  private readonly own: vscode.Disposable[];
  private readonly parts: LoadedParts;
  private loading: Promise<CurvesPageSet> | undefined;

  constructor(parts: CurvesParts) {
    const before = new BeforeEdit(parts.store);
    const documents = new ExchangeDocuments(parts.exchangesOf);
    this.parts = { ...parts, before, documents };
    this.own = [
      before,
      documents,
      vscode.commands.registerCommand('cotLens.showCurves', () =>
        this.onTrace((document) => this.open(document.uri)),
      ),
      // A message about a run knows which place it speaks of, and of whom; from the palette it is the place at the cursor.
      vscode.commands.registerCommand('cotLens.whatWasSent', async (which?: Partial<WhatWasSent>) => {
        const state = which?.uri === undefined ? undefined : parts.store.get(which.uri);
        if (state !== undefined && which?.judge !== undefined && which.place !== undefined) await documents.show(state, which.place, which.judge);
        else await this.onTrace((document, editor) => documents.showAtCursor(parts.traces, document, editor));
      }),
      vscode.window.registerWebviewPanelSerializer(CURVES_VIEW, {
        deserializeWebviewPanel: async (panel, state) => {
          (await this.load()).restore(panel, state);
        },
      }),
    ];
  }

  /** Shows the curves of a trace beside its editor: in the page that shows it, in one that follows the editor, or in a new one. */
  async open(uri: vscode.Uri, options: OpenOptions = {}): Promise<void> {
    await (await this.load()).open(uri, options);
  }

  /** Shows how two judges agree, and the steps on which they differ most, beside the curves of a trace. */
  async showComparison(comparison: Comparison, uri?: vscode.Uri): Promise<void> {
    await (await this.load()).showComparison(comparison, uri);
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
    this.loading?.then(
      (pages) => {
        pages.dispose();
      },
      // It never came, and whoever asked for it was told.
      () => undefined,
    );
  }

  private load(): Promise<CurvesPageSet> {
    this.loading ??= import('./curvesPage.onDemand').then(({ createCurvesPages }) => createCurvesPages(this.parts));
    return this.loading;
  }

  private async onTrace(act: (document: vscode.TextDocument, editor: vscode.TextEditor) => Promise<void>): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined || this.parts.traces.state(editor.document) === undefined) {
      void vscode.window.showInformationMessage('Open a trace first, or turn the open text into one with “Inspect as Trace”.');
      return;
    }
    await act(editor.document, editor);
  }
}
