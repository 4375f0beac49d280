import type { OpenAI } from 'openai';
import type { ChatCompletionCreateParamsNonStreaming, ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { Heard } from './chat';
import { completionShape, type Completion } from './completion';
import type { Wire } from './wire';

/** Asks for a reply in one piece. */
export async function readWhole(client: OpenAI, body: object, wire: Wire, completion: Completion): Promise<void> {
  const params = body as ChatCompletionCreateParamsNonStreaming;
  const whole: unknown = await client.chat.completions.create(params, { signal: wire.signal });
  addTo(completion, whole);
}

/**
 * By how much a text has to grow before it is told again, as a share of it; ours. Who hears it looks at all of it each time: with every
 * word told, a reply of megabytes would cost its length squared. Of a reply to a usual trace each word is told.
 */
const WORTH_TELLING = 1 / 200;

/** Asks for a stream, and tells the text so far as it grows; all that came, also where the stream then fails. */
export async function readStream(client: OpenAI, body: object, wire: Wire, completion: Completion, heard: Heard): Promise<void> {
  const params = body as ChatCompletionCreateParamsStreaming;
  const stream = await client.chat.completions.create(params, { signal: wire.signal });
  let events = 0;
  let told = 0;
  const tell = (): void => {
    told = completion.text.length;
    heard(completion.text, completion.model === '' ? undefined : completion.model);
  };
  try {
    for await (const chunk of stream) {
      events += 1;
      if (addTo(completion, chunk) && completion.text.length - told > told * WORTH_TELLING) tell();
    }
  } finally {
    if (completion.text.length > told) tell();
  }
  // The package ends an aborted stream as if it were complete.
  wire.signal.throwIfAborted();
  if (events > 0 || wire.sawEnd) return;
  // A server that knows no streams answers in one piece.
  if (addTo(completion, parsed(wire.received))) tell();
}

/** @throws ReplyError where the server tells an error inside; ShapeError where it is no completion */
function addTo(completion: Completion, chunk: unknown): boolean {
  if (typeof chunk === 'object' && chunk !== null && 'error' in chunk && chunk.error) throw new ReplyError(chunk.error);
  const read = completionShape.safeParse(chunk);
  if (!read.success) throw new ShapeError('it has no list of choices');
  return completion.add(read.data);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ShapeError('it is no JSON');
  }
}

/** The server answered 200 and tells of an error in the body. */
export class ReplyError extends Error {
  constructor(readonly told: unknown) {
    super('the reply tells of an error');
  }
}

/** Not the shape of a completion. */
export class ShapeError extends Error {}
