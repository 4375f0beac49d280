/** The name under which VS Code keeps a page of curves over a reload. */
export const CURVES_VIEW = 'cotLens.curves';
