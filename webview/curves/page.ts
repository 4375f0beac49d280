import type { ComparisonModel, CurvesModel, Place } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import type { Channel } from '../channel';
import { element } from '../dom';
import { DEFAULT_PAGE_STATE, type ExportFormat, type fromPage, type PageState, type toPage } from '../messages';
import { button, check, type Check } from '../toolkit';
import { Chart } from './chart';
import { ComparisonPanel } from './comparison';
import { Details } from './details';
import { exportAs } from './exports';
import { HoverCard } from './hoverCard';
import { JudgeList } from './judgeList';
import { KEYS, keyAct } from './keyboard';
import { StepTable } from './table';
import { movesLittle } from './themes';
import { modelInWords, placeInWords } from './words';

export type PageChannel = Channel<typeof fromPage, typeof toPage>;

const ALL: readonly Series[] = ['harmfulness', 'helpfulness'];
/** Height of the chart by its number of panels, in pixels; a narrow page has a lower one. */
const HEIGHTS = [0, 260, 430] as const;

/** The Curves page: holds what is shown and puts its parts together. */
export class CurvesPage {
  private model: CurvesModel | null = null;
  private comparison: ComparisonModel | null = null;
  private state: PageState;
  private selected: Place | undefined;
  private cursor: Place | undefined;

  private readonly title = element('h1', {}, 'Curves');
  private readonly summary = element('p', { class: 'summary' });
  private readonly live = element('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  private readonly notice = element('p', { class: 'notice', role: 'alert' });
  private readonly empty = element('p', { class: 'empty' }, 'Open a trace to see its curves.');
  private readonly focusable = element('div', { class: 'focusable', role: 'slider', tabindex: '0', 'aria-label': 'Steps', 'aria-valuemin': '1' });
  private readonly content = element('div', { class: 'content' });
  private readonly scoreButton: HTMLElement;
  private readonly toggles: Readonly<Record<'harmfulness' | 'helpfulness' | 'before' | 'pinned' | 'table' | 'withText', Check>>;

  private readonly chart: Chart;
  private readonly card: HoverCard;
  private readonly judges: JudgeList;
  private readonly details: Details;
  private readonly table: StepTable;
  private readonly compared: ComparisonPanel;

  constructor(
    private readonly channel: PageChannel,
    remembered: PageState | null,
    private readonly remember: (state: PageState) => void,
  ) {
    this.state = remembered ?? DEFAULT_PAGE_STATE;
    this.chart = new Chart({
      pointed: (place, x, y) => {
        this.pointed(place, x, y);
      },
      clicked: (place, twice) => {
        this.select(place);
        this.goTo(place, twice);
      },
      zoomed: (zoom) => {
        this.change({ zoom });
      },
    });
    this.card = new HoverCard((place) => this.textOf(place));
    this.judges = new JudgeList((key, shown) => {
      const others = this.state.overlay.filter((one) => one !== key);
      this.change({ overlay: shown ? [...others, key] : others });
      this.tellChosen();
    });
    this.details = new Details({
      go: (place) => {
        this.goTo(place, true);
      },
      sent: (place, judge) => this.channel.request('sent', { ...this.where(place), judge }),
      openSent: (place, judge) => {
        this.channel.send('openSent', { ...this.where(place), judge });
      },
    });
    this.table = new StepTable((place) => {
      this.select(place);
      this.goTo(place, true);
    });
    this.compared = new ComparisonPanel(
      ({ uri, step }, focus) => {
        if (uri === this.model?.uri) this.select(step);
        this.channel.send('goTo', { uri, place: step, focus });
      },
      () => {
        this.showComparison(null);
        this.channel.send('comparisonClosed', {});
      },
    );
    const series = (one: Series): Check => check(one, (on) => { this.toggleSeries(one, on); }, `Show the ${one} curve`);
    this.toggles = {
      harmfulness: series('harmfulness'),
      helpfulness: series('helpfulness'),
      before: check('before the edit', (before) => { this.change({ before }); }, 'Show the last curve from before the edit, faintly'),
      pinned: check('stay with this trace', (pinned) => { this.change({ pinned }); this.tellChosen(); }, 'Do not follow the active editor'),
      table: check('table', (table) => { this.change({ table }); }, 'Show the scores as a table'),
      withText: check('step texts in CSV', (withText) => { this.change({ withText }); }, 'Traces can hold unsafe text; without this a CSV holds numbers alone'),
    };
    this.scoreButton = button('Score Steps', () => {
      if (this.model !== null) this.channel.send('score', { uri: this.model.uri });
    });
    this.build();
  }

  /** Begins to listen to the person. */
  start(): void {
    new ResizeObserver(() => { this.fit(); }).observe(this.focusable);
    this.focusable.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.key(event.key)) event.preventDefault();
    });
    document.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || this.comparison === null) return;
      if (event.key === 'j') this.compared.step(1);
      if (event.key === 'k') this.compared.step(-1);
    });
  }

  showModel(model: CurvesModel | null): void {
    const other = model?.uri !== this.model?.uri;
    const said = this.model === null || model === null ? '' : modelInWords(this.model, this.series);
    this.model = model;
    if (other) {
      this.selected = undefined;
      this.cursor = undefined;
      this.notice.textContent = '';
      // What a page remembers of its zoom is of the trace it remembers.
      if (model !== null && this.state.uri !== null && this.state.uri !== model.uri) this.change({ zoom: null });
    }
    if (model !== null) this.change({ uri: model.uri, zoom: within(this.state.zoom, model.steps) });
    this.draw();
    const now = model === null ? '' : modelInWords(model, this.series);
    if (model !== null && model.scoring === null && now !== said) this.live.textContent = now;
    if (this.selected !== undefined) this.showDetails();
  }

  showCursor(uri: string, place: Place | null): void {
    if (uri !== this.model?.uri) return;
    this.cursor = place ?? undefined;
    this.chart.mark('cursor', this.cursor);
    if (place !== null && place !== this.selected) this.select(place);
  }

  showComparison(comparison: ComparisonModel | null): void {
    this.comparison = comparison;
    this.compared.show(comparison);
    if (comparison !== null) {
      this.compared.element.scrollIntoView({ behavior: movesLittle() ? 'auto' : 'smooth', block: 'nearest' });
      this.live.textContent = `Two judges compared: ${String(comparison.differing)} steps differ.`;
    }
  }

  /** What the extension decides: judges laid over, and whether the page stays. */
  setState(given: Partial<Pick<PageState, 'overlay' | 'pinned'>>): void {
    this.change(given);
  }

  private get series(): readonly Series[] {
    return this.state.series ?? this.model?.shown ?? ALL;
  }

  private where(place: Place): { uri: string; version: number; place: Place } {
    return { uri: this.model?.uri ?? '', version: this.model?.version ?? 0, place };
  }

  private build(): void {
    const { harmfulness, helpfulness, before, pinned, table, withText } = this.toggles;
    const save = (format: ExportFormat): HTMLElement =>
      button(format.toUpperCase(), () => void this.save(format), { quiet: true, title: `Save as ${format.toUpperCase()}` });
    const zoom = [
      button('+', () => { this.chart.zoomBy(1.6); }, { quiet: true, title: 'Zoom in (+, or Ctrl and the wheel)' }),
      button('−', () => { this.chart.zoomBy(1 / 1.6); }, { quiet: true, title: 'Zoom out (−)' }),
      button('All', () => { this.chart.resetZoom(); }, { quiet: true, title: 'All steps (0)' }),
    ];
    this.focusable.append(this.chart.svg, this.card.element);
    this.content.append(
      element('div', { class: 'row toggles' }, harmfulness.element, helpfulness.element, before.element, table.element, pinned.element),
      this.scoreButton,
      this.focusable,
      element('div', { class: 'row under' }, element('span', { class: 'row' }, ...zoom), element('span', { class: 'hint' }, KEYS)),
      this.judges.element,
      this.compared.element,
      this.details.element,
      this.table.element,
      element('div', { class: 'row exports', role: 'group', 'aria-label': 'Save' }, element('span', {}, 'Save as'), save('svg'), save('png'), save('csv'), withText.element),
      this.notice,
    );
    document.body.append(element('main', {}, element('header', {}, this.title, this.summary), this.empty, this.content, this.live));
    this.draw();
  }

  /** A part of the state changes: it is remembered, and what it shows is drawn anew. */
  private change(part: Partial<PageState>): void {
    const before = this.state;
    this.state = { ...before, ...part };
    if (Object.entries(part).every(([name, value]) => JSON.stringify(before[name as keyof PageState]) === JSON.stringify(value))) return;
    this.remember(this.state);
    this.draw();
  }

  private tellChosen(): void {
    this.channel.send('chosen', { overlay: this.state.overlay, pinned: this.state.pinned });
  }

  private toggleSeries(one: Series, on: boolean): void {
    const now = ALL.filter((each) => (each === one ? on : this.series.includes(each)));
    // One is always shown: the last one cannot be taken away. What the settings would show too follows them again.
    const series = now.length === 0 ? [one] : now;
    this.change({ series: series.join() === this.model?.shown.join() ? null : series });
    this.draw();
  }

  private draw(): void {
    const { model, series, state } = this;
    this.empty.hidden = model !== null;
    this.content.hidden = model === null;
    if (model === null) {
      this.title.textContent = 'Curves';
      this.summary.textContent = '';
      return;
    }
    const [shown] = model.judges;
    this.title.textContent = model.doc;
    this.summary.textContent = this.summaryOf(model);
    this.scoreButton.hidden = shown !== undefined || model.steps === 0 || model.scoring !== null;
    this.toggles.harmfulness.set(series.includes('harmfulness'));
    this.toggles.helpfulness.set(series.includes('helpfulness'));
    for (const name of ['before', 'pinned', 'table', 'withText'] as const) this.toggles[name].set(state[name]);
    this.toggles.before.element.hidden = model.before === null;
    this.fit();
    this.judges.show(model, series, state.overlay);
    this.table.show(model, series, state.table);
  }

  private summaryOf(model: CurvesModel): string {
    const [shown] = model.judges;
    const parts: string[] = [];
    if (shown === undefined) parts.push(`${String(model.steps)} steps, not scored`);
    else for (const one of this.series) parts.push(shown[one].n === 0 ? `no ${one} scores` : shown[one].n < model.steps ? shown[one].words : `${shown[one].words} (n = ${String(shown[one].n)})`);
    if (model.ending !== null) parts.push(model.ending);
    parts.push(`intent ${model.intent}`);
    if (shown !== undefined) parts.push(`by ${shown.name}`);
    if (model.scoring !== null) parts.push(`scoring: ${String(model.scoring.done)} of ${String(model.scoring.total)}`);
    return parts.join(' · ');
  }

  /** Draws the chart at the size it has. */
  private fit(): void {
    const { model, series } = this;
    const width = Math.floor(this.focusable.clientWidth);
    if (model === null || width < 50) return;
    const height = HEIGHTS[series.length === 2 ? 2 : 1] * (width < 420 ? 0.85 : 1);
    const view = { model, series, before: this.state.before, zoom: this.state.zoom };
    this.chart.show(view, { width, height: Math.round(height) });
    this.markAll();
  }

  private markAll(): void {
    this.chart.mark('cursor', this.cursor);
    this.chart.mark('selected', this.selected);
    const { model, selected } = this;
    if (model === null) return;
    this.focusable.setAttribute('aria-label', `Steps of ${model.doc}`);
    this.focusable.setAttribute('aria-valuemax', String(model.steps + (model.hasAnswer ? 1 : 0)));
    const now = selected === undefined ? 1 : selected === 'answer' ? model.steps + 1 : selected + 1;
    this.focusable.setAttribute('aria-valuenow', String(now));
    this.focusable.setAttribute(
      'aria-valuetext',
      selected === undefined ? `No step selected. ${modelInWords(model, this.series)}` : placeInWords(model, selected, this.series),
    );
  }

  private pointed(place: Place | undefined, x: number, y: number): void {
    this.chart.mark('hovered', place);
    if (place === undefined || this.model === null) this.card.hide();
    else this.card.show(this.model, place, this.series, x, y, this.focusable.clientWidth);
  }

  private select(place: Place): void {
    this.selected = place;
    this.chart.reveal(place);
    this.markAll();
    this.showDetails();
  }

  private showDetails(): void {
    const { model, selected: place } = this;
    if (model === null || place === undefined || (place !== 'answer' && place >= model.steps)) {
      this.details.clear();
      return;
    }
    this.textOf(place).then(
      (texts) => {
        if (this.model === model && this.selected === place) this.details.show(model, place, this.series, texts);
      },
      () => {
        if (this.model === model && this.selected === place) this.details.show(model, place, this.series, undefined);
      },
    );
  }

  private textOf(place: Place): Promise<{ text: string | null; more: number; reason: string; time: string | null }> {
    return this.channel.request('stepText', { ...this.where(place), judge: this.model?.judges[0]?.key ?? null });
  }

  private goTo(place: Place, focus: boolean): void {
    if (this.model !== null) this.channel.send('goTo', { uri: this.model.uri, place, focus });
  }

  private key(key: string): boolean {
    const { model } = this;
    if (model === null) return false;
    const turning = [...new Set(this.series.flatMap((one) => model.judges[0]?.[one].turningPoints.map(({ step }) => step) ?? []))].sort((a, b) => a - b);
    const does = keyAct(key, this.selected, model.steps, model.hasAnswer, turning);
    if (does === undefined) return false;
    switch (does.act) {
      case 'select':
        // What is said of where the pointer rests would lie over what the keys go to.
        this.pointed(undefined, 0, 0);
        this.select(does.place);
        break;
      case 'go':
        if (this.selected !== undefined) this.goTo(this.selected, true);
        break;
      case 'zoom':
        this.chart.zoomBy(does.factor);
        break;
      case 'reset':
        this.chart.resetZoom();
    }
    return true;
  }

  private async save(format: ExportFormat): Promise<void> {
    const { model } = this;
    if (model === null) return;
    this.notice.textContent = '';
    try {
      const wantsTexts = format === 'csv' && this.state.withText;
      const texts = wantsTexts ? await this.channel.request('texts', { uri: model.uri, version: model.version }) : undefined;
      const made = await exportAs(format, model, this.series, this.chart, texts);
      // A person is asked where to: no time is too long.
      const { saved } = await this.channel.request('save', { uri: model.uri, format, ...made }, 0);
      if (saved !== null) this.live.textContent = this.notice.textContent = `Saved ${saved}.`;
    } catch (error) {
      this.notice.textContent = `Not saved. ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** A zoom that still lies in the trace. */
function within(zoom: PageState['zoom'], steps: number): PageState['zoom'] {
  return zoom === null || zoom[1] > steps + 0.5 || zoom[1] - zoom[0] >= steps ? null : zoom;
}
