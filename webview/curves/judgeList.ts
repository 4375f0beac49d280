import type { CurvesModel, JudgeChoice } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import { element } from '../dom';
import { check, type Check } from '../toolkit';
import { chartNotes, counted } from './exportSvg';
import { judgeClass, judgeLetter, judgeMarker, markerPath } from './markers';

const SVG = 'http://www.w3.org/2000/svg';

/** The legend: every judge with scores here, how its line is drawn, and a box to lay it over the shown one. */
export class JudgeList {
  readonly element = element('section', { class: 'judges', 'aria-label': 'Judges' });
  private readonly boxes = new Map<string, Check>();
  /** What the list was last built of: it is not taken down under a person's hands while scores come in. */
  private built = '';

  constructor(private readonly toggle: (key: string, shown: boolean) => void) {}

  show(model: CurvesModel, series: readonly Series[], overlay: readonly string[]): void {
    const lines = model.choices.map((choice) => {
      const index = model.judges.findIndex(({ key }) => key === choice.key);
      const judge = model.judges[index];
      return { choice, index, counts: judge === undefined ? '' : counted(judge, series) };
    });
    const notes = model.judges.length === 0 ? [] : chartNotes(model, series);
    const now = JSON.stringify([lines, series, model.judges.length, notes]);
    if (now !== this.built) {
      this.built = now;
      this.fill(model, lines, series);
      if (notes.length > 0) this.element.append(element('p', { class: 'notes' }, notes.join(' · ')));
    }
    for (const [key, box] of this.boxes) box.set(overlay.includes(key));
  }

  private fill(model: CurvesModel, lines: { choice: JudgeChoice; index: number; counts: string }[], series: readonly Series[]): void {
    const focused = this.element.contains(document.activeElement) ? (document.activeElement?.getAttribute('data-key') ?? undefined) : undefined;
    this.boxes.clear();
    this.element.replaceChildren();
    this.element.append(element('h2', {}, lines.length > 1 ? 'Judges (tick to lay over)' : 'Judge'));
    const sorted = [...lines].sort((a, b) => (a.index === 0 ? -1 : b.index === 0 ? 1 : 0));
    for (const { choice, index, counts } of sorted) this.element.append(this.line(choice, index, counts, series, model.judges.length > 1));
    if (focused !== undefined) this.element.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  private line(choice: JudgeChoice, index: number, counts: string, series: readonly Series[], several: boolean): HTMLElement {
    const line = element('div', { class: 'judge' });
    const swatch = index < 0 ? [] : [drawnSwatch(index, series[0] ?? 'harmfulness')];
    const details = [choice.model, `rubric ${choice.rubric}`, counts].filter((part) => part !== null && part !== '').join(' · ');
    const letter = several && index >= 0 ? `${judgeLetter(index)}: ` : '';
    if (index === 0) {
      line.append(...swatch, element('span', { class: 'name' }, `${letter}${choice.name}`));
    } else {
      const box = check(`${letter}${choice.name}`, (shown) => {
        this.toggle(choice.key, shown);
      }, 'Lay this judge over the shown one');
      box.element.setAttribute('data-key', choice.key);
      this.boxes.set(choice.key, box);
      line.append(box.element, ...swatch);
    }
    line.append(element('span', { class: 'details' }, details));
    return line;
  }
}

/** A piece of line with its marker, as it is in the chart. */
function drawnSwatch(index: number, series: Series): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'swatch');
  svg.setAttribute('viewBox', '0 0 34 14');
  svg.setAttribute('aria-hidden', 'true');
  const add = (style: string, d: string): void => {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('class', `${style} swatchLine ${judgeClass(index)} ${series}`);
    path.setAttribute('d', d);
    svg.append(path);
  };
  add('line', 'M1 7H33');
  add('point', markerPath(judgeMarker(index, series), 17, 7, 3.6));
  return svg;
}
