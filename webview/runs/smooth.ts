/** How strongly lines are smoothed: the weight of what came before, 0 (not at all) to below 1. Ours. */
export const SMOOTHINGS = [0, 0.6, 0.9, 0.97] as const;
export type Smoothing = (typeof SMOOTHINGS)[number];

export type Point = readonly [step: number, value: number];

/**
 * The exponential moving average of a line, with the same steps: each value is `weight` × the average before it + (1 − weight) × itself,
 * over the weights given so far, so that the first values are not drawn towards 0. A weight of 0 leaves the line as it is. Ours.
 */
export function smoothed(points: readonly Point[], weight: number): readonly Point[] {
  if (weight <= 0) return points;
  let average = 0;
  let given = 0;
  return points.map(([step, value]) => {
    average = weight * average + (1 - weight) * value;
    given = weight * given + (1 - weight);
    return [step, average / given];
  });
}
