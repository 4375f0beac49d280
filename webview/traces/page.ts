import type { Channel } from '../channel';
import { element } from '../dom';
import { button } from '../toolkit';
import { DatasetBar } from './datasetBar';
import { FilterBar } from './filterBar';
import type { Card, fromPage, Listed, Query, ShownDataset, Status, toPage } from './messages';
import { RowGrid } from './rowGrid';
import type { Stretch } from './selection';
import { grouped, statusInWords } from './words';

/** The *Traces* view: a dataset's rows. It keeps nothing: what it shows it was sent. */
export class TracesPage {
  private readonly datasets: DatasetBar;
  private readonly filters: FilterBar;
  private readonly grid: RowGrid;
  private readonly statusLine = element('span', { role: 'status' });
  private readonly cancel: HTMLElement;
  private readonly again: HTMLElement;
  private readonly empty = element('p', { class: 'empty' });
  private readonly statusBar: HTMLElement;
  private readonly message = element('p', { class: 'error', role: 'alert' });
  private readonly welcome: HTMLElement;
  private readonly rows = element('main', {});
  private status: Status = { generation: -1, count: 0, of: 0, running: false, share: 0, changed: 0 };
  private selected = 0;
  private looking = true;
  private dataset: ShownDataset | null = null;
  private loading: { readonly name: string; readonly share: number } | null = null;
  private atTop = false;

  constructor(channel: Pick<Channel<typeof fromPage, typeof toPage>, 'send'>) {
    this.datasets = new DatasetBar((id) => {
      if (id !== '') channel.send('choose', { id });
    });
    this.filters = new FilterBar((query) => {
      this.atTop = true;
      this.message.textContent = '';
      channel.send('ask', { query });
    });
    this.grid = new RowGrid({
      wanted: (from, to) => {
        channel.send('wanted', { generation: this.status.generation, from, to });
      },
      selected: (selection, active) => {
        this.selected = selection.count;
        channel.send('selected', { generation: this.status.generation, positions: selection.stretches.map(([from, to]) => [from, to]), active: active ?? null });
        this.tellStatus();
      },
      open: (position, keep) => {
        channel.send('open', { generation: this.status.generation, position, keep });
      },
    });
    this.cancel = button('Cancel', () => {
      channel.send('cancel', {});
    }, { quiet: true });
    this.again = button('List Anew', () => {
      this.filters.askAgain();
    }, { quiet: true, title: 'Look again which rows fit, and in which order' });
    this.statusBar = element('div', { class: 'status' }, this.statusLine, this.cancel, this.again);
    this.welcome = element(
      'section',
      { class: 'welcome' },
      element('p', {}, 'Traces of a dataset are listed here: JSONL, JSON, CSV, TSV, Parquet and Inspect .eval files of the workspace, or any other file you open.'),
      button('Open Dataset…', () => {
        channel.send('openDataset', {});
      }),
      button('Open a Sample…', () => {
        channel.send('openSample', {});
      }, { quiet: true }),
      button('Look Again', () => {
        channel.send('look', {});
      }, { quiet: true }),
    );
    this.rows.append(this.filters.element, this.statusBar, this.message, this.empty, this.grid.element);
    document.body.append(this.datasets.element, this.welcome, this.rows);
    this.arrange();
  }

  setDatasets(list: readonly Listed[], looking: boolean): void {
    this.looking = looking;
    this.datasets.setList(list, looking);
    this.arrange();
  }

  setDataset(dataset: ShownDataset | null, loading: { readonly name: string; readonly share: number } | null, error: string | null): void {
    this.dataset = dataset;
    this.loading = loading;
    this.message.textContent = '';
    this.datasets.show(dataset, error);
    this.arrange();
    this.tellStatus();
  }

  setQuery(query: Query): void {
    this.filters.set(query);
    this.atTop = true;
  }

  setJudges(judges: readonly { readonly key: string; readonly name: string; readonly rows: number }[]): void {
    this.filters.setJudges(judges);
  }

  setStatus(status: Status): void {
    const anew = status.generation !== this.status.generation;
    this.status = status;
    if (anew) this.selected = 0;
    this.grid.setRows(status.count, anew);
    if (anew && this.atTop) {
      this.grid.toTop();
      this.atTop = false;
    }
    this.tellStatus();
  }

  setCards(generation: number, cards: readonly (readonly [number, Card])[]): void {
    if (generation === this.status.generation) this.grid.setCards(cards);
  }

  /** What the cards say may be other than before. */
  refreshCards(): void {
    this.grid.refresh();
  }

  setShown(generation: number, position: number | null, reveal: boolean): void {
    if (generation === this.status.generation) this.grid.setShown(position ?? undefined, reveal);
  }

  select(generation: number, positions: readonly Stretch[], active: number | null): void {
    if (generation !== this.status.generation) return;
    this.grid.setSelection(positions, active ?? undefined);
    this.selected = positions.reduce((sum, [from, to]) => sum + to - from, 0);
    this.tellStatus();
  }

  say(message: string): void {
    this.message.textContent = message;
  }

  private tellStatus(): void {
    const { loading, dataset, status, selected } = this;
    const words = loading !== null
      ? `Reading ${loading.name}, ${String(Math.floor(loading.share * 100))} %`
      : dataset === null
        ? ''
        : statusInWords(status) + (selected === 0 ? '' : ` · ${grouped(selected)} selected`) + (status.changed === 0 ? '' : ` · ${grouped(status.changed)} changed since listed`);
    // How far a search is, is not read out several times a second.
    this.statusLine.setAttribute('aria-live', status.running || loading !== null ? 'off' : 'polite');
    if (this.statusLine.textContent !== words) this.statusLine.textContent = words;
    this.cancel.hidden = loading === null && !status.running;
    this.again.hidden = loading !== null || status.running || status.changed === 0;
    const none = dataset !== null && loading === null && !status.running && status.count === 0;
    this.empty.hidden = !none;
    this.empty.textContent = !none ? '' : status.of === 0 ? 'There is no row in this dataset.' : 'No row fits what is searched or filtered by.';
  }

  private arrange(): void {
    const has = this.dataset !== null || this.loading !== null;
    this.rows.hidden = !has;
    this.welcome.hidden = has || this.looking;
    this.filters.element.hidden = this.dataset === null;
  }
}

