import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import { rowUri } from '../host/rowUris';
import { RowList, type ListStatus, type Positions } from '../session/rows/rowList';
import { ALL_ROWS, type RowQuery } from '../session/rows/rowQuery';
import { conditionInWords, selectionInWords } from '../session/rows/rowQueryWords';
import { SelectedRows } from '../session/rows/selectedRows';
import { EventSource, type Disposable } from '../trace/event';
import { findDatasets, findTraceFiles, watchDatasets, type FoundDataset } from './datasetList';
import type { ShowableDataset, TracesViewParts } from './tracesView';
import { actOnRows, openRow, type RowAction } from './tracesViewActions';
import { TraceFileSet } from './tracesViewCot';
import { TracesMemory } from './tracesViewMemory';

/** The choice of the workspace's `.cot` files; no path of a file. */
export const TRACE_FILES = 'cot:';

/** Milliseconds between a file that comes or goes and a look at all of them. */
const LOOK_AFTER = 1000;

/** Stretches of selected rows that are told to a page; ours. A random tenth of a million rows is fewer. */
const MOST_STRETCHES = 100_000;
const NOTHING = { generation: -1, positions: [], active: null };

/** A dataset that is open in the view. */
export interface Opened {
  readonly id: string;
  readonly dataset: ShowableDataset;
  readonly list: RowList;
  readonly files: TraceFileSet | undefined;
  readonly selected: SelectedRows;
  readonly following: Disposable;
}

export interface Loading {
  readonly name: string;
  /** 0 … 1. */
  readonly share: number;
}

/** What changed: which datasets there are, which one is shown, or something of its list. */
export type ShownChange =
  | { readonly what: 'datasets' | 'dataset' | 'query' | 'cards' | 'selected' }
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
  /** The selected rows as positions of a generation of the list, and where the keyboard is. */
  selected: { readonly generation: number; readonly positions: readonly Positions[]; readonly active: number | null } = NOTHING;
  /** Never the same for two lists: a page may still hold positions and cards of the one before. */
  private generation = 0;
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
        opened.following.dispose();
        opened.list.dispose();
        opened.dataset.dispose();
        if (this.opening !== opening) return;
        this.opening = undefined;
        this.setLoading(undefined);
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

  /** @param active the position that the keyboard is on */
  select(generation: number, positions: readonly Positions[], active: number | null): void {
    const { opened } = this;
    // Positions of a list that is no more: what is selected now is told to the page anyway.
    if (opened === undefined || generation !== opened.list.status.generation) return;
    const rows = opened.list.ordinals(positions);
    opened.selected.select(rows, active === null ? undefined : opened.list.ordinalAt(active), selectionInWords(this.query, rows.length < opened.list.status.count));
    this.setSelected({ generation, positions, active });
  }

  /** The list was made anew: what is selected and still listed stays selected, where it is now. */
  private reselect({ list, selected }: Opened): void {
    const { generation } = list.status;
    const found = list.positionsOf(selected.rows);
    const positions = found.slice(0, MOST_STRETCHES);
    const active = selected.active === undefined ? undefined : list.positionOf(selected.active);
    const listed = list.ordinals(positions);
    if (listed.length !== selected.rows.length) selected.select(listed, selected.active, conditionInWords(this.query));
    this.setSelected({ generation, positions, active: active ?? null });
    this.changes.fire({ what: 'selected' });
    if (found.length > positions.length) {
      this.changes.fire({ what: 'failed', message: `The selected rows lie too scattered in this list to stay selected all; ${String(listed.length)} of them do. Filter as before, and select again.` });
    }
  }

  private setSelected(selected: TracesShown['selected']): void {
    this.selected = selected;
    void vscode.commands.executeCommand('setContext', 'cotLens.tracesSelected', selected.positions.length > 0);
  }

  nameOf(id: string): string {
    return id === TRACE_FILES ? 'Trace files (.cot)' : vscode.workspace.asRelativePath(id);
  }

  /** Does something with the rows that are selected. @throws Error in words */
  async act(action: RowAction): Promise<void> {
    const { opened } = this;
    if (opened !== undefined) await actOnRows(action, opened, opened.selected.rows, this.query, this.parts);
  }

  /** Opens a row's document: as a preview that the next one replaces, or to keep. @throws Error in words */
  async openRow(ordinal: number, keep: boolean): Promise<void> {
    if (this.opened !== undefined) await openRow(this.opened, ordinal, keep);
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
    const selected = new SelectedRows(dataset);
    const following = dataset.onDidChange((change) => {
      if (!change.all) {
        void selected.moved(change);
        return;
      }
      const { count } = dataset;
      void selected.moved(change).then((lost) => {
        const { opened } = this;
        if (opened?.selected !== selected) return;
        if (!opened.list.status.running) this.reselect(opened);
        if (lost > 0) this.changes.fire({ what: 'failed', message: `${plainLabel(this.nameOf(id), 200)} changed as a whole (it has ${String(count)} rows now), and ${String(lost)} selected ${lost === 1 ? 'row was' : 'rows were'} not found again. Select anew.` });
      });
      this.changes.fire({ what: 'dataset' });
    });
    const list: RowList = new RowList(dataset, source, () => this.parts.settings.traceOptions({ uri: resource, languageId: 'cot' }), {
      status: (status) => {
        this.changes.fire({ what: 'status', status });
        const { opened } = this;
        if (opened?.list === list && !status.running && status.generation !== this.selected.generation && opened.selected.rows.length + this.selected.positions.length > 0) this.reselect(opened);
      },
      cards: () => {
        this.changes.fire({ what: 'cards' });
      },
      failed: (error) => {
        this.parts.output.error(`Traces view: ${String(error)}`);
        this.changes.fire({ what: 'failed', message: plainLabel(error instanceof Error ? error.message : String(error), 1000) });
      },
    }, () => ++this.generation);
    return { id, dataset, list, files, selected, following };
  }

  private lookLater(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.looked) void this.look();
    }, LOOK_AFTER);
  }

  private close(): void {
    this.opened?.following.dispose();
    this.opened?.list.dispose();
    this.opened?.dataset.dispose();
    this.opened = undefined;
    this.setSelected(NOTHING);
  }

  private setLoading(loading: Loading | undefined): void {
    this.told = performance.now();
    this.loading = loading;
    this.changes.fire({ what: 'dataset' });
  }
}
