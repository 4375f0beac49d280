import { OpenAI } from 'openai';
import type { ChatReply, Exchange } from './chat';
import type { Completion } from './completion';
import { connectionError, notUnderstoodError } from './connectionError';
import { refusalError, type Addressee, type Refusal } from './endpointError';
import { withoutKey } from './keys';
import { isModelError, type ModelError } from './modelError';
import { ReplyError, ShapeError } from './readReply';
import { wordsOf } from './serverWords';
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
    const says = wordsOf(JSON.parse(withoutKey(JSON.stringify(told), key)) as unknown);
    const code = Number(says.code);
    return { error: refusalError({ status: code >= 400 && code < 600 ? code : 500, says }, to) };
  }
  if (error instanceof ShapeError) return { error: notUnderstoodError(to, error.message, wire.received) };
  if (error instanceof SyntaxError) return { error: notUnderstoodError(to, 'it is no valid JSON', wire.received) };
  return { error: connectionError(to, error, wire.status !== undefined) };
}
