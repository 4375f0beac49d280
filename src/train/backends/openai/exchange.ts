import * as http from 'node:http';
import * as https from 'node:https';
import { Readable } from 'node:stream';
import { codeOf } from '../../../model/connectionError';

export interface ExchangeRequest {
  readonly method: string;
  readonly target: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  /** Milliseconds without a sign of life after which it is given up; `WHOLE` times as long after all of it went out, whatever comes meanwhile. */
  readonly timeout: number;
  /** Told the share of the body that went out, 0 … 1. */
  readonly progress?: ((share: number) => void) | undefined;
}

export interface ExchangeReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** How far a request was when it failed. Only of `connecting` it is certain that nothing of it arrived. */
export type ExchangePhase = 'connecting' | 'sending' | 'waiting' | 'answering';

/** No whole answer came. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  /** @param code Node's: `ECONNREFUSED`, `ECONNRESET`, `ETIMEDOUT`; or `TOO_SLOW` */
  constructor(
    readonly phase: ExchangePhase,
    readonly code: string | undefined,
    message: string,
  ) {
    super(message);
  }
}

/** An answer is given up above this, in bytes. Ours. */
const LONGEST_REPLY = 64 * 1024 * 1024;
/** So many times the time without a sign of life an answer may take to be whole: one that drips would else hold whoever waits for ever. Ours. */
export const WHOLE = 4;
/** There were signs of life, and no whole answer in time. */
export const TOO_SLOW = 'TOO_SLOW';
/** The body goes out in pieces of so many bytes. Ours. */
const PIECE = 64 * 1024;

/**
 * One request by `node:http`, on a connection of its own: one that is used again may be closed by the server just then, and nobody could
 * say whether the request arrived. Redirects are not followed: what they lead to has no right to the key.
 * @throws NoAnswer; the signal's reason
 */
export function exchange({ method, target, headers, body, timeout, progress }: ExchangeRequest, signal: AbortSignal): Promise<ExchangeReply> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let phase: ExchangePhase = 'connecting';
    const secure = target.protocol === 'https:';
    const length = body === undefined ? (method === 'GET' ? {} : { 'content-length': '0' }) : { 'content-length': String(body.length) };
    const request = (secure ? https : http).request(target, { method, headers: { ...headers, ...length }, signal, agent: false });
    let timer: ReturnType<typeof setTimeout> | undefined;
    let whole: ReturnType<typeof setTimeout> | undefined;
    const settled = (): void => {
      clearTimeout(timer);
      clearTimeout(whole);
    };
    const fail = (code: string | undefined, message: string): void => {
      settled();
      reject(signal.aborted ? (signal.reason as Error) : new NoAnswer(phase, code, message));
      request.destroy();
    };
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        fail('ETIMEDOUT', `No sign of life for ${String(Math.round(timeout / 1000))} s.`);
      }, timeout);
    };
    const answered = (): void => {
      whole ??= setTimeout(() => {
        fail(TOO_SLOW, `No whole answer after ${String(Math.round((timeout * WHOLE) / 1000))} s.`);
      }, timeout * WHOLE);
    };
    const cut = (): void => {
      fail('ECONNRESET', 'The connection was cut.');
    };
    alive();
    request.on('socket', (socket) => {
      const connected = (): void => {
        phase = 'sending';
        alive();
      };
      if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', connected);
      else connected();
    });
    request.on('finish', () => {
      // Small bodies are handed on before a connection stands.
      if (phase === 'sending') phase = 'waiting';
      answered();
    });
    request.on('response', (response) => {
      phase = 'answering';
      // Some answer before all of it went out.
      answered();
      const pieces: Buffer[] = [];
      let received = 0;
      alive();
      response.on('data', (piece: Buffer) => {
        alive();
        received += piece.length;
        if (received > LONGEST_REPLY) fail(undefined, 'The answer does not come to an end.');
        else pieces.push(piece);
      });
      response.on('end', () => {
        if (!response.complete) {
          cut();
          return;
        }
        settled();
        // Answered before all of it went out: the rest need not.
        if (!request.writableFinished) request.destroy();
        resolve({ status: response.statusCode ?? 0, headers: headersOf(response), text: Buffer.concat(pieces).toString('utf8') });
      });
      response.on('aborted', cut);
      response.on('error', cut);
    });
    request.on('error', (error) => {
      // What is refused may be answered, and the connection closed, before all of it went out: then the answer counts.
      if (phase !== 'answering' || signal.aborted) fail(codeOf(error), error.message);
    });
    if (body === undefined) request.end();
    else Readable.from(piecesOf(body, alive, progress), { objectMode: true, highWaterMark: 1 }).pipe(request);
  });
}

function* piecesOf(body: Uint8Array, alive: () => void, progress: ((share: number) => void) | undefined): Generator<Uint8Array> {
  for (let at = 0; at < body.length; at += PIECE) {
    yield body.subarray(at, at + PIECE);
    // Asked for the next: this one went out.
    alive();
    progress?.(Math.min(1, (at + PIECE) / body.length));
  }
}

function headersOf({ rawHeaders }: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  return headers;
}
