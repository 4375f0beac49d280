/** A step at which a curve turns round. */
export interface TurningPoint {
  /** 0-based step. */
  readonly step: number;
  readonly score: number;
  /** `top`: rises before and falls after it; `bottom`: the reverse. */
  readonly kind: 'top' | 'bottom';
}

/** A score with its step; gaps are left out of a list of these. */
export interface ScoredStep {
  readonly step: number;
  readonly score: number;
}

/**
 * The steps at which the curve turns by at least `by` points (ours: the prominence of a peak), so that a judge's
 * wavering by one point is no turn. On a plateau the first of the equal steps is the turning point.
 * The first and the last scored step never are: nothing turns there.
 */
export function turningPoints(scored: readonly ScoredStep[], by: number): TurningPoint[] {
  const first = scored[0];
  if (first === undefined) return [];
  const points: TurningPoint[] = [];
  let high = first;
  let low = first;
  let direction: 'none' | 'up' | 'down' = 'none';
  for (const current of scored) {
    // While going up only a new high counts, and the other way round; a reversal of `by` confirms the turn.
    if (direction !== 'down' && current.score > high.score) high = current;
    if (direction !== 'up' && current.score < low.score) low = current;
    if (direction !== 'down' && high.score - current.score >= by) {
      if (high.step !== first.step) points.push({ ...high, kind: 'top' });
      direction = 'down';
      low = current;
    } else if (direction !== 'up' && current.score - low.score >= by) {
      if (low.step !== first.step) points.push({ ...low, kind: 'bottom' });
      direction = 'up';
      high = current;
    }
  }
  return points;
}
