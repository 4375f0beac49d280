import type { MeanColumns, MeanCurvesModel } from '../../src/curve/meanCurvesModel';
import type { Series } from '../../src/curve/series';
import { element } from '../dom';
import { placeInWords, pointAt, pointInWords } from './words';

/** All numbers as a real table: a row a place, a column a curve. Always there for screen readers. */
export class MeanTable {
  readonly element = element('section', { class: 'table', 'aria-label': 'Means as a table' });

  /** @param visible shown to everyone, not to screen readers alone */
  show(model: MeanCurvesModel, series: readonly Series[], visible: boolean): void {
    this.element.classList.toggle('unseen', !visible);
    const curves: { readonly name: string; readonly columns: MeanColumns }[] = series.flatMap((one) => [
      ...model.groups.map((group) => ({ name: model.groups.length > 1 ? `${group.name}: ${one}` : one, columns: group.series[one] })),
      ...(model.difference === null ? [] : [{ name: `${one}: ${model.difference.name}`, columns: model.difference.series[one] }]),
    ]);
    const row = (place: string, words: (columns: MeanColumns) => string): HTMLElement =>
      element('tr', {}, element('th', { scope: 'row' }, place), ...curves.map(({ columns }) => element('td', {}, words(columns))));
    this.element.replaceChildren(
      element(
        'table',
        {},
        element('caption', {}, 'Mean (95 % interval over traces), n traces'),
        element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, model.choice.alignment.kind === 'position' ? 'Position' : 'Step'), ...curves.map(({ name }) => element('th', { scope: 'col' }, name)))),
        element(
          'tbody',
          {},
          ...model.places.map((place, i) => row(placeInWords(model, place), (columns) => pointInWords(pointAt(columns, i)))),
          row('answer', ({ answer }) => pointInWords(answer)),
        ),
      ),
    );
  }
}
