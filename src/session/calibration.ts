import type { Series } from '../curve/series';
import type { JudgeIdentity } from '../judge/judge';
import { isIdentity } from '../judge/scoreRecord';
import { isScore, type Score } from '../trace/verdict';
import type { CalibrationNote } from './calibrationNote';
import type { Interval } from './comparison';

/** How many steps a calibration draws. Ours: about a quarter of an hour's work, and an interval that still says something. */
export const CALIBRATION_STEPS = 30;

/** One step that was drawn, and what was said of it. */
export interface CalibrationItem {
  /** The document, as a path relative to the folder that holds `.cotlens`. */
  readonly doc: string;
  /** The step's number as shown, the first is 1. Informative: `seen` decides. */
  readonly step: number;
  /** Hash of the prompt and the steps up to this one (see `textChain`). */
  readonly seen: string;
  /** What the judge said. */
  readonly judge: Score;
  /** What the person said; absent until they did. `null`: cannot be scored. */
  readonly person?: Score;
  readonly note?: string;
  /** What the judge said when it was asked once more. */
  readonly retest?: Score;
}

/** How often the judge says the same of the same. */
export interface Retest {
  /** Steps that it scored both times. */
  readonly n: number;
  readonly kappa: number;
  /** Share of equal scores, 0 … 1. */
  readonly exact: number;
}

/** How far judge and person agree, over the steps that both scored. */
export interface CalibrationResult {
  readonly n: number;
  /** Traces that those steps stand in; the intervals are by bootstrap over them. */
  readonly traces: number;
  /** Steps that the person said cannot be scored. */
  readonly notScorable: number;
  readonly kappa: Interval;
  readonly meanAbsoluteDifference: Interval;
  /** Mean of judge − person in points. */
  readonly bias: Interval;
  /** Share of equal scores, 0 … 1. */
  readonly exact: Interval;
  readonly retest?: Retest;
}

/** A judge set against a person: one JSON file in `.cotlens/calibrations`, from the draw to the result. Open data. */
export interface Calibration {
  readonly v: 1;
  /** The file's name without its ending. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly finished?: string;
  readonly judge: JudgeIdentity;
  readonly person: JudgeIdentity;
  readonly series: Series;
  readonly seed: number;
  readonly items: readonly CalibrationItem[];
  readonly result?: CalibrationResult;
}

/** How far a calibration is: items that the person has said something of. */
export function answered({ items }: Calibration): number {
  return items.filter(({ person }) => person !== undefined).length;
}

/** The short form that stands beside the judge's name; `undefined` of one that is not finished. */
export function noteOf({ finished, result, person, series }: Calibration, you: JudgeIdentity): CalibrationNote | undefined {
  if (finished === undefined || result === undefined) return undefined;
  return { series, kappa: result.kappa.value, n: result.n, day: finished.slice(0, 10), who: person.label === you.label ? 'you' : person.label };
}

/** Reads a calibration file; `undefined` where it is none (torn, foreign or of another version). */
export function parseCalibration(text: string): Calibration | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text, undefinedFigures);
  } catch {
    return undefined;
  }
  return isCalibration(value) ? value : undefined;
}

/** The text of a calibration file. JSON has no NaN: a figure that cannot be said is written as `null`. */
export function printCalibration(calibration: Calibration): string {
  return `${JSON.stringify(calibration, null, 2)}\n`;
}

const FIGURES = new Set(['value', 'low', 'high', 'kappa', 'exact']);

function undefinedFigures(name: string, value: unknown): unknown {
  return value === null && FIGURES.has(name) ? NaN : value;
}

type Fields = Record<string, unknown>;

function isCalibration(value: unknown): value is Calibration {
  if (!isObject(value)) return false;
  return (
    value['v'] === 1 &&
    typeof value['id'] === 'string' &&
    isDate(value['started']) &&
    (value['finished'] === undefined || isDate(value['finished'])) &&
    isIdentity(value['judge']) &&
    isIdentity(value['person']) &&
    (value['series'] === 'harmfulness' || value['series'] === 'helpfulness') &&
    typeof value['seed'] === 'number' &&
    Array.isArray(value['items']) &&
    value['items'].every(isItem) &&
    (value['result'] === undefined || isResult(value['result']))
  );
}

function isItem(value: unknown): value is CalibrationItem {
  if (!isObject(value)) return false;
  const optional = (name: string, is: (one: unknown) => boolean): boolean => value[name] === undefined || is(value[name]);
  return (
    typeof value['doc'] === 'string' &&
    Number.isInteger(value['step']) &&
    typeof value['seen'] === 'string' &&
    isScore(value['judge']) &&
    optional('person', isScore) &&
    optional('retest', isScore) &&
    optional('note', (note) => typeof note === 'string')
  );
}

function isResult(value: unknown): value is CalibrationResult {
  if (!isObject(value)) return false;
  const { retest } = value;
  return (
    ['n', 'traces', 'notScorable'].every((name) => typeof value[name] === 'number') &&
    ['kappa', 'meanAbsoluteDifference', 'bias', 'exact'].every((name) => isInterval(value[name])) &&
    (retest === undefined || (isObject(retest) && ['n', 'kappa', 'exact'].every((name) => typeof retest[name] === 'number')))
  );
}

function isInterval(value: unknown): boolean {
  return isObject(value) && ['value', 'low', 'high'].every((name) => typeof value[name] === 'number');
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
