import type { RunsPageModel } from '../../src/curve/runsPageModel';
import { element } from '../dom';
import { groupLetter } from '../means/groupStyles';
import { valueAt, type RunLayout } from './layout';
import { number } from './number';

/** The values at a step, exactly as they were logged; with the average where lines are smoothed. */
export function valuesAt({ panels }: Pick<RunLayout, 'panels'>, { runs }: Pick<RunsPageModel, 'runs'>, step: number): readonly string[] {
  return panels.flatMap(({ title, lines }) =>
    lines.flatMap(({ run, points, drawn }) => {
      const value = valueAt(points, step);
      if (value === undefined) return [];
      const average = drawn === points ? undefined : valueAt(drawn, step);
      return [`${runs.length > 1 ? `${groupLetter(run)} ` : ''}${title.toLowerCase()} ${exact(value)}${average === undefined ? '' : `, average ${number(average)}`}`];
    }),
  );
}

/** As it was logged. */
function exact(value: number): string {
  return String(value).replaceAll('-', '−');
}

/** The card beside the pointer. */
export class HoverCard {
  readonly element = element('div', { class: 'card', 'aria-hidden': 'true' });

  constructor() {
    this.element.hidden = true;
  }

  hide(): void {
    this.element.hidden = true;
  }

  show(step: number, lines: readonly string[], x: number, y: number, width: number): void {
    this.element.hidden = false;
    this.element.replaceChildren(element('strong', {}, `Step ${step.toLocaleString('en-US')}`), ...lines.map((line) => element('div', {}, line)));
    const own = this.element.offsetWidth;
    const left = x + 16 + own > width ? Math.max(0, x - own - 12) : x + 16;
    this.element.style.left = `${String(Math.round(left))}px`;
    this.element.style.top = `${String(Math.round(y + 12))}px`;
  }
}
