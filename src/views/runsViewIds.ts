/** The id of the Runs view. */
export const RUNS_VIEW = 'cotLens.runs';
/** The type of the Runs pages' panels. */
export const RUNS_PAGE = 'cotLens.runsPage';
/** Tells a click on an entry, after which the view keeps the focus, from a choice in its menu. */
export const CLICKED = 'clicked';
