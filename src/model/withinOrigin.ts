import { named, type Addressee } from './endpointError';
import { ModelError } from './modelError';

/** Redirects followed at most. */
const MOST_HOPS = 3;

/**
 * `fetch` that stays within the origin of the address. A redirect to the same origin that keeps method and body (307, 308; for GET
 * any) is followed; of any other the target gets nothing: neither key nor text.
 * @throws ModelError `redirected`; what `fetch` throws
 */
export async function fetchWithinOrigin(address: string, init: RequestInit, to: Addressee): Promise<Response> {
  let url = new URL(address);
  for (let hops = 0; ; hops += 1) {
    const response = await fetch(url.href, { ...init, redirect: 'manual' });
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    const target = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (target === undefined || target.origin !== url.origin) {
      throw new ModelError(
        'redirected',
        `${url.origin} points to ${target?.origin ?? 'another address'} for ${named(to)}. Nothing was sent there, since a key is good for one address alone. If that is where this model is, set it as the base URL, and its key with “CoT Lens: Set API Key…”.`,
      );
    }
    const keepsBody = response.status >= 307 || init.method === undefined || init.method === 'GET';
    if (!keepsBody || hops >= MOST_HOPS) {
      throw new ModelError(
        'redirected',
        keepsBody
          ? `${url.origin} only points from one address to the next for ${named(to)}. Check the base URL of this model.`
          : `${url.origin} has moved the address for ${named(to)} to ${target.pathname} (HTTP ${String(response.status)}). Set the base URL of this model to where that is.`,
      );
    }
    url = target;
  }
}
