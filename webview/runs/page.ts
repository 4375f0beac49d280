import type { RunsPageModel } from '../../src/curve/runsPageModel';
import type { Channel } from '../channel';
import { element } from '../dom';
import { button } from '../toolkit';
import { RunsChart } from './chart';
import { Controls } from './controls';
import { HoverCard, valuesAt } from './hoverCard';
import { nearest, runLayout } from './layout';
import { DEFAULT_RUNS_STATE, type fromRunsPage, type RunsState, type toRunsPage } from './messages';
import { runsCsv, runsSvg } from './runExports';
import { RunHead } from './runHead';
import { DifferencesTable, NumbersTable } from './runTables';
import { allSeries, chartInWords, defaultSeries, seriesTitle, statesInWords } from './words';

export type RunsChannel = Channel<typeof fromRunsPage, typeof toRunsPage>;

/** Steps that a page key goes. */
const PAGE = 10;
/** What the chart says of itself while no step is pointed at: a slider always has a value. */
const NO_STEP = { 'aria-valuenow': '0', 'aria-valuetext': 'No step yet: the arrow keys go through them' };

/** The Runs page: holds what is shown and puts its parts together. */
export class RunsPage {
  private model: RunsPageModel | undefined;
  private state: RunsState;
  /** The step that is pointed at. */
  private step: number | undefined;

  private readonly title = element('h1', {}, 'Run');
  private readonly heads = element('div', { class: 'heads' });
  private readonly empty = element('p', { class: 'empty', role: 'status' });
  private readonly problem = element('p', { class: 'notice', role: 'alert' });
  private readonly live = element('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  private readonly content = element('div', { class: 'content' });
  private readonly box = element('div', { class: 'focusable', role: 'slider', tabindex: '0', 'aria-label': 'Steps', 'aria-valuemin': '0', ...NO_STEP });
  private readonly described = element('p', { class: 'unseen' });
  private readonly card = new HoverCard();
  private readonly numbers = new NumbersTable();
  private readonly differences = new DifferencesTable();
  private readonly chart: RunsChart;
  private readonly controls: Controls;
  private shownHeads: readonly RunHead[] = [];
  private said = '';
  /** What the notice says is of a saving, until the next one or a problem. */
  private saved = false;

  constructor(
    private readonly channel: RunsChannel,
    remembered: RunsState | null,
    private readonly remember: (state: RunsState) => void,
  ) {
    this.state = remembered ?? DEFAULT_RUNS_STATE;
    this.chart = new RunsChart((step, x, y) => {
      this.point(step, x, y);
    });
    this.controls = new Controls({
      series: (name, on) => {
        const now = this.all.filter((one) => (one === name ? on : this.series.includes(one)));
        // One is always shown: the last one cannot be taken away.
        this.change({ series: now.length === 0 ? [name] : now });
        this.draw();
      },
      state: (part) => {
        this.change(part);
        this.draw();
      },
    });
    this.build();
  }

  /** Begins to follow the page's size and its keys. */
  start(): void {
    new ResizeObserver(() => { this.fit(); }).observe(this.box);
    this.box.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.key(event.key)) event.preventDefault();
    });
    this.box.addEventListener('blur', () => { this.point(undefined); });
  }

  begin(state: RunsState): void {
    this.change(state);
  }

  showModel(model: RunsPageModel): void {
    this.model = model;
    // What became of a saving stays to be read.
    if (!this.saved) this.problem.textContent = '';
    this.change({ runs: model.runs.map(({ id }) => id) });
    this.draw();
    // What changes at each step is not read out; what becomes of a run is.
    const said = statesInWords(model);
    if (said !== this.said && this.said !== '') this.live.textContent = said;
    this.said = said;
  }

  showProblem(message: string): void {
    this.saved = false;
    this.problem.textContent = message;
  }

  private get all(): readonly string[] {
    return this.model === undefined ? [] : allSeries(this.model);
  }

  /** The series that are shown, as they stand on the page. */
  private get series(): readonly string[] {
    const { all, state } = this;
    const chosen = state.series === null ? [] : all.filter((name) => state.series?.includes(name));
    return chosen.length === 0 ? defaultSeries(all) : chosen;
  }

  private build(): void {
    this.box.append(this.chart.svg, this.card.element);
    this.content.append(
      this.controls.element,
      this.box,
      element('p', { class: 'hint keys' }, 'Keys: ← → step · Page: 10 steps · Home End · Escape'),
      this.described,
      this.numbers.element,
      element(
        'div',
        { class: 'row exports', role: 'group', 'aria-label': 'Save' },
        element('span', {}, 'Save as'),
        ...(['svg', 'csv'] as const).map((format) => button(format.toUpperCase(), () => void this.save(format), { quiet: true, title: `Save as ${format.toUpperCase()}` })),
      ),
    );
    this.content.hidden = true;
    document.body.append(element('main', {}, element('header', {}, this.title), this.problem, this.heads, this.empty, this.content, this.differences.element, this.live));
  }

  private change(part: Partial<RunsState>): void {
    this.state = { ...this.state, ...part };
    this.remember(this.state);
  }

  private draw(): void {
    const { model } = this;
    if (model === undefined) return;
    const { runs } = model;
    const { all, series } = this;
    this.title.textContent = runs.length > 1 ? `${String(runs.length)} runs compared` : 'Run';
    this.title.classList.toggle('unseen', runs.length < 2);
    this.drawHeads(model, series);
    this.differences.show(model);
    const none = all.length === 0;
    this.content.hidden = none;
    this.empty.hidden = !none;
    this.empty.textContent = none ? waitedFor(model) : '';
    if (none) return;
    this.controls.show(all, series, this.state);
    this.fit();
    this.described.textContent = chartInWords(model, series);
    this.numbers.show(model, series, this.chart.steps, this.state.table);
  }

  private drawHeads(model: RunsPageModel, series: readonly string[]): void {
    const { runs } = model;
    if (runs.length !== this.shownHeads.length || runs.some(({ id }, i) => id !== this.shownHeads[i]?.id)) {
      this.shownHeads = runs.map(({ id, title }, i) => new RunHead(i, id, title, runs.length > 1, (act) => { this.channel.send('act', { run: id, act }); }));
      this.heads.replaceChildren(...this.shownHeads.map((head) => head.element));
    }
    for (const [i, run] of runs.entries()) this.shownHeads[i]?.show(run, series);
  }

  /** Draws the chart at the width there is. */
  private fit(): void {
    const width = Math.floor(this.box.clientWidth);
    if (this.model === undefined || width < 50) return;
    this.chart.show(runLayout(this.model.runs, this.series, seriesTitle, this.state.smoothing, width));
    this.box.setAttribute('aria-valuemax', String(this.chart.steps.at(-1) ?? 0));
    if (this.step !== undefined) this.point(this.step);
  }

  /** Points at a step: by the mouse at its place, by a key at the step's own. */
  private point(step: number | undefined, x?: number, y?: number): void {
    this.step = step;
    const pixel = this.chart.mark(step);
    const layout = this.chart.painted?.layout;
    if (step === undefined || pixel === undefined || layout === undefined || this.model === undefined) {
      this.card.hide();
      for (const [name, value] of Object.entries(NO_STEP)) this.box.setAttribute(name, value);
      return;
    }
    const lines = valuesAt(layout, this.model, step);
    this.box.setAttribute('aria-valuenow', String(step));
    this.box.setAttribute('aria-valuetext', `Step ${String(step)}: ${lines.join(', ')}`);
    this.card.show(step, lines, x ?? pixel, y ?? (layout.panels[0]?.top ?? 0), this.box.clientWidth);
  }

  private key(key: string): boolean {
    const { steps } = this.chart;
    const here = this.step === undefined ? undefined : nearest(steps, this.step);
    const to = (index: number): boolean => {
      this.point(steps[Math.max(0, Math.min(steps.length - 1, index))]);
      return true;
    };
    switch (key) {
      case 'ArrowRight':
      case 'ArrowUp':
        return to(here === undefined ? 0 : here + 1);
      case 'ArrowLeft':
      case 'ArrowDown':
        return to(here === undefined ? steps.length - 1 : here - 1);
      case 'PageUp':
        return to((here ?? -1) + PAGE);
      case 'PageDown':
        return to((here ?? steps.length) - PAGE);
      case 'Home':
        return to(0);
      case 'End':
        return to(steps.length - 1);
      case 'Escape':
        this.point(undefined);
        return true;
      default:
        return false;
    }
  }

  private async save(format: 'svg' | 'csv'): Promise<void> {
    if (this.model === undefined) return;
    this.problem.textContent = '';
    this.saved = true;
    try {
      const data = format === 'csv' ? runsCsv(this.model) : runsSvg(this.model, this.series, this.state.smoothing, this.chart);
      // A person is asked where to: no time is too long.
      const { saved } = await this.channel.request('save', { format, data }, 0);
      if (saved !== null) this.live.textContent = this.problem.textContent = `Saved ${saved}.`;
    } catch (error) {
      this.problem.textContent = `Not saved. ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** Why there is nothing to draw yet, and what will bring it. */
function waitedFor({ runs }: RunsPageModel): string {
  if (runs.length === 0) return '';
  const states = new Set(runs.map(({ state }) => state));
  if (['running', 'paused', 'stop requested'].some((state) => states.has(state as never))) return 'No numbers yet. The first are drawn when the trainer logs its first step; until then it loads the model and the rows.';
  if (['preparing', 'submitting', 'pending', 'unknown'].some((state) => states.has(state as never))) return 'No numbers yet. They come once the run has begun.';
  return 'This run logged no numbers.';
}
