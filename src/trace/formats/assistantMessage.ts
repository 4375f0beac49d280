import type { FieldPath, FieldRef, JsonObject, JsonValue } from '../rows/fieldRef';
import type { RowMessage, RowPart } from '../rows/rowTrace';
import { readBlocks } from './contentBlocks';
import { isHarmony } from './harmonyCut';
import { fieldOf, isList } from './jsonShapes';
import { readModelText } from './modelText';
import { unseen } from './notes';
import { absentField, absentPart, messageOf, partOf, sliceOf } from './partsOf';
import { readReasoningFields, withCopy, type FieldReasoning } from './reasoningFields';
import type { Located, RowReader } from './rowReader';
import { beginsWithThinkTag, cutAtThinkTags, hasThinkBlock } from './thinkCut';
import { readToolCalls } from './toolCalls';

/**
 * What an assistant's message says: reasoning from fields of its own, then from tags or blocks in its content, then its tool calls.
 * `complete`: also the reasoning and the answer that are missing, as far as the row can take them.
 */
export function readAssistant(
  reader: RowReader,
  path: FieldPath,
  message: JsonObject,
  content: string,
  complete: boolean,
): readonly RowMessage[] {
  const spoken = readSpoken(reader, readReasoningFields(reader, path), [...path, content], complete);
  const calls = readToolCalls(reader, path, message);
  if (calls.length === 0) return spoken;
  const last = spoken.findLastIndex(({ role }) => role === 'assistant');
  if (last === -1) return [...spoken, { role: 'assistant', parts: calls }];
  return spoken.map((each, index) => (index === last ? { ...each, parts: [...each.parts, ...calls] } : each));
}

/** What is said in a content, after the reasoning that fields beside it hold; `complete` as above. */
export function readSpoken(reader: RowReader, fields: FieldReasoning, content: FieldPath, complete: boolean): readonly RowMessage[] {
  const { messages, copy } = readContent(reader, content, fields, complete);
  const reasoning = fields.parts.map((part, index) => (index === 0 ? withCopy(part, copy) : part));
  return withLead(reasoning, messages);
}

/** Puts parts before the first thing that the assistant says. */
export function withLead(parts: readonly RowPart[], messages: readonly RowMessage[]): readonly RowMessage[] {
  if (parts.length === 0) return messages;
  const first = messages.findIndex(({ role }) => role === 'assistant');
  if (first === -1) return [{ role: 'assistant', parts }, ...messages];
  return messages.map((each, index) => (index === first ? { ...each, parts: [...parts, ...each.parts] } : each));
}

/** The messages in a content, and the place in it where the reasoning of a field stands a second time. */
interface Content {
  readonly messages: readonly RowMessage[];
  readonly copy?: FieldRef | undefined;
}

function readContent(reader: RowReader, path: FieldPath, fields: FieldReasoning, complete: boolean): Content {
  const value = reader.value(path);
  if (isList(value)) return { messages: inBlocks(readBlocks(reader, path, value, 'assistant'), fields, complete) };
  const located = reader.text(path);
  if (located === undefined && value !== undefined && value !== null) return { messages: one(otherValue(reader, path, value)) };
  if (located === undefined) return { messages: complete ? one(missing(path, fields)) : [] };
  if (fields.parts.length > 0) return beside(reader, located, fields, complete);
  if (located.text === '' && !complete) return { messages: [] };
  const reasons = isHarmony(located.text) || hasThinkBlock(located.text);
  if (!complete || reasons || fields.empty === undefined) return { messages: readModelText(located, complete) };
  return { messages: one([absentField('reasoning', fields.empty), partOf('text', located)]) };
}

function one(parts: readonly RowPart[]): readonly RowMessage[] {
  const message = messageOf('assistant', parts);
  return message === undefined ? [] : [message];
}

/** Content that is no text: a number is shown as one (`"answer": 4`), anything else is said not to be. */
function otherValue(reader: RowReader, path: FieldPath, value: JsonValue): readonly RowPart[] {
  if (typeof value === 'number' || typeof value === 'boolean') return [{ kind: 'text', text: String(value), at: { path } }];
  reader.note(unseen('an answer that is an object'));
  return [];
}

/** A message without content: both can be written, each to its place. */
function missing(path: FieldPath, fields: FieldReasoning): readonly RowPart[] {
  if (fields.parts.length > 0) return [absentField('text', path)];
  if (fields.empty !== undefined) return [absentField('reasoning', fields.empty), absentField('text', path)];
  return absentAnswer(path);
}

/** Reasoning and answer of a string that the row has not, or that is null. */
export function absentAnswer(path: FieldPath): readonly RowPart[] {
  const at = { path, slice: { start: 0, end: 0 } };
  return [absentPart('reasoning', at, '<think>\n', '\n</think>\n\n'), absentPart('text', at)];
}

/** Content beside a reasoning field. Only tags at its very beginning count, and the same text is not shown twice. */
function beside(reader: RowReader, located: Located, fields: FieldReasoning, complete: boolean): Content {
  const { text } = located;
  if (!beginsWithThinkTag(text)) return { messages: text === '' && !complete ? [] : one([partOf('text', located)]) };
  const parts = cutAtThinkTags(located, complete);
  const [own] = fields.parts;
  const [inline] = parts;
  if (own === undefined || inline?.kind !== 'reasoning') return { messages: one(parts) };
  if (inline.text === own.text) return { messages: one(parts.slice(1)), copy: inline.at };
  if (inline.text.trim() !== own.text.trim() && inline.text !== '') return { messages: one(parts) };
  if (inline.text !== '') {
    reader.note('The reasoning stands a second time in the content, with other white space: an edit here changes only the field of its own.');
  }
  return { messages: one(parts.slice(1)) };
}

/** Content as blocks: tags in their texts are cut where no block holds reasoning. */
function inBlocks(messages: readonly RowMessage[], fields: FieldReasoning, complete: boolean): readonly RowMessage[] {
  const reasons = fields.parts.length > 0 || messages.some(({ parts }) => parts.some(({ kind }) => kind !== 'text' && kind !== 'toolCall'));
  if (reasons) return messages;
  const last = messages.findLastIndex(({ role, parts }) => role === 'assistant' && parts.some(({ kind }) => kind === 'text'));
  return messages.map((message, index) => {
    if (message.role !== 'assistant') return message;
    const cut = message.parts.flatMap((part) => cutBlock(part));
    return { ...message, parts: complete && index === last ? withReasoning(cut) : cut };
  });
}

function cutBlock(part: RowPart): readonly RowPart[] {
  if (part.kind !== 'text' || !hasThinkBlock(part.text)) return [part];
  return cutAtThinkTags({ text: part.text, at: part.at }, false);
}

/** Offers reasoning before the first text, within the same string, where there is none. */
function withReasoning(parts: readonly RowPart[]): readonly RowPart[] {
  const first = parts.findIndex(({ kind, at }) => kind === 'text' && at !== undefined);
  const text = parts[first];
  if (text?.at === undefined || parts.some(({ kind }) => kind === 'reasoning')) return parts;
  const located = { text: text.text, at: text.at };
  const place = sliceOf(located, 0, 0).at ?? text.at;
  const answer = partOf('text', sliceOf(located, 0, text.text.length));
  return [...parts.slice(0, first), absentPart('reasoning', place, '<think>\n', '\n</think>\n\n'), answer, ...parts.slice(first + 1)];
}

/** The key of a message that holds its content, by the formats' habits. */
export function contentKey(message: JsonObject): string {
  return ['content', 'value', 'text'].find((key) => Object.hasOwn(message, key)) ?? 'content';
}

/** The name a tool's message has: its own, or that of the call it answers. */
export function toolName(reader: RowReader, message: JsonObject): string | undefined {
  const own = [fieldOf(message, 'name'), fieldOf(message, 'function')].find((value) => typeof value === 'string');
  return own ?? reader.toolOf(fieldOf(message, 'tool_call_id'));
}
