import { CHARACTERS_PER_TOKEN } from '../judge/model/window';
import type { Chat, ChatMessage, Sampling } from '../model/chat';
import { askForReply } from './askForReply';
import { partialTexts } from './partialReply';
import { readWritten, isWrongReply } from './readWritten';
import type { Slot } from './recipe';
import { slotShape, type Instructions, type WriteRequest, type Written } from './teacher';
import { teacherData, type Room } from './teacherData';
import { teacherFault } from './teacherFault';
import { slotReply, teacherSystem, writeRequest } from './teacherFrame';
import { ramblingSlot, writtenFault } from './writtenFaults';

/** Whom to ask, and how. */
export interface AskedTeacher {
  readonly chat: Chat;
  readonly sampling: Sampling;
  /** The model's context in tokens; without it nothing is left out. */
  readonly contextTokens?: number;
}

/** Tokens of a text, about: of one step two to four sentences, of several steps RECAP's 500 words; ours, for estimates and windows. */
const TOKENS_OF_A_STEP = 160;
const TOKENS_OF_SEVERAL = 800;

/** About what a request takes: characters in all its messages, tokens of its reply. */
export interface RequestSize {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** With a seed a teacher would answer the same again: each attempt asks with the next one. @param attempt how often it was asked before */
export function reseeded(sampling: Sampling, attempt: number): Sampling {
  return sampling.seed === undefined ? sampling : { ...sampling, seed: sampling.seed + attempt };
}

/**
 * Has a teacher write the texts of a recipe's slots.
 * @param heard called with the texts so far, one for each slot; of a repaired reply again from the start
 * @throws TeacherFault where the reply cannot be used; ModelError where the endpoint failed; the signal's reason
 */
export async function askTeacher(
  { chat, sampling, contextTokens }: AskedTeacher,
  request: WriteRequest,
  instructions: Instructions,
  signal: AbortSignal,
  heard: (texts: readonly string[]) => void,
): Promise<Written> {
  const { slots } = request.target;
  const { trace, attempt = 0 } = request;
  const names = slots.map(({ name }) => name);
  const base = trace.chain.steps.map(({ text }) => text);
  const { said, model, usage } = await askForReply(
    {
      chat,
      request: {
        messages: writeMessages(request, instructions, roomOf(sampling, contextTokens)),
        shape: slotShape(slots),
        sampling: reseeded(sampling, attempt),
      },
      read: (reply) => {
        const written = readWritten(reply, slots);
        if (isWrongReply(written)) return written;
        return writtenFault(written.texts, slots, base) ?? { said: written.texts };
      },
      fault: teacherFault,
      heard: (text) => {
        const texts = partialTexts(text, names);
        heard(texts);
        return ramblingSlot(texts, slots);
      },
    },
    signal,
  );
  signal.throwIfAborted();
  heard(said);
  return { texts: said, model, usage, instructions: instructions.version };
}

/** What writing will take, about. */
export function estimateWriting({ sampling, contextTokens }: Omit<AskedTeacher, 'chat'>, request: WriteRequest, instructions: Instructions): RequestSize {
  const messages = writeMessages(request, instructions, roomOf(sampling, contextTokens));
  return sizeOf(messages, sampling.maxTokens ?? tokensOf(request.target.slots));
}

export function sizeOf(messages: readonly ChatMessage[], outputTokens: number): RequestSize {
  return { inputTokens: Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / CHARACTERS_PER_TOKEN), outputTokens };
}

export function roomOf({ maxTokens }: Sampling, contextTokens: number | undefined): Room {
  return { ...(contextTokens === undefined ? {} : { contextTokens }), ...(maxTokens === undefined ? {} : { maxTokens }) };
}

/** The messages of a request to write: ours in the first, the trace as data and our last line in the second. */
export function writeMessages({ trace, target }: WriteRequest, { text }: Pick<Instructions, 'text'>, room: Room): readonly ChatMessage[] {
  const { from, to, slots } = target;
  const system = teacherSystem(text, slotReply(slots));
  // A reply that is longer than it should be must find its end, or it could not be told from one that was cut off.
  const data = teacherData(trace, from, to, system.length, 3 * tokensOf(slots), room);
  return [
    { role: 'system', content: system },
    { role: 'user', content: `${data}\n${writeRequest(slots, from, to, trace.chain.steps.length)}` },
  ];
}

function tokensOf(slots: readonly Slot[]): number {
  return slots.reduce((sum, { steps }) => sum + (steps === 'one' ? TOKENS_OF_A_STEP : TOKENS_OF_SEVERAL), 0);
}
