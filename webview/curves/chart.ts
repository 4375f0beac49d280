import { select, type Selection } from 'd3-selection';
import { zoom, zoomIdentity, type ZoomTransform } from 'd3-zoom';
import type { CurvesModel, Place } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import { chartPlan, type Mark } from './chartPlan';
import { paintMarks } from '../paintMarks';
import { layoutOf, stepAtX, type Layout } from './layout';

/** What the chart shows, and how. */
export interface ChartView {
  readonly model: CurvesModel;
  readonly series: readonly Series[];
  readonly before: boolean;
  /** First and last step in view; `null`: all. */
  readonly zoom: readonly [number, number] | null;
}

/** What happens on the chart. Pixels are of the chart's own box. */
export interface ChartEvents {
  pointed(place: Place | undefined, x: number, y: number): void;
  clicked(place: Place, twice: boolean): void;
  zoomed(zoom: [number, number] | null): void;
}

const ALL_SERIES: readonly Series[] = ['harmfulness', 'helpfulness'];
const SVG = 'http://www.w3.org/2000/svg';
/** Zoomed in, no fewer steps than this are in view. */
const FEWEST = 5;

/** Paints the chart: marks by key, so that a new picture touches few elements, however many steps there are. */
export class Chart {
  readonly svg: SVGSVGElement;
  private readonly root: Selection<SVGSVGElement, unknown, null, undefined>;
  private readonly behaviour;
  private view: ChartView | undefined;
  private layout: Layout | undefined;
  private marks: readonly Mark[] = [];
  private size: { readonly width: number; readonly height: number } = { width: 600, height: 320 };
  /** While we ourselves set the zoom, what it reports is no act of the user's. */
  private settingZoom = false;

  constructor(private readonly events: ChartEvents) {
    this.svg = document.createElementNS(SVG, 'svg');
    this.root = select(this.svg).attr('aria-hidden', 'true').attr('class', 'chart');
    const defs = this.root.append('defs');
    for (const series of ALL_SERIES) {
      // From the colour of score 1 to that of score 5, up a panel: a line has the colour of the score it stands at.
      const gradient = defs.append('linearGradient').attr('id', `by-${series}`).attr('gradientUnits', 'userSpaceOnUse').attr('x1', 0).attr('x2', 0);
      for (let score = 1; score <= 5; score++) gradient.append('stop').attr('offset', `${String((score - 1) * 25)}%`).attr('class', `${series}${String(score)}`);
    }
    defs.append('clipPath').attr('id', 'plot').append('rect');
    // Beneath the curves, which they must not cover.
    this.root.append('path').attr('class', 'hovered');
    this.root.append('path').attr('class', 'selected');
    this.root.append('g').attr('class', 'marks');
    this.root.append('path').attr('class', 'cursor');
    this.behaviour = zoom<SVGSVGElement, unknown>()
      .filter((event: Event) => (event instanceof WheelEvent ? event.ctrlKey || event.metaKey : !(event as MouseEvent).button))
      .clickDistance(4)
      .on('zoom', ({ transform }: { transform: ZoomTransform }) => {
        if (!this.settingZoom) this.zoomedTo(transform);
      });
    this.root
      .call(this.behaviour)
      .on('dblclick.zoom', null)
      .on('wheel.pan', (event: WheelEvent) => {
        // A plain wheel scrolls the page; sideways it moves the view.
        if (event.ctrlKey || event.metaKey || Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
        event.preventDefault();
        this.pan(event.deltaX);
      })
      .on('pointermove', (event: PointerEvent) => {
        this.events.pointed(this.placeAt(event), event.offsetX, event.offsetY);
      })
      .on('pointerleave', () => {
        this.events.pointed(undefined, 0, 0);
      })
      .on('click', (event: MouseEvent) => {
        const place = this.placeAt(event);
        if (place !== undefined) this.events.clicked(place, event.detail > 1);
      });
  }

  /** Draws a view in a box of this size. */
  show(view: ChartView, size: { readonly width: number; readonly height: number }): void {
    this.size = size;
    const other = this.view?.model.uri !== view.model.uri || this.view.model.steps !== view.model.steps;
    this.view = view;
    const { model } = view;
    this.layout = layoutOf({
      ...this.size,
      steps: model.steps,
      series: view.series,
      hasAnswer: model.hasAnswer,
      zoom: view.zoom,
      letters: model.judges.length > 1,
    });
    this.marks = chartPlan(model, this.layout, { before: view.before });
    this.paint(this.layout, this.marks);
    if (other || this.size.width !== this.zoomWidth) this.fitZoom(view);
  }

  /** The layout and marks as they are painted, for an export. */
  get painted(): { readonly layout: Layout; readonly marks: readonly Mark[] } | undefined {
    return this.layout === undefined ? undefined : { layout: this.layout, marks: this.marks };
  }

  /** How a painted element really looks, by its key. */
  styleOf(key: string): CSSStyleDeclaration | undefined {
    const found = this.root.select<SVGGElement>('.marks').selectChildren<Element, Mark>().filter((mark) => mark.key === key).node();
    return found === null ? undefined : getComputedStyle(found);
  }

  /** Marks the step under the pointer, the one that is selected here, and where the editor's cursor is. */
  mark(which: 'hovered' | 'selected' | 'cursor', place: Place | undefined): void {
    this.root.select(`.${which}`).attr('d', this.markPath(which, place));
  }

  /** In pixels of the chart's box; `undefined` where the place is out of view. */
  xOf(place: Place): number | undefined {
    if (this.layout === undefined) return undefined;
    const { x, left, right, answerX } = this.layout;
    if (place === 'answer') return answerX;
    const at = x(place);
    return at < left - 1 || at > right + 1 ? undefined : at;
  }

  /** Zooms by a factor around the middle of the view, or around a step. */
  zoomBy(factor: number): void {
    this.behaviour.scaleBy(this.root, factor);
  }

  resetZoom(): void {
    this.behaviour.transform(this.root, zoomIdentity);
  }

  /** Brings a step into view, as far as the view is zoomed in. */
  reveal(place: Place): void {
    const { view, layout } = this;
    const range = view?.zoom ?? null;
    if (view === undefined || range === null || layout === undefined || place === 'answer') return;
    const [from, to] = range;
    if (place >= from && place <= to) return;
    const half = (to - from) / 2;
    const at = Math.min(Math.max(place, half - 0.5), view.model.steps - 0.5 - half);
    this.events.zoomed([at - half, at + half]);
    // What hears of the zoom has drawn it by now.
    this.fitZoom(this.view ?? view);
  }

  private zoomWidth = 0;

  /** Tells d3 of the size and the zoom that are shown. */
  private fitZoom({ model, zoom: range }: ChartView): void {
    if (this.layout === undefined) return;
    const { left, right, width } = this.layout;
    this.zoomWidth = width;
    const extent: [[number, number], [number, number]] = [[left, 0], [right, this.size.height]];
    this.behaviour.extent(extent).translateExtent(extent).scaleExtent([1, Math.max(1, model.steps / FEWEST)]);
    const all = Math.max(1, model.steps);
    const scale = range === null ? 1 : all / Math.max(0.001, range[1] - range[0]);
    const offset = range === null ? 0 : left - scale * (left + ((range[0] + 0.5) / all) * (right - left));
    this.settingZoom = true;
    this.behaviour.transform(this.root, zoomIdentity.translate(offset, 0).scale(scale));
    this.settingZoom = false;
  }

  private zoomedTo(transform: ZoomTransform): void {
    const { view, layout } = this;
    if (view === undefined || layout === undefined) return;
    const all = Math.max(1, view.model.steps);
    const step = (pixel: number): number => ((transform.invertX(pixel) - layout.left) / (layout.right - layout.left)) * all - 0.5;
    this.events.zoomed(transform.k <= 1.0001 ? null : [step(layout.left), step(layout.right)]);
  }

  private pan(by: number): void {
    this.behaviour.translateBy(this.root, -by / Math.max(1, this.scale), 0);
  }

  private get scale(): number {
    const range = this.view?.zoom ?? null;
    return this.view === undefined || range === null ? 1 : this.view.model.steps / Math.max(0.001, range[1] - range[0]);
  }

  private placeAt(event: MouseEvent): Place | undefined {
    if (this.layout === undefined || this.view === undefined || this.view.model.steps === 0) return undefined;
    const { left, right, answerX } = this.layout;
    if (answerX !== undefined && event.offsetX > (right + answerX) / 2 + 4) return 'answer';
    if (event.offsetX < left - 20 || event.offsetX > right + 20) return undefined;
    return stepAtX(this.layout, event.offsetX, this.view.model.steps);
  }

  private markPath(which: string, place: Place | undefined): string {
    const x = place === undefined ? undefined : this.xOf(place);
    const panels = this.layout?.panels;
    const [top, bottom] = [panels?.[0]?.top, panels?.at(-1)?.bottom];
    if (x === undefined || top === undefined || bottom === undefined) return '';
    const at = String(Math.round(x * 10) / 10);
    if (which === 'cursor') return `M${at} ${String(bottom + 1)}l4.5 7h-9Z`;
    return `M${at} ${String(top)}V${String(bottom)}`;
  }

  private paint(layout: Layout, marks: readonly Mark[]): void {
    const { width, height, left, right, panels } = layout;
    this.root.attr('width', width).attr('height', height).attr('viewBox', `0 0 ${String(width)} ${String(height)}`);
    this.root.select('#plot rect').attr('x', left - 6).attr('y', 0).attr('width', right - left + 12).attr('height', height);
    // Scores have their colours wherever their panel stands.
    for (const { series, y } of panels) this.root.select(`#by-${series}`).attr('y1', y(1)).attr('y2', y(5));
    paintMarks(this.root.select<SVGGElement>('.marks'), marks);
  }
}
