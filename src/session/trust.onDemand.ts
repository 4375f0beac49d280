/** Statistics and draws: what needs d3, loaded when somebody first compares or calibrates. */
export { calibrationResult } from './calibrationResult';
export { compareJudges } from './compareJudges';
export { drawSteps } from './calibrationDraw';
