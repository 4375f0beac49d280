/** The id of the Runs view. */
export const RUNS_VIEW = 'cotLens.runs';
/** The type of the Runs pages' panels. */
export const RUNS_PAGE = 'cotLens.runsPage';
