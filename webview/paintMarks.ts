import type { Selection } from 'd3-selection';
import type { Mark } from './curves/chartPlan';

const SVG = 'http://www.w3.org/2000/svg';

/** Brings the elements of a group into agreement with marks, by key: a new picture touches few elements. */
export function paintMarks<P extends SVGElement, D>(group: Selection<P, unknown, D & (Element | null), unknown>, marks: readonly Mark[]): void {
  group
    .selectAll<SVGElement, Mark>(':scope > *')
    .data(marks as Mark[], (mark) => mark.key)
    .join((enter) => enter.append((mark) => document.createElementNS(SVG, mark.kind)))
    .order()
    .each(function (mark) {
      const set = (name: string, value: string): void => {
        if (this.getAttribute(name) !== value) this.setAttribute(name, value);
      };
      set('class', mark.style);
      if (mark.kind === 'path') {
        set('d', mark.d);
        if (mark.clip) set('clip-path', 'url(#plot)');
        return;
      }
      set('x', String(mark.x));
      set('y', String(mark.y));
      set('text-anchor', mark.anchor);
      if (this.textContent !== mark.text) this.textContent = mark.text;
    });
}

const OF_PATH = ['fill', 'fill-opacity', 'stroke', 'stroke-opacity', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity'];
const OF_TEXT = ['fill', 'font-size', 'font-weight', 'opacity'];

/** A painted mark's computed style, as SVG attributes: a file cannot see the theme's variables. */
export function lookOf(mark: Mark, style: CSSStyleDeclaration | undefined): Readonly<Record<string, string>> {
  if (style === undefined) return {};
  const look: Record<string, string> = {};
  for (const name of mark.kind === 'path' ? OF_PATH : OF_TEXT) {
    const value = style.getPropertyValue(name);
    const gradient = /url\("?[^")]*#(by-[a-z]+)"?\)/.exec(value);
    if (value !== '') look[name] = gradient === null ? value : `url(#${gradient[1] ?? ''})`;
  }
  return look;
}
