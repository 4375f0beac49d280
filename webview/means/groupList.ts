import type { MeanCurvesModel } from '../../src/curve/meanCurvesModel';
import type { Series } from '../../src/curve/series';
import { markerPath } from '../curves/markers';
import { element } from '../dom';
import { button } from '../toolkit';
import { groupClass, groupLetter, groupMarker } from './groupStyles';
import { groupInWords } from './words';

const SVG = 'http://www.w3.org/2000/svg';

/** Some of the traces behind a group. */
export interface Members {
  readonly total: number;
  readonly items: readonly { readonly name: string; readonly detail: string }[];
}

export interface GroupListEvents {
  members(group: number, begin: number): Promise<Members>;
  open(group: number, member: number): void;
}

/** The legend: every group, how its line is drawn, how many traces it is of, and on demand which. */
export class GroupList {
  readonly element = element('section', { class: 'groups', 'aria-label': 'Groups' });
  private readonly list = element('div', { class: 'members' });
  private listed = -1;
  /** What was asked for last: answers to what was asked before come too late. */
  private asked = 0;

  constructor(private readonly events: GroupListEvents) {
    this.list.hidden = true;
  }

  show(model: MeanCurvesModel, series: readonly Series[]): void {
    // Groups are others now: a list of the old ones would name the wrong traces.
    this.close();
    const several = model.groups.length > 1;
    const lines = model.groups.map(({ name }, i) => {
      const press = element('button', { class: 'link', 'aria-expanded': 'false', title: 'List the traces of this group' }, `${several ? `${groupLetter(i)}: ` : ''}${name}`);
      press.addEventListener('click', () => {
        this.toggle(i, name);
      });
      return element('div', { class: 'judge' }, swatch(i), press, element('span', { class: 'details' }, groupInWords(model, i, series)));
    });
    const difference = model.difference === null ? [] : [element('div', { class: 'judge' }, swatch(-1), element('span', {}, `paired difference: ${model.difference.name}`), element('span', { class: 'details' }, model.counted))];
    this.element.replaceChildren(element('h2', {}, several ? 'Groups' : 'Traces'), ...lines, ...difference, this.list);
  }

  private toggle(group: number, name: string): void {
    const again = this.listed === group;
    this.close();
    if (again) return;
    this.listed = group;
    this.mark();
    this.list.hidden = false;
    void this.more(group, name, 0);
  }

  private close(): void {
    this.asked++;
    this.listed = -1;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.mark();
  }

  private mark(): void {
    for (const [i, press] of [...this.element.querySelectorAll('.judge .link')].entries()) press.setAttribute('aria-expanded', String(i === this.listed));
  }

  private async more(group: number, name: string, begin: number): Promise<void> {
    const asked = ++this.asked;
    let found: Members;
    try {
      found = await this.events.members(group, begin);
    } catch {
      return;
    }
    if (asked !== this.asked) return;
    if (begin === 0) this.list.replaceChildren(element('h3', {}, `${name}: ${String(found.total)} ${found.total === 1 ? 'trace' : 'traces'}`));
    this.list.querySelector('.more')?.remove();
    for (const [i, { name: label, detail }] of found.items.entries()) {
      const link = element('button', { class: 'link', title: 'Open this trace' }, label);
      link.addEventListener('click', () => {
        this.events.open(group, begin + i);
      });
      this.list.append(element('div', { class: 'judge' }, link, element('span', { class: 'details' }, detail)));
    }
    const end = begin + found.items.length;
    if (end >= found.total || found.items.length === 0) return;
    const next = button(`${String(found.total - end)} more`, () => void this.more(group, name, end), { quiet: true });
    next.classList.add('more');
    this.list.append(next);
  }
}

/** A piece of line with its marker, as it is in the chart. */
function swatch(group: number): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [name, value] of [['class', 'swatch'], ['viewBox', '0 0 34 14'], ['aria-hidden', 'true']] as const) svg.setAttribute(name, value);
  const add = (style: string, d: string): void => {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('class', `${style} swatchLine ${groupMarker(group)} ${groupClass(group)}`);
    path.setAttribute('d', d);
    svg.append(path);
  };
  add('line', 'M1 7H33');
  add('point', markerPath(groupMarker(group), 17, 7, 3.6));
  return svg;
}
