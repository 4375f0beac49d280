import * as vscode from 'vscode';
import { Channel, type Handlers } from '../../webview/channel';
import { fromPage, toPage, type Card, type Listed, type ShownDataset } from '../../webview/traces/messages';
import { plainLabel } from '../host/plainLabel';
import { rowPlace } from '../host/rowUris';
import type { RowCard } from '../session/rows/rowCards';
import { judgeName } from '../session/traceSummary';
import type { Disposable } from '../trace/event';
import { pageHtml, pagesFolder } from './pageHtml';
import type { TracesViewParts } from './tracesView';
import { TRACE_FILES, type ShownChange, type TracesShown } from './tracesViewShown';

/** One page of the *Traces* view, as long as it is in sight. */
export class TracesPage implements Disposable {
  private readonly channel: Channel<typeof toPage, typeof fromPage>;
  private readonly own: Disposable[];
  private ready = false;
  private reading: AbortController | undefined;

  constructor(
    view: vscode.WebviewView,
    private readonly parts: TracesViewParts,
    private readonly shown: TracesShown,
    private readonly closed: () => void,
  ) {
    const { webview } = view;
    webview.options = { enableScripts: true, localResourceRoots: [pagesFolder(parts.extension)] };
    this.channel = new Channel(toPage, fromPage, this.handlers(), {
      post: (message) => void webview.postMessage(message),
      log: (message) => {
        parts.output.warn(`Traces view: ${message}`);
      },
    });
    this.own = [
      webview.onDidReceiveMessage((message: unknown) => {
        this.channel.receive(message);
      }),
      view.onDidChangeVisibility(() => {
        // A hidden page is taken down, and says `ready` anew when it is shown again.
        if (!view.visible) this.ready = false;
      }),
      view.onDidDispose(() => {
        this.dispose();
      }),
      shown.onDidChange((change) => {
        this.changed(change);
      }),
    ];
    webview.html = pageHtml(webview, parts.extension, 'traces', 'Traces');
  }

  dispose(): void {
    this.reading?.abort();
    this.channel.dispose();
    for (const one of this.own) one.dispose();
    this.closed();
  }

  /** Marks the row that an editor shows. */
  follow(uri: vscode.Uri, reveal: boolean): void {
    if (this.ready) void this.sendShown(uri, reveal).catch(() => undefined);
  }

  private async sendShown(uri: vscode.Uri, reveal: boolean): Promise<void> {
    const { opened } = this.shown;
    if (opened === undefined) return;
    const row = rowPlace(uri);
    const here = row?.dataset === opened.dataset.path;
    const ordinal = opened.files !== undefined ? opened.files.ordinalOf(uri) : here && row !== undefined ? await opened.dataset.find(row.key, row.ordinal) : undefined;
    const position = ordinal === undefined || ordinal < 0 ? undefined : opened.list.positionOf(ordinal);
    this.channel.send('shown', { generation: opened.list.status.generation, position: position ?? null, reveal });
  }

  private changed(change: ShownChange): void {
    if (!this.ready) return;
    switch (change.what) {
      case 'datasets':
        this.sendDatasets();
        return;
      case 'dataset':
        void this.sendDataset();
        return;
      case 'query':
        this.channel.send('query', { query: this.shown.query });
        return;
      case 'cards':
        this.sendJudges();
        this.channel.send('stale', {});
        return;
      case 'selected':
        this.sendSelection();
        return;
      case 'status':
        this.channel.send('status', change.status);
        if (!change.status.running) this.sendActive(false);
        return;
      case 'failed':
        this.channel.send('failed', { message: change.message });
    }
  }

  private sendActive(reveal: boolean): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    if (uri !== undefined) this.follow(uri, reveal);
  }

  private sendDatasets(): void {
    const { datasets, traceFiles, isLooking } = this.shown;
    const list: Listed[] = datasets.slice(0, 10_000).map(({ uri, name }) => ({ id: uri.fsPath, name: plainLabel(name, 200), detail: '' }));
    if (traceFiles > 0) list.push({ id: TRACE_FILES, name: this.shown.nameOf(TRACE_FILES), detail: `${String(traceFiles)} files of the workspace` });
    this.channel.send('datasets', { list, looking: isLooking });
  }

  private async sendDataset(): Promise<void> {
    const { opened, loading, error } = this.shown;
    let dataset: ShownDataset | null = null;
    if (opened !== undefined) {
      const { dataset: of } = opened;
      const aside = (await of.editsAside?.().catch(() => 0)) ?? 0;
      if (this.shown.opened !== opened || !this.ready) return;
      const facts = [
        ...(of.formats.length > 0 ? [of.formats.map((format) => plainLabel(format)).join(' and ')] : []),
        of.container,
        ...(of.size > 0 ? [bytesInWords(of.size)] : []),
        ...(of.writable ? [] : ['read only']),
        ...(aside > 0 ? [`${String(aside)} ${aside === 1 ? 'edit' : 'edits'} kept aside`] : []),
      ];
      dataset = { id: opened.id, name: plainLabel(this.shown.nameOf(opened.id), 200), facts, rows: of.count, problems: of.problems.slice(0, 100).map((problem) => plainLabel(problem, 500)) };
    }
    this.channel.send('dataset', { dataset, loading: loading === undefined ? null : { ...loading, name: plainLabel(loading.name, 200) }, error: error ?? null });
  }

  private sendJudges(): void {
    const judges = this.shown.opened?.list.judges ?? [];
    this.channel.send('judges', { judges: judges.slice(0, 1000).map(({ key, identity, rows }) => ({ key, name: plainLabel(judgeName(identity, this.parts.calibrationOf(key)), 120), rows })) });
  }

  private sendSelection(): void {
    const { generation, positions, active } = this.shown.selected;
    if (generation >= 0) this.channel.send('select', { generation, positions: positions.map(([from, to]) => [from, to]), active });
  }

  private async begin(): Promise<void> {
    this.ready = true;
    this.shown.begin();
    this.sendDatasets();
    await this.sendDataset();
    const { opened } = this.shown;
    if (opened === undefined) return;
    this.channel.send('query', { query: this.shown.query });
    this.sendJudges();
    this.channel.send('status', opened.list.status);
    this.sendSelection();
    this.sendActive(true);
  }

  private async sendCards(generation: number, from: number, to: number): Promise<void> {
    const { opened } = this.shown;
    this.reading?.abort();
    if (opened === undefined || opened.list.status.generation !== generation) return;
    const reading = new AbortController();
    this.reading = reading;
    for await (const cards of opened.list.cards(from, Math.min(to, from + 500), reading.signal)) {
      if (reading.signal.aborted || opened.list.status.generation !== generation) return;
      this.channel.send('cards', { generation, cards: cards.map(([position, card]) => [position, plainCard(card)]) });
    }
  }

  private handlers(): Handlers<typeof fromPage> {
    const { shown } = this;
    const act = (work: Promise<void>): void => {
      work.catch((error: unknown) => {
        if ((error as Error | undefined)?.name === 'AbortError') return;
        this.channel.send('failed', { message: plainLabel(error instanceof Error ? error.message : String(error), 1000) });
      });
    };
    return {
      events: {
        ready: () => {
          act(this.begin());
        },
        choose: ({ id }) => {
          // Only what was offered: a page names no other file of this machine.
          if (id === TRACE_FILES || shown.datasets.some(({ uri }) => uri.fsPath === id)) act(shown.choose(id));
        },
        openDataset: () => void vscode.commands.executeCommand('cotLens.openDataset'),
        openSample: () => void vscode.commands.executeCommand('cotLens.openSample'),
        look: () => {
          act(shown.look());
        },
        ask: ({ query }) => {
          shown.ask(query);
        },
        cancel: () => {
          shown.cancel();
        },
        wanted: ({ generation, from, to }) => {
          act(this.sendCards(generation, from, to));
        },
        selected: ({ generation, positions, active }) => {
          shown.select(generation, positions, active);
        },
        open: ({ generation, position, keep }) => {
          const list = shown.opened?.list;
          const ordinal = list?.status.generation === generation ? list.ordinalAt(position) : undefined;
          if (ordinal !== undefined) act(shown.openRow(ordinal, keep));
        },
        act: ({ action }) => {
          act(shown.act(action));
        },
        failed: ({ message }) => {
          this.parts.output.error(`Traces view: ${message}`);
        },
      },
      requests: {},
    };
  }
}

/** Trace text is hostile: one line, no characters that hide or turn others. */
function plainCard(card: RowCard): Card {
  return {
    ...card,
    id: card.id === null ? null : plainLabel(card.id, 120),
    prompt: plainLabel(card.prompt, 400),
    model: card.model === null ? null : plainLabel(card.model, 60),
    problem: card.problem === null ? null : plainLabel(card.problem, 400),
    judge: card.judge === null ? null : plainLabel(card.judge, 60),
    curves: card.curves.map((curve) => ({ ...curve })),
  };
}

function bytesInWords(bytes: number): string {
  if (bytes < 1000) return `${String(bytes)} bytes`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[power - 1] ?? ''}`;
}
