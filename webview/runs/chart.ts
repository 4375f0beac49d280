import { select, type Selection } from 'd3-selection';
import type { Mark } from '../curves/chartPlan';
import { paintMarks } from '../paintMarks';
import { nearest, stepsOf, type RunLayout } from './layout';
import { runPlan } from './plan';

const SVG = 'http://www.w3.org/2000/svg';

/** Paints all panels as one drawing, by key, so that a new point touches few elements. */
export class RunsChart {
  readonly svg: SVGSVGElement;
  private readonly root: Selection<SVGSVGElement, unknown, null, undefined>;
  private layout: RunLayout | undefined;
  private marks: readonly Mark[] = [];
  /** The steps that can be pointed at, rising. */
  steps: readonly number[] = [];

  /** @param pointed told the step under the pointer and its pixel; `undefined`: none */
  constructor(pointed: (step: number | undefined, x: number, y: number) => void) {
    this.svg = document.createElementNS(SVG, 'svg');
    this.root = select(this.svg).attr('aria-hidden', 'true').attr('class', 'chart means runs');
    this.root.append('path').attr('class', 'hovered');
    this.root.append('g').attr('class', 'marks');
    this.root
      .on('pointermove', (event: PointerEvent) => {
        pointed(this.stepAt(event.offsetX), event.offsetX, event.offsetY);
      })
      .on('pointerleave', () => {
        pointed(undefined, 0, 0);
      });
  }

  show(layout: RunLayout): void {
    const { width, height } = (this.layout = layout);
    this.steps = stepsOf(layout);
    this.marks = runPlan(layout);
    this.root.attr('width', width).attr('height', height).attr('viewBox', `0 0 ${String(width)} ${String(height)}`);
    paintMarks(this.root.select<SVGGElement>('.marks'), this.marks);
  }

  /** Marks a step in all panels. @returns its pixel */
  mark(step: number | undefined): number | undefined {
    const x = step === undefined || this.layout === undefined ? undefined : Math.round(this.layout.x(step) * 10) / 10;
    this.root.select('.hovered').attr('d', x === undefined ? '' : (this.layout?.panels ?? []).map(({ top, bottom }) => `M${String(x)} ${String(top)}V${String(bottom)}`).join(''));
    return x;
  }

  /** The layout and marks as they are painted, for an export. */
  get painted(): { readonly layout: RunLayout; readonly marks: readonly Mark[] } | undefined {
    return this.layout === undefined ? undefined : { layout: this.layout, marks: this.marks };
  }

  /** How a painted element really looks, by its key. */
  styleOf(key: string): CSSStyleDeclaration | undefined {
    const found = this.root.select<SVGGElement>('.marks').selectChildren<Element, Mark>().filter((mark) => mark.key === key).node();
    return found === null ? undefined : getComputedStyle(found);
  }

  private stepAt(pixel: number): number | undefined {
    const { layout, steps } = this;
    if (layout === undefined || pixel < layout.left - 20 || pixel > layout.right + 20) return undefined;
    return steps[nearest(steps, layout.x.invert(pixel))];
  }
}
