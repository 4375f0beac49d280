/** The type of the Mean Curves pages' panels. */
export const MEAN_CURVES_VIEW = 'cotLens.meanCurves';
