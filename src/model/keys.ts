import { secretForms } from './secretForms';

/**
 * The key that goes with an origin (scheme, host and port), `undefined` where none is set. A key is asked for by the origin that a
 * request goes to and sent to no other.
 */
export type KeyOf = (origin: string) => Promise<string | undefined>;

/** Keys shorter than this are placeholders that local servers want (`EMPTY`, `ollama`); ours. */
const SHORTEST_KEY = 8;

/** The text with `[key]` wherever the key stood in it, also where a server tells it back, however it writes it (`\/`, `\u002f`, `%2F`): JSON is read after this. */
export function withoutKey(text: string, key: string | undefined): string {
  if (key === undefined || key.length < SHORTEST_KEY) return text;
  // Most texts have nothing that could write it in another way, and those that stream are looked through at each piece.
  return /[\\%]/.test(text) ? text.replace(secretForms(key), '[key]') : text.replaceAll(key, '[key]');
}

/** Can it travel in a header at all? A line break, pasted along, cannot. */
export function isSendable(key: string): boolean {
  return /^[\x21-\x7e]+$/.test(key);
}
