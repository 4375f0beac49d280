import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import { rowUri } from '../host/rowUris';
import type { WorkspaceTrace } from '../host/workspaceTraces';
import type { DatasetRow } from '../session/dataset';
import { promptOf } from '../session/rowFacts';
import { RowList, type ListStatus, type Positions } from '../session/rowList';
import { nameOf } from '../session/rowPath';
import { ALL_ROWS, type RowQuery } from '../session/rowQuery';
import { conditionInWords } from '../session/rowQueryWords';
import { EventSource, type Disposable } from '../trace/event';
import { findDatasets, findTraceFiles, watchDatasets, type FoundDataset } from './datasetList';
import type { ShowableDataset, TracesViewParts } from './tracesView';
import { TraceFileSet } from './tracesViewCot';
import { TracesMemory } from './tracesViewMemory';

/** The choice of the workspace's `.cot` files; no path of a file. */
export const TRACE_FILES = 'cot:';

/** Rows whose prompts are copied at most, and rows that are scored after asking whether so many are meant. */
const MOST_COPIED = 1000;
const MANY = 2000;
/** Milliseconds between a file that comes or goes and a look at all of them. */
const LOOK_AFTER = 1000;

/** A dataset that is open in the view. */
export interface Opened {
  readonly id: string;
  readonly dataset: ShowableDataset;
  readonly list: RowList;
  readonly files: TraceFileSet | undefined;
}

export interface Loading {
  readonly name: string;
  /** 0 … 1. */
  readonly share: number;
}

/** What changed: which datasets there are, which one is shown, or something of its list. */
export type ShownChange =
  | { readonly what: 'datasets' | 'dataset' | 'query' | 'cards' }
  | { readonly what: 'status'; readonly status: ListStatus }
  | { readonly what: 'failed'; readonly message: string };

/** What the *Traces* view shows: the workspace's datasets, one of them as a list, and the rows that are selected. */
export class TracesShown implements Disposable {
  private readonly changes = new EventSource<ShownChange>();
  private readonly memory: TracesMemory;
  private readonly own: Disposable[];
  private opening: AbortController | undefined;
  private looking: AbortController | undefined;
  private looked = false;
  datasets: readonly FoundDataset[] = [];
  traceFiles = 0;
  opened: Opened | undefined;
  loading: Loading | undefined;
  error: string | undefined;
  query: RowQuery = ALL_ROWS;
  /** As positions of a generation of the list. */
  selected: { readonly generation: number; readonly positions: readonly Positions[] } = { generation: -1, positions: [] };
  private told = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: TracesViewParts) {
    this.memory = new TracesMemory(parts.memory);
    this.own = [
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.lookLater();
      }),
      watchDatasets(() => {
        this.lookLater();
      }),
    ];
  }

  get onDidChange(): (listener: (change: ShownChange) => void) => Disposable {
    return this.changes.event;
  }

  get isLooking(): boolean {
    return this.looking !== undefined;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.looking?.abort();
    this.opening?.abort();
    this.close();
    for (const one of this.own) one.dispose();
    void vscode.commands.executeCommand('setContext', 'cotLens.tracesSelected', false);
    this.changes.dispose();
  }

  /** Looks for datasets the first time, and opens again what was shown last. */
  begin(): void {
    if (this.looked) return;
    void this.look();
    const last = this.memory.last;
    if (last !== undefined && this.opened === undefined && this.opening === undefined) void this.choose(last);
  }

  /** Looks for the workspace's datasets. */
  async look(): Promise<void> {
    this.looked = true;
    this.looking?.abort();
    const looking = new AbortController();
    this.looking = looking;
    this.changes.fire({ what: 'datasets' });
    try {
      this.traceFiles = (await findTraceFiles()).length;
      await findDatasets((path) => this.parts.datasets.looksLikeTraces(path), looking.signal, (datasets) => {
        this.datasets = datasets;
        this.changes.fire({ what: 'datasets' });
      });
    } catch (error) {
      this.parts.output.error(`The workspace's datasets could not be looked for: ${String(error)}`);
    } finally {
      if (this.looking === looking) {
        this.looking = undefined;
        this.changes.fire({ what: 'datasets' });
      }
    }
  }

  /** Shows a dataset, or the trace files; what was shown is closed. Failures are told in the view. */
  async choose(id: string): Promise<void> {
    if (this.opened?.id === id && this.opening === undefined) return;
    this.opening?.abort();
    const opening = new AbortController();
    this.opening = opening;
    this.close();
    this.error = undefined;
    this.setLoading({ name: this.nameOf(id), share: 0 });
    try {
      const opened = await this.open(id, opening.signal);
      if (opening.signal.aborted) {
        opened.list.dispose();
        opened.dataset.dispose();
        return;
      }
      this.opened = opened;
      this.opening = undefined;
      this.query = this.memory.queryOf(id);
      this.memory.shown(id);
      this.setLoading(undefined);
      this.changes.fire({ what: 'query' });
      opened.list.start(this.query);
    } catch (error) {
      if (this.opening !== opening) return;
      this.opening = undefined;
      if (!opening.signal.aborted) this.error = plainLabel(`${this.nameOf(id)} cannot be opened: ${error instanceof Error ? error.message : String(error)}`, 1000);
      this.setLoading(undefined);
    }
  }

  ask(query: RowQuery): void {
    const { opened } = this;
    if (opened === undefined) return;
    this.query = query;
    this.memory.remember(opened.id, query);
    opened.list.ask(query);
    this.changes.fire({ what: 'cards' });
  }

  /** Ends the reading of a dataset, or the looking for rows. */
  cancel(): void {
    if (this.loading !== undefined) this.opening?.abort();
    this.opened?.list.cancel();
  }

  select(generation: number, positions: readonly Positions[]): void {
    this.selected = { generation, positions };
    void vscode.commands.executeCommand('setContext', 'cotLens.tracesSelected', positions.length > 0);
  }

  nameOf(id: string): string {
    return id === TRACE_FILES ? 'Trace files (.cot)' : vscode.workspace.asRelativePath(id);
  }

  /** @param action of those that speak of selected rows */
  async act(action: 'open' | 'score' | 'means' | 'copyPrompt' | 'reveal'): Promise<void> {
    const { opened } = this;
    if (opened === undefined) return;
    const rows = this.selected.generation === opened.list.status.generation ? opened.list.ordinals(this.selected.positions) : new Uint32Array();
    if (action === 'reveal' && opened.files === undefined) {
      await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(opened.dataset.path));
      return;
    }
    if (rows.length === 0 && action !== 'means') {
      void vscode.window.showInformationMessage('Select rows in the Traces view first: click, Shift+click, Space, or Ctrl+A for all of the list.');
      return;
    }
    switch (action) {
      case 'open':
        for (const ordinal of rows.slice(0, 10)) await this.openRow(ordinal, true);
        return;
      case 'score':
        return this.score(opened, rows);
      case 'means':
        await vscode.commands.executeCommand('cotLens.showMeanCurves', {
          dataset: opened.dataset.path,
          // No selection, or all of all: the whole result, which need not be listed.
          ordinals: rows.length > 0 && rows.length < opened.dataset.count ? [...rows] : opened.list.isWhole ? undefined : [...(rows.length > 0 ? rows : opened.list.ordinals([[0, Infinity]]))],
          conditioned: conditionInWords(this.query),
        });
        return;
      case 'copyPrompt': {
        const prompts: string[] = [];
        for (const ordinal of rows.slice(0, MOST_COPIED)) {
          const [trace] = (await opened.dataset.row(ordinal)).traces;
          if (trace !== undefined) prompts.push(promptOf(trace));
        }
        await vscode.env.clipboard.writeText(prompts.join('\n\n'));
        return;
      }
      case 'reveal': {
        const uri = opened.files?.uri(rows[0] ?? 0);
        if (uri !== undefined) await vscode.commands.executeCommand('revealInExplorer', uri);
      }
    }
  }

  /** Opens a row's document: as a preview that the next one replaces, or to keep. */
  async openRow(ordinal: number, keep: boolean): Promise<void> {
    const { opened } = this;
    if (opened === undefined) return;
    const row = await opened.dataset.row(ordinal);
    if (row.problem !== undefined) throw new Error(row.problem);
    await vscode.window.showTextDocument(this.uriOf(opened, row), { preview: !keep, preserveFocus: !keep });
  }

  private uriOf({ dataset, files }: Opened, { ordinal, key, traces }: DatasetRow, at = 0): vscode.Uri {
    const file = files?.uri(ordinal);
    if (file !== undefined) return file;
    const variant = traces[at]?.variant;
    return rowUri({ dataset: dataset.path, key, ordinal, variant: variant === undefined ? undefined : nameOf(variant) });
  }

  private async score(opened: Opened, rows: Uint32Array): Promise<void> {
    if (rows.length > MANY) {
      const yes = 'Go On';
      const said = `${String(rows.length)} rows are selected. Each is read before the run, and a person may not want that many scored at once.`;
      if ((await vscode.window.showWarningMessage(said, { modal: true, detail: 'What it comes to is asked before anything is sent.' }, yes)) !== yes) return;
    }
    const resource = opened.files === undefined ? vscode.Uri.file(opened.dataset.path) : undefined;
    const traces: WorkspaceTrace[] = [];
    for (const ordinal of rows) {
      const row = await opened.dataset.row(ordinal);
      for (const at of row.traces.keys()) {
        traces.push({ ...this.parts.traces.of(this.uriOf(opened, row, at)), ...(resource === undefined ? {} : { resource }) });
      }
    }
    if (traces.length === 0) throw new Error('None of the selected rows can be read as a trace, so there is nothing to score.');
    await this.parts.score(traces);
  }

  private async open(id: string, signal: AbortSignal): Promise<Opened> {
    const files = id === TRACE_FILES ? await TraceFileSet.open() : undefined;
    const dataset: ShowableDataset =
      files ??
      (await this.parts.datasets.open(id, {
        signal,
        progress: (share) => {
          if (!signal.aborted && performance.now() - this.told > 100) this.setLoading({ name: this.nameOf(id), share });
        },
      }));
    const source = files === undefined ? this.parts.rowScores.of(dataset.path) : files.scores();
    // A row's address, for settings that depend on where a document lies.
    const resource = files === undefined ? rowUri({ dataset: dataset.path, key: 'row', ordinal: 0, variant: undefined }) : (files.uri(0) ?? vscode.Uri.file('/'));
    const list = new RowList(dataset, source, () => this.parts.settings.traceOptions({ uri: resource, languageId: 'cot' }), {
      status: (status) => {
        this.changes.fire({ what: 'status', status });
      },
      cards: () => {
        this.changes.fire({ what: 'cards' });
      },
      failed: (error) => {
        this.parts.output.error(`Traces view: ${String(error)}`);
        this.changes.fire({ what: 'failed', message: plainLabel(error instanceof Error ? error.message : String(error), 1000) });
      },
    });
    this.following = dataset.onDidChange(({ all }) => {
      if (all) this.changes.fire({ what: 'dataset' });
    });
    return { id, dataset, list, files };
  }

  private following: Disposable | undefined;

  private lookLater(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.looked) void this.look();
    }, LOOK_AFTER);
  }

  private close(): void {
    this.following?.dispose();
    this.following = undefined;
    this.opened?.list.dispose();
    this.opened?.dataset.dispose();
    this.opened = undefined;
    this.select(-1, []);
  }

  private setLoading(loading: Loading | undefined): void {
    this.told = performance.now();
    this.loading = loading;
    this.changes.fire({ what: 'dataset' });
  }
}
