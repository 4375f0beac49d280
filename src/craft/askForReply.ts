import { repair } from '../judge/model/sampleParts';
import { Spent } from '../judge/model/spent';
import type { Chat, ChatReply, ChatRequest, TokenUsage } from '../model/chat';
import { isModelError } from '../model/modelError';

/** What is wrong with a reply; `shape` alone can be put right by asking again. */
interface Wrong {
  readonly code: string;
  readonly wrong: string;
}

export interface Asking<T, W extends Wrong> {
  readonly chat: Chat;
  readonly request: ChatRequest;
  /** What the reply says, or what is wrong with it. */
  readonly read: (reply: ChatReply) => Said<T> | W;
  /** Makes the error to be thrown of what is wrong, and of the reply as far as it came. */
  readonly fault: (wrong: W, text: string) => Error;
  /** Told all of the reply so far as it comes. What it finds wrong with it ends the reply at once, and is thrown. */
  readonly heard?: (text: string) => W | undefined;
}

/** What a reply says. */
export interface Said<T> {
  readonly said: T;
}

/** The same with what it took. */
export interface Replied<T> extends Said<T> {
  /** The model as its server names it. */
  readonly model: string;
  readonly usage: TokenUsage | undefined;
}

/**
 * Asks for a reply of a shape. One whose shape is wrong is sent back once to be put right, whether the server promised the shape or not:
 * what a schema cannot say is wrong then.
 * @throws what `fault` makes, a ModelError, or the signal's reason
 */
export async function askForReply<T, W extends Wrong>(asking: Asking<T, W>, signal: AbortSignal): Promise<Replied<T>> {
  const { chat, request, read, fault } = asking;
  const spent = new Spent();
  let reply = await askWhileFit(asking, request, signal);
  for (let tries = 1; ; tries++) {
    spent.add(reply);
    const said = read(reply);
    if (!isWrong(said)) return { said: said.said, model: reply.model === '' ? chat.destination.model : reply.model, usage: spent.usage };
    const error = fault(said, reply.text);
    if (tries > 1 || said.code !== 'shape') throw error;
    const again = { ...request, messages: [...request.messages, ...repair(reply, said.wrong)] };
    reply = await askWhileFit(asking, again, signal).catch((other: unknown) => {
      // It fitted before: what is wrong is the reply.
      throw isModelError(other) && other.code === 'too-long' ? error : other;
    });
  }
}

/** Asks, and stops a reply that is found wrong while it comes. */
async function askWhileFit<T, W extends Wrong>({ chat, heard, fault }: Asking<T, W>, request: ChatRequest, signal: AbortSignal): Promise<ChatReply> {
  if (heard === undefined) return chat.ask(request, signal);
  const own = new AbortController();
  let ended: Error | undefined;
  const reply = chat.ask(request, AbortSignal.any([signal, own.signal]), (text) => {
    // After a stop nothing more is told, whatever the chat still has.
    const wrong = ended === undefined && !signal.aborted ? heard(text) : undefined;
    if (wrong === undefined) return;
    ended = fault(wrong, text);
    own.abort(ended);
  });
  return reply.catch((error: unknown) => {
    throw signal.aborted ? error : (ended ?? error);
  });
}

function isWrong<T, W extends Wrong>(value: Said<T> | W): value is W {
  return 'wrong' in value;
}
