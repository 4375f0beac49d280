import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ANSWERED, answerOf, cutHead, sendAnswer, type AnswerSettings, type Reply } from './modelServer/answer';
import { httpError, type Fault } from './modelServer/faults';
import { PrefixCache } from './modelServer/prefixCache';
import { received, type ReceivedRequest } from './modelServer/received';

export { echoesKey, faults, httpError, rateLimited, redirected, type Fault } from './modelServer/faults';
export type { Answer, Reply } from './modelServer/answer';
export type { ReceivedMessage, ReceivedRequest } from './modelServer/received';

export interface ModelServerOptions {
  /** What the model says to a request for a completion. A text alone is a complete reply. */
  readonly reply: (request: ReceivedRequest) => Reply | Promise<Reply>;
  /** Milliseconds from a request to the head of its answer; 0 where absent. */
  readonly latency?: number | ((request: ReceivedRequest) => number);
  /** What `GET /v1/models` lists, and the only models that exist; where absent it lists `scripted` and any name will do. */
  readonly models?: readonly string[];
  /** What `GET /api/tags` (Ollama's own list) tells; 404 where absent. */
  readonly tags?: readonly string[];
  /** Requests without this key are answered with 401. */
  readonly requireKey?: string;
  /** The name that replies carry; the model asked for where absent. */
  readonly snapshot?: string;
  /** Fields of the request's body that this server does not know: it answers 400 and names the first. */
  readonly refuses?: readonly ('response_format' | 'max_tokens' | 'temperature' | 'seed' | 'stream_options')[];
  /** How streams are cut up: characters per chunk (8 where absent) and milliseconds between chunks (0 where absent). */
  readonly chunks?: { readonly size?: number; readonly delay?: number };
  /** `false`: usage says nothing of cached tokens. */
  readonly cache?: boolean;
  /** A free one where absent. */
  readonly port?: number;
}

export interface FaultPlan {
  /** How many requests are treated so; 1 where absent, `Infinity` for ever. */
  readonly times?: number;
  /** How many requests, counted from now, are answered in order before; 0 where absent. */
  readonly after?: number;
  /** Which requests are meant: for completions (where absent) or for the list of models. */
  readonly at?: 'completions' | 'models';
}

export interface ModelServer {
  /** The base URL, as a researcher would set it: origin and `/v1`. */
  readonly url: string;
  readonly origin: string;
  readonly port: number;
  /** All requests so far, of whatever path, in the order they came. */
  readonly requests: readonly ReceivedRequest[];
  /** Those for a completion. */
  readonly completions: readonly ReceivedRequest[];
  /** The most completions that were under way at once. */
  readonly mostInFlight: number;
  /** Misbehaves on order. Several plans add up; the first that fits a request is taken. */
  fault(fault: Fault, plan?: FaultPlan): void;
  /** Forgets faults, requests and `mostInFlight`; what is under way goes on. The prefix cache is emptied. */
  reset(): void;
  /** Ends all connections, those that stall too. */
  stop(): Promise<void>;
}

interface Planned {
  readonly fault: Fault;
  readonly at: 'completions' | 'models';
  wait: number;
  left: number;
}

/**
 * A server on 127.0.0.1 that speaks the OpenAI shape over real HTTP, knows nothing of judges and misbehaves on order. It counts
 * tokens as one per four characters, and those cached as a server with a prefix cache would (`modelServer/prefixCache.ts`).
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  const stopping = new AbortController();
  // Each answer that waits listens to it.
  setMaxListeners(0, stopping.signal);
  let cache = new PrefixCache();
  let planned: Planned[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const isCompletion = ({ path }: ReceivedRequest): boolean => path.endsWith('/chat/completions');

  function faultFor(request: ReceivedRequest): Fault | undefined {
    const at = isCompletion(request) ? 'completions' : /\/(?:models|tags)$/.test(request.path) ? 'models' : undefined;
    let taken: Fault | undefined;
    for (const plan of planned) {
      if (plan.at !== at) continue;
      if (plan.wait > 0) plan.wait -= 1;
      else if (taken === undefined && plan.left > 0) {
        plan.left -= 1;
        taken = plan.fault;
      }
    }
    planned = planned.filter(({ left }) => left > 0);
    return taken;
  }

  /** What is wrong with a request by this server's own rules. */
  function refusal(request: ReceivedRequest): Fault | undefined {
    if (options.requireKey !== undefined && request.headers['authorization'] !== `Bearer ${options.requireKey}`) {
      return httpError(401, { message: 'Incorrect API key provided.', type: 'invalid_request_error', code: 'invalid_api_key' });
    }
    if (!isCompletion(request)) return undefined;
    if (options.models !== undefined && !options.models.includes(request.json.model)) {
      const message = `The model \`${request.json.model}\` does not exist or you do not have access to it.`;
      return httpError(404, { message, type: 'invalid_request_error', code: 'model_not_found' });
    }
    const unknown = options.refuses?.find((field) => field in request.json);
    if (unknown === undefined) return undefined;
    const instead = unknown === 'max_tokens' ? " Use 'max_completion_tokens' instead." : '';
    return httpError(400, {
      message: `Unsupported parameter: '${unknown}' is not supported with this model.${instead}`,
      type: 'invalid_request_error',
      param: unknown,
      code: 'unsupported_parameter',
    });
  }

  async function complete(request: ReceivedRequest, response: ServerResponse, fault: Fault | undefined): Promise<void> {
    const reply = fault?.kind === 'reply' ? fault.reply : await options.reply(request);
    const settings: AnswerSettings = {
      request,
      model: options.snapshot ?? request.json.model,
      usage: cache.count(request.json.messages, options.cache !== false),
      chunkSize: options.chunks?.size ?? 8,
      chunkDelay: options.chunks?.delay ?? 0,
      signal: stopping.signal,
      ...(fault?.kind === 'stall' || fault?.kind === 'cut' ? { interrupt: fault.kind } : {}),
    };
    await sendAnswer(response, answerOf(reply), settings);
    cache.keep(request.json.messages);
  }

  async function respond(request: ReceivedRequest, response: ServerResponse): Promise<void> {
    const fault = faultFor(request) ?? refusal(request);
    const latency = typeof options.latency === 'function' ? options.latency(request) : (options.latency ?? 0);
    if (latency > 0) await sleep(latency, undefined, { signal: stopping.signal });
    if (fault?.kind === 'http') {
      const body = typeof fault.body === 'function' ? fault.body(request) : fault.body;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(fault.status, {
        'content-type': typeof body === 'string' ? 'text/html' : 'application/json',
        ...(typeof fault.headers === 'function' ? fault.headers(request) : fault.headers),
      });
      response.end(text);
    } else if (fault !== undefined && cutHead(fault, response)) {
      return;
    } else if (isCompletion(request) && request.method === 'POST') {
      await complete(request, response, fault);
    } else if (request.method === 'GET' && request.path.endsWith('/models')) {
      const data = (options.models ?? ['scripted']).map((id) => ({ id, object: 'model', created: 0, owned_by: 'test' }));
      sendJson(response, 200, { object: 'list', data });
    } else if (request.method === 'GET' && request.path === '/api/tags' && options.tags !== undefined) {
      sendJson(response, 200, { models: options.tags.map((name) => ({ name, model: name })) });
    } else {
      sendJson(response, 404, { error: { message: `Not found: ${request.method} ${request.path}` } });
    }
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request: ReceivedRequest = { ...(await received(incoming)), index: requests.length };
    requests.push(request);
    if (!isCompletion(request)) {
      await respond(request, response);
      return;
    }
    inFlight += 1;
    request.inFlight = inFlight;
    mostInFlight = Math.max(mostInFlight, inFlight);
    // Over as soon as the last byte is handed on: the client can have it, and ask again, before the response is closed.
    let over = false;
    const end = (): void => {
      if (!over) inFlight -= 1;
      over = true;
    };
    response.once(ANSWERED, end);
    response.once('prefinish', end);
    response.once('close', () => {
      end();
      request.abandoned = !response.writableFinished;
    });
    await respond(request, response);
  }

  const server = createServer((incoming, response) => {
    // What a test's `reply` throws is told to the client, so that the test sees it.
    handle(incoming, response).catch((error: unknown) => {
      if (response.destroyed || stopping.signal.aborted) return;
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: { message: `The test's own reply failed: ${String(error)}` } });
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;

  return {
    url: `${origin}/v1`,
    origin,
    port,
    requests,
    get completions() {
      return requests.filter(isCompletion);
    },
    get mostInFlight() {
      return mostInFlight;
    },
    fault(fault, { times = 1, after = 0, at = 'completions' } = {}) {
      planned.push({ fault, at, wait: after, left: times });
    },
    reset() {
      planned = [];
      requests.length = 0;
      mostInFlight = inFlight;
      cache = new PrefixCache();
    },
    async stop() {
      stopping.abort();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => { resolve(); });
      });
    },
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** An address on this machine that nothing listens on, so that connections are refused. */
export async function refusingUrl(): Promise<string> {
  const server = await startModelServer({ reply: () => '' });
  await server.stop();
  return server.url;
}
