import type { ChatMessage, ReplyShape } from '../model/chat';
import type { Trace } from '../trace/trace';
import { askForReply, type Said } from './askForReply';
import { roomOf, sizeOf, type AskedTeacher, type RequestSize } from './askTeacher';
import { builtInText } from './instructions';
import { isWrongReply, objectInReply, type WrongReply } from './readWritten';
import type { Recipe } from './recipe';
import type { Instructions, SuggestedBoundary } from './teacher';
import { teacherData, type Room } from './teacherData';
import { teacherFault } from './teacherFault';
import { described, teacherSystem, versioned } from './teacherFrame';

/** More than these are no choice any more; ours. */
const MOST_SUGGESTED = 5;
/** Tokens of one suggestion, at most about; ours. */
const TOKENS_OF_A_SUGGESTION = 60;

export function suggestInstructions(own: string | undefined, recipe: Recipe): Instructions {
  const text = `${(own ?? builtInText('suggest') ?? '').trim()}\n\n${described(recipe)}`;
  return versioned('suggest', text, SUGGEST_REPLY, SHAPE, [suggestRequest(2)]);
}

/**
 * Asks a teacher where what a recipe inserts would fit, best first.
 * @throws TeacherFault where it names no place that is there; ModelError; the signal's reason
 */
export async function askToSuggest({ chat, sampling, contextTokens }: AskedTeacher, trace: Trace, instructions: Instructions, signal: AbortSignal): Promise<readonly SuggestedBoundary[]> {
  const count = trace.chain.steps.length;
  const { said } = await askForReply(
    {
      chat,
      request: { messages: suggestMessages(trace, instructions, roomOf(sampling, contextTokens)), shape: SHAPE, sampling },
      read: (reply) => readSuggestions(objectInReply(reply, ['suggestions']), count),
      fault: teacherFault,
    },
    signal,
  );
  return said;
}

export function estimateSuggesting({ sampling, contextTokens }: Omit<AskedTeacher, 'chat'>, trace: Trace, instructions: Instructions): RequestSize {
  return sizeOf(suggestMessages(trace, instructions, roomOf(sampling, contextTokens)), sampling.maxTokens ?? MOST_SUGGESTED * TOKENS_OF_A_SUGGESTION);
}

function suggestMessages(trace: Trace, { text }: Instructions, room: Room): readonly ChatMessage[] {
  const system = teacherSystem(text, SUGGEST_REPLY);
  const count = trace.chain.steps.length;
  // Where not all fits, the beginning of the chain is shown.
  const data = teacherData(trace, 0, 0, system.length, 2 * MOST_SUGGESTED * TOKENS_OF_A_SUGGESTION, room);
  return [
    { role: 'system', content: system },
    { role: 'user', content: `${data}\n${suggestRequest(count)}` },
  ];
}

/** What the reply has to be. */
export const SUGGEST_REPLY = `Reply with one JSON object and nothing else. Its one member, "suggestions", is a list of objects, each with "after_step", a number, and "reason", one sentence of at most 25 words.`;

function suggestRequest(count: number): string {
  return `Name one to ${String(MOST_SUGGESTED)} places, each by the number of the step that would stand right before the texts, 1 to ${String(count)}, the best first. Reply with {"suggestions":[{"after_step":…,"reason":"…"}, …]}.`;
}

const SHAPE: ReplyShape = {
  name: 'insertion_points',
  schema: {
    type: 'object',
    properties: {
      suggestions: {
        type: 'array',
        items: {
          type: 'object',
          properties: { after_step: { type: 'integer' }, reason: { type: 'string' } },
          required: ['after_step', 'reason'],
          additionalProperties: false,
        },
      },
    },
    required: ['suggestions'],
    additionalProperties: false,
  },
};

/** Each place counts once, where it was named first; places that are not there do not count. */
function readSuggestions(object: ReturnType<typeof objectInReply>, count: number): Said<readonly SuggestedBoundary[]> | WrongReply {
  if (isWrongReply(object)) return object;
  const { suggestions: listed } = object;
  if (!Array.isArray(listed)) return { code: 'shape', wrong: 'It has no list "suggestions".' };
  const found = new Map<number, SuggestedBoundary>();
  for (const one of listed as unknown[]) {
    const { after_step: boundary, reason } = (one ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof boundary !== 'number' || !Number.isInteger(boundary) || boundary < 1 || boundary > count || found.has(boundary)) continue;
    found.set(boundary, { boundary, reason: typeof reason === 'string' ? reason.replace(/\s+/g, ' ').trim().slice(0, 300) : '' });
    if (found.size === MOST_SUGGESTED) break;
  }
  if (found.size === 0) return { code: 'shape', wrong: `It names no step from 1 to ${String(count)}.` };
  return { said: [...found.values()] };
}
