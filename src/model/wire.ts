import type { Exchange } from './chat';
import { codeOf, notUnderstoodError, timedOutError } from './connectionError';
import { dialectChange } from './dialect';
import { saysTooLong, saysUsedUp, type Addressee, type Refusal } from './endpointError';
import { withoutKey } from './keys';
import { isModelError, type ModelError } from './modelError';
import { retryAfter } from './retryAfter';
import { serverWords } from './serverWords';
import { fetchWithinOrigin } from './withinOrigin';

/** A request is put off and will be tried again by itself. */
export interface Waiting {
  readonly why: 'rate-limited' | 'server-error' | 'connection-lost';
  /** Until then, where the server said; else a pause that grows from half a second. */
  readonly seconds?: number;
  /** Which try failed, from 1, and how many there are at most. */
  readonly tried: number;
  readonly most: number;
}

export interface WireOptions {
  readonly to: Addressee;
  readonly key: string | undefined;
  /** Milliseconds without a sign of life. */
  readonly timeout: number;
  readonly retries: number;
  readonly signal: AbortSignal;
  readonly waiting: ((waiting: Waiting) => void) | undefined;
}

/** The longest `Retry-After` that is waited for, in seconds, since the `openai` package waits for no longer one. */
const LONGEST_WAIT = 60;
/** The longest body that is taken in, in characters; ours. */
const MOST_RECEIVED = 32 * 1024 * 1024;
/** How long Node itself waits for headers, or between two parts of a body, in milliseconds. */
const NODE_WAITS = 300_000;
/** How long a connection may take to end after a stream's last event, in milliseconds. */
const END_WITHIN = 1000;

/**
 * What one request of the `openai` package goes through, its retries included. It sets the headers itself, so that nothing comes in
 * from the environment; stays within the origin; ends a stall; and keeps the bodies as they went over the wire.
 */
export class Wire {
  /** HTTP status of the last try. */
  status: number | undefined;
  /** Why we ended the request ourselves. */
  ended: ModelError | undefined;
  /** The refusal of the last try, where it was one. */
  refusal: Refusal | undefined;
  private sent = '';
  private parts: string[] = [];
  private length = 0;
  private tail = '';
  private tries = 0;
  private readonly stop = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly abort = (): void => {
    this.stop.abort(this.options.signal.reason);
  };

  constructor(private readonly options: WireOptions) {
    if (options.signal.aborted) this.abort();
    else options.signal.addEventListener('abort', this.abort, { once: true });
  }

  /** Aborted by the caller's signal, and when the request is ended here. */
  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** The body as far as it came. */
  get received(): string {
    return withoutKey(this.parts.join(''), this.options.key);
  }

  get exchange(): Exchange | undefined {
    if (this.tries === 0) return undefined;
    return {
      sent: withoutKey(this.sent, this.options.key),
      received: this.received,
      ...(this.status === undefined ? {} : { status: this.status }),
    };
  }

  /** To be called when nobody reads on. */
  close(): void {
    clearTimeout(this.timer);
    this.options.signal.removeEventListener('abort', this.abort);
  }

  /** For the `openai` package, in place of the global `fetch`. */
  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { to, key, retries } = this.options;
    this.tries += 1;
    this.status = undefined;
    this.refusal = undefined;
    this.parts = [];
    this.length = 0;
    this.tail = '';
    this.sent = typeof init.body === 'string' ? init.body : '';
    this.watch();
    try {
      const address = input instanceof Request ? input.url : String(input);
      const response = await fetchWithinOrigin(
        address,
        {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          },
          body: this.sent,
          signal: this.signal,
        },
        to,
      );
      this.watch();
      this.status = response.status;
      return response.ok ? this.recorded(response) : await this.refused(response);
    } catch (error) {
      this.failed(error);
      if (isModelError(error)) this.end(error);
      else if (!this.signal.aborted && this.tries <= retries) this.tell('connection-lost');
      throw error;
    }
  };

  /** Ends the request. By the signal, since the `openai` package would try again what merely fails. */
  private end(error: ModelError): void {
    this.ended ??= error;
    this.stop.abort(error);
  }

  /** The connection failed; Node's own time-outs are one as ours is. */
  private failed(error: unknown): void {
    clearTimeout(this.timer);
    const stalled = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'].includes(codeOf(error) ?? '');
    if (stalled) this.end(timedOutError(this.options.to, NODE_WAITS, this.length > 0));
  }

  private watch(within = this.options.timeout): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.end(timedOutError(this.options.to, within, this.length > 0));
    }, within);
  }

  private keep(part: string): void {
    this.parts.push(part);
    this.length += part.length;
    this.tail = (this.tail + part).slice(-64);
    if (this.length > MOST_RECEIVED) {
      this.end(notUnderstoodError(this.options.to, 'it does not come to an end', ''));
    }
  }

  private tell(why: Waiting['why'], seconds?: number): void {
    this.options.waiting?.({ why, tried: this.tries, most: this.options.retries + 1, ...(seconds === undefined ? {} : { seconds }) });
  }

  /** The response, its body kept as it is read. */
  private recorded(response: Response): Response {
    const { status, headers, body } = response;
    if (body === null) {
      clearTimeout(this.timer);
      return response;
    }
    const reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    const decoder = new TextDecoder();
    const read = async (): Promise<Uint8Array | undefined> => {
      const { done, value } = await reader.read();
      if (done) {
        clearTimeout(this.timer);
        this.keep(decoder.decode());
        return undefined;
      }
      this.watch();
      this.keep(decoder.decode(value, { stream: true }));
      return value;
    };
    const kept = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          try {
            const part = await read();
            if (part === undefined) controller.close();
            else controller.enqueue(part);
          } catch (error) {
            this.failed(error);
            controller.error(error);
          }
        },
        cancel: async (reason) => {
          clearTimeout(this.timer);
          if (this.sawEnd) void drained(reader);
          else await reader.cancel(reason);
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(kept, { status, headers });
  }

  /** Did the stream's own mark of its end come? */
  get sawEnd(): boolean {
    return /(?:^|\n)data: ?\[DONE\]\s*$/.test(this.tail);
  }

  /** A response that is no success, read to its end; says itself whether trying again could help. */
  private async refused(response: Response): Promise<Response> {
    const { status } = response;
    const recorded = response.body === null ? response : this.recorded(response);
    const text = await recorded.text();
    const wait = retryAfter(response.headers);
    this.refusal = {
      status,
      says: serverWords(withoutKey(text, this.options.key)),
      fields: fieldsOf(this.sent),
      ...(wait === undefined ? {} : { retryAfter: wait }),
    };
    const headers = new Headers(response.headers);
    const inVain =
      headers.get('x-should-retry') === 'false' ||
      saysUsedUp(this.refusal) ||
      saysTooLong(this.refusal) ||
      dialectChange(this.refusal) !== undefined ||
      (wait ?? 0) > LONGEST_WAIT;
    const transient = !inVain && (status === 408 || status === 429 || status >= 500);
    headers.set('x-should-retry', String(transient));
    if (transient && this.tries <= this.options.retries) this.tell(status === 429 ? 'rate-limited' : 'server-error', wait);
    return new Response(text, { status, headers });
  }
}

function fieldsOf(body: string): readonly string[] {
  return Object.keys(JSON.parse(body) as object);
}

/** After a stream's last event its body is read to the end, or the connection could not be used again. */
async function drained(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const late = setTimeout(() => void reader.cancel().catch(() => undefined), END_WITHIN);
  try {
    while (!(await reader.read()).done);
  } catch {
    // The connection is gone, which ends it as well.
  } finally {
    clearTimeout(late);
  }
}
