import type { CurvesModel, Place } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import { element } from '../dom';
import { button } from '../toolkit';
import { judgeLetter } from './markers';
import { inRanges } from './runs';

/** Rows that stand in the table at once: a thousand steps are leafed through, not laid out. */
const ROWS = 100;

/** The curves as a real table: always there for screen readers, shown to everyone who asks. */
export class StepTable {
  readonly element = element('section', { class: 'table', 'aria-label': 'Scores as a table' });
  private readonly caption = element('caption');
  private readonly head = element('thead');
  private readonly body = element('tbody');
  private readonly pages = element('div', { class: 'row' });
  private begin = 0;
  private model: CurvesModel | undefined;
  private series: readonly Series[] = [];
  /** What decides rows and columns: while it stays, only scores are written anew. */
  private frame = '';
  private cells: Text[][] = [];
  private visible = false;

  constructor(private readonly go: (place: Place) => void) {
    this.element.append(element('table', {}, this.caption, this.head, this.body), this.pages);
  }

  /** @param visible shown to everyone, not to screen readers alone */
  show(model: CurvesModel, series: readonly Series[], visible: boolean): void {
    if (this.model?.uri !== model.uri || this.begin >= model.steps) this.begin = 0;
    this.model = model;
    this.series = series;
    this.visible = visible;
    this.element.classList.toggle('unseen', !visible);
    this.fill();
  }

  private fill(): void {
    const { model, series, begin } = this;
    if (model === undefined) return;
    const end = Math.min(model.steps, begin + ROWS);
    const places: Place[] = Array.from({ length: end - begin }, (_, i) => begin + i);
    if (model.hasAnswer && end === model.steps) places.push('answer');
    const frame = JSON.stringify([model.uri, model.steps, begin, places.length, series, model.judges.map(({ name }) => name)]);
    if (frame !== this.frame) {
      this.frame = frame;
      this.build(model, places, end);
    }
    for (const [column, judge] of model.judges.entries()) {
      const isStale = inRanges(judge.stale);
      for (const [at, one] of series.entries()) {
        for (const [i, place] of places.entries()) {
          const score = (place === 'answer' ? judge.answer?.[one] : judge[one].scores[place]) ?? null;
          const stale = place === 'answer' ? judge.answer?.stale === true : isStale(place);
          const words = score === null ? '–' : stale ? `${String(score)} (stale)` : String(score);
          const cell = this.cells[i]?.[column * series.length + at];
          if (cell !== undefined && cell.data !== words) cell.data = words;
        }
      }
    }
    this.keepOutOfTheWay();
  }

  /** Nobody shall tab through a hundred controls that cannot be seen; a screen reader presses them all the same. */
  private keepOutOfTheWay(): void {
    const tabIndex = this.visible ? 0 : -1;
    for (const control of this.element.querySelectorAll<HTMLElement>('.link, .row > *')) control.tabIndex = tabIndex;
  }

  private build(model: CurvesModel, places: readonly Place[], end: number): void {
    const { series, begin } = this;
    const several = model.judges.length > 1;
    const heads = model.judges.flatMap((judge, i) =>
      series.map((one) => element('th', { scope: 'col', title: judge.name }, several ? `${judgeLetter(i)}: ${one}` : one)),
    );
    const who = model.judges.map((judge, i) => `${several ? `${judgeLetter(i)}: ` : ''}${judge.name}`).join('; ');
    const range = model.steps > ROWS ? `Steps ${String(begin + 1)} to ${String(end)} of ${String(model.steps)}` : `${String(model.steps)} steps`;
    this.caption.textContent = `${range}, ${who === '' ? 'not scored' : `scored by ${who}`}`;
    this.head.replaceChildren(element('tr', {}, element('th', { scope: 'col' }, 'Step'), ...heads));
    this.cells = places.map(() => heads.map(() => document.createTextNode('')));
    this.body.replaceChildren(
      ...places.map((place, i) => {
        const link = element('button', { class: 'link', title: 'Go there in the editor' }, place === 'answer' ? 'answer' : String(place + 1));
        link.addEventListener('click', () => {
          this.go(place);
        });
        return element('tr', {}, element('th', { scope: 'row' }, link), ...(this.cells[i] ?? []).map((cell) => element('td', {}, cell)));
      }),
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
}
