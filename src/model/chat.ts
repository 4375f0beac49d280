/** One message of a request. Trace text travels in `user` messages alone: what the system message says is ours. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A reply that is to be JSON of a shape; a server that cannot promise it is asked without (`ChatReply.structured`). */
export interface ReplyShape {
  /** Letters, digits, `_` and `-`. */
  readonly name: string;
  /** A JSON Schema, in the subset that strict structured output allows. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Sampling settings as they are sent; what is absent is left to the server. */
export interface Sampling {
  /** 0 … 2. */
  readonly temperature?: number;
  readonly seed?: number;
  /** The most tokens of a reply. */
  readonly maxTokens?: number;
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly shape?: ReplyShape;
  readonly sampling: Sampling;
}

/** Tokens as the server counted them. */
export interface TokenUsage {
  /** All input tokens, those from a cache included. */
  readonly input: number;
  /** Of `input`, those read from a prompt cache; `undefined` where the server does not say. */
  readonly cached?: number;
  readonly output: number;
}

/** What went over the wire for one reply: bodies alone, never headers, so never a key. */
export interface Exchange {
  /** The request's body exactly as sent (for VS Code's models, the messages as JSON). */
  readonly sent: string;
  /** What came back, as far as it came: the body, of a stream its raw events. */
  readonly received: string;
  /** HTTP status, where there was one. */
  readonly status?: number;
}

export interface ChatReply {
  readonly text: string;
  /**
   * `stop`: complete. `length`: cut off at the most tokens. `refused`: the model declined (its words in `text`).
   * `blocked`: a content filter withheld it.
   */
  readonly ending: 'stop' | 'length' | 'refused' | 'blocked';
  /**
   * The model as the server names it in its reply (a snapshot, where the request named an alias); as it was asked for where a reply names
   * none. Empty for a filter's block of the request: no model has seen it.
   */
  readonly model: string;
  /** Did the server promise the shape? Else the reply is whatever the model made of the instruction. */
  readonly structured: boolean;
  readonly usage?: TokenUsage;
  /** Every exchange that it took, refused ones (structured output not supported) included; the last is the reply's. */
  readonly exchanges: readonly Exchange[];
}

/** Where requests go. */
export interface Destination {
  /** Scheme, host and port; `vscode` for VS Code's own language models. */
  readonly origin: string;
  /** The model as it is asked for. */
  readonly model: string;
  /** On this machine (a loopback address): nothing leaves it. */
  readonly local: boolean;
}

/** Follows a reply while it comes: its text so far, and the model that the server says it is. */
export type Heard = (text: string, model?: string) => void;

/** The one port to language models. Implementations: `openAiChat.ts`, and `host/languageModel.ts` for VS Code's. */
export interface Chat {
  readonly destination: Destination;
  /** How many requests may be under way at once; more wait their turn inside `ask`. */
  readonly concurrency: number;
  /**
   * Asks once; transient failures (429, 5xx, a connection that could not be made) are tried again within.
   * @param heard called with the whole text so far when more of it came (of a very long one not for each word), and with the model as soon as the server has named it
   * @throws ModelError with a code, and the exchanges so far; the signal's reason when aborted
   */
  ask(request: ChatRequest, signal: AbortSignal, heard?: Heard): Promise<ChatReply>;
}
