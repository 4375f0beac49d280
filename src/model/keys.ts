/**
 * The key that goes with an origin (scheme, host and port), `undefined` where none is set. A key is asked for by the origin that a
 * request goes to and sent to no other.
 */
export type KeyOf = (origin: string) => Promise<string | undefined>;

/** Keys shorter than this are placeholders that local servers want (`EMPTY`, `ollama`); ours. */
const SHORTEST_KEY = 8;

/** The text with `[key]` wherever the key stood in it, also where a server tells it back. */
export function withoutKey(text: string, key: string | undefined): string {
  if (key === undefined || key.length < SHORTEST_KEY) return text;
  return text.replaceAll(key, '[key]').replaceAll(encodeURIComponent(key), '[key]');
}

/** Can it travel in a header at all? A line break, pasted along, cannot. */
export function isSendable(key: string): boolean {
  return /^[\x21-\x7e]+$/.test(key);
}
