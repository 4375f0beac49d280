import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults';
import type { CountedUsage } from './prefixCache';
import type { ReceivedRequest } from './received';

/** What the model says, in all that can be wrong with it. */
export interface Answer {
  /** `null` as OpenAI sends beside a refusal. */
  readonly content: string | null;
  /** `finish_reason`; `stop` where absent, left out of the reply where `null`. */
  readonly finish?: string | null;
  /** The model declined, in these words. */
  readonly refusal?: string;
  /** What a reasoning model thought, in the field that vLLM and DeepSeek use. */
  readonly reasoning?: string;
  /** The name the reply carries instead of the server's. */
  readonly model?: string;
  /** `choices` is empty. */
  readonly noChoices?: boolean;
  /** No usage is told. */
  readonly noUsage?: boolean;
}

export type Reply = string | Answer;

export interface AnswerSettings {
  readonly request: ReceivedRequest;
  readonly model: string;
  readonly usage: CountedUsage;
  readonly chunkSize: number;
  readonly chunkDelay: number;
  /** Ends waiting when the server stops. */
  readonly signal: AbortSignal;
  /** In the middle of the content: send no more and wait for ever, or destroy the connection. */
  readonly interrupt?: 'stall' | 'cut';
}

export function answerOf(reply: Reply): Answer {
  return typeof reply === 'string' ? { content: reply } : reply;
}

/** Deals with a fault that comes before the head of an answer. `false`: it is none of these. */
export function cutHead(fault: Fault, response: ServerResponse): boolean {
  if (fault.kind !== 'stall' && fault.kind !== 'cut') return false;
  if (fault.where !== 'before-headers') return false;
  if (fault.kind === 'cut') response.destroy();
  return true;
}

/** Sends a completion as it was asked for: as one body, or as a stream of events. */
export async function sendAnswer(response: ServerResponse, answer: Answer, settings: AnswerSettings): Promise<void> {
  if (settings.request.json.stream === true) await sendStream(response, answer, settings);
  else sendWhole(response, answer, settings);
}

function usageOf(answer: Answer, { usage }: AnswerSettings): object {
  const output = Math.ceil(((answer.content ?? '') + (answer.reasoning ?? '')).length / 4);
  return {
    prompt_tokens: usage.input,
    completion_tokens: output,
    total_tokens: usage.input + output,
    ...(usage.cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: usage.cached } }),
    ...(answer.reasoning === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: Math.ceil(answer.reasoning.length / 4) } }),
  };
}

function headOf(answer: Answer, { request, model }: AnswerSettings, object: string): object {
  return { id: `chatcmpl-${request.index}`, object, created: 0, model: answer.model ?? model };
}

const finishOf = ({ finish }: Answer): string | null => (finish === undefined ? 'stop' : finish);

function sendWhole(response: ServerResponse, answer: Answer, settings: AnswerSettings): void {
  const message = {
    role: 'assistant',
    content: answer.content,
    ...(answer.refusal === undefined ? {} : { refusal: answer.refusal }),
    ...(answer.reasoning === undefined ? {} : { reasoning_content: answer.reasoning }),
  };
  const body = JSON.stringify({
    ...headOf(answer, settings, 'chat.completion'),
    choices: answer.noChoices === true ? [] : [{ index: 0, message, finish_reason: finishOf(answer) }],
    ...(answer.noUsage === true ? {} : { usage: usageOf(answer, settings) }),
  });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  if (settings.interrupt === undefined) {
    response.end(body);
    return;
  }
  response.write(body.slice(0, body.length / 2), () => {
    if (settings.interrupt === 'cut') response.destroy();
  });
}

/** Emitted by a response whose last event goes out now, before its body ends. */
export const ANSWERED = 'answered';

async function sendStream(response: ServerResponse, answer: Answer, settings: AnswerSettings): Promise<void> {
  const head = headOf(answer, settings, 'chat.completion.chunk');
  const event = (body: object): Promise<void> => written(response, `data: ${JSON.stringify({ ...head, ...body })}\n\n`);
  const delta = (change: object, finish: string | null = null): Promise<void> =>
    event({ choices: [{ index: 0, delta: change, finish_reason: finish }] });

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  if (answer.noChoices !== true) {
    await delta({ role: 'assistant', content: '' });
    if (answer.reasoning !== undefined) await delta({ reasoning_content: answer.reasoning });
    if (answer.refusal !== undefined) await delta({ refusal: answer.refusal });
    const content = answer.content ?? '';
    const coming = settings.interrupt === undefined ? content : content.slice(0, content.length / 2);
    for (const [index, part] of cutUp(coming, settings.chunkSize).entries()) {
      if (index > 0 && settings.chunkDelay > 0) await sleep(settings.chunkDelay, undefined, { signal: settings.signal });
      if (response.destroyed) return;
      await delta({ content: part });
    }
    if (settings.interrupt !== undefined) {
      if (settings.interrupt === 'cut') response.destroy();
      return;
    }
    const finish = finishOf(answer);
    if (finish !== null) await delta({}, finish);
  }
  if (settings.request.json.stream_options?.include_usage === true && answer.noUsage !== true) {
    await event({ choices: [], usage: usageOf(answer, settings) });
  }
  // With this event the client has its answer.
  response.emit(ANSWERED);
  await written(response, 'data: [DONE]\n\n');
  // As real servers: the end of the body comes apart from the last event.
  await sleep(2);
  response.end();
}

/** Pieces of so many characters; never between the halves of a surrogate pair. */
function cutUp(text: string, size: number): string[] {
  const characters = Array.from(text);
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(''),
  );
}

function written(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => {
    response.write(text, () => { resolve(); });
  });
}
