import type { Point } from './smooth';

/**
 * The points of a line that make a difference on the screen: of those that fall on one pixel column its first, last, lowest and highest,
 * so that a run of a hundred thousand steps costs no more than the screen is wide.
 * @param points by rising step
 * @param column the pixel column of a step
 */
export function thinPoints(points: readonly Point[], column: (step: number) => number): readonly Point[] {
  const kept: Point[] = [];
  let start = 0;
  while (start < points.length) {
    const at = column(points[start]?.[0] ?? 0);
    let [low, high, end] = [start, start, start + 1];
    for (; end < points.length && column(points[end]?.[0] ?? 0) === at; end++) {
      const value = points[end]?.[1] ?? 0;
      if (value < (points[low]?.[1] ?? 0)) low = end;
      if (value > (points[high]?.[1] ?? 0)) high = end;
    }
    for (const i of [...new Set([start, low, high, end - 1])].sort((a, b) => a - b)) kept.push(points[i] as Point);
    start = end;
  }
  return kept;
}
