import type { RunsPageModel } from '../../src/curve/runsPageModel';
import { element } from '../dom';
import { groupLetter } from '../means/groupStyles';
import { own, valueAt } from './layout';
import { number } from './number';
import { launchInWords, seriesTitle } from './words';

/** Rows that the table of numbers has at most: of longer runs every second, third, … step. Ours. */
const MOST_ROWS = 200;

/** All numbers as a real table: a row a step, a column a line. Always there for screen readers. */
export class NumbersTable {
  readonly element = element('section', { class: 'table', 'aria-label': 'Numbers as a table' });
  private drawn = '';

  /** @param visible shown to everyone, not to screen readers alone */
  show({ runs }: RunsPageModel, shown: readonly string[], steps: readonly number[], visible: boolean): void {
    this.element.classList.toggle('unseen', !visible);
    const columns = shown.flatMap((name) =>
      runs.flatMap(({ series }, run) => {
        const points = own(series, name);
        return points.length === 0 ? [] : [{ head: runs.length > 1 ? `${groupLetter(run)} ${seriesTitle(name)}` : seriesTitle(name), points }];
      }),
    );
    const every = Math.max(1, Math.ceil(steps.length / MOST_ROWS));
    // From the last step back, which is looked at most.
    const rows = steps.filter((_, i) => (steps.length - 1 - i) % every === 0);
    const drawn = JSON.stringify([columns.map(({ head, points }) => [head, points.at(-1)]), rows]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.element.replaceChildren(
      element(
        'table',
        {},
        element('caption', {}, every === 1 ? 'As they were logged' : `As they were logged, one step of ${String(every)}; more are in the CSV`),
        element('thead', {}, element('tr', {}, ...['Step', ...columns.map(({ head }) => head)].map((head) => element('th', { scope: 'col' }, head)))),
        element('tbody', {}, ...rows.map((step) => element('tr', {}, element('th', { scope: 'row' }, step.toLocaleString('en-US')), ...columns.map(({ points }) => element('td', {}, cell(valueAt(points, step))))))),
      ),
    );
  }
}

/** What differs between the runs that are compared: a row a value, a column a run. */
export class DifferencesTable {
  readonly element = element('section', { class: 'table differs', 'aria-label': 'What differs' });
  private drawn = '';

  show({ runs, differences }: RunsPageModel): void {
    this.element.hidden = runs.length < 2;
    const drawn = JSON.stringify([runs.map(({ title }) => title), differences]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const same = element('p', { class: 'hint' }, 'Recipe, values, set and backend are the same.');
    const table = element(
      'table',
      {},
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, ''), ...runs.map((run, at) => element('th', { scope: 'col' }, `${groupLetter(at)}: ${run.title}`, element('div', { class: 'hint' }, launchInWords(run)))))),
      element('tbody', {}, ...differences.map(({ name, values }) => element('tr', {}, element('th', { scope: 'row' }, name), ...values.map((value) => element('td', {}, value ?? '–'))))),
    );
    this.element.replaceChildren(element('h2', {}, 'What differs'), differences.length === 0 ? same : table);
  }
}

function cell(value: number | undefined): string {
  return value === undefined ? '–' : number(value, 6);
}
