import { OpenAI } from 'openai';
import { isSendable } from '../../../model/keys';
import { BackendFault } from '../backend';
import { secretForms } from '../../../model/secretForms';
import { exchange, NoAnswer, type ExchangeReply } from './exchange';
import { faultOf, noAnswerFault, notUnderstood } from './fineTuningFaults';
import { withTexts } from './withTexts';

export interface Call {
  /** What the server is asked to do, after “could not”: `list its models`. */
  readonly what: string;
  readonly signal: AbortSignal;
  /** Milliseconds without a sign of life. */
  readonly timeout: number;
  readonly progress?: ((share: number) => void) | undefined;
}

/** A request of the `openai` package, whose answer is wanted as it came. */
type Asking = (client: OpenAI) => { asResponse(): Promise<Response> };

/** What one call came to, whatever it was. */
export type Called =
  | { readonly kind: 'replied'; readonly reply: ExchangeReply }
  /** `unsent`: no connection stood, so that nothing can have been carried out. */
  | { readonly kind: 'failed'; readonly fault: BackendFault; readonly unsent: boolean };

/** The package's own time-out knows no signs of life; ours does. */
const NO_TIMEOUT = 2 ** 31 - 1;
/** Shorter keys are placeholders that local servers want; as for models. Ours. */
const SHORTEST_KEY = 8;

/**
 * A server with OpenAI's API, asked by the `openai` package. Nothing of a request comes from the environment, the key goes to its origin
 * alone and is taken out of whatever comes back, nothing is redirected, and nothing is asked for twice: who asks decides that.
 */
export class FineTuningServer {
  readonly origin: string;
  private readonly forms: RegExp | undefined;

  /** @param url clean: with its path and without a slash at its end */
  constructor(
    private readonly url: string,
    private readonly key: string | undefined,
  ) {
    this.origin = new URL(url).origin;
    this.forms = key === undefined || key.length < SHORTEST_KEY ? undefined : secretForms(key);
  }

  /** @returns the answer as a JSON value, and as it came @throws BackendFault in words; the signal's reason */
  async json(call: Call, asking: Asking): Promise<{ readonly value: unknown; readonly text: string }> {
    const called = await this.call(call, asking);
    if (called.kind === 'failed') throw called.fault;
    if (!isGood(called.reply.status)) throw this.refusal(called.reply, call.what);
    return { value: this.parsed(called.reply, call.what), text: called.reply.text };
  }

  /** @throws BackendFault where the key cannot be sent; the signal's reason */
  async call({ what, signal, timeout, progress }: Call, asking: Asking): Promise<Called> {
    const { origin, key } = this;
    if (key !== undefined && !isSendable(key)) {
      throw new BackendFault('auth', `The API key for ${origin} holds characters that no key can have, such as a space or a line break. Set it anew with “Set Backend Key…”.`);
    }
    signal.throwIfAborted();
    let outcome: Called | undefined;
    const send = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
      const target = new URL(input instanceof Request ? input.url : String(input));
      if (target.origin !== origin) throw new Error('The key of this backend is good for its own origin alone.');
      try {
        const { status, headers, text } = await exchange({ method: init.method ?? 'GET', target, ...(await this.sent(init.body)), timeout, progress }, signal);
        // Also where the server tells the key back.
        const reply = { status, headers: new Headers([...headers].map(([name, value]): [string, string] => [name, this.withoutKey(value)])), text: this.withoutKey(text) };
        outcome = { kind: 'replied', reply };
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof NoAnswer)) throw error;
        outcome = { kind: 'failed', fault: noAnswerFault(error, what, origin, timeout), unsent: error.phase === 'connecting' };
      }
      // The package has nothing to read, and so nothing to take for another try.
      return new Response(null, { status: 200 });
    };
    // The package looks here whether files can be sent, and else asks for an address of its own to find out.
    const client = clientFor(this.url, Object.assign(send, { Response }));
    try {
      await asking(client).asResponse();
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
    if (outcome === undefined) throw new Error('The openai package sent nothing.');
    return outcome;
  }

  /** An answer that is no success, in words. */
  refusal(reply: ExchangeReply, what: string): BackendFault {
    return faultOf(reply, what, { origin: this.origin, withKey: this.key !== undefined, clean: (words) => this.withoutKey(words) });
  }

  /** @throws BackendFault where it is no JSON */
  parsed(reply: ExchangeReply, what: string): unknown {
    let value: unknown;
    try {
      value = JSON.parse(reply.text);
    } catch {
      throw notUnderstood(`${what}: it is no JSON`, this.origin, reply.text);
    }
    // JSON that was quoted within JSON says other things once it is read.
    return this.forms === undefined ? value : withTexts(value, (words) => this.withoutKey(words));
  }

  /** Headers and body as they go out. */
  private async sent(body: RequestInit['body']): Promise<{ readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array | undefined }> {
    const encoded = body === undefined || body === null ? undefined : new Response(body);
    const type = body instanceof FormData ? (encoded?.headers.get('content-type') ?? '') : 'application/json';
    return {
      headers: {
        accept: 'application/json',
        ...(encoded === undefined ? {} : { 'content-type': type }),
        ...(this.key === undefined ? {} : { authorization: `Bearer ${this.key}` }),
      },
      body: encoded === undefined ? undefined : new Uint8Array(await encoded.arrayBuffer()),
    };
  }

  private withoutKey(words: string): string {
    return this.forms === undefined ? words : words.replace(this.forms, '[key]');
  }
}

export function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

/** A client that takes nothing from the environment: no key, no address, no organization, no log. */
function clientFor(baseURL: string, fetch: typeof globalThis.fetch): OpenAI {
  return new OpenAI({
    baseURL,
    // Required by the package and sent nowhere: the headers are made here.
    apiKey: 'unused',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: NO_TIMEOUT,
    fetch,
  });
}
