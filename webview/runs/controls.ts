import { element } from '../dom';
import { check, choice, type Check, type Choice, type ChoiceOption } from '../toolkit';
import type { RunsState } from './messages';
import { SMOOTHINGS, type Smoothing } from './smooth';
import { seriesTitle } from './words';

const NAMES: Readonly<Record<Smoothing, ChoiceOption>> = {
  0: { value: '0', label: 'not smoothed' },
  0.6: { value: '0.6', label: 'average, 0.6', description: 'Exponential moving average: 0.6 × the average before + 0.4 × the value (ours)' },
  0.9: { value: '0.9', label: 'average, 0.9', description: 'Exponential moving average: 0.9 × the average before + 0.1 × the value (ours)' },
  0.97: { value: '0.97', label: 'average, 0.97', description: 'Exponential moving average: 0.97 × the average before + 0.03 × the value (ours)' },
};

export interface ControlEvents {
  series(name: string, on: boolean): void;
  state(part: Partial<Pick<RunsState, 'smoothing' | 'table'>>): void;
}

/** What a person chooses on the page. */
export class Controls {
  readonly element = element('div', { class: 'row toggles controls', role: 'group', 'aria-label': 'What is shown' });
  private readonly smoothing: Choice;
  private readonly table: Check;
  private readonly boxes = element('span', { class: 'row series' });
  private readonly checks = new Map<string, Check>();

  constructor(private readonly events: ControlEvents) {
    this.smoothing = choice('Smoothing', SMOOTHINGS.map((weight) => NAMES[weight]), (value) => {
      events.state({ smoothing: SMOOTHINGS.find((weight) => String(weight) === value) ?? 0 });
    });
    this.table = check('table', (table) => { events.state({ table }); }, 'Show all numbers as a table');
    const hint = element('span', { class: 'hint', 'aria-hidden': 'true' }, 'lines');
    this.element.append(element('span', { class: 'labelled' }, hint, this.smoothing.element), this.table.element, this.boxes);
  }

  show(all: readonly string[], shown: readonly string[], state: Pick<RunsState, 'smoothing' | 'table'>): void {
    this.smoothing.set(String(state.smoothing));
    this.table.set(state.table);
    const known = [...this.checks.keys()];
    if (known.length !== all.length || known.some((name, i) => name !== all[i])) {
      this.checks.clear();
      for (const name of all) this.checks.set(name, check(seriesTitle(name), (on) => { this.events.series(name, on); }, `Show ${name}`));
      this.boxes.replaceChildren(...[...this.checks.values()].map(({ element: box }) => box));
    }
    for (const [name, box] of this.checks) box.set(shown.includes(name));
  }
}
