import { trainerVersions } from '../../train/logs/trainerVersions';
import { RUN_STATES, type RunEvent, type RunPlan } from '../../train/runs/run';
import { wrongPlace } from '../../train/runs/setPlace';

/** The beginning of a run's file. */
export interface PlanLine {
  readonly plan: RunPlan;
}

/** Ids stand in names of files and in addresses. */
const ID = /^[A-Za-z0-9_-]+$/;
const TEXTS = ['job', 'reason', 'hint', 'started', 'ended', 'model'] as const;

/**
 * A line of a run's file; `undefined` where it is none. Files are edited, and written by newer versions: of an event what has another
 * type than ours, or a state that we do not know, is left out.
 */
export function runLine(line: string): PlanLine | RunEvent | undefined {
  let said: unknown;
  try {
    said = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(said)) return undefined;
  if ('plan' in said) return isPlan(said['plan']) ? { plan: withOwnFields(said['plan']) } : undefined;
  const { at, state, versions, logRead } = said;
  if (typeof at !== 'string') return undefined;
  const known = RUN_STATES.find((one) => one === state);
  return {
    at,
    ...(known === undefined ? {} : { state: known }),
    ...Object.fromEntries(TEXTS.flatMap((name) => (typeof said[name] === 'string' ? [[name, said[name]]] : []))),
    ...(isRecord(versions) ? { versions: trainerVersions(versions) } : {}),
    ...(typeof logRead === 'boolean' ? { logRead } : {}),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Does it have all that is read of a plan without looking again? */
function isPlan(value: unknown): value is RunPlan {
  if (!isRecord(value)) return false;
  const has = (of: unknown, ...names: string[]): boolean => isRecord(of) && names.every((name) => typeof of[name] === 'string');
  const { backend, set, file, expected, versions, values } = value;
  return (
    has(value, 'id', 'title', 'recipe', 'created') &&
    ID.test(value['id'] as string) &&
    has(backend, 'kind', 'name', 'url') &&
    has(set, 'path', 'name', 'sha256') &&
    has(file, 'format', 'sha256') &&
    typeof (file as Partial<RunPlan['file']>).rows === 'number' &&
    [expected, versions].every(isRecord) &&
    values !== undefined &&
    wrongPlaceOf({ set: set as RunPlan['set'], file: file as RunPlan['file'] }) === undefined
  );
}

/** Which path of a plan may stand in no record, and why, in words; `undefined`: none. */
export function wrongPlaceOf({ set, file }: Pick<RunPlan, 'set' | 'file'>): string | undefined {
  const said = (what: string, path: unknown): string | undefined => {
    const wrong = typeof path === 'string' ? wrongPlace(path) : undefined;
    return wrong === undefined ? undefined : `The path of ${what}, ${String(path)}, ${wrong}`;
  };
  return said('the set', set.path) ?? said('the rows', file.at);
}

/** Without what not all records have, where it is something else there. */
function withOwnFields(plan: RunPlan): RunPlan {
  const { canary, ablations, at, ...file } = plan.file as Omit<RunPlan['file'], 'canary' | 'ablations' | 'at'> & { readonly canary?: unknown; readonly ablations?: unknown; readonly at?: unknown };
  const isIds = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((one) => typeof one === 'string');
  const versions = Object.fromEntries(Object.entries(plan.versions as Readonly<Record<string, unknown>>).filter((one): one is [string, string] => typeof one[1] === 'string'));
  return { ...plan, versions, file: { ...file, ...(typeof canary === 'string' ? { canary } : {}), ...(isIds(ablations) ? { ablations } : {}), ...(typeof at === 'string' ? { at } : {}) } };
}
