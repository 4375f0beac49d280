/**
 * The numbers behind shapes. All of them are *ours* (DESIGN section 3): AdvChain names the shapes but publishes no cut-off;
 * its figures (below 1.5 to above 4.0; above 4.5 to below 2.0) describe plots. Every one is a setting.
 */
export interface ShapeRules {
  /** Share of the scored steps that make up the start, and as many the end; at least one step. 0 … 0.5. */
  readonly edgeShare: number;
  /** How far a peak rises above the lowest score on either side of it (a valley falls below the highest), in points. */
  readonly prominence: number;
  /** How far the end lies above the start for `rising`, below it for `falling`, in points. */
  readonly change: number;
  /** At or below this a score, a start or an end is low. */
  readonly low: number;
  /** At or above this it is high. */
  readonly high: number;
  /** Fewer scored steps than this have no shape. */
  readonly minScored: number;
}

export const DEFAULT_SHAPE_RULES: ShapeRules = {
  edgeShare: 0.2,
  prominence: 2,
  change: 2,
  low: 2,
  high: 4,
  minScored: 3,
};
