import type { RowMessage, RowPart, Role } from '../rows/rowTrace';
import { absentPart, partOf, sliceOf } from './partsOf';
import type { Located } from './rowReader';

/** A message of a text in OpenAI's harmony format: marks, header and content, as offsets. */
interface HarmonyMessage {
  /** The first mark. */
  readonly start: number;
  /** Begins with `<|start|>`; a completion's first message does not, since the mark ended the prompt. */
  readonly opened: boolean;
  readonly header: string;
  readonly from: number;
  readonly to: number;
  /** After the mark that ends it, if there is one. */
  readonly end: number;
}

const MARK = /<\|(start|message|end|return|call|channel)\|>/g;

/** Holds the text harmony marks, as gpt-oss writes them? */
export function isHarmony(text: string): boolean {
  return text.includes('<|message|>') && (text.includes('<|channel|>') || text.includes('<|start|>'));
}

/**
 * Cuts a text at its harmony marks (OpenAI, harmony response format): `analysis` is reasoning, `final` and `commentary` without a
 * recipient are text, a message to a tool is its call, one from a tool its result. What lies outside of the slices is marks and headers.
 * `complete`: gives reasoning and answer of the end also where they are missing, as empty parts that can be written.
 */
export function cutHarmony(located: Located, complete: boolean): RowMessage[] {
  const found = messagesIn(located.text);
  const messages: { role: Role; name?: string; parts: RowPart[] }[] = [];
  const add = (role: Role, part: RowPart, name?: string): void => {
    const last = messages.at(-1);
    if (role === 'assistant' && last?.role === 'assistant') last.parts.push(part);
    else messages.push({ role, parts: [part], ...(name === undefined ? {} : { name }) });
  };
  const before = found[0]?.start ?? located.text.length;
  if (located.text.slice(0, before).trim() !== '') add('assistant', partOf('text', sliceOf(located, 0, before)));
  for (const message of found) {
    const { role, tool, channel, recipient } = readHeader(message.header);
    const slice = sliceOf(located, message.from, message.to);
    if (role !== 'assistant') add(role, partOf('text', slice), tool);
    else if (recipient !== undefined) add(role, partOf('toolCall', slice, recipient));
    else if (channel === 'analysis') add(role, reasoningPart(located, message, slice));
    else add(role, partOf('text', slice));
  }
  if (complete && located.at !== undefined) completeEnd(located, found, messages, add);
  return messages;
}

function reasoningPart(located: Located, message: HarmonyMessage, slice: Located): RowPart {
  const part = partOf('reasoning', slice);
  const whole = sliceOf(located, message.start, message.end).at?.slice;
  return part.at === undefined || whole === undefined ? part : { ...part, at: { ...part.at, whole } };
}

/** Adds what the last assistant message lacks: an answer at the end of the text, reasoning before its first message. */
function completeEnd(
  located: Located,
  found: readonly HarmonyMessage[],
  messages: { role: Role; parts: RowPart[] }[],
  add: (role: Role, part: RowPart) => void,
): void {
  const { text } = located;
  const last = messages.at(-1);
  const lastFound = found.at(-1);
  const turn = last?.role === 'assistant' ? last : undefined;
  const end = sliceOf(located, text.length, text.length).at;
  if (end === undefined || lastFound === undefined) return;
  const ends = lastFound.end > lastFound.to;
  if (turn === undefined || !turn.parts.some(({ kind }) => kind === 'text')) {
    add('assistant', absentPart('text', end, `${ends ? '' : '<|end|>'}<|start|>assistant<|channel|>final<|message|>`));
  }
  if (turn === undefined || turn.parts.some(({ kind }) => kind === 'reasoning')) return;
  const first = firstOfTurn(found);
  const place = first === undefined ? undefined : sliceOf(located, first.start, first.start).at;
  if (first === undefined || place === undefined) return;
  // Text that stands before the first mark comes before it here too.
  const from = turn.parts.findIndex(({ at }) => (at?.slice?.start ?? 0) >= (place.slice?.start ?? 0));
  turn.parts.splice(
    Math.max(0, from),
    0,
    first.opened
      ? absentPart('reasoning', place, '<|start|>assistant<|channel|>analysis<|message|>', '<|end|>')
      : absentPart('reasoning', place, '<|channel|>analysis<|message|>', '<|end|><|start|>assistant'),
  );
}

/** The first message of the assistant's last turn. */
function firstOfTurn(found: readonly HarmonyMessage[]): HarmonyMessage | undefined {
  let first: HarmonyMessage | undefined;
  for (let i = found.length - 1; i >= 0; i--) {
    const message = found[i];
    if (message === undefined || readHeader(message.header).role !== 'assistant') break;
    first = message;
  }
  return first;
}

function messagesIn(text: string): HarmonyMessage[] {
  const found: HarmonyMessage[] = [];
  let header: { start: number; opened: boolean; from: number } | undefined;
  let body: { start: number; opened: boolean; header: string; from: number } | undefined;
  const close = (to: number, end: number): void => {
    if (body !== undefined) found.push({ ...body, to, end });
    body = undefined;
  };
  for (const match of text.matchAll(MARK)) {
    const start = match.index;
    const end = start + match[0].length;
    const mark = match[1];
    if (mark === 'start') {
      close(start, start);
      header = { start, opened: true, from: end };
    } else if (mark === 'channel') {
      // Within a header it stays part of it; elsewhere it begins a message whose first mark stood in the prompt.
      if (body === undefined) header ??= { start, opened: false, from: start };
    } else if (mark === 'message') {
      if (body === undefined && header !== undefined) {
        body = { start: header.start, opened: header.opened, header: text.slice(header.from, start), from: end };
        header = undefined;
      }
    } else if (body !== undefined) close(start, end);
  }
  close(text.length, text.length);
  return found;
}

/** `assistant<|channel|>commentary to=functions.find <|constrain|>json`, and every part of it in either place. */
function readHeader(header: string): { role: Role; tool?: string; channel?: string; recipient?: string } {
  const channel = /<\|channel\|>\s{0,8}(\w+)/.exec(header)?.[1];
  const to = /\bto=([\w.-]+)/.exec(header)?.[1];
  const author = /^\s{0,8}([\w.-]+)/.exec(header)?.[1] ?? 'assistant';
  const role = ROLES.get(author);
  if (role === undefined) return { role: 'tool', tool: withoutNamespace(author) };
  const recipient = role === 'assistant' && to !== undefined && to !== 'user' ? withoutNamespace(to) : undefined;
  return { role, ...(channel === undefined ? {} : { channel }), ...(recipient === undefined ? {} : { recipient }) };
}

const ROLES: ReadonlyMap<string, Role> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
]);

function withoutNamespace(name: string): string {
  return name.replace(/^functions\./, '');
}
