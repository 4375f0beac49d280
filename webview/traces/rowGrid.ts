import { element } from '../dom';
import { CardView, ROW_MENU } from './cardView';
import { listAct } from './listKeys';
import type { Card } from './messages';
import { Selection, type Stretch } from './selection';
import { rowsInView, scrolledHeight, scrollFor, topAfter, topShowing, type ListSize } from './virtualRange';

/** What the list asks of the page. */
export interface GridHandlers {
  /** Cards of these rows are wanted, and of no others. */
  readonly wanted: (from: number, to: number) => void;
  readonly selected: (selection: Selection, active: number | undefined) => void;
  readonly open: (position: number, keep: boolean) => void;
}

/** Rows above and below the view that are there already when they are scrolled in. */
const MARGIN = 4;
/** Milliseconds after which the scroll bar of a long list is put where the list is, once it stands still. */
const SETTLE = 150;
/** Milliseconds that a row must be in view before its card is asked for, while others rush past. */
const LINGER = 40;
/** Cards that are kept on either side of the view. */
const KEEP = 200;
/** A width in pixels from which on a prompt gets one line instead of two. */
const WIDE = 560;

/** The rows: only those in view are in the page, and a million scroll like ten. */
export class RowGrid {
  readonly element = element('div', { class: 'grid', role: 'grid', tabindex: '0', 'aria-label': 'Rows', 'aria-multiselectable': 'true' });
  private readonly layer = element('div', { class: 'layer', role: 'presentation' });
  private readonly spacer = element('div', { role: 'presentation' });
  private readonly cards = new Map<number, Card>();
  private readonly views = new Map<number, CardView>();
  private spare: CardView[] = [];
  private size: ListSize = { rows: 0, rowHeight: 76, view: 0 };
  /** Pixels of the list above the view. */
  private top = 0;
  private scroll = 0;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private asking: ReturnType<typeof setTimeout> | undefined;
  private asked = '';
  private selection = Selection.none;
  private active: number | undefined;
  /** Where a range begins. */
  private anchor: number | undefined;
  private shown: number | undefined;

  constructor(private readonly handlers: GridHandlers) {
    this.element.append(this.layer, this.spacer);
    this.element.setAttribute('data-vscode-context', ROW_MENU);
    this.element.addEventListener('scroll', () => {
      this.scrolled();
    });
    this.element.addEventListener('keydown', (event) => {
      this.key(event);
    });
    this.layer.addEventListener('click', (event) => {
      this.clicked(event);
    });
    this.layer.addEventListener('dblclick', (event) => {
      const at = positionOf(event);
      if (at !== undefined) handlers.open(at, true);
    });
    // The menu speaks of what is selected: a row outside is selected first, as everywhere in VS Code.
    this.element.addEventListener('contextmenu', (event) => {
      // The menu key of the keyboard speaks of no place, but of the row that the keyboard is on.
      const at = positionOf(event) ?? (event.target === this.element ? this.active : undefined);
      if (at !== undefined && !this.selection.has(at)) this.select(Selection.of([[at, at + 1]]), at);
    });
    new ResizeObserver(() => {
      this.measure();
    }).observe(this.element);
  }

  /** Other rows, or more of them. @param anew positions stand for other rows than before */
  setRows(rows: number, anew: boolean): void {
    if (anew) {
      this.cards.clear();
      this.asked = '';
      this.selection = Selection.none;
      this.active = undefined;
      this.anchor = undefined;
      this.shown = undefined;
    }
    this.size = { ...this.size, rows };
    this.element.setAttribute('aria-rowcount', String(rows));
    this.spacer.style.height = `${String(Math.max(0, scrolledHeight(this.size) - this.size.view))}px`;
    this.goTo(Math.min(this.top, Math.max(0, rows * this.size.rowHeight - this.size.view)));
  }

  setCards(cards: readonly (readonly [number, Card])[]): void {
    for (const [position, card] of cards) this.cards.set(position, card);
    this.draw();
  }

  /** Cards are asked for again; those that are shown stay until others come. */
  refresh(): void {
    const { from, to } = rowsInView(this.top, this.size, MARGIN);
    for (const position of this.cards.keys()) if (position < from || position >= to) this.cards.delete(position);
    this.asked = '';
    this.ask(from, to, true);
  }

  toTop(): void {
    this.goTo(0);
  }

  /** The row that the active editor shows. */
  setShown(position: number | undefined, reveal: boolean): void {
    this.shown = position;
    if (position !== undefined && reveal) this.goTo(topShowing(position, this.top, this.size));
    else this.draw();
  }

  /** Selects these, without telling anybody. */
  setSelection(stretches: readonly Stretch[], active: number | undefined): void {
    this.selection = Selection.of(stretches);
    this.active = active;
    this.anchor = this.active;
    this.draw();
  }

  private measure(): void {
    const font = Number.parseFloat(getComputedStyle(this.element).fontSize) || 13;
    const lines = this.element.clientWidth >= WIDE ? 3 : 4;
    this.element.classList.toggle('wide', lines === 3);
    const rowHeight = Math.round(font * 1.4) * lines + 13;
    const view = this.element.clientHeight;
    const first = this.top / this.size.rowHeight;
    this.size = { ...this.size, rowHeight, view };
    this.layer.style.height = `${String(view)}px`;
    this.element.style.setProperty('--row', `${String(rowHeight)}px`);
    this.element.style.setProperty('--line', `${String(Math.round(font * 1.4))}px`);
    this.spacer.style.height = `${String(Math.max(0, scrolledHeight(this.size) - view))}px`;
    this.goTo(Math.min(first * rowHeight, Math.max(0, this.size.rows * rowHeight - view)));
  }

  private scrolled(): void {
    const now = this.element.scrollTop;
    if (now === this.scroll) return;
    this.top = topAfter(this.top, this.scroll, now, this.size);
    this.scroll = now;
    this.draw();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      this.placeBar();
    }, SETTLE);
  }

  private goTo(top: number): void {
    this.top = top;
    this.placeBar();
    this.draw();
  }

  private placeBar(): void {
    const wanted = scrollFor(this.top, this.size);
    if (Math.abs(wanted - this.element.scrollTop) >= 1) this.element.scrollTop = wanted;
    // What the browser made of it: the event that follows is no movement.
    this.scroll = this.element.scrollTop;
  }

  private draw(): void {
    const { from, to } = rowsInView(this.top, this.size, MARGIN);
    for (const [position, view] of this.views) {
      if (position >= from && position < to) continue;
      this.views.delete(position);
      this.spare.push(view);
    }
    let missing = false;
    for (let position = from; position < to; position++) {
      let view = this.views.get(position);
      if (view === undefined) {
        view = this.spare.pop() ?? new CardView();
        this.views.set(position, view);
        if (!view.element.isConnected) this.layer.append(view.element);
      }
      const card = this.cards.get(position);
      missing ||= card === undefined;
      view.show(position, card, position * this.size.rowHeight - this.top);
      view.mark({ selected: this.selection.has(position), active: position === this.active, shown: position === this.shown });
    }
    for (const view of this.spare) view.element.remove();
    this.spare = this.spare.slice(0, 2 * MARGIN);
    const active = this.active !== undefined && this.views.has(this.active) ? `row-${String(this.active)}` : undefined;
    if (active === undefined) this.element.removeAttribute('aria-activedescendant');
    else this.element.setAttribute('aria-activedescendant', active);
    if (missing) this.ask(from, to, false);
  }

  private ask(from: number, to: number, again: boolean): void {
    const now = `${String(from)} ${String(to)}`;
    if (now === this.asked && !again) return;
    this.asked = now;
    clearTimeout(this.asking);
    this.asking = setTimeout(() => {
      for (const position of this.cards.keys()) if (position < from - KEEP || position >= to + KEEP) this.cards.delete(position);
      this.handlers.wanted(from, to);
    }, LINGER);
  }

  private select(selection: Selection, active: number | undefined): void {
    this.selection = selection;
    this.active = active;
    this.draw();
    this.handlers.selected(selection, active);
  }

  private clicked(event: MouseEvent): void {
    const at = positionOf(event);
    if (at === undefined || event.detail > 1) return;
    if (event.shiftKey) {
      const anchor = this.anchor ?? at;
      this.select(Selection.of([[Math.min(anchor, at), Math.max(anchor, at) + 1]]), at);
      return;
    }
    this.anchor = at;
    if (event.ctrlKey || event.metaKey) {
      this.select(this.selection.toggled(at), at);
      return;
    }
    this.select(Selection.of([[at, at + 1]]), at);
    this.handlers.open(at, false);
  }

  private key(event: KeyboardEvent): void {
    const page = Math.floor(this.size.view / this.size.rowHeight);
    const pressed = { key: event.key, shift: event.shiftKey, control: event.ctrlKey || event.metaKey };
    const act = listAct(pressed, this.active, this.size.rows, page);
    if (act === undefined) return;
    event.preventDefault();
    // Keys of the list are not VS Code's: ctrl+A would select the page's text.
    event.stopPropagation();
    switch (act.act) {
      case 'go': {
        if (act.select !== 'range') this.anchor = act.to;
        const anchor = this.anchor ?? act.to;
        const selection =
          act.select === 'keep' ? this.selection : Selection.of([[Math.min(anchor, act.to), Math.max(anchor, act.to) + 1]]);
        this.goTo(topShowing(act.to, this.top, this.size));
        this.select(selection, act.to);
        return;
      }
      case 'toggle':
        if (this.active !== undefined) this.select(this.selection.toggled(this.active), this.active);
        return;
      case 'all':
        this.select(Selection.of([[0, this.size.rows]]), this.active);
        return;
      case 'none':
        this.select(Selection.none, this.active);
        return;
      case 'open':
        if (this.active !== undefined) this.handlers.open(this.active, true);
    }
  }
}

function positionOf(event: Event): number | undefined {
  const row = event.target instanceof Element ? event.target.closest('.card') : null;
  const id = row === null ? undefined : /^row-(\d+)$/.exec(row.id)?.[1];
  return id === undefined ? undefined : Number(id);
}
