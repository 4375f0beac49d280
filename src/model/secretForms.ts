/** Backslashes that may stand before a character, where JSON was quoted within JSON, and once more. Ours. */
const BACKSLASHES = 8;

/**
 * Finds a secret however an answer writes it: each of its characters as it is, as JSON may (`\/`, `\u002f`) or as an address does (`%2F`).
 * PHP's JSON and others escape slashes, so that what is looked for as it is would be missed, and stand there once the JSON was read.
 */
export function secretForms(secret: string): RegExp {
  return new RegExp(Array.from(secret.matchAll(/\\+|[^\\]/gu), ([part]) => formsOf(part)).join(''), 'g');
}

/** @param part a character, or backslashes: these are counted together, for each alone could be any number of them */
function formsOf(part: string): string {
  const escaped = Array.from({ length: part.length }, (_, i) => `\\\\{1,${String(BACKSLASHES)}}u${anyCase(part.charCodeAt(i).toString(16).padStart(4, '0'))}`).join('');
  const inAddresses = Array.from(new TextEncoder().encode(part), (byte) => `%${anyCase(byte.toString(16).padStart(2, '0'))}`).join('');
  return `(?:${escaped}|${inAddresses}|${asItIs(part)})`;
}

/** What is no letter or digit may have backslashes before it. */
function asItIs(part: string): string {
  if (part.startsWith('\\')) return `\\\\{${String(part.length)},${String(part.length * BACKSLASHES)}}`;
  return /^[A-Za-z0-9]$/.test(part) ? part : `\\\\{0,${String(BACKSLASHES)}}${part.replace(/[.*+?^${}()|[\]/]/, '\\$&')}`;
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
