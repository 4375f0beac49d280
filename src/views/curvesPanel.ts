import * as vscode from 'vscode';
import { Channel, type Handlers } from '../../webview/channel';
import { fromPage, toPage, type PageState } from '../../webview/messages';
import type { ComparisonModel, Place } from '../curve/curvesModel';
import { DEFAULT_SHAPE_RULES } from '../curve/shapeRules';
import { plainLabel } from '../host/plainLabel';
import { identityKey } from '../judge/scoreRecord';
import { curvesModel } from '../session/curvesModel';
import { sentText, shortBody } from '../session/exchangeText';
import { seenAt } from '../session/exchangesOf';
import { stepAt } from '../session/stepAt';
import { stepSaid } from '../session/stepSaid';
import type { TraceState } from '../session/traceState';
import type { Disposable } from '../trace/event';
import type { LoadedParts } from './curvesPages';
import { nothingKept } from './exchangeDocuments';
import { goToPlace } from './goToPlace';
import { pageHtml, pagesFolder } from './pageHtml';
import { saveExport } from './saveExport';

/** Milliseconds between an edit and the page's next picture, and for so many steps one more: typing comes first. Ours. */
const PAUSE = 120;
const STEPS_PER_MILLISECOND = 30;
/** Characters of a step, and of a body, that the page is sent. Ours. */
const MOST_TEXT = 4000;

/** One Curves page: what it shows, and what is done for it. */
export class CurvesPanel implements Disposable {
  private readonly channel: Channel<typeof toPage, typeof fromPage>;
  private readonly own: Disposable[];
  private timer: NodeJS.Timeout | undefined;
  /** Nothing reaches a page that is hidden or not loaded; it says `ready` when it can be sent to. */
  private ready = false;
  private comparison: ComparisonModel | null = null;
  /** The judge to show as soon as the trace's scores are there: the letters in the chart are to be those of the comparison. */
  private wanted: string | undefined;
  pinned: boolean;
  private overlay: readonly string[];
  /** Judges were chosen elsewhere while the page could not be told. */
  private overlayGiven = false;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly parts: LoadedParts,
    private trace: vscode.Uri | undefined,
    begin: Pick<PageState, 'overlay' | 'pinned'>,
    closed: () => void,
  ) {
    this.overlay = begin.overlay;
    this.pinned = begin.pinned;
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [pagesFolder(parts.extension)] };
    panel.iconPath = {
      light: vscode.Uri.joinPath(parts.extension, 'media', 'trace-light.svg'),
      dark: vscode.Uri.joinPath(parts.extension, 'media', 'trace-dark.svg'),
    };
    this.channel = new Channel(toPage, fromPage, this.handlers(), {
      post: (message) => void webview.postMessage(message),
      log: (message) => {
        parts.output.warn(`Curves page: ${message}`);
      },
    });
    this.own = [
      webview.onDidReceiveMessage((message: unknown) => {
        this.channel.receive(message);
      }),
      panel.onDidChangeViewState(() => {
        // A hidden page is taken down, and says `ready` anew when it is shown again.
        if (!panel.visible) this.ready = false;
      }),
      panel.onDidDispose(() => {
        this.dispose();
        closed();
      }),
      parts.store.onDidChange((uri) => {
        if (uri === this.uri) this.later();
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor.document.uri.toString() === this.uri) this.sendCursor(textEditor);
      }),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (editor !== undefined && !this.pinned && parts.traces.known(editor.document) !== undefined) this.show(editor.document.uri);
      }),
    ];
    this.setTitle();
    webview.html = pageHtml(webview, parts.extension, 'curves', 'Curves');
  }

  /** The URI of the trace that the page shows. */
  get uri(): string | undefined {
    return this.trace?.toString();
  }

  /** Shows another trace, and other judges where some are given. */
  show(trace: vscode.Uri, overlay?: readonly string[]): void {
    const other = trace.toString() !== this.uri;
    // While two judges are compared the chart's letters are the comparison's, on every trace.
    if (other) this.wanted = this.comparison?.aKey;
    this.trace = trace;
    this.setTitle();
    if (overlay !== undefined) {
      this.overlay = overlay;
      if (this.ready) this.channel.send('state', { overlay });
      else this.overlayGiven = true;
    }
    if (other || overlay !== undefined) this.send();
  }

  compare(comparison: ComparisonModel): void {
    this.comparison = comparison;
    if (this.ready) this.channel.send('comparison', { comparison });
    this.want(comparison.aKey);
  }

  private want(judge: string): void {
    this.wanted = judge;
    this.send();
  }

  /** @returns whether another judge is shown now, of which the store is about to tell */
  private showWanted(state: TraceState): boolean {
    const { wanted } = this;
    if (wanted === undefined || state.judges.length === 0) return false;
    this.wanted = undefined;
    const shown = state.judge === undefined ? undefined : identityKey(state.judge);
    if (shown === wanted || !state.judges.some(({ key }) => key === wanted)) return false;
    this.parts.store.show(state.uri, wanted);
    return true;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.channel.dispose();
    for (const one of this.own) one.dispose();
  }

  private setTitle(): void {
    this.panel.title = this.trace === undefined ? 'Curves' : `Curves: ${this.trace.path.split('/').at(-1) ?? ''}`;
  }

  private get document(): vscode.TextDocument | undefined {
    return vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === this.uri);
  }

  /** The state at the version that the page speaks of; where the text has moved on, the page is about to hear of it. */
  private stateAt(uri: string, version: number): TraceState | undefined {
    const state = uri === this.uri ? this.parts.store.get(uri) : undefined;
    return state?.version === version ? state : undefined;
  }

  private later(): void {
    if (!this.ready || this.timer !== undefined) return;
    const steps = this.uri === undefined ? 0 : (this.parts.store.get(this.uri)?.turn.steps.length ?? 0);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.send();
    }, PAUSE + steps / STEPS_PER_MILLISECOND);
  }

  private send(): void {
    if (!this.ready) return;
    const { document } = this;
    const state = this.uri === undefined ? undefined : this.parts.store.get(this.uri);
    if (state === undefined) {
      // A page outlives its trace's editor: it is read again, to be asked for its texts.
      void this.openTrace();
      return;
    }
    if (this.showWanted(state)) return;
    const rules = document === undefined ? DEFAULT_SHAPE_RULES : this.parts.settings.traceOptions(document).shapeRules;
    const doc = this.trace === undefined ? '' : vscode.workspace.asRelativePath(this.trace);
    const model = curvesModel(state, { doc, overlay: this.overlay, rules, before: this.parts.before.of(state) });
    this.channel.send('model', { model: model });
    const editor = vscode.window.visibleTextEditors.find((one) => one.document.uri.toString() === this.uri);
    if (editor !== undefined) this.sendCursor(editor);
  }

  private async openTrace(): Promise<void> {
    // An untitled document that was closed is gone; to open it would make another one.
    if (this.trace === undefined || this.trace.scheme === 'untitled') {
      this.channel.send('model', { model: null });
      return;
    }
    try {
      const document = await vscode.workspace.openTextDocument(this.trace);
      // The store tells of the trace when its scores are read; one without scores is shown at once.
      if (this.parts.traces.state(document) !== undefined) this.later();
    } catch {
      if (this.ready) this.channel.send('model', { model: null });
    }
  }

  private sendCursor(editor: vscode.TextEditor): void {
    const { uri } = this;
    const state = this.parts.traces.known(editor.document);
    if (!this.ready || uri === undefined || state === undefined) return;
    const offset = editor.document.offsetAt(editor.selection.active);
    const { answer } = state.turn;
    const place: Place | undefined = answer !== undefined && offset >= answer.start ? 'answer' : stepAt(state, offset)?.index;
    this.channel.send('cursor', { uri, place: place ?? null });
  }

  /** A page may ask for what it was sent, and for nothing else. */
  private mayGoTo(uri: string): boolean {
    return uri === this.uri || (this.comparison?.differences.some((one) => one.uri === uri) ?? false);
  }

  private async goTo(uri: vscode.Uri, place: Place, focus: boolean): Promise<void> {
    await goToPlace(this.parts.traces, uri, place, focus, this.panel.viewColumn);
    // Said here, since an editor that opens without taking the keyboard does not always become the active one.
    if (!this.pinned) this.show(uri);
  }

  private handlers(): Handlers<typeof fromPage> {
    const { parts } = this;
    return {
      events: {
        ready: ({ state }) => {
          this.ready = true;
          // What the page remembers are the last choices made on it, unless others were made elsewhere since.
          if (state !== null) this.pinned = state.pinned;
          if (state !== null && !this.overlayGiven) this.overlay = state.overlay;
          else this.channel.send('state', { overlay: this.overlay, pinned: this.pinned });
          this.overlayGiven = false;
          this.send();
          if (this.comparison !== null) this.channel.send('comparison', { comparison: this.comparison });
        },
        chosen: ({ overlay, pinned }) => {
          const changed = overlay.join() !== this.overlay.join();
          const released = this.pinned && !pinned;
          [this.overlay, this.pinned] = [overlay, pinned];
          const active = vscode.window.activeTextEditor?.document;
          if (released && active !== undefined && parts.traces.known(active) !== undefined) this.show(active.uri);
          if (changed) this.send();
        },
        goTo: ({ uri, place, focus }) => {
          if (this.mayGoTo(uri)) this.goTo(vscode.Uri.parse(uri, true), place, focus).catch(tell);
        },
        openSent: ({ uri, version, place, judge }) => {
          const state = this.stateAt(uri, version);
          const identity = state?.judges.find(({ key }) => key === judge)?.identity;
          if (state !== undefined && identity !== undefined) parts.documents.show(state, place, identity).catch(tell);
        },
        score: ({ uri }) => {
          if (uri === this.uri && this.trace !== undefined) void scoreTrace(this.trace).catch(tell);
        },
        comparisonClosed: () => {
          this.comparison = null;
          this.wanted = undefined;
        },
        failed: ({ message }) => {
          parts.output.error(`Curves page: ${message}`);
        },
      },
      requests: {
        stepText: ({ uri, version, place, judge }) => {
          const state = this.stateAt(uri, version);
          const said = state === undefined ? undefined : stepSaid(state, place, judge ?? undefined);
          if (said === undefined) return Promise.resolve({ text: null, more: 0, reason: '', time: null });
          return Promise.resolve({
            text: said.text.slice(0, MOST_TEXT),
            more: Math.max(0, said.text.length - MOST_TEXT),
            reason: said.reason.slice(0, MOST_TEXT),
            time: said.time ?? null,
          });
        },
        sent: async ({ uri, version, place, judge }) => {
          const state = this.stateAt(uri, version);
          const identity = state?.judges.find(({ key }) => key === judge)?.identity;
          const seen = state === undefined || identity === undefined ? undefined : seenAt(state, place, identity);
          const exchanges = (seen === undefined ? undefined : await parts.exchangesOf(uri, seen, judge, state?.trace.intent))?.exchanges ?? [];
          const where = place === 'answer' ? 'the answer' : `step ${String(place + 1)}`;
          return {
            exchanges: exchanges.slice(-5).map((exchange) => ({
              sent: shortBody(sentText(exchange), MOST_TEXT),
              received: shortBody(exchange.received, MOST_TEXT),
              status: exchange.status ?? null,
            })),
            none: exchanges.length > 0 || identity === undefined ? null : nothingKept(where, identity),
          };
        },
        texts: ({ uri, version }) => {
          const state = this.stateAt(uri, version);
          if (state === undefined) return Promise.reject(new Error('The text has just changed. Export again.'));
          if (state.hiddenFrom !== undefined) return Promise.reject(new Error('While the trace is scored by hand its texts stay hidden. Export without them.'));
          return Promise.resolve({ steps: state.turn.steps.map(({ text }) => text), answer: state.turn.answer?.text ?? null });
        },
        save: async ({ uri, format, encoding, data }) => {
          if (uri !== this.uri || this.trace === undefined) throw new Error('The page shows another trace by now. Export again.');
          const bytes = encoding === 'base64' ? Buffer.from(data, 'base64') : new TextEncoder().encode(data);
          return { saved: await saveExport(this.trace, format, bytes) };
        },
      },
    };
  }
}

async function scoreTrace(uri: vscode.Uri): Promise<void> {
  const visible = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const document = visible?.document ?? (await vscode.workspace.openTextDocument(uri));
  await vscode.window.showTextDocument(document, visible?.viewColumn ?? vscode.ViewColumn.One);
  await vscode.commands.executeCommand('cotLens.score');
}

function tell(error: unknown): void {
  void vscode.window.showWarningMessage(plainLabel(error instanceof Error ? error.message : String(error), 1000));
}
