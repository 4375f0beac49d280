import { distance } from 'fastest-levenshtein';
import type { ChatMessage, ReplyShape } from '../model/chat';
import { injectedOf } from '../trace/provenance';
import type { TextEdit } from '../trace/textEdit';
import type { Trace } from '../trace/trace';
import { askForReply, type Said } from './askForReply';
import { reseeded, roomOf, sizeOf, type AskedTeacher, type RequestSize } from './askTeacher';
import { builtInText } from './instructions';
import { isWrongReply, objectInReply, type WrongReply } from './readWritten';
import type { Instructions, Polished, SeamChange } from './teacher';
import { teacherData, type Room } from './teacherData';
import { teacherFault } from './teacherFault';
import { teacherSystem, versioned } from './teacherFrame';

/** A step of which more is changed than this share is rewritten, not polished; ours. Of characters, by Levenshtein. */
const MOST_CHANGED = 0.4;
/** Longer steps are not polished, in characters: a small change of them could not be told from a large one in short time. Ours. */
const LONGEST_POLISHED = 10_000;

/** The steps beside injected ones that may be polished; a step that was injected itself is not touched. */
export interface Seam {
  readonly first: number;
  readonly last: number;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** The seam of injected steps (0-based, neighbours of each other); `undefined` where nothing stands beside them that could be polished. */
export function seamOf(trace: Trace, steps: readonly number[]): Seam | undefined {
  const [first, last] = [Math.min(...steps), Math.max(...steps)];
  const injected = new Set(injectedOf(trace).steps.map(({ step }) => step));
  const block = trace.chain.steps[first]?.block;
  const free = (step: number): number | undefined => {
    const found = trace.chain.steps[step];
    return found === undefined || found.block !== block || injected.has(step) || found.text.length > LONGEST_POLISHED ? undefined : step;
  };
  const [before, after] = [free(first - 1), free(last + 1)];
  return steps.length === 0 || (before === undefined && after === undefined) ? undefined : { first, last, before, after };
}

export function polishInstructions(own: string | undefined, seam: Seam): Instructions {
  const request = polishRequest({ first: 1, last: 2, before: seam.before === undefined ? undefined : 0, after: seam.after === undefined ? undefined : 3 });
  return versioned('polish', own ?? builtInText('polish') ?? '', POLISH_REPLY, seamShape(seam), [request]);
}

/**
 * Has a teacher polish a seam. What is no small change is not proposed, and said in a note.
 * @param attempt how often it was polished before: with a seed, the same would come again
 * @throws TeacherFault, ModelError, or the signal's reason
 */
export async function askToPolish({ chat, sampling, contextTokens }: AskedTeacher, trace: Trace, seam: Seam, instructions: Instructions, signal: AbortSignal, attempt = 0): Promise<Polished> {
  const { said, model, usage } = await askForReply(
    {
      chat,
      request: { messages: polishMessages(trace, seam, instructions, roomOf(sampling, contextTokens)), shape: seamShape(seam), sampling: reseeded(sampling, attempt) },
      read: (reply) => readPolished(objectInReply(reply, ['before', 'after']), seam),
      fault: teacherFault,
    },
    signal,
  );
  const changes: SeamChange[] = [];
  const notes: string[] = [];
  for (const [step, after] of said) {
    const before = trace.chain.steps[step]?.text.replace(/\r\n?/g, '\n') ?? '';
    if (after === before) continue;
    const wrong = whyNotSmall(before, after);
    if (wrong === undefined) changes.push({ step, before, after });
    else notes.push(`Step ${String(step + 1)} stays as it is: ${wrong}`);
  }
  return { changes, notes, model, usage, instructions: instructions.version };
}

/** The changes of a document that put polished steps in their places, with its own line ends. */
export function seamEdits(trace: Trace, changes: readonly SeamChange[]): readonly TextEdit[] {
  const eol = /\r?\n/.exec(trace.text)?.[0] ?? '\n';
  return changes.flatMap(({ step, after }) => {
    const place = trace.chain.steps[step];
    return place === undefined ? [] : [{ start: place.start, end: place.end, text: after.replaceAll('\n', eol) }];
  });
}

export function estimatePolishing({ sampling, contextTokens }: Omit<AskedTeacher, 'chat'>, trace: Trace, seam: Seam, instructions: Instructions): RequestSize {
  return sizeOf(polishMessages(trace, seam, instructions, roomOf(sampling, contextTokens)), sampling.maxTokens ?? replyTokens(trace, seam));
}

function polishMessages(trace: Trace, seam: Seam, { text }: Instructions, room: Room): readonly ChatMessage[] {
  const system = teacherSystem(text, POLISH_REPLY);
  // With the neighbours, which are polished, beside the place.
  const data = teacherData(trace, seam.first, seam.last + 1, system.length, 2 * replyTokens(trace, seam), room);
  return [
    { role: 'system', content: system },
    { role: 'user', content: `${data}\n${polishRequest(seam)}` },
  ];
}

/** What the reply has to be. */
export const POLISH_REPLY = 'Reply with one JSON object and nothing else, with the members that the request names: each the whole step, polished, or exactly as it is.';

function polishRequest({ first, last, before, after }: Seam): string {
  const parts = membersOf({ before, after });
  const put = first === last ? `Step ${String(first + 1)} was put in` : `Steps ${String(first + 1)} to ${String(last + 1)} were put in`;
  const which = parts.map(([name, step]) => `"${name}" is step ${String(step + 1)}`).join(' and ');
  return `${put}. Polish the seam: ${which}, whole, with as few changes as you can. Reply with {${parts.map(([name]) => `"${name}":"…"`).join(',')}}.`;
}

function membersOf({ before, after }: Pick<Seam, 'before' | 'after'>): readonly (readonly ['before' | 'after', number])[] {
  return [...(before === undefined ? [] : [['before', before] as const]), ...(after === undefined ? [] : [['after', after] as const])];
}

function seamShape(seam: Seam): ReplyShape {
  const names = membersOf(seam).map(([name]) => name);
  return {
    name: 'polished_seam',
    schema: { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])), required: names, additionalProperties: false },
  };
}

function readPolished(object: ReturnType<typeof objectInReply>, seam: Seam): Said<readonly (readonly [step: number, text: string])[]> | WrongReply {
  if (isWrongReply(object)) return object;
  const texts: [number, string][] = [];
  for (const [name, step] of membersOf(seam)) {
    const value = object[name];
    if (typeof value !== 'string') return { code: 'shape', wrong: value === undefined ? `It has no member "${name}".` : `Its "${name}" is no string.` };
    if (value.trim() === '') return { code: 'empty', wrong: `Its "${name}" says nothing.` };
    texts.push([step, value.replace(/\r\n?/g, '\n').trim()]);
  }
  return { said: texts };
}

/** Why a step as it was given back is no polished step, in words that follow “stays as it is:”; `undefined` where it is one. */
function whyNotSmall(before: string, after: string): string | undefined {
  const blank = /\n[^\S\n]*\n/;
  if (blank.test(after) && !blank.test(before)) return 'the teacher cut it into several steps.';
  if (/<\/?think\b/i.test(after) && !/<\/?think\b/i.test(before)) return 'the teacher put a tag into it.';
  const most = MOST_CHANGED * Math.max(before.length, after.length);
  if (after.length > 2 * before.length + 100 || distance(before, after) > most) return 'the teacher rewrote it instead of polishing it.';
  return undefined;
}

/** Tokens of a reply that gives both neighbours back. */
function replyTokens({ chain }: Trace, seam: Seam): number {
  return Math.ceil(membersOf(seam).reduce((sum, [, step]) => sum + (chain.steps[step]?.text.length ?? 0), 100) / 4);
}
