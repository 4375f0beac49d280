/** Shapes of markers: series and judges are told apart without colour. */
export type MarkerShape = 'circle' | 'square' | 'diamond' | 'triangle' | 'cross' | 'ring' | 'up' | 'down';

/** One shape at one place, as a piece of a path: all markers of a curve are one element. */
export function markerPath(shape: MarkerShape, x: number, y: number, r: number): string {
  const [a, b] = [round(x), round(y)];
  switch (shape) {
    case 'circle':
    case 'ring':
      return `M${at(a - r)} ${at(b)}a${at(r)} ${at(r)} 0 1 0 ${at(2 * r)} 0a${at(r)} ${at(r)} 0 1 0 ${at(-2 * r)} 0Z`;
    case 'square':
      return `M${at(a - r * 0.9)} ${at(b - r * 0.9)}h${at(r * 1.8)}v${at(r * 1.8)}h${at(-r * 1.8)}Z`;
    case 'diamond':
      return `M${at(a)} ${at(b - r * 1.25)}l${at(r * 1.25)} ${at(r * 1.25)}l${at(-r * 1.25)} ${at(r * 1.25)}l${at(-r * 1.25)} ${at(-r * 1.25)}Z`;
    case 'triangle':
    case 'up':
      return `M${at(a)} ${at(b - r * 1.1)}l${at(r * 1.1)} ${at(r * 1.9)}h${at(-r * 2.2)}Z`;
    case 'down':
      return `M${at(a)} ${at(b + r * 1.1)}l${at(r * 1.1)} ${at(-r * 1.9)}h${at(-r * 2.2)}Z`;
    case 'cross':
      return `M${at(a - r)} ${at(b - r)}l${at(2 * r)} ${at(2 * r)}M${at(a + r)} ${at(b - r)}l${at(-2 * r)} ${at(2 * r)}`;
  }
}

/** Letters for judges on one chart: A is the shown one. */
export function judgeLetter(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : String(index + 1);
}

const OVERLAY_SHAPES: readonly MarkerShape[] = ['triangle', 'cross', 'diamond', 'square', 'circle'];

/** The shown judge has its series' own marker, those laid over it one each. */
export function judgeMarker(index: number, series: 'harmfulness' | 'helpfulness'): MarkerShape {
  if (index === 0) return series === 'harmfulness' ? 'circle' : 'square';
  return OVERLAY_SHAPES[(index - 1) % OVERLAY_SHAPES.length] ?? 'cross';
}

/** How many styles of laid-over lines there are (dash and colour, `curves.css`); more judges begin again. */
export const OVERLAY_STYLES = 5;

export function judgeClass(index: number): string {
  return index === 0 ? 'shown' : `over over${String(((index - 1) % OVERLAY_STYLES) + 1)}`;
}

/** Lines of several judges stand this far apart, in pixels, so that equal scores are seen as several (ours). */
export function judgeShift(index: number): number {
  return index === 0 ? 0 : (index % 2 === 1 ? -1 : 1) * Math.ceil(index / 2) * 3;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function at(value: number): string {
  return String(round(value));
}
