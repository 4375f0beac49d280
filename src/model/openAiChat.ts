import { OpenAI } from 'openai';
import pLimit, { type LimitFunction } from 'p-limit';
import { failed, replied, type Attempt, type Outcome } from './attempt';
import type { Chat, ChatReply, ChatRequest, Destination, Exchange, Heard } from './chat';
import { Completion } from './completion';
import { dialectChange, FIRST_DIALECT, requestBody, type Dialect } from './dialect';
import type { Addressee } from './endpointError';
import { isSendable, withoutKey, type KeyOf } from './keys';
import { ModelError } from './modelError';
import { cleanBaseUrl, isLocal, originOf } from './origin';
import { readStream, readWhole } from './readReply';
import { untilAborted } from './untilAborted';
import { Wire, type Waiting } from './wire';

export interface OpenAiChatOptions {
  /** http or https, mostly ending in /v1. */
  readonly baseUrl: string;
  readonly model: string;
  /** Asked before each request, for the base URL's origin alone. */
  readonly keyOf: KeyOf;
  /** Requests under way at once; 4 where absent. */
  readonly concurrency?: number;
  /** Milliseconds without a sign of life, before the first byte or later; 120,000 where absent. Node itself waits 300,000 at most. */
  readonly timeoutMs?: number;
  /** How often a request that failed for the moment (429, 5xx, no connection) is tried again; 2 where absent. */
  readonly retries?: number;
  /** Told whenever a request is put off to be tried again. */
  readonly waiting?: (waiting: Waiting) => void;
}

export const DEFAULT_CONCURRENCY = 4;
export const DEFAULT_TIMEOUT_MS = 120_000;
const DEFAULT_RETRIES = 2;
/** The package's own time-out would try again what stalled; the wire's does not. */
const NO_TIMEOUT = 2 ** 31 - 1;

/** Speaks to any server of the OpenAI shape, by the `openai` package. Each object has its own limit and learns its server's dialect. */
export class OpenAiChat implements Chat {
  readonly destination: Destination;
  readonly concurrency: number;
  private readonly baseUrl: string;
  private readonly limit: LimitFunction;
  private learnt: Partial<Dialect> = {};

  /** @throws Error where the base URL cannot be used */
  constructor(private readonly options: OpenAiChatOptions) {
    this.baseUrl = cleanBaseUrl(options.baseUrl);
    const origin = originOf(this.baseUrl);
    this.destination = { origin, model: options.model, local: isLocal(origin) };
    this.concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    this.limit = pLimit(this.concurrency);
  }

  ask(request: ChatRequest, signal: AbortSignal, heard?: Heard): Promise<ChatReply> {
    return untilAborted(signal, () =>
      this.limit(() => {
        // Its turn may come after the abort; and what is aborted frees its place, whatever it still waits for.
        return untilAborted(signal, () => this.askNow(request, signal, heard));
      }),
    );
  }

  private async askNow(request: ChatRequest, signal: AbortSignal, heard?: Heard): Promise<ChatReply> {
    const { origin, model } = this.destination;
    const key = await this.keyFor(origin);
    signal.throwIfAborted();
    const to: Addressee = { origin, model, withKey: key !== undefined };
    const tell = heard && ((text: string, model?: string): void => {
      if (!signal.aborted) heard(withoutKey(text, key), model === undefined ? undefined : withoutKey(model, key));
    });
    const exchanges: Exchange[] = [];
    for (let change: Partial<Dialect> = {}; ; ) {
      const dialect = { ...FIRST_DIALECT, ...this.learnt, ...change };
      const attempt = await this.attempt(request, dialect, to, key, signal, tell);
      if (attempt.exchange !== undefined) exchanges.push(attempt.exchange);
      if ('reply' in attempt) {
        // Learnt only once it helped.
        this.learnt = { ...this.learnt, ...change };
        const { reply } = attempt;
        return { ...reply, text: withoutKey(reply.text, key), model: withoutKey(reply.model, key), structured: request.shape !== undefined && dialect.shape, exchanges };
      }
      signal.throwIfAborted();
      const better = attempt.refusal && dialectChange(attempt.refusal);
      if (better === undefined) throw new ModelError(attempt.error.code, withoutKey(attempt.error.message, key), exchanges);
      change = { ...change, ...better };
    }
  }

  /** @throws ModelError where the key cannot be sent */
  private async keyFor(origin: string): Promise<string | undefined> {
    const key = (await this.options.keyOf(origin))?.trim();
    if (key === undefined || key === '') return undefined;
    if (isSendable(key)) return key;
    throw new ModelError(
      'unauthorized',
      `The API key for ${origin} holds characters that no key can have, such as a space or a line break. Set it anew with “CoT Lens: Set API Key…”.`,
    );
  }

  /** One request in one dialect, its retries included. */
  private async attempt(
    request: ChatRequest,
    dialect: Dialect,
    to: Addressee,
    key: string | undefined,
    signal: AbortSignal,
    heard: Heard | undefined,
  ): Promise<Attempt> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, retries = DEFAULT_RETRIES, waiting, model } = this.options;
    const wire = new Wire({ to, key, timeout: timeoutMs, retries, signal, waiting });
    const completion = new Completion();
    const body = requestBody(model, request, dialect, heard !== undefined);
    let outcome: Outcome;
    try {
      const client = clientFor(this.baseUrl, retries, wire);
      if (heard === undefined) await readWhole(client, body, wire, completion);
      else await readStream(client, body, wire, completion, heard);
      outcome = replied(completion, wire, to, model);
    } catch (error) {
      outcome = failed(error, wire, to, key);
    } finally {
      wire.close();
    }
    return { ...outcome, exchange: wire.exchange };
  }
}

/** A client that takes nothing from the environment: no key, no address, no organization, no headers, no log. */
function clientFor(baseURL: string, maxRetries: number, wire: Wire): OpenAI {
  return new OpenAI({
    baseURL,
    // Required by the package and sent nowhere: the wire sets the headers.
    apiKey: 'unused',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries,
    timeout: NO_TIMEOUT,
    fetch: wire.fetch,
  });
}
