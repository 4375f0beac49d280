/** What is wrong with a base URL, in words that follow “The address”; `undefined` where it can be used. Quotes nothing of it. */
export function baseUrlProblem(value: unknown): string | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return 'must be an address that begins with https:// or http://, such as http://127.0.0.1:11434/v1';
  }
  if (url.username !== '' || url.password !== '') return 'must hold no user or password: keys go into “Set API Key…”';
  if (url.search !== '' || url.hash !== '') return 'must end before any ? or #: keys go into “Set API Key…”';
  return undefined;
}

/**
 * A base URL as requests are built on: without slashes at its end, and without the path of a request that was pasted along.
 * @throws Error where `baseUrlProblem` has something to say
 */
export function cleanBaseUrl(value: string): string {
  const problem = baseUrlProblem(value);
  if (problem !== undefined) throw new Error(`The address ${problem}.`);
  const { origin, pathname } = new URL(value);
  return origin + pathname.replace(/\/+(?:chat\/completions\/*)?$/, '');
}

/**
 * Scheme, host and port of a base URL: what a key is bound to.
 * @throws Error where `baseUrlProblem` has something to say
 */
export function originOf(baseUrl: string): string {
  return new URL(cleanBaseUrl(baseUrl)).origin;
}

/** Is it on this machine: `localhost`, 127.0.0.0/8 or ::1? Of names no other is trusted to mean this machine. */
export function isLocal(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
