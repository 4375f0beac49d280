import type { ComparisonModel, DifferentStep, Figure } from '../../src/curve/curvesModel';
import { element } from '../dom';
import { button } from '../toolkit';
import { figureInWords } from './words';

/** How two judges agree, and the steps on which they differ most, one key apart. */
export class ComparisonPanel {
  readonly element = element('section', { class: 'comparison', 'aria-label': 'Comparison of two judges' });
  private readonly list = element('div', { class: 'differences', role: 'listbox', tabindex: '0', 'aria-label': 'Steps that differ most' });
  private differences: readonly DifferentStep[] = [];
  private at = 0;

  /** @param go shows a step; with `focus` the editor takes the keyboard */
  constructor(
    private readonly go: (step: DifferentStep, focus: boolean) => void,
    private readonly close: () => void,
  ) {
    this.element.hidden = true;
    this.list.addEventListener('keydown', (event) => {
      if (this.key(event.key)) event.preventDefault();
    });
    this.list.addEventListener('click', (event) => {
      const index = [...this.list.children].findIndex((row) => row.contains(event.target as Node));
      if (index >= 0) this.select(index, true);
    });
  }

  show(comparison: ComparisonModel | null): void {
    this.element.hidden = comparison === null;
    this.element.replaceChildren();
    if (comparison === null) return;
    const { a, b, traces, differences, differing } = comparison;
    this.differences = differences;
    this.at = 0;
    const head = element('div', { class: 'row' }, element('h2', {}, 'Two judges compared'), button('Close', this.close, { quiet: true }));
    const how = `B is laid over A, on ${String(traces)} ${traces === 1 ? 'trace' : 'traces'} that both scored. In brackets: 95 % intervals, bootstrapped over traces.`;
    this.element.append(
      head,
      element('p', {}, element('strong', {}, 'A: '), a, element('br'), element('strong', {}, 'B: '), b),
      element('p', { class: 'details' }, how),
      figures(comparison),
    );
    const shown = differing > differences.length ? `the ${String(differences.length)} largest of ${String(differing)}` : String(differing);
    this.element.append(
      element('h3', {}, `Steps that differ (${shown})`),
      element('p', { class: 'details' }, differing === 0 ? 'They agree on every step that both scored.' : 'j, k or arrow keys: next, previous · Enter: to the editor'),
    );
    if (differing === 0) return;
    this.list.replaceChildren(...differences.map((one, i) => row(one, i)));
    this.element.append(this.list);
    this.mark();
  }

  /** Next and previous from anywhere on the page. */
  step(by: number): void {
    if (!this.element.hidden && this.differences.length > 0) this.select(this.at + by, true);
  }

  private key(key: string): boolean {
    switch (key) {
      case 'ArrowDown':
        this.select(this.at + 1, true);
        return true;
      case 'ArrowUp':
        this.select(this.at - 1, true);
        return true;
      case 'Home':
        this.select(0, true);
        return true;
      case 'End':
        this.select(this.differences.length - 1, true);
        return true;
      case 'Enter': {
        const here = this.differences[this.at];
        if (here !== undefined) this.go(here, true);
        return true;
      }
      default:
        return false;
    }
  }

  private select(index: number, show: boolean): void {
    this.at = Math.max(0, Math.min(this.differences.length - 1, index));
    this.mark();
    const here = this.differences[this.at];
    if (show && here !== undefined) this.go(here, false);
  }

  private mark(): void {
    for (const [i, child] of [...this.list.children].entries()) {
      child.setAttribute('aria-selected', String(i === this.at));
      if (i !== this.at) continue;
      this.list.setAttribute('aria-activedescendant', child.id);
      if (document.activeElement === this.list) child.scrollIntoView({ block: 'nearest' });
    }
  }
}

function row({ doc, step, series, a, b }: DifferentStep, index: number): HTMLElement {
  const score = (value: number | null): string => (value === null ? '–' : String(value));
  return element(
    'div',
    { role: 'option', id: `difference-${String(index)}` },
    element('span', { class: 'by' }, `A ${score(a)} · B ${score(b)}`),
    element('span', {}, `${series}, step ${String(step + 1)}`),
    element('span', { class: 'details' }, doc),
  );
}

function figures({ series, sameShape, shapedTraces, traces }: ComparisonModel): HTMLElement {
  const cell = (figure: Figure, percent = false): HTMLElement => element('td', {}, figureInWords(figure, 2, percent));
  const head = ['', 'n', 'weighted κ', 'mean absolute difference', 'bias (B − A)'].map((name) => element('th', { scope: 'col' }, name));
  const rows = series.map((one) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, one.series),
      element('td', {}, `${String(one.steps)} steps`),
      cell(one.kappa),
      cell(one.meanAbsoluteDifference),
      cell(one.bias),
    ),
  );
  const same = element('p', {}, `Same shape: ${figureInWords(sameShape, 2, true)} of ${String(shapedTraces)} ${shapedTraces === 1 ? 'trace' : 'traces'} whose curves both have a shape.`);
  const few = traces < 2 ? [element('p', { class: 'details' }, 'Intervals need 2 traces or more: compare on a folder of scored traces.')] : [];
  return element('div', { class: 'figures' }, element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows)), same, ...few);
}
