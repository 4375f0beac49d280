import { element } from '../dom';
import type { Card } from './messages';
import { besideJudge, cardInWords, counted, detailsOf, grouped, marksOf } from './words';

/** Which curve it is must not be told by colour alone. */
const SHORT = { harmfulness: 'harm', helpfulness: 'help' } as const;

/** What VS Code is told of a row, whose menu it opens. */
export const ROW_MENU = JSON.stringify({ webviewSection: 'row', preventDefaultContextMenuItems: true });

/** One row's place in the list; filled anew for other rows as the list is scrolled. */
export class CardView {
  readonly element = element('div', { class: 'card', role: 'row' });
  private readonly cell = element('div', { class: 'cell', role: 'gridcell' });
  private readonly number = element('span', { class: 'number' });
  private readonly name = element('span', { class: 'name' });
  private readonly marks = element('span', { class: 'marks' });
  private readonly steps = element('span', { class: 'steps' });
  private readonly prompt = element('div', { class: 'prompt' });
  private readonly details = element('div', { class: 'details' });
  /** What it shows now; `null`: a skeleton. */
  private card: Card | null | undefined;
  private position = -1;

  constructor() {
    this.cell.append(element('div', { class: 'head' }, this.number, this.name, this.marks, this.steps), this.prompt, this.details);
    this.element.append(this.cell);
  }

  /** @param top pixels below the view's upper edge */
  show(position: number, card: Card | undefined, top: number): void {
    this.element.style.transform = `translateY(${String(top)}px)`;
    const now = card ?? null;
    if (position !== this.position) {
      this.position = position;
      this.element.id = `row-${String(position)}`;
      this.element.setAttribute('aria-rowindex', String(position + 1));
      this.element.setAttribute('data-vscode-context', ROW_MENU);
    } else if (now === this.card) return;
    this.card = now;
    this.fill(now);
  }

  mark({ selected, active, shown }: { selected: boolean; active: boolean; shown: boolean }): void {
    this.element.setAttribute('aria-selected', String(selected));
    this.element.classList.toggle('selected', selected);
    this.element.classList.toggle('active', active);
    this.element.classList.toggle('shown', shown);
    if (shown) this.element.setAttribute('aria-current', 'true');
    else this.element.removeAttribute('aria-current');
  }

  private fill(card: Card | null): void {
    this.element.classList.toggle('skeleton', card === null);
    this.element.classList.toggle('broken', card !== null && card.problem !== null);
    if (card === null) {
      this.element.setAttribute('aria-label', 'Reading …');
      for (const part of [this.number, this.name, this.marks, this.steps, this.prompt, this.details]) part.replaceChildren();
      return;
    }
    this.element.setAttribute('aria-label', cardInWords(card));
    this.number.textContent = grouped(card.ordinal + 1);
    this.name.textContent = card.id ?? '';
    this.name.title = card.id ?? '';
    this.marks.replaceChildren(...marksOf(card).map((mark) => element('span', { class: mark === card.parted ? 'mark parted' : 'mark' }, mark)));
    this.steps.textContent = card.problem === null ? counted(card.steps, 'step') : '';
    this.prompt.textContent = card.problem ?? card.prompt;
    this.prompt.title = card.problem ?? card.prompt.slice(0, 300);
    const curves = card.curves.map(({ series, name, bars }) =>
      element('span', { class: `curve ${series}` }, element('span', { class: 'of' }, `${SHORT[series]} `), element('span', { class: 'bars' }, bars), ` ${name}`),
    );
    // Who scored comes first: in a narrow view the line is cut, and scores without their judge say nothing.
    const judge = card.judge === null ? [] : [element('span', { class: 'judge' }, card.judge)];
    this.details.replaceChildren(...judge, ...curves, element('span', { class: 'rest' }, besideJudge(card).join(' · ')));
    this.details.title = [...card.curves.map(({ series, name }) => `${name} ${series}`), ...detailsOf(card)].join(' · ');
    this.details.hidden = card.problem !== null;
  }
}
