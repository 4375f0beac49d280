import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface ReceivedMessage {
  readonly role: string;
  readonly content: string;
}

/** The body of a request for a completion, as far as tests look into it. */
export interface ReceivedBody {
  readonly model: string;
  readonly messages: readonly ReceivedMessage[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly response_format?: { readonly type: string; readonly json_schema?: { readonly name: string; readonly schema: unknown } };
  readonly temperature?: number;
  readonly seed?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
}

export interface ReceivedRequest {
  /** 0 for the first that the server got. */
  readonly index: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body exactly as it came. */
  readonly body: string;
  /** The body as JSON; without model and messages where it is none. */
  readonly json: ReceivedBody;
  /** The client's port: the same for requests of one connection. */
  readonly remotePort: number | undefined;
  /** Milliseconds since 1970, when its body was complete. */
  readonly time: number;
  /** Completions under way when it came, itself included; 0 for other requests. */
  inFlight: number;
  /** Did the client leave before the answer was complete? (True also where the server cut it.) */
  abandoned: boolean;
}

/** Reads a request to its end. */
export async function received(incoming: IncomingMessage): Promise<Omit<ReceivedRequest, 'index'>> {
  let body = '';
  incoming.setEncoding('utf8');
  for await (const part of incoming) body += part as string;
  const path = new URL(incoming.url ?? '/', 'http://localhost').pathname;
  return {
    method: incoming.method ?? '',
    path,
    headers: incoming.headers,
    body,
    json: parsed(body),
    remotePort: incoming.socket.remotePort,
    time: Date.now(),
    inFlight: 0,
    abandoned: false,
  };
}

function parsed(body: string): ReceivedBody {
  const empty: ReceivedBody = { model: '', messages: [] };
  try {
    return { ...empty, ...(JSON.parse(body) as Partial<ReceivedBody>) };
  } catch {
    return empty;
  }
}
