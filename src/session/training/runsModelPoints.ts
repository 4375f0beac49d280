/** The most points of a series that a page is given: more than a screen has pixels. Ours. */
const MOST_POINTS = 2000;

export type Point = readonly [step: number, value: number];

/** Of each stretch the lowest and the highest, and the first and last of all: the line looks the same. @param points by step */
export function thinnedPoints(points: readonly Point[], most = MOST_POINTS): readonly Point[] {
  if (points.length <= most) return points;
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return points;
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const kept: Point[] = [first];
  const inner = points.length - 2;
  for (let i = 0; i < stretches; i++) {
    const [from, to] = [1 + Math.floor((i * inner) / stretches), 1 + Math.floor(((i + 1) * inner) / stretches)];
    let [low, high] = [from, from];
    for (let at = from + 1; at < to; at++) {
      const value = (points[at] as Point)[1];
      if (value < (points[low] as Point)[1]) low = at;
      if (value > (points[high] as Point)[1]) high = at;
    }
    for (const at of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) kept.push(points[at] as Point);
  }
  kept.push(last);
  return kept;
}
