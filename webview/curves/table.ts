import type { CurvesModel, Place } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import { element } from '../dom';
import { button } from '../toolkit';
import { judgeLetter } from './markers';
import { isStaleAt } from './words';

/** Rows that stand in the table at once: a thousand steps are leafed through, not laid out. */
const ROWS = 100;

/** The curves as a real table: always there for screen readers, shown to everyone who asks. */
export class StepTable {
  readonly element = element('section', { class: 'table', 'aria-label': 'Scores as a table' });
  private readonly table = element('table');
  private readonly pages = element('div', { class: 'row' });
  private begin = 0;
  private model: CurvesModel | undefined;
  private series: readonly Series[] = [];

  constructor(private readonly go: (place: Place) => void) {
    this.element.append(this.table, this.pages);
  }

  /** @param visible shown to everyone, not to screen readers alone */
  show(model: CurvesModel, series: readonly Series[], visible: boolean): void {
    if (this.model?.uri !== model.uri || this.begin >= model.steps) this.begin = 0;
    this.model = model;
    this.series = series;
    this.element.classList.toggle('unseen', !visible);
    this.fill();
  }

  private fill(): void {
    const { model, series, begin } = this;
    if (model === undefined) return;
    const end = Math.min(model.steps, begin + ROWS);
    const several = model.judges.length > 1;
    const heads = model.judges.flatMap((judge, i) =>
      series.map((one) => element('th', { scope: 'col', title: judge.name }, several ? `${judgeLetter(i)}: ${one}` : one)),
    );
    const places: Place[] = Array.from({ length: end - begin }, (_, i) => begin + i);
    if (model.hasAnswer && end === model.steps) places.push('answer');
    const who = model.judges.map((judge, i) => `${several ? `${judgeLetter(i)}: ` : ''}${judge.name}`).join('; ');
    const range = model.steps > ROWS ? `Steps ${String(begin + 1)} to ${String(end)} of ${String(model.steps)}` : `${String(model.steps)} steps`;
    this.table.replaceChildren(
      element('caption', {}, `${range}, ${who === '' ? 'not scored' : `scored by ${who}`}`),
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Step'), ...heads)),
      element('tbody', {}, ...places.map((place) => this.row(model, place))),
    );
    this.pages.replaceChildren();
    if (model.steps <= ROWS) return;
    const leaf = (label: string, by: number): HTMLElement =>
      button(label, () => {
        this.begin = Math.max(0, Math.min(model.steps - 1, begin + by));
        this.fill();
      }, { quiet: true });
    if (begin > 0) this.pages.append(leaf(`Previous ${String(ROWS)}`, -ROWS));
    if (end < model.steps) this.pages.append(leaf(`Next ${String(ROWS)}`, ROWS));
  }

  private row(model: CurvesModel, place: Place): HTMLTableRowElement {
    const name = place === 'answer' ? 'answer' : String(place + 1);
    const link = element('button', { class: 'link', title: 'Go there in the editor' }, name);
    link.addEventListener('click', () => {
      this.go(place);
    });
    const cells = model.judges.flatMap((judge) =>
      this.series.map((one) => {
        const score = (place === 'answer' ? judge.answer?.[one] : judge[one].scores[place]) ?? null;
        const stale = score !== null && isStaleAt(judge, place) ? ' (stale)' : '';
        return element('td', {}, `${score === null ? '–' : String(score)}${stale}`);
      }),
    );
    return element('tr', {}, element('th', { scope: 'row' }, link), ...cells);
  }
}
