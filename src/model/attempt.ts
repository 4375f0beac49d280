import { OpenAI } from 'openai';
import type { ChatReply, Exchange } from './chat';
import type { Completion } from './completion';
import { connectionError, notUnderstoodError } from './connectionError';
import { refusalError, type Addressee, type Refusal } from './endpointError';
import { withoutKey } from './keys';
import { isModelError, type ModelError } from './modelError';
import { ReplyError, ShapeError } from './readReply';
import { TOO_DEEP, wordsOf } from './serverWords';
import type { Wire } from './wire';

/** What one request came to. */
type Replied = Omit<ChatReply, 'structured' | 'exchanges'>;
export type Outcome = { readonly reply: Replied } | { readonly error: ModelError; readonly refusal?: Refusal };
export type Attempt = Outcome & { readonly exchange: Exchange | undefined };

/** What a request comes to that was answered. */
export function replied(completion: Completion, wire: Wire, to: Addressee, asked: string): Outcome {
  if (!completion.chosen) return { error: notUnderstoodError(to, 'it holds no choice', wire.received) };
  const streamed = wire.received.startsWith('data:') || wire.received.includes('\ndata:');
  if (streamed && completion.finish === undefined && !wire.sawEnd) return { error: connectionError(to, undefined, true) };
  if (completion.finish === 'error') return { error: refusalError({ status: 502, says: { message: 'the reply ended with an error' } }, to) };
  const { usage } = completion;
  return {
    reply: {
      ...completion.outcome(),
      model: completion.model === '' ? asked : completion.model,
      ...(usage === undefined ? {} : { usage }),
    },
  };
}

/** What is nested deeper is left out of an error before it is looked at: written as JSON it could take more than the stack has. Ours. */
const MOST_DEEP = 50;

/** A value as JSON, with a word of ours in place of what is nested too deep. */
function written(value: unknown): string {
  const depths = new Map<unknown, number>();
  return JSON.stringify(value, function (this: unknown, _name, one: unknown) {
    if (typeof one !== 'object' || one === null) return one;
    const depth = (depths.get(this) ?? 0) + 1;
    depths.set(one, depth);
    return depth > MOST_DEEP ? TOO_DEEP : one;
  });
}

/** What a failed attempt comes to: an error, or a filter's block, which is an outcome. */
export function failed(error: unknown, wire: Wire, to: Addressee, key: string | undefined): Outcome {
  if (wire.ended !== undefined) return { error: wire.ended };
  if (isModelError(error)) return { error };
  const { refusal } = wire;
  if (refusal !== undefined) {
    if (refusal.says.code === 'content_filter') return { reply: { text: refusal.says.message, ending: 'blocked', model: '' } };
    return { error: refusalError(refusal, to), refusal };
  }
  const told: unknown = error instanceof ReplyError ? error.told : error instanceof OpenAI.APIError ? error.error : undefined;
  if (told !== undefined) {
    const says = wordsOf(JSON.parse(withoutKey(written(told), key)) as unknown);
    const code = Number(says.code);
    return { error: refusalError({ status: code >= 400 && code < 600 ? code : 500, says }, to) };
  }
  if (error instanceof ShapeError) return { error: notUnderstoodError(to, error.message, wire.received) };
  // The package itself writes what a stream tells of an error.
  if (error instanceof RangeError && wire.status !== undefined) return { error: notUnderstoodError(to, 'something in it is nested too deep to be read', wire.received) };
  if (error instanceof SyntaxError) return { error: notUnderstoodError(to, 'it is no valid JSON', wire.received) };
  return { error: connectionError(to, error, wire.status !== undefined) };
}
