import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

type Json = Readonly<Record<string, unknown>>;

/** One way to misbehave. Where `carriedOut`, the request is done first, and only then it goes wrong. */
export type FineTuningFault = { readonly carriedOut?: boolean } & (
  | { readonly kind: 'http'; readonly status: number; readonly body?: string | Json; readonly headers?: Readonly<Record<string, string>> }
  /** Sends nothing, and keeps the connection. */
  | { readonly kind: 'stall' }
  /** Sends a space every so many milliseconds, and never comes to an end. */
  | { readonly kind: 'drip'; readonly every: number }
  /** Destroys the connection: after so many bytes of the body, or before the answer, or in the middle of it. */
  | { readonly kind: 'cut'; readonly where: 'upload' | 'before-answer' | 'midway' }
  /** Answers with the key that it was sent. */
  | { readonly kind: 'tells-key'; readonly status: number }
);

export const fineTuningFaults = {
  unauthorized: { kind: 'http', status: 401, body: { error: { message: 'Incorrect API key provided.', type: 'invalid_request_error', code: 'invalid_api_key' } } },
  forbidden: { kind: 'http', status: 403, body: { error: { message: 'You have insufficient permissions for this operation.', type: 'invalid_request_error' } } },
  limited: { kind: 'http', status: 429, body: { error: { message: 'Rate limit reached.', type: 'requests', code: 'rate_limit_exceeded' } }, headers: { 'retry-after': '20' } },
  crashed: { kind: 'http', status: 500, body: { error: { message: 'The server had an error while processing your request.', type: 'server_error' } } },
  malformed: { kind: 'http', status: 200, body: '{"id": "ftjob-' },
  otherShape: { kind: 'http', status: 200, body: { hello: 'world' } },
  page: { kind: 'http', status: 200, body: '<html><h1>It works!</h1></html>' },
  noAddress: { kind: 'http', status: 404, body: { detail: 'Not Found' } },
  stall: { kind: 'stall' },
  cutUpload: { kind: 'cut', where: 'upload' },
  cut: { kind: 'cut', where: 'before-answer' },
  cutMidway: { kind: 'cut', where: 'midway' },
} as const satisfies Record<string, FineTuningFault>;

export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface FakeFile {
  readonly id: string;
  readonly filename: string;
  readonly bytes: number;
  readonly purpose: string;
  readonly created_at: number;
  status: string;
  readonly content: Buffer;
  readonly type: string;
}

export interface FakeJob {
  readonly id: string;
  /** What it was made of. */
  readonly body: Json;
  readonly created_at: number;
  status: string;
  fine_tuned_model: string | null;
  finished_at: number | null;
  error: Json | null;
  /** Oldest first. */
  readonly events: Json[];
  readonly checkpoints: Json[];
}

export interface FakeFineTuningOptions {
  readonly requireKey?: string;
  readonly models?: readonly string[];
  /** Seconds of its clock; one more with each job where absent, from 2026-01-01. */
  readonly now?: () => number;
  /** Are metadata kept and told? They are where absent. */
  readonly metadata?: boolean;
  /** Is the suffix told? */
  readonly suffix?: boolean;
  /** `oldest`: lists go from old to new. */
  readonly order?: 'newest' | 'oldest';
  /** The most items of a page, whatever is asked for. */
  readonly page?: number;
  /** Begins anew with each page. */
  readonly ignoresAfter?: boolean;
  /** Each list goes on for ever, with what was never there before. */
  readonly endless?: boolean;
  /** Paths that it does not have, such as `/files`, by how they begin. */
  readonly lacks?: readonly string[];
}

export interface FakeFineTuning {
  /** Origin and `/v1`. */
  readonly url: string;
  readonly origin: string;
  readonly requests: RecordedRequest[];
  readonly files: FakeFile[];
  /** In the order they were made. */
  readonly jobs: FakeJob[];
  /** The next request that fits misbehaves. @param at `POST /fine_tuning/jobs`: method and how the path begins @param times 1 where absent */
  fault(fault: FineTuningFault, at?: string, times?: number): void;
  /** No fault that is left will come. */
  heal(): void;
  /** Makes a job as if somebody else had. */
  make(body: Json, more?: Partial<FakeJob>): FakeJob;
  event(job: FakeJob, message: string, more?: Json): void;
  checkpoint(job: FakeJob, step: number): void;
  stop(): Promise<void>;
}

/** A server on a free port of 127.0.0.1 with OpenAI's files and fine-tuning API. Its jobs go on only as a test tells them to. */
export async function startFakeFineTuning(options: FakeFineTuningOptions = {}): Promise<FakeFineTuning> {
  const { order = 'newest', page: mostItems = 100, models = ['base-model'], metadata = true, suffix = true, lacks = [] } = options;
  const requests: RecordedRequest[] = [];
  const files: FakeFile[] = [];
  const jobs: FakeJob[] = [];
  const faults: { readonly fault: FineTuningFault; readonly at: string; left: number }[] = [];
  const sockets = new Set<Socket>();
  let ticks = 1_767_225_600;
  let made = 0;
  const now = options.now ?? (() => ticks++);

  function make(body: Json, more: Partial<FakeJob> = {}): FakeJob {
    const job: FakeJob = { id: `ftjob-${String(++made)}`, body, created_at: now(), status: 'validating_files', fine_tuned_model: null, finished_at: null, error: null, events: [], checkpoints: [], ...more };
    jobs.push(job);
    return job;
  }

  function told({ body, events: _, checkpoints: __, ...job }: FakeJob): Json {
    return {
      object: 'fine_tuning.job',
      ...job,
      model: body['model'],
      training_file: body['training_file'],
      seed: body['seed'],
      result_files: [],
      ...(metadata ? { metadata: body['metadata'] ?? null } : {}),
      ...(suffix ? { user_provided_suffix: body['suffix'] ?? null } : {}),
    };
  }

  let invented = 0;
  function list(items: readonly Json[], query: URLSearchParams): Json {
    if (options.endless === true) return { object: 'list', data: Array.from({ length: Math.min(mostItems, Number(query.get('limit') ?? 20)) }, () => ({ ...items[0], id: `more-${String(++invented)}` })), has_more: true };
    const all = order === 'newest' ? items.toReversed() : items;
    const after = options.ignoresAfter === true ? null : query.get('after');
    const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
    const data = all.slice(from, from + Math.min(mostItems, Number(query.get('limit') ?? 20)));
    return { object: 'list', data, has_more: options.ignoresAfter === true || from + data.length < all.length };
  }

  /** What the API answers when all is well. */
  async function carryOut(request: RecordedRequest): Promise<{ readonly status: number; readonly body: Json }> {
    const { pathname, searchParams } = new URL(request.path, 'http://localhost');
    const path = pathname.replace(/^\/v1/, '');
    const no = (status: number, message: string, code?: string): { readonly status: number; readonly body: Json } => ({ status, body: { error: { message, type: 'invalid_request_error', param: null, code } } });
    if (lacks.some((start) => path.startsWith(start))) return { status: 404, body: { detail: 'Not Found' } };
    if (request.method === 'GET' && path === '/models') return { status: 200, body: { object: 'list', data: models.map((id) => ({ id, object: 'model' })) } };
    if (request.method === 'GET' && path === '/files') {
      const purpose = searchParams.get('purpose');
      return { status: 200, body: list(files.filter((one) => purpose === null || one.purpose === purpose).map(({ content: _, type: __, ...file }) => ({ object: 'file', ...file })), searchParams) };
    }
    if (request.method === 'POST' && path === '/files') {
      const form = await new Response(new Uint8Array(request.body), { headers: { 'content-type': String(request.headers['content-type']) } }).formData();
      const file = form.get('file');
      const purpose = form.get('purpose');
      if (!(file instanceof File) || typeof purpose !== 'string') return no(400, 'A file and its purpose are required.');
      const content = Buffer.from(await file.arrayBuffer());
      const kept: FakeFile = { id: `file-${createHash('sha256').update(content).digest('hex').slice(0, 8)}-${String(files.length + 1)}`, filename: file.name, bytes: content.length, purpose, created_at: now(), status: 'processed', content, type: file.type };
      files.push(kept);
      return { status: 200, body: { object: 'file', id: kept.id, filename: kept.filename, bytes: kept.bytes, purpose, created_at: kept.created_at, status: kept.status } };
    }
    if (path === '/fine_tuning/jobs') {
      if (request.method === 'GET') return { status: 200, body: list(jobs.map(told), searchParams) };
      const body = JSON.parse(request.body.toString()) as Json;
      if (!files.some(({ id }) => id === body['training_file'])) return no(400, 'The training file does not exist.', 'invalid_training_file');
      return { status: 200, body: told(make(body)) };
    }
    const [, id, what] = /^\/fine_tuning\/jobs\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const job = jobs.find((one) => one.id === id);
    if (id === undefined || job === undefined) return no(404, `Could not find fine tune: ${id ?? path}`, 'fine_tune_not_found');
    switch (`${request.method} ${what ?? ''}`) {
      case 'GET ':
        return { status: 200, body: told(job) };
      case 'GET events':
        return { status: 200, body: list(job.events, searchParams) };
      case 'GET checkpoints':
        return { status: 200, body: list(job.checkpoints, searchParams) };
      case 'POST cancel':
        if (['succeeded', 'failed', 'cancelled'].includes(job.status)) return no(400, `Job has already completed: ${job.id}`);
        job.status = 'cancelled';
        return { status: 200, body: told(job) };
      case 'POST pause':
        job.status = 'paused';
        return { status: 200, body: told(job) };
      case 'POST resume':
        job.status = 'running';
        return { status: 200, body: told(job) };
      default:
        return no(404, `Unknown request URL: ${request.method} ${path}`);
    }
  }

  function faultFor({ method, path }: Pick<RecordedRequest, 'method' | 'path'>): FineTuningFault | undefined {
    const found = faults.find(({ at, left }) => left > 0 && `${method} ${path.replace(/^\/v1/, '')}`.startsWith(at));
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.fault;
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = incoming;
    const fault = faultFor({ method, path });
    const { socket } = incoming;
    const pieces: Buffer[] = [];
    for await (const piece of incoming) {
      pieces.push(piece as Buffer);
      if (fault?.kind === 'cut' && fault.where === 'upload') socket.destroy();
    }
    const request: RecordedRequest = { method, path, headers, body: Buffer.concat(pieces) };
    requests.push(request);
    const allowed = options.requireKey === undefined || headers.authorization === `Bearer ${options.requireKey}`;
    const well = !allowed
      ? { status: 401, body: fineTuningFaults.unauthorized.body }
      : fault === undefined || fault.carriedOut === true || fault.kind === 'cut'
        ? fault?.kind === 'cut' && fault.carriedOut !== true
          ? { status: 200, body: { object: 'nothing', padding: 'x'.repeat(100) } }
          : await carryOut(request)
        : { status: 200, body: {} };
    if (fault === undefined) send(response, well.status, well.body);
    else if (fault.kind === 'drip') {
      response.writeHead(200, { 'content-type': 'application/json' });
      const dripping = setInterval(() => response.write(' '), fault.every);
      response.once('close', () => { clearInterval(dripping); });
    }
    else if (fault.kind === 'http') send(response, fault.status, fault.body ?? {}, fault.headers);
    else if (fault.kind === 'tells-key') send(response, fault.status, { error: { message: `Bad credentials: ${String(headers.authorization)}`, code: 'invalid_api_key' }, id: headers.authorization }, { 'x-key': String(headers.authorization), location: `/${encodeURIComponent(String(headers.authorization))}` });
    else if (fault.kind === 'cut' && fault.where !== 'midway') socket.destroy();
    else if (fault.kind === 'cut') {
      const text = JSON.stringify(well.body);
      response.writeHead(well.status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.write(text.slice(0, Math.floor(text.length / 2)), () => socket.destroy());
    }
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      // The client went away before its body was whole, or was sent away.
      if (!incoming.complete) return;
      send(response, 500, { error: { message: `The fake itself failed: ${String(error)}` } });
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${String(port)}`;

  return {
    url: `${origin}/v1`,
    origin,
    requests,
    files,
    jobs,
    make,
    fault(fault, at = '', times = 1) {
      faults.push({ fault, at, left: times });
    },
    heal() {
      faults.length = 0;
    },
    event(job, message, more = {}) {
      const id = `ftevent-${job.id}-${String(job.events.length + 1)}`;
      job.events.push({ object: 'fine_tuning.job.event', id, created_at: now(), level: 'info', message, type: 'message', ...more });
    },
    checkpoint(job, step) {
      job.checkpoints.push({ object: 'fine_tuning.job.checkpoint', id: `ftckpt-${job.id}-${String(step)}`, created_at: now(), step_number: step, fine_tuned_model_checkpoint: `ft:base:${job.id}:step-${String(step)}`, fine_tuning_job_id: job.id, metrics: { step, train_loss: 1 / step } });
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => { resolve(); });
      });
    },
  };
}

function send(response: ServerResponse, status: number, body: string | Json, headers: Readonly<Record<string, string>> = {}): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
