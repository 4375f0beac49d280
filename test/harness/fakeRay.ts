import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** As Ray calls them. */
export type FakeRayStatus = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';

/** A request as it arrived. */
export interface FakeRayRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<IncomingMessage['headers']>;
  /** As far as it came. */
  body: Uint8Array;
  /** Was it carried out, whatever was answered? */
  done: boolean;
}

/**
 * What goes wrong with a request. `timeout`: it is never answered, and not carried out; `timeout-after`: carried out and never answered;
 * `timeout-late`: never answered, and carried out when the test says so (`arrive`), as by a proxy that held it.
 * `cut-before`: the connection is cut before any of it is read; `cut-in-upload`: in the middle of its body; `cut-after`: it was carried
 * out, and the answer is cut. `malformed json`: carried out, and answered with what is no JSON.
 */
export type FakeRayFault = 'timeout' | 'timeout-after' | 'timeout-late' | 'cut-before' | 'cut-in-upload' | 'cut-after' | 'malformed json' | `status ${number}`;

export interface FakeRayJob {
  readonly id: string;
  /** The request that made it, as JSON. */
  readonly submission: Readonly<Record<string, unknown>>;
  status: FakeRayStatus;
  logs: string;
  message: string;
  errorType: string | null;
  started: number;
  ended: number;
  exitCode: number | null;
  /** Was its package there when it was submitted? */
  readonly packaged: boolean;
  stopAsked: boolean;
}

export interface FakeRayOptions {
  readonly port?: number;
  /** Whoever asks needs it, but for the version and the mode of authentication. */
  readonly token?: string;
  /** Bytes of a body; more is answered with 413. Ray’s own: 100 MiB. */
  readonly largest?: number;
  /** Milliseconds after which a package that no job uses is gone. Ray’s own: about 600 s. */
  readonly expiry?: number;
  readonly now?: () => number;
}

export interface FakeRay {
  readonly url: string;
  readonly requests: FakeRayRequest[];
  readonly jobs: ReadonlyMap<string, FakeRayJob>;
  /** The packages that are there now, by their file name. */
  readonly packages: ReadonlyMap<string, Uint8Array>;
  /** Asked before each request is carried out. */
  fault: ((request: FakeRayRequest) => FakeRayFault | undefined) | undefined;
  /** How often a job of this submission id was started. */
  started(id: string): number;
  /** A job goes on: one whose package is gone fails instead of running. */
  advance(id: string, status: FakeRayStatus, log?: string, message?: string): void;
  /** What was held (`timeout-late`) is carried out now. */
  arrive(): void;
  /** All packages that no job uses are gone. */
  expire(): void;
  /** Ends all connections, those that wait too. */
  stop(): Promise<void>;
}

const ENDED: ReadonlySet<FakeRayStatus> = new Set(['SUCCEEDED', 'FAILED', 'STOPPED']);
const FIELDS: ReadonlySet<string> = new Set(['entrypoint', 'submission_id', 'job_id', 'runtime_env', 'metadata', 'entrypoint_num_cpus', 'entrypoint_num_gpus', 'entrypoint_memory', 'entrypoint_resources', 'entrypoint_label_selector']);
const TRACEBACK = 'Traceback (most recent call last):\n  File "/opt/venv/lib/python3.11/site-packages/ray/dashboard/modules/job/job_head.py", line 300, in submit_job\n';

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** A server on 127.0.0.1 with the behaviour of Ray’s dashboard, as it was seen on a real one; jobs go on as the test says. */
export async function startFakeRay(options: FakeRayOptions = {}): Promise<FakeRay> {
  const { token, largest = 100 * 1024 * 1024, expiry = 600_000, now = Date.now } = options;
  const requests: FakeRayRequest[] = [];
  const jobs = new Map<string, FakeRayJob>();
  const packages = new Map<string, { readonly bytes: Uint8Array; touched: number }>();
  const held: FakeRayRequest[] = [];
  const starts = new Map<string, number>();
  const sockets = new Set<Socket>();

  function dropExpired(age: number): void {
    const used = new Set([...jobs.values()].filter(({ status }) => !ENDED.has(status)).map(({ submission }) => packageOf(submission)));
    for (const [name, { touched }] of packages) if (!used.has(name) && now() - touched >= age) packages.delete(name);
  }

  function answer(request: FakeRayRequest): Reply {
    const { method, path, headers, body } = request;
    if (method !== 'GET' && isBrowser(headers)) return text(405, `'${method}' method not allowed for browser traffic.`);
    if (body.length > largest) return text(413, `Maximum request body size ${String(largest)} exceeded, actual body size ${String(body.length)}`);
    if (path === '/api/authentication_mode') return json(200, { authentication_mode: token === undefined ? 'disabled' : 'token' });
    if (path === '/api/version') return json(200, { version: '4', ray_version: '2.58.0', ray_commit: '0000000000000000000000000000000000000000', session_name: 'session_fake' });
    const denied = denial(headers);
    if (denied !== undefined) return denied;
    const [, uploaded] = /^\/api\/packages\/gcs\/(_ray_pkg_[\w-]+\.zip)$/.exec(path) ?? [];
    if (uploaded !== undefined) return packageReply(method, uploaded, body);
    if (path === '/api/jobs/') return method === 'POST' ? submitted(body) : json(200, [...jobs.values()].map(details));
    const [, id, rest] = /^\/api\/jobs\/([^/?]+)(?:\/(logs|stop))?$/.exec(path) ?? [];
    if (id === undefined) return text(404, '404: Not Found');
    const job = jobs.get(decodeURIComponent(id));
    if (job === undefined) return text(404, `Job ${id} does not exist`);
    if (rest === 'logs' && method === 'GET') return json(200, { logs: job.logs });
    if (rest === 'stop' && method === 'POST') return stopped(job);
    if (rest === undefined && method === 'GET') return json(200, details(job));
    if (rest === undefined && method === 'DELETE') {
      if (!ENDED.has(job.status)) return text(500, `${TRACEBACK}RuntimeError: Attempted to delete job '${job.id}', but it is in a non-terminal state ${job.status}.`);
      jobs.delete(job.id);
      return json(200, { deleted: true });
    }
    return text(405, '405: Method Not Allowed');
  }

  function denial(headers: IncomingMessage['headers']): Reply | undefined {
    if (token === undefined) return undefined;
    const said = headers.authorization ?? headers['x-ray-authorization'];
    if (said === undefined) return text(401, 'Unauthorized: Missing authentication token');
    return said === `Bearer ${token}` ? undefined : text(403, 'Forbidden: Invalid authentication token');
  }

  function packageReply(method: string, name: string, body: Uint8Array): Reply {
    dropExpired(expiry);
    if (method === 'PUT') {
      packages.set(name, { bytes: body, touched: now() });
      return text(200, '');
    }
    const known = packages.get(name);
    if (known === undefined) return text(404, `Package gcs://${name} does not exist`);
    known.touched = now();
    return text(200, '');
  }

  function submitted(body: Uint8Array): Reply {
    let submission: Record<string, unknown>;
    try {
      submission = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
    } catch {
      return text(400, `${TRACEBACK}json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)`);
    }
    const { entrypoint, submission_id: given, metadata = {} } = submission;
    const odd = Object.keys(submission).find((field) => !FIELDS.has(field));
    if (odd !== undefined) return text(400, `${TRACEBACK}TypeError: JobSubmitRequest.__init__() got an unexpected keyword argument '${odd}'`);
    if (typeof entrypoint !== 'string') return text(400, `${TRACEBACK}TypeError: entrypoint must be a string, got ${typeof entrypoint}`);
    if (typeof metadata !== 'object' || metadata === null || Object.values(metadata).some((value) => typeof value !== 'string')) return text(400, `${TRACEBACK}TypeError: metadata values must be strings`);
    const id = typeof given === 'string' ? given : `raysubmit_${createHash('sha256').update(String(jobs.size)).digest('hex').slice(0, 16)}`;
    if (!/^[\w-]+$/.test(id)) return text(500, `${TRACEBACK}ValueError: '${id}' is no valid submission id`);
    if (jobs.has(id)) return text(500, `${TRACEBACK}ValueError: Job with submission_id ${id} already exists. Please use a different submission_id. It already exists`);
    dropExpired(expiry);
    const name = packageOf(submission);
    starts.set(id, (starts.get(id) ?? 0) + 1);
    jobs.set(id, { id, submission, status: 'PENDING', logs: '', message: 'Job has not started yet.', errorType: null, started: now(), ended: 0, exitCode: null, packaged: name === undefined || packages.has(name), stopAsked: false });
    return json(200, { job_id: id, submission_id: id });
  }

  /** One that cannot be placed yet says yes, and stays where it is. */
  function stopped(job: FakeRayJob): Reply {
    if (ENDED.has(job.status)) return json(200, { stopped: false });
    job.stopAsked = true;
    if (job.status === 'RUNNING') end(job, 'STOPPED', 'Job was intentionally stopped.');
    return json(200, { stopped: true });
  }

  function end(job: FakeRayJob, status: FakeRayStatus, message: string): void {
    job.status = status;
    job.message = message;
    job.ended = now();
  }

  function advance(id: string, status: FakeRayStatus, log = '', message?: string): void {
    const job = jobs.get(id);
    if (job === undefined) throw new Error(`The fake Ray has no job ${id}.`);
    if (ENDED.has(job.status)) throw new Error(`The job ${id} has ended (${job.status}).`);
    if (job.status === 'PENDING' && status !== 'PENDING' && !job.packaged) {
      job.errorType = 'RUNTIME_ENV_SETUP_FAILURE';
      end(job, 'FAILED', `runtime_env setup failed: Failed to download runtime_env file package gcs://${packageOf(job.submission) ?? ''} from the GCS to the Ray worker node. The package may have prematurely been deleted from the GCS due to a long upload time or a problem with Ray.`);
      return;
    }
    job.logs += log;
    if (!ENDED.has(status)) {
      job.status = status;
      job.message = status === 'RUNNING' ? 'Job is currently running.' : job.message;
      return;
    }
    job.exitCode = status === 'SUCCEEDED' ? 0 : status === 'FAILED' ? 1 : null;
    job.errorType = status === 'FAILED' ? 'JOB_ENTRYPOINT_COMMAND_ERROR' : null;
    end(job, status, message ?? (status === 'FAILED' ? `Job entrypoint command failed with exit code 1, last available logs (truncated to 20,000 chars):\n${job.logs}` : status === 'SUCCEEDED' ? 'Job finished successfully.' : 'Job was intentionally stopped.'));
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request: FakeRayRequest = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body: new Uint8Array(), done: false };
    requests.push(request);
    const fault = ray.fault?.(request);
    if (fault === 'cut-before') return cut(response);
    const pieces: Buffer[] = [];
    try {
      for await (const piece of incoming as AsyncIterable<Buffer>) {
        pieces.push(piece);
        if (fault === 'cut-in-upload') break;
      }
    } catch {
      // Whoever asked is gone, in the middle of the body: nothing is carried out.
      request.body = new Uint8Array(Buffer.concat(pieces));
      return;
    }
    request.body = new Uint8Array(Buffer.concat(pieces));
    if (fault === 'cut-in-upload') return cut(response);
    if (fault === 'timeout') return;
    if (fault === 'timeout-late') {
      held.push(request);
      return;
    }
    const [, status] = /^status (\d{3})$/.exec(fault ?? '') ?? [];
    if (status !== undefined) return send(response, text(Number(status), `${status}: as the test wanted`));
    const reply = answer(request);
    request.done = reply.status === 200;
    if (fault === 'timeout-after') return;
    if (fault === 'malformed json') return send(response, text(200, '<html>Gateway</html>'));
    if (fault === 'cut-after') {
      response.writeHead(reply.status, { 'content-length': Buffer.byteLength(reply.text) + 100 });
      response.write(reply.text.slice(0, 1) || ' ', () => { cut(response); });
      return;
    }
    send(response, reply);
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, text(500, `The test’s own server failed: ${String(error)}`));
    });
  });
  // Packages take as long as they take.
  server.requestTimeout = 0;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  // The socket for logs closes before it said anything: what Ray does with a client that asks for compression.
  server.on('upgrade', (incoming, socket) => {
    requests.push({ method: 'UPGRADE', path: incoming.url ?? '', headers: incoming.headers, body: new Uint8Array(), done: false });
    const denied = denial(incoming.headers);
    if (denied !== undefined) {
      socket.end(`HTTP/1.1 ${String(denied.status)} Denied\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const accept = createHash('sha1').update(`${incoming.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.end(Buffer.from([0x88, 0x02, 0x03, 0xe8]));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const ray: FakeRay = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    jobs,
    get packages() {
      dropExpired(expiry);
      return new Map([...packages].map(([name, { bytes }]) => [name, bytes]));
    },
    fault: undefined,
    started: (id) => starts.get(id) ?? 0,
    advance,
    arrive() {
      for (const request of held.splice(0)) request.done = answer(request).status === 200;
    },
    expire() {
      dropExpired(0);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => { resolve(); });
      });
    },
  };
  return ray;
}

/** By the headers that Ray’s middleware looks at. */
function isBrowser(headers: IncomingMessage['headers']): boolean {
  return Object.keys(headers).some((name) => name.startsWith('sec-fetch-')) || headers.origin !== undefined || headers.referer !== undefined || (headers['user-agent'] ?? '').startsWith('Mozilla');
}

function packageOf(submission: Readonly<Record<string, unknown>>): string | undefined {
  const uri = (submission['runtime_env'] as { readonly working_dir?: unknown } | undefined)?.working_dir;
  return typeof uri === 'string' && uri.startsWith('gcs://') ? uri.slice('gcs://'.length) : undefined;
}

/** Environment variables too: Ray shows them to anyone. */
function details({ id, submission, status, message, errorType, started, ended, exitCode }: FakeRayJob): unknown {
  return {
    type: 'SUBMISSION',
    job_id: null,
    submission_id: id,
    driver_info: null,
    status,
    entrypoint: submission['entrypoint'],
    message,
    error_type: errorType,
    start_time: started,
    end_time: ended === 0 ? null : ended,
    metadata: submission['metadata'] ?? null,
    runtime_env: submission['runtime_env'] ?? {},
    driver_agent_http_address: null,
    driver_node_id: null,
    driver_exit_code: exitCode,
  };
}

function text(status: number, said: string): Reply {
  return { status, text: said };
}

function json(status: number, value: unknown): Reply {
  return { status, text: JSON.stringify(value) };
}

function send(response: ServerResponse, { status, text: said }: Reply): void {
  response.writeHead(status, { 'content-type': /^[[{]/.test(said) ? 'application/json' : 'text/plain; charset=utf-8' });
  response.end(said);
}

function cut(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
