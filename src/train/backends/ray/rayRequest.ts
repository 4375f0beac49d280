import * as http from 'node:http';
import * as https from 'node:https';
import { withoutToken } from './withoutToken';

/** A Ray cluster's dashboard, and who may use it. */
export interface RayServer {
  /** Its origin and, behind a proxy, a path: `http://127.0.0.1:8265`. */
  readonly url: string;
  /** Bound to the origin by whoever gives it. */
  readonly token?: string | undefined;
}

export interface RayRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the server's address: `/api/jobs/`. */
  readonly path: string;
  readonly body?: Uint8Array | undefined;
  /** JSON text, sent as it is. */
  readonly json?: string | undefined;
  /** Milliseconds without a byte after which it is given up; of all but an upload also the whole, after `WHOLE` times as long. */
  readonly timeout: number;
}

export interface RayReply {
  readonly status: number;
  /** As it came, to be parsed: it may repeat what was sent, the token too. */
  readonly text: string;
  /** The same for people, without the token. */
  readonly words: () => string;
  /** Where a redirect leads to; it is not followed. */
  readonly location?: string;
}

/** An answer is given up above this, in bytes: logs are the longest, and of these only the end matters. Ours. */
const LONGEST_REPLY = 256 * 1024 * 1024;
/** An answer that comes byte by byte would hold up all others at this backend. Ours. */
const WHOLE = 5;

/**
 * One request, by `node:http` and never by `fetch`: that sends headers by which Ray takes it for a browser's, and answers 405 to all that
 * changes anything. Redirects are not followed: what they lead to has no right to the token.
 * @throws the signal's reason; Error of Node with its `code` where no whole answer came (`ECONNREFUSED`, `ECONNRESET`, `ETIMEDOUT`)
 */
export function rayRequest({ url, token }: RayServer, { method, path, body, json, timeout }: RayRequest, signal: AbortSignal): Promise<RayReply> {
  const target = new URL(url.replace(/\/+$/, '') + path);
  const bytes = json === undefined ? body : new TextEncoder().encode(json);
  const headers: Record<string, string | number> = {
    accept: 'application/json, text/plain',
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(bytes === undefined ? {} : { 'content-length': bytes.length }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = (target.protocol === 'https:' ? https : http).request(target, { method, headers, signal, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      let length = 0;
      response.on('data', (piece: Buffer) => {
        length += piece.length;
        if (length > LONGEST_REPLY) request.destroy(new Error('The answer is longer than 256 MB.'));
        else pieces.push(piece);
      });
      response.on('end', () => {
        const { statusCode: status = 0, headers: { location } } = response;
        const text = Buffer.concat(pieces).toString('utf8');
        if (response.complete) resolve({ status, text, words: () => withoutToken(text, token), ...(location === undefined ? {} : { location }) });
        else reject(cut());
      });
      response.on('error', reject);
      response.on('aborted', () => {
        reject(cut());
      });
    });
    const late = (ms: number): void => {
      request.destroy(Object.assign(new Error(`No answer within ${String(Math.round(ms / 1000))} s.`), { code: 'ETIMEDOUT' }));
    };
    request.setTimeout(timeout, () => { late(timeout); });
    // Uploads take as long as they take.
    const whole = method === 'PUT' ? undefined : setTimeout(() => { late(timeout * WHOLE); }, timeout * WHOLE);
    request.on('close', () => { clearTimeout(whole); });
    request.on('error', (error) => {
      reject(signal.aborted ? (signal.reason as Error) : error);
    });
    request.end(bytes);
  });
}

function cut(): Error {
  return Object.assign(new Error('The connection was cut in the middle of the answer.'), { code: 'ECONNRESET' });
}
