/**
 * The texts that a reply holds so far: the strings of a JSON object whose end has not come yet, decoded as far as they are certain.
 * What comes before the object (prose, a code fence, a model's thoughts) is passed over.
 * @param text all of the reply so far
 * @returns one text for each name; empty where nothing of it came
 */
export function partialTexts(text: string, names: readonly string[]): readonly string[] {
  const said = new Map<string, string>();
  for (let at = objectStart(text); at !== undefined && text[at] === '"'; ) {
    const key = stringAt(text, at);
    const colon = key.end === undefined ? undefined : afterBlanks(text, key.end);
    if (colon === undefined || text[colon] !== ':') break;
    const place = afterBlanks(text, colon + 1);
    if (text[place] !== '"') break;
    const value = stringAt(text, place);
    said.set(key.text, value.text);
    if (value.end === undefined) break;
    const comma = afterBlanks(text, value.end);
    if (text[comma] !== ',') break;
    at = afterBlanks(text, comma + 1);
  }
  return names.map((name) => said.get(name) ?? '');
}

/** Where the first member's quotation mark stands, of the first object that has begun; `undefined` where none has. */
function objectStart(text: string): number | undefined {
  const thought = /^\s*<think>/.test(text) ? text.indexOf('</think>') : 0;
  if (thought === -1) return undefined;
  const begins = /\{\s*(?="[\w-]{1,60}"\s{0,20}:)/g;
  begins.lastIndex = thought;
  return begins.exec(text) === null ? undefined : begins.lastIndex;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++;
  return at;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '"': '"', '\\': '\\', '/': '/' };

/** The JSON string that begins at a quotation mark, and where it ends (behind its own); half an escape or half a character at the end is left out. */
function stringAt(text: string, quote: number): { text: string; end: number | undefined } {
  const parts: string[] = [];
  let at = quote + 1;
  let end: number | undefined;
  while (at < text.length) {
    const next = /["\\]/g;
    next.lastIndex = at;
    const stop = next.exec(text)?.index ?? text.length;
    parts.push(text.slice(at, stop));
    at = stop;
    if (text[at] === '"') end = at + 1;
    if (text[at] !== '\\') break;
    const code = text.charAt(at + 1);
    const hex = code === 'u' ? /^[\da-f]{4}$/i.exec(text.slice(at + 2, at + 6))?.[0] : undefined;
    if (hex === undefined && (code === '' || code === 'u')) break;
    parts.push(hex === undefined ? (ESCAPES[code] ?? code) : String.fromCharCode(parseInt(hex, 16)));
    at += hex === undefined ? 2 : 6;
  }
  const whole = parts.join('');
  return { text: end === undefined ? whole.replace(/[\ud800-\udbff]$/, '') : whole, end };
}
