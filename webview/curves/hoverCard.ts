import type { CurvesModel, Place } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import { element } from '../dom';
import { placeName, scoresInWords } from './words';

/** Characters of a step that a card shows; the whole stands in the editor. */
const MOST = 400;
/** Milliseconds that the pointer rests before a step's text is asked for. */
const REST = 120;

/** The card beside the pointer: scores at once, the step's text as soon as it comes. Everything from outside is text. */
export class HoverCard {
  readonly element = element('div', { class: 'card', 'aria-hidden': 'true' });
  private timer: ReturnType<typeof setTimeout> | undefined;
  private place: Place | undefined;

  constructor(private readonly textOf: (place: Place) => Promise<{ readonly text: string | null }>) {
    this.element.hidden = true;
  }

  hide(): void {
    clearTimeout(this.timer);
    this.place = undefined;
    this.element.hidden = true;
  }

  show(model: CurvesModel, place: Place, series: readonly Series[], x: number, y: number, width: number): void {
    this.element.hidden = false;
    if (place !== this.place) this.fill(model, place, series);
    const own = this.element.offsetWidth;
    const left = x + 16 + own > width ? Math.max(0, x - own - 12) : x + 16;
    this.element.style.left = `${String(Math.round(left))}px`;
    this.element.style.top = `${String(Math.round(y + 12))}px`;
  }

  private fill(model: CurvesModel, place: Place, series: readonly Series[]): void {
    this.place = place;
    const judges = model.judges.map((judge) => element('div', {}, `${scoresInWords(judge, place, series)} · ${judge.name}`));
    const text = element('p', { class: 'text' }, '…');
    this.element.replaceChildren(element('strong', {}, placeName(place, model.steps)), ...judges, text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.textOf(place).then(
        (said) => {
          if (this.place === place) text.textContent = said.text === null ? '' : said.text.length > MOST ? `${said.text.slice(0, MOST)} …` : said.text;
        },
        () => {
          if (this.place === place) text.textContent = '';
        },
      );
    }, REST);
  }
}
