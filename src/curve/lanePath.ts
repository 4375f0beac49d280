/** How far the scores 1 and 5 stand from the lane's edges, in percent of its width: room for the stroke and the marker. */
const INSET = 8;

/** Where a score stands across the lane, in percent from its left edge: 1 at the left, 5 at the right. */
export function scoreX(score: number): number {
  return INSET + ((score - 1) / 4) * (100 - 2 * INSET);
}

/**
 * The path of one piece in a box of 100 × 100: a straight line, or an S-bend that leaves and arrives vertically,
 * so that strokes of neighbouring rows meet without a corner.
 */
export function piecePath(from: number, to: number): string {
  const a = scoreX(from);
  const b = scoreX(to);
  if (a === b) return `M${String(a)} 0V100`;
  return `M${String(a)} 0C${String(a)} 60 ${String(b)} 40 ${String(b)} 100`;
}
