import type { MeanCurvesModel } from '../../src/curve/meanCurvesModel';
import type { Series } from '../../src/curve/series';
import type { Channel } from '../channel';
import { element } from '../dom';
import { MixBar } from '../set/mixBar';
import { button } from '../toolkit';
import { Controls } from './controls';
import { GroupList } from './groupList';
import { MeanChart } from './meanChart';
import { exportMeans, type MeanFormat } from './meanExports';
import { MeanTable } from './meanTable';
import { DEFAULT_MEAN_STATE, type fromMeansPage, type MeanState, type toMeansPage } from './messages';
import { modelInWords, titleLines } from './words';

export type MeansChannel = Channel<typeof fromMeansPage, typeof toMeansPage>;

const ALL: readonly Series[] = ['harmfulness', 'helpfulness'];

/** The Mean Curves page: holds what is shown and puts its parts together. */
export class MeansPage {
  private model: MeanCurvesModel | undefined;
  private version = 0;
  private state: MeanState;

  private readonly title = element('h1', {}, 'Mean Curves');
  private readonly lines = element('div', { class: 'summary' });
  private readonly busy = element('p', { class: 'busy', role: 'status' });
  private readonly problem = element('p', { class: 'notice', role: 'alert' });
  private readonly live = element('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  private readonly why = element('section', { class: 'why' });
  private readonly whyText = element('p');
  private readonly content = element('div', { class: 'content' });
  private readonly box = element('div', { class: 'focusable' });
  private readonly notes = element('ul', { class: 'notes', 'aria-label': 'How to read it' });
  private readonly mix = new MixBar();
  private readonly chart = new MeanChart();
  private readonly table = new MeanTable();
  private readonly groups: GroupList;
  private readonly controls: Controls;

  constructor(
    private readonly channel: MeansChannel,
    remembered: MeanState | null,
    private readonly remember: (state: MeanState) => void,
  ) {
    this.state = remembered ?? DEFAULT_MEAN_STATE;
    this.groups = new GroupList({
      members: (group, begin) => this.channel.request('members', { version: this.version, group, begin }),
      open: (group, member) => {
        this.channel.send('open', { version: this.version, group, member });
      },
    });
    this.controls = new Controls({
      choice: (part) => {
        // What is not chosen here stays as the extension has it, such as the judge it took by itself.
        const choice = { ...(this.model?.choice ?? this.state.choice), ...part };
        this.change({ choice });
        this.channel.send('chosen', choice);
      },
      state: (part) => {
        this.change(part);
        this.draw();
      },
      series: (one, on) => {
        const now = ALL.filter((each) => (each === one ? on : this.series.includes(each)));
        // One is always shown: the last one cannot be taken away.
        const series = now.length === 0 ? [one] : now;
        this.change({ series: series.join() === this.model?.shown.join() ? null : series });
        this.draw();
      },
    });
    this.build();
  }

  /** Begins to follow the page's size. */
  start(): void {
    new ResizeObserver(() => { this.fit(); }).observe(this.box);
  }

  begin(state: MeanState): void {
    this.change(state);
  }

  showModel(version: number, model: MeanCurvesModel): void {
    this.version = version;
    this.model = model;
    this.problem.textContent = '';
    this.change({ choice: model.choice });
    this.draw();
    this.live.textContent = model.why ?? `${titleLines(model).join('. ')}.`;
  }

  showBusy(message: string | null): void {
    this.busy.textContent = message ?? '';
    this.content.setAttribute('aria-busy', String(message !== null));
  }

  showProblem(message: string): void {
    this.problem.textContent = message;
  }

  private get series(): readonly Series[] {
    return this.state.series ?? this.model?.shown ?? ALL;
  }

  private build(): void {
    const save = (format: MeanFormat): HTMLElement => button(format.toUpperCase(), () => void this.save(format), { quiet: true, title: `Save as ${format.toUpperCase()}` });
    this.box.append(this.chart.svg);
    this.why.append(
      this.whyText,
      element(
        'div',
        { class: 'row' },
        button('Choose Judge…', () => { this.channel.send('chooseJudge', {}); }),
        button('Score…', () => { this.channel.send('score', {}); }, { quiet: true }),
        button('Read Scores Again', () => { this.channel.send('refresh', {}); }, { quiet: true }),
      ),
    );
    this.content.append(
      this.controls.element,
      this.box,
      this.groups.element,
      this.notes,
      this.table.element,
      element(
        'div',
        { class: 'row exports', role: 'group', 'aria-label': 'Save' },
        element('span', {}, 'Save as'),
        ...(['svg', 'png', 'csv'] as const).map(save),
        button('Read Scores Again', () => { this.channel.send('refresh', {}); }, { quiet: true, title: 'Take in what was scored since' }),
      ),
    );
    this.content.hidden = this.why.hidden = this.mix.element.hidden = true;
    document.body.append(element('main', {}, element('header', {}, this.title, this.lines), this.mix.element, this.busy, this.why, this.content, this.problem, this.live));
  }

  private change(part: Partial<MeanState>): void {
    this.state = { ...this.state, ...part };
    this.remember(this.state);
  }

  private draw(): void {
    const { model, series, state } = this;
    if (model === undefined) return;
    this.title.textContent = `${model.mix === undefined ? 'Mean curves' : 'Curated set'}: ${model.title}`;
    this.mix.show(model.mix, model.groups.map(({ name }) => name));
    this.lines.replaceChildren(...titleLines(model).map((line) => element('p', line.includes('CONDITIONED') ? { class: 'conditioned' } : {}, line)));
    this.why.hidden = model.why === null;
    this.whyText.textContent = model.why ?? '';
    this.content.hidden = model.why !== null;
    if (model.why !== null) return;
    this.controls.show(model, series, state);
    this.fit();
    this.chart.describe(modelInWords(model, series));
    this.groups.show(model, series);
    this.notes.replaceChildren(...model.notes.map((note) => element('li', {}, note)));
    this.table.show(model, series, state.table);
  }

  /** Draws the charts at the width there is. */
  private fit(): void {
    const width = Math.floor(this.box.clientWidth);
    if (this.model === undefined || this.model.why !== null || width < 50) return;
    this.chart.show(this.model, { series: this.series, layout: this.state.layout }, width);
  }

  private async save(format: MeanFormat): Promise<void> {
    if (this.model === undefined) return;
    this.problem.textContent = '';
    try {
      const made = await exportMeans(format, this.model, this.series, this.chart);
      // A person is asked where to: no time is too long.
      const { saved } = await this.channel.request('save', { format, ...made }, 0);
      if (saved !== null) this.live.textContent = this.problem.textContent = `Saved ${saved}.`;
    } catch (error) {
      this.problem.textContent = `Not saved. ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}
