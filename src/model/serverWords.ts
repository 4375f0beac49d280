/** What a server says of a failure, as far as its answer has a shape that we know. */
export interface ServerWords {
  /** One line; empty where it said nothing. */
  readonly message: string;
  readonly code?: string | number;
  /** The field of the request that it is about. */
  readonly param?: string;
}

/** Longer words of a server are cut, in characters; ours. */
const MOST_QUOTED = 300;

/** What is read of them, in characters: a server may send any number. Ours. */
const MOST_READ = 20_000;
/** Errors within errors are followed so far. Ours. */
const MOST_NESTED = 10;

/** Stands for what is nested deeper than can be written. */
export const TOO_DEEP = '[nested too deep to be shown]';

/** Reads the body of a failed request: OpenAI's shape, those of vLLM, FastAPI and Ollama, HTML, or plain text. */
export function serverWords(body: string): ServerWords {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { message: line(withoutTags(body.slice(0, MOST_READ))) };
  }
  return wordsOf(parsed);
}

/** The text of HTML, with a space for each tag, and for each style or script with what stands in it. Takes time linear in its length. */
function withoutTags(html: string): string {
  const pieces: string[] = [];
  const endless = new Set<string>();
  let at = 0;
  for (;;) {
    const open = html.indexOf('<', at);
    const close = open === -1 ? -1 : html.indexOf('>', open);
    if (close === -1) break;
    pieces.push(html.slice(at, open));
    at = close + 1;
    const [, name] = /^<(style|script)\b/i.exec(html.slice(open, open + 8)) ?? [];
    const tag = name?.toLowerCase();
    if (tag === undefined || endless.has(tag)) continue;
    const end = new RegExp(`</${tag}>`, 'gi');
    end.lastIndex = open;
    // What has no end here has none further on.
    if (end.test(html)) at = end.lastIndex;
    else endless.add(tag);
  }
  return [...pieces, html.slice(at)].join(' ');
}

/** The same for what is parsed already. */
export function wordsOf(value: unknown): ServerWords {
  let said = value;
  for (let depth = 0; depth < MOST_NESTED && isObject(said) && said['error'] !== undefined && said['error'] !== null; depth++) said = said['error'];
  if (typeof said === 'string') return { message: line(said) };
  if (!isObject(said)) return { message: said === null || said === undefined ? '' : line(JSON.stringify(said)) };
  const { message, detail, code, param } = said;
  const words = message ?? detail;
  return {
    message: line(typeof words === 'string' ? words : written(words ?? said)),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof param === 'string' ? { param } : {}),
  };
}

/** As JSON; in its place a word of ours where it is nested deeper than can be written. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP;
    throw error;
  }
}

/** The server's words as the end of a sentence of ours; empty where it said nothing. */
export function quoted({ message }: ServerWords): string {
  if (message === '') return '';
  const characters = Array.from(message);
  return ` The server says: “${characters.length > MOST_QUOTED ? `${characters.slice(0, MOST_QUOTED).join('')}…` : message}”`;
}

function line(text: string): string {
  return text.slice(0, MOST_READ).replace(/\p{Cc}|\s+/gu, ' ').replace(/ +/g, ' ').trim();
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
