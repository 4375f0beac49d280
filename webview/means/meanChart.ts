import { select, type Selection } from 'd3-selection';
import type { MeanCurvesModel } from '../../src/curve/meanCurvesModel';
import type { Mark } from '../curves/chartPlan';
import { paintMarks } from '../paintMarks';
import { meanLayout, type MeanLayout, type MeanView } from './layout';
import { meanPlan } from './meanPlan';

const SVG = 'http://www.w3.org/2000/svg';

/** Paints the charts of the page: one drawing, whatever the number of groups. */
export class MeanChart {
  readonly svg: SVGSVGElement;
  private readonly root: Selection<SVGSVGElement, unknown, null, undefined>;
  private marks: readonly Mark[] = [];
  private layout: MeanLayout | undefined;

  constructor() {
    this.svg = document.createElementNS(SVG, 'svg');
    this.root = select(this.svg).attr('role', 'img').attr('class', 'chart means');
    this.root.append('g').attr('class', 'marks');
  }

  /** Draws the model for a page of this width. */
  show(model: MeanCurvesModel, view: MeanView, width: number): void {
    this.layout = meanLayout(model, view, width);
    this.marks = meanPlan(model, this.layout);
    const { height } = this.layout;
    this.root.attr('width', width).attr('height', height).attr('viewBox', `0 0 ${String(width)} ${String(height)}`);
    paintMarks(this.root.select<SVGGElement>('.marks'), this.marks);
  }

  /** What a screen reader says of the drawing. */
  describe(words: string): void {
    this.root.attr('aria-label', words);
  }

  /** The layout and marks as they are painted, for an export. */
  get painted(): { readonly layout: MeanLayout; readonly marks: readonly Mark[] } | undefined {
    return this.layout === undefined ? undefined : { layout: this.layout, marks: this.marks };
  }

  /** How a painted element really looks, by its key. */
  styleOf(key: string): CSSStyleDeclaration | undefined {
    const found = this.root.select<SVGGElement>('.marks').selectChildren<Element, Mark>().filter((mark) => mark.key === key).node();
    return found === null ? undefined : getComputedStyle(found);
  }
}
