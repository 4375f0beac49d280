import type { KeyOf } from './keys';
import { getWithin, modelNames } from './listModels';
import { cleanBaseUrl, originOf } from './origin';

/** Where a kind of server usually listens on this machine. */
export interface UsualServer {
  readonly name: string;
  readonly baseUrl: string;
  /** A list of models of its own making, where the OpenAI one is missing. */
  readonly ownList?: string;
}

/** The loopback addresses that these servers take unless told otherwise (by their documentation). */
export const USUAL_SERVERS: readonly UsualServer[] = [
  { name: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1', ownList: 'http://127.0.0.1:11434/api/tags' },
  { name: 'LM Studio', baseUrl: 'http://127.0.0.1:1234/v1' },
  { name: 'vLLM', baseUrl: 'http://127.0.0.1:8000/v1' },
  { name: 'llama.cpp', baseUrl: 'http://127.0.0.1:8080/v1' },
];

export interface LocalServer {
  /** By its port: what usually listens there. */
  readonly name: string;
  readonly baseUrl: string;
  /** Empty where the server would not say; a model can still be named by hand. */
  readonly models: readonly string[];
  /** It wants a key before it says anything. */
  readonly wantsKey: boolean;
}

export interface Search {
  readonly servers?: readonly UsualServer[];
  /** How long each may take to answer, in milliseconds; 700 where absent (ours: loopback answers at once or not at all). */
  readonly timeoutMs?: number;
  /** Keys for servers that want one; none is sent where absent. */
  readonly keyOf?: KeyOf;
}

/**
 * The OpenAI-compatible servers that run on this machine, asked all at once, in the order of the table. One that cannot list its
 * models (500) is told without any; what listens there and is no such server is left out. Only rejects when aborted.
 */
export async function findLocalServers(signal: AbortSignal, search: Search = {}): Promise<readonly LocalServer[]> {
  const { servers = USUAL_SERVERS, timeoutMs = 700, keyOf } = search;
  const found = await Promise.all(servers.map((server) => look(server, signal, timeoutMs, keyOf)));
  signal.throwIfAborted();
  return found.filter((server) => server !== undefined);
}

async function look(server: UsualServer, signal: AbortSignal, timeoutMs: number, keyOf?: KeyOf): Promise<LocalServer | undefined> {
  const { name, baseUrl, ownList } = server;
  const origin = originOf(baseUrl);
  const as = (models: readonly string[], wantsKey = false): LocalServer => ({ name, baseUrl, models, wantsKey });
  try {
    const key = await keyOf?.(origin);
    const to = { origin, withKey: key !== undefined };
    const get = (address: string): ReturnType<typeof getWithin> => getWithin(address, to, key, signal, timeoutMs);
    const answer = await get(`${cleanBaseUrl(baseUrl)}/models`);
    const models = answer.status < 300 ? modelNames(answer.body) : undefined;
    if (models !== undefined && models.length > 0) return as(models);
    if (ownList !== undefined) {
      const own = await get(ownList);
      const names = own.status < 300 ? modelNames(own.body) : undefined;
      if (names !== undefined) return as(names);
    }
    if (models !== undefined || answer.status >= 500) return as([]);
    return answer.status === 401 || answer.status === 403 ? as([], true) : undefined;
  } catch {
    // Nothing listens there, or it is no server of this kind.
    return undefined;
  }
}
