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

/** Reads the body of a failed request: OpenAI's shape, those of vLLM, FastAPI and Ollama, HTML, or plain text. */
export function serverWords(body: string): ServerWords {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { message: line(body.replace(/<(style|script)\b.*?<\/\1>|<[^>]*>/gis, ' ')) };
  }
  return wordsOf(parsed);
}

/** The same for what is parsed already. */
export function wordsOf(value: unknown): ServerWords {
  if (typeof value === 'string') return { message: line(value) };
  if (!isObject(value)) return { message: value === null || value === undefined ? '' : line(JSON.stringify(value)) };
  const { error, message, detail, code, param } = value;
  if (error !== undefined && error !== null) return wordsOf(error);
  const said = message ?? detail;
  return {
    message: line(typeof said === 'string' ? said : JSON.stringify(said ?? value)),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof param === 'string' ? { param } : {}),
  };
}

/** The server's words as the end of a sentence of ours; empty where it said nothing. */
export function quoted({ message }: ServerWords): string {
  if (message === '') return '';
  const characters = Array.from(message);
  return ` The server says: “${characters.length > MOST_QUOTED ? `${characters.slice(0, MOST_QUOTED).join('')}…` : message}”`;
}

function line(text: string): string {
  return text.replace(/\p{Cc}|\s+/gu, ' ').replace(/ +/g, ' ').trim();
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
