import { baseUrlProblem } from '../model/origin';
import { RESERVED_NAMES, type JudgeSetting, type Price, type VscodeModel } from './judgeSetting';

/** An entry of the setting that cannot be used. */
export interface JudgeSettingProblem {
  /** The entry as its reader finds it: its name, or its place where it has none. */
  readonly entry: string;
  /** What is wrong and what to write instead. Never quotes a value: somebody may have put a key there. */
  readonly what: string;
}

export interface JudgeSettings {
  readonly judges: readonly JudgeSetting[];
  readonly problems: readonly JudgeSettingProblem[];
}

/**
 * Reads the setting `cotLens.judges`, which can hold anything. An entry with a fault in any part is left out, since a judge with
 * a setting other than the one that was meant would be another judge; the others stay usable.
 */
export function readJudgeSettings(value: unknown): JudgeSettings {
  if (value === undefined || value === null) return { judges: [], problems: [] };
  if (!Array.isArray(value)) return { judges: [], problems: [{ entry: 'cotLens.judges', what: 'must be a list of judges' }] };
  const judges: JudgeSetting[] = [];
  const problems: JudgeSettingProblem[] = [];
  for (const [i, one] of (value as unknown[]).entries()) {
    const read = readJudgeSetting(one);
    if ('what' in read) problems.push({ entry: entryName(one, i), what: read.what });
    else if (judges.some(({ name }) => name === read.name)) problems.push({ entry: read.name, what: 'is a second judge of this name; give it another' });
    else judges.push(read);
  }
  return { judges, problems };
}

/** The same for one entry: the judge, or what is wrong with it. */
export function readJudgeSetting(value: unknown): JudgeSetting | { readonly what: string } {
  if (!isObject(value)) return { what: 'must be an object with name, baseUrl and model' };
  const inVscode = value['vscode'] !== undefined;
  const required = inVscode ? ['name', 'vscode'] : ['name', 'baseUrl', 'model'];
  const allowed: Readonly<Record<string, Check>> = inVscode ? { ...COMMON, vscode: vscodeModel } : { ...COMMON, ...ENDPOINT };
  const missing = required.filter((key) => value[key] === undefined);
  if (missing.length > 0) return { what: `needs ${missing.join(' and ')}` };
  for (const [key, given] of Object.entries(value)) {
    const check = Object.hasOwn(allowed, key) ? allowed[key] : undefined;
    if (check === undefined) return { what: strange(key, inVscode) };
    const wrong = given === undefined ? undefined : check(given);
    if (wrong !== undefined) return { what: `${key} ${wrong}` };
  }
  // Every property was checked above.
  return { protocol: 'prefix', samples: 1, helpfulnessOnHarmful: false, ...(value as object) } as JudgeSetting;
}

/** What is wrong with a value, in words that follow the property's name; `undefined` where nothing is. */
type Check = (value: unknown) => string | undefined;

const number =
  (least: number, most: number, what: string): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most ? undefined : `must be ${what}`;

const integer =
  (least: number, most: number, what: string): Check =>
  (value) =>
    Number.isInteger(value) ? number(least, most, what)(value) : `must be ${what}`;

const text: Check = (value) => (typeof value === 'string' && value.trim() !== '' ? undefined : 'must be a text that is not empty');

const COMMON: Readonly<Record<string, Check>> = {
  name: (value) =>
    RESERVED_NAMES.includes(String(value)) ? 'is taken by a judge of CoT Lens itself; choose another' : text(value),
  protocol: (value) => (value === 'prefix' || value === 'whole-trace' ? undefined : 'must be prefix or whole-trace'),
  samples: integer(1, 25, 'a whole number from 1 to 25'),
  temperature: number(0, 2, 'a number from 0 to 2'),
  seed: integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'a whole number'),
  maxTokens: integer(1, 1_000_000, 'a whole number of tokens from 1'),
  contextTokens: integer(512, 100_000_000, 'a whole number of tokens from 512'),
  concurrency: integer(1, 64, 'a whole number from 1 to 64'),
  timeoutSeconds: number(1, 3600, 'a number of seconds from 1 to 3600'),
  helpfulnessOnHarmful: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
};

const ENDPOINT: Readonly<Record<string, Check>> = { baseUrl: baseUrlProblem, model: text, price };

function price(value: unknown): string | undefined {
  if (!isObject(value)) return 'must be an object with input and output, in US dollars for a million tokens';
  const { input, output, cachedInput, ...other } = value as Partial<Record<keyof Price, unknown>>;
  if (Object.keys(other).length > 0) return `has no ${Object.keys(other).join(', ')}; it has input, cachedInput and output`;
  const amounts = [input, output, ...(cachedInput === undefined ? [] : [cachedInput])];
  return amounts.every((one) => typeof one === 'number' && Number.isFinite(one) && one >= 0)
    ? undefined
    : 'needs input and output (and may have cachedInput), each a number of US dollars for a million tokens';
}

function vscodeModel(value: unknown): string | undefined {
  if (!isObject(value)) return 'must be an object with vendor and family';
  const { vendor, family, id, ...other } = value as Partial<Record<keyof VscodeModel, unknown>>;
  if (Object.keys(other).length > 0) return `has no ${Object.keys(other).join(', ')}; it has vendor, family and id`;
  return [vendor, family, ...(id === undefined ? [] : [id])].every((one) => text(one) === undefined)
    ? undefined
    : 'needs vendor and family (and may have id), as “Choose Judge…” writes them';
}

/** A property that we do not know: a slip that would change the judge, or a key, which has no business here. */
function strange(key: string, inVscode: boolean): string {
  if (/key|secret|auth|bearer|password|^token$/i.test(key)) {
    return `must not hold ${key}: settings are plain text. Take it out, make a new key if the file was shared, and use “Set API Key…”`;
  }
  if (inVscode && Object.hasOwn(ENDPOINT, key)) return `has both vscode and ${key}; a judge is one or the other`;
  return `has no setting ${key}; is it a slip?`;
}

function entryName(value: unknown, i: number): string {
  const name = isObject(value) ? value['name'] : undefined;
  return typeof name === 'string' && name.trim() !== '' ? name : `judge ${String(i + 1)}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
