import type { Alignment } from '../../src/curve/alignment';
import type { GroupBy, MeanCurvesModel } from '../../src/curve/meanCurvesModel';
import type { Series } from '../../src/curve/series';
import { element } from '../dom';
import { check, choice, type Check, type Choice, type ChoiceOption } from '../toolkit';
import { MOST_BINS, type MeanState } from './messages';
import { signedNumber } from './meanPlan';

const ALIGNMENTS: readonly ChoiceOption[] = [
  { value: 'position', label: 'by position' },
  { value: 'extreme', label: 'at the worst score' },
  { value: 'injected', label: 'at the injected step' },
];
const GROUPS: readonly (ChoiceOption & { readonly value: GroupBy })[] = [
  { value: 'none', label: 'not grouped' },
  { value: 'recipe', label: 'by recipe' },
  { value: 'shape', label: 'by shape' },
  { value: 'intent', label: 'by intent' },
  { value: 'source', label: 'by source' },
  { value: 'model', label: 'by model' },
  { value: 'file', label: 'by file' },
];
const LAYOUTS: readonly ChoiceOption[] = [
  { value: 'overlay', label: 'overlaid' },
  { value: 'multiples', label: 'side by side' },
];
const BINS = [5, 10, 20, 25, MOST_BINS];
const BEFORE = [0, -1, -2, -3, -5, -10, -20];
const AFTER = [0, 1, 2, 3, 5, 10, 20, 50];
/** Around an event: three steps before it and five after it (ours). */
const WINDOW = { from: -3, to: 5 } as const;

export interface ControlEvents {
  choice(part: Partial<MeanState['choice']>): void;
  state(part: Partial<Pick<MeanState, 'layout' | 'table'>>): void;
  series(series: Series, on: boolean): void;
}

/** What a person chooses on the page. */
export class Controls {
  readonly element = element('div', { class: 'row toggles controls', role: 'group', 'aria-label': 'What is shown' });
  private readonly judge: Choice;
  private readonly alignment: Choice;
  private readonly bins: Choice;
  private readonly from: Choice;
  private readonly to: Choice;
  private readonly by: Choice;
  private readonly layout: Choice;
  private readonly table: Check;
  private readonly series: Readonly<Record<Series, Check>>;
  private readonly labelled: Readonly<Record<'judge' | 'bins' | 'window' | 'layout', HTMLElement>>;
  private now: Alignment = { kind: 'position', bins: 10 };
  /** What the boxes were filled with last: they are not filled anew while a person has one open. */
  private filled = '';

  constructor(events: ControlEvents) {
    const numbers = (values: readonly number[], sign = false): ChoiceOption[] => values.map((value) => ({ value: String(value), label: sign ? signedNumber(value) : String(value) }));
    const window = (part: { from?: number; to?: number }): void => {
      if (this.now.kind !== 'position') events.choice({ alignment: { ...this.now, ...part } });
    };
    this.judge = choice('Judge', [], (judge) => { events.choice({ judge }); });
    this.alignment = choice('Alignment', ALIGNMENTS, (kind) => {
      events.choice({ alignment: kind === 'position' ? { kind, bins: 10 } : { kind: kind === 'extreme' ? 'extreme' : 'injected', ...WINDOW } });
    });
    this.bins = choice('Bins', numbers(BINS), (bins) => { events.choice({ alignment: { kind: 'position', bins: Number(bins) } }); });
    this.from = choice('First step of the window', numbers(BEFORE, true), (from) => { window({ from: Number(from) }); });
    this.to = choice('Last step of the window', numbers(AFTER, true), (to) => { window({ to: Number(to) }); });
    this.by = choice('Groups', GROUPS, (by) => { events.choice({ by: GROUPS.find(({ value }) => value === by)?.value ?? 'none' }); });
    this.layout = choice('Layout', LAYOUTS, (layout) => { events.state({ layout: layout === 'multiples' ? 'multiples' : 'overlay' }); });
    this.table = check('table', (table) => { events.state({ table }); }, 'Show all numbers as a table');
    const series = (one: Series): Check => check(one, (on) => { events.series(one, on); }, `Show mean ${one}`);
    this.series = { harmfulness: series('harmfulness'), helpfulness: series('helpfulness') };
    const labelled = (label: string, ...controls: Choice[]): HTMLElement =>
      element('span', { class: 'labelled' }, element('span', { class: 'hint', 'aria-hidden': 'true' }, label), ...controls.map((one) => one.element));
    this.labelled = {
      judge: labelled('judge', this.judge),
      bins: labelled('bins', this.bins),
      window: labelled('steps', this.from, this.to),
      layout: labelled('groups', this.layout),
    };
    this.element.append(
      this.labelled.judge,
      labelled('aligned', this.alignment),
      this.labelled.bins,
      this.labelled.window,
      labelled('grouped', this.by),
      this.labelled.layout,
      this.series.harmfulness.element,
      this.series.helpfulness.element,
      this.table.element,
    );
  }

  show(model: MeanCurvesModel, series: readonly Series[], state: Pick<MeanState, 'layout' | 'table'>): void {
    const { alignment, by } = model.choice;
    this.now = alignment;
    this.labelled.judge.hidden = model.judges.length < 2;
    this.labelled.bins.hidden = alignment.kind !== 'position';
    this.labelled.window.hidden = alignment.kind === 'position';
    this.labelled.layout.hidden = model.groups.length < 2;
    const judges = model.judges.map(({ key, name, traces }) => ({ value: key, label: `${name} · n = ${String(traces)}` }));
    const filled = JSON.stringify([judges, model.judge?.key]);
    if (filled !== this.filled) this.judge.fill(judges, model.judge?.key ?? '');
    this.filled = filled;
    this.alignment.set(alignment.kind);
    if (alignment.kind === 'position') this.bins.set(String(alignment.bins));
    else {
      this.from.set(String(alignment.from));
      this.to.set(String(alignment.to));
    }
    this.by.set(by);
    this.layout.set(state.layout);
    this.table.set(state.table);
    for (const one of ['harmfulness', 'helpfulness'] as const) this.series[one].set(series.includes(one));
  }
}
