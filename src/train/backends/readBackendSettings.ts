import { baseUrlProblem } from '../../model/origin';
import { backendSetting, type BackendSetting } from './backendSetting';

/** An entry of the setting that cannot be used. */
export interface BackendSettingProblem {
  /** As its reader finds it: its name, or its place where it has none. */
  readonly entry: string;
  /** What is wrong. Never quotes a value: somebody may have put a key there. */
  readonly what: string;
}

export interface BackendSettings {
  readonly backends: readonly BackendSetting[];
  readonly problems: readonly BackendSettingProblem[];
}

/** Reads the setting `cotLens.backends`, which can hold anything. An entry with a fault is left out; the others stay usable. */
export function readBackendSettings(value: unknown): BackendSettings {
  if (value === undefined || value === null) return { backends: [], problems: [] };
  if (!Array.isArray(value)) return { backends: [], problems: [{ entry: 'cotLens.backends', what: 'must be a list of backends' }] };
  const backends: BackendSetting[] = [];
  const problems: BackendSettingProblem[] = [];
  for (const [i, one] of (value as unknown[]).entries()) {
    const read = readBackendSetting(one);
    if ('what' in read) problems.push({ entry: entryName(one, i), what: read.what });
    else if (backends.some(({ name }) => name === read.name)) problems.push({ entry: read.name, what: 'is a second backend of this name; give it another' });
    else backends.push(read);
  }
  return { backends, problems };
}

/** The same for one entry: the backend, or what is wrong with it. */
export function readBackendSetting(value: unknown): BackendSetting | { readonly what: string } {
  const found = backendSetting.safeParse(value);
  if (found.success) {
    const wrong = addressProblem(found.data.url);
    return wrong === undefined ? found.data : { what: `url ${wrong}` };
  }
  const secret = typeof value === 'object' && value !== null ? Object.keys(value).find((name) => /key|secret|auth|bearer|password|^token$/i.test(name)) : undefined;
  if (secret !== undefined) return { what: `must not hold ${secret}: settings are plain text. Take it out, make a new key if the file was shared, and use “Set Backend Key…”` };
  return { what: found.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; ') };
}

/** What is wrong with a backend's address, in words that follow “The address”; `undefined` where it can be used. Quotes nothing of it. */
export function addressProblem(url: string): string | undefined {
  return baseUrlProblem(url)?.replace('“Set API Key…”', '“Set Backend Key…”').replace('http://127.0.0.1:11434/v1', 'http://127.0.0.1:8265');
}

function entryName(value: unknown, i: number): string {
  const name: unknown = typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
  return typeof name === 'string' && name.trim() !== '' ? name : `backend ${String(i + 1)}`;
}
