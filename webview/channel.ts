import type * as z from 'zod';

/** What one side may send: events, which nobody answers, and requests, each with the shape of its answer. */
export interface Contract {
  readonly events: Readonly<Record<string, z.ZodType>>;
  readonly requests: Readonly<Record<string, { readonly asks: z.ZodType; readonly answers: z.ZodType }>>;
}

type Events<C extends Contract> = { [K in keyof C['events']]: z.infer<C['events'][K]> };
type Asks<C extends Contract> = { [K in keyof C['requests']]: z.infer<C['requests'][K]['asks']> };
type Answers<C extends Contract> = { [K in keyof C['requests']]: z.infer<C['requests'][K]['answers']> };

/** What is sent may be read-only all the way down. */
export type Sendable<T> = T extends object ? { readonly [K in keyof T]: Sendable<T[K]> } : T;

/** What a side does with all that the other may send it. */
export interface Handlers<C extends Contract> {
  readonly events: { readonly [K in keyof C['events']]: (body: Events<C>[K]) => void };
  readonly requests: { readonly [K in keyof C['requests']]: (body: Asks<C>[K]) => Promise<Sendable<Answers<C>[K]>> };
}

export interface ChannelOptions {
  /** Hands a message to the other side; nothing is known of whether it arrives. */
  readonly post: (message: unknown) => void;
  /** Hears of messages that were ignored, and of handlers that failed. Never given what a message holds. */
  readonly log: (message: string) => void;
}

/** The wire: one of these is all that is ever posted. */
type Wire =
  | { readonly event: string; readonly body: unknown }
  | { readonly request: string; readonly id: number; readonly body: unknown }
  | { readonly replyTo: number; readonly ok: true; readonly body: unknown }
  | { readonly replyTo: number; readonly ok: false; readonly error: string };

interface Waiting {
  readonly name: string;
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/** Milliseconds after which a request is given up. */
const TIME_OUT = 10_000;

/**
 * One end of the line between a page and the extension; the same class at both ends, with the contracts swapped. Whatever comes in
 * is checked against its schema before anything sees it: what does not fit is ignored and logged. Requests carry an id; each is
 * answered, refused with an error, timed out, or rejected when this end is disposed.
 */
export class Channel<Out extends Contract, In extends Contract> {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private disposed = false;

  constructor(
    private readonly out: Out,
    private readonly incoming: In,
    private readonly handlers: Handlers<In>,
    private readonly options: ChannelOptions,
  ) {}

  /** Sends an event; after `dispose` nothing happens. */
  send<K extends keyof Out['events'] & string>(event: K, body: Sendable<Events<Out>[K]>): void {
    if (!this.disposed) this.options.post({ event, body } satisfies Wire);
  }

  /**
   * Asks the other side.
   * @param timeout milliseconds; 0 waits for ever, where a person is asked
   */
  request<K extends keyof Out['requests'] & string>(
    name: K,
    body: Sendable<Asks<Out>[K]>,
    timeout = TIME_OUT,
  ): Promise<Answers<Out>[K]> {
    if (this.disposed) return Promise.reject(new Error(`${name}: the page is closed.`));
    const id = ++this.lastId;
    return new Promise<Answers<Out>[K]>((resolve, reject) => {
      const giveUp = (): void => {
        this.waiting.delete(id);
        reject(new Error(`${name}: no answer came within ${String(timeout / 1000)} s.`));
      };
      this.waiting.set(id, {
        name,
        resolve: resolve as (body: unknown) => void,
        reject,
        timer: timeout > 0 ? setTimeout(giveUp, timeout) : undefined,
      });
      this.options.post({ request: name, id, body } satisfies Wire);
    });
  }

  /** Takes what the other side posted, whatever it is; never throws. */
  receive(message: unknown): void {
    if (this.disposed) return;
    if (typeof message !== 'object' || message === null) {
      this.options.log('A message that is no object was ignored.');
      return;
    }
    const wire = message as Record<string, unknown>;
    if (typeof wire['event'] === 'string') this.event(wire['event'], wire['body']);
    else if (typeof wire['request'] === 'string' && typeof wire['id'] === 'number') this.asked(wire['request'], wire['id'], wire['body']);
    else if (typeof wire['replyTo'] === 'number') this.replied(wire['replyTo'], wire);
    else this.options.log('A message that is neither event, request nor reply was ignored.');
  }

  dispose(): void {
    this.disposed = true;
    for (const { name, reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new Error(`${name}: the page was closed before an answer came.`));
    }
    this.waiting.clear();
  }

  private event(name: string, body: unknown): void {
    const schema = own(this.incoming.events, name);
    const parsed = schema?.safeParse(body);
    if (parsed?.success !== true) {
      this.options.log(schema === undefined ? `An unknown event was ignored: ${plain(name)}.` : `A malformed event was ignored: ${name}.`);
      return;
    }
    try {
      (this.handlers.events[name] as (body: unknown) => void)(parsed.data);
    } catch (error) {
      this.options.log(`The event ${name} could not be handled: ${String(error)}`);
    }
  }

  private asked(name: string, id: number, body: unknown): void {
    const refuse = (error: string): void => {
      if (!this.disposed) this.options.post({ replyTo: id, ok: false, error } satisfies Wire);
    };
    const schema = own(this.incoming.requests, name);
    const parsed = schema?.asks.safeParse(body);
    if (parsed?.success !== true) {
      this.options.log(schema === undefined ? `An unknown request was refused: ${plain(name)}.` : `A malformed request was refused: ${name}.`);
      refuse(schema === undefined ? 'There is no such request.' : `The request ${name} is malformed.`);
      return;
    }
    const handle = this.handlers.requests[name] as (body: unknown) => Promise<unknown>;
    Promise.resolve()
      .then(() => handle(parsed.data))
      .then((answer) => {
        if (!this.disposed) this.options.post({ replyTo: id, ok: true, body: answer } satisfies Wire);
      })
      .catch((error: unknown) => {
        this.options.log(`The request ${name} failed: ${String(error)}`);
        refuse(error instanceof Error ? error.message : String(error));
      });
  }

  private replied(id: number, wire: Record<string, unknown>): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) {
      // Timed out before, or never asked.
      this.options.log('A reply that nobody waits for was ignored.');
      return;
    }
    this.waiting.delete(id);
    clearTimeout(waiting.timer);
    if (wire['ok'] !== true) {
      waiting.reject(new Error(typeof wire['error'] === 'string' ? wire['error'] : `${waiting.name} failed.`));
      return;
    }
    const parsed = own(this.out.requests, waiting.name)?.answers.safeParse(wire['body']);
    if (parsed?.success === true) waiting.resolve(parsed.data);
    else waiting.reject(new Error(`The answer to ${waiting.name} is malformed.`));
  }
}

/** A name from outside must not find `constructor` or `__proto__`. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** A name from outside, short and on one line, for the log. */
function plain(name: string): string {
  return JSON.stringify(name.slice(0, 40));
}
