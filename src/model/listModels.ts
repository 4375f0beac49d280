import { connectionError, notUnderstoodError, timedOutError } from './connectionError';
import { refusalError, type Addressee } from './endpointError';
import { isSendable, withoutKey } from './keys';
import { isModelError, ModelError } from './modelError';
import { cleanBaseUrl, originOf } from './origin';
import { serverWords } from './serverWords';
import { fetchWithinOrigin } from './withinOrigin';

/** How long a server may take to list its models, in milliseconds; ours. */
const LIST_WITHIN = 10_000;

/**
 * The names of the models that an endpoint offers (`GET …/models`), in its order.
 * @param key the one for the base URL's origin; sent there alone
 * @throws ModelError with words for the researcher; the signal's reason when aborted; Error where the base URL cannot be used
 */
export async function listModels(
  baseUrl: string,
  key: string | undefined,
  signal: AbortSignal,
  timeoutMs = LIST_WITHIN,
): Promise<readonly string[]> {
  const to: Addressee = { origin: originOf(baseUrl), withKey: key !== undefined };
  const { status, body } = await getWithin(`${cleanBaseUrl(baseUrl)}/models`, to, key, signal, timeoutMs);
  if (status >= 300) throw refusalError({ status, says: serverWords(body) }, to);
  const models = modelNames(body);
  if (models === undefined) throw notUnderstoodError(to, 'it is no list of models', body);
  return models;
}

/** What a server answers to GET, whatever its status; ends by itself after a time. */
export async function getWithin(
  address: string,
  to: Addressee,
  key: string | undefined,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<{ readonly status: number; readonly body: string }> {
  signal.throwIfAborted();
  if (key !== undefined && !isSendable(key)) {
    throw new ModelError('unauthorized', `The API key for ${to.origin} holds characters that no key can have. Set it anew with “CoT Lens: Set API Key…”.`);
  }
  const late = new AbortController();
  const stop = (): void => { late.abort(); };
  const timer = setTimeout(stop, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const headers = { accept: 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
    const response = await fetchWithinOrigin(address, { headers, signal: late.signal }, to);
    return { status: response.status, body: withoutKey(await response.text(), key) };
  } catch (error) {
    signal.throwIfAborted();
    if (isModelError(error)) throw error;
    throw late.signal.aborted ? timedOutError(to, timeoutMs, false) : connectionError(to, error, false);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** The names in a list of models as OpenAI has it (`data`, of `id`) or Ollama's own (`models`, of `name`); `undefined`: no such list. */
export function modelNames(body: string): readonly string[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { data, models } = parsed as { readonly data?: unknown; readonly models?: unknown };
  const list: unknown = data ?? models;
  if (!Array.isArray(list)) return undefined;
  const names = (list as unknown[]).map((model) => {
    const { id, name } = (model ?? {}) as { readonly id?: unknown; readonly name?: unknown };
    return typeof id === 'string' ? id : name;
  });
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}
