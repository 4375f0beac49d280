import type { FieldPath, JsonObject, JsonValue } from '../rows/fieldRef';
import type { RowMessage, Role } from '../rows/rowTrace';
import { contentKey, readAssistant, toolName } from './assistantMessage';
import { readBlocks } from './contentBlocks';
import { fieldOf, isList, isObject } from './jsonShapes';
import { messageOf, partOf } from './partsOf';
import { roleOf } from './roles';
import type { RowReader } from './rowReader';

/** Is this a list of messages: objects that name their speaker as `role` or `from`? */
export function isMessageList(value: JsonValue | undefined): value is readonly JsonObject[] {
  return isList(value) && value.length > 0 && value.every((item) => isObject(item) && speakerOf(item) !== undefined);
}

function speakerOf(message: JsonObject): string | undefined {
  const name = fieldOf(message, 'role') ?? fieldOf(message, 'from');
  return typeof name === 'string' ? name : undefined;
}

/**
 * Reads a list of messages. `complete`: the last of the assistant's also gets the reasoning and the answer that it lacks, as empty
 * parts that can be written.
 */
export function readMessageList(reader: RowReader, path: FieldPath, complete: boolean): readonly RowMessage[] {
  const list = reader.value(path);
  if (!isList(list)) return [];
  const last = complete ? list.findLastIndex((item) => isObject(item) && roleIn(item) === 'assistant') : -1;
  return list.flatMap((_item, index) => readMessage(reader, [...path, index], index === last));
}

/** Reads one message; several where its content holds those of others (tool results, harmony text). */
export function readMessage(reader: RowReader, path: FieldPath, complete: boolean): readonly RowMessage[] {
  const message = reader.value(path);
  if (!isObject(message)) return [];
  const role = roleIn(message);
  if (role === undefined) {
    reader.note(`A message by "${(speakerOf(message) ?? 'nobody').slice(0, 40)}" was read as the user's: no role of that name is known.`);
  }
  const key = contentKey(message);
  const calls = speakerOf(message)?.toLowerCase() === 'function_call';
  if (role === 'assistant' && !calls) return readAssistant(reader, path, message, key, complete);
  if (calls) return readJsonCall(reader, [...path, key]);
  return readOther(reader, path, message, role ?? 'user');
}

function readOther(reader: RowReader, path: FieldPath, message: JsonObject, role: Role): readonly RowMessage[] {
  const at = [...path, contentKey(message)];
  const name = role === 'tool' ? toolName(reader, message) : undefined;
  const value = reader.value(at);
  if (isList(value)) return readBlocks(reader, at, value, role, name);
  const texts = [reader.text(at), reader.text([...path, 'error', 'message'])].filter((text) => text !== undefined);
  return listed(messageOf(role, texts.map((text) => partOf('text', text)), name));
}

function listed(message: RowMessage | undefined): readonly RowMessage[] {
  return message === undefined ? [] : [message];
}

function roleIn(message: JsonObject): Role | undefined {
  return roleOf(speakerOf(message));
}

/** A call as one JSON text with its tool's name in it, as ShareGPT has it. */
function readJsonCall(reader: RowReader, path: FieldPath): readonly RowMessage[] {
  const text = reader.text(path);
  if (text === undefined) return [];
  const name = /"name"\s{0,8}:\s{0,8}"([^"\\]{1,100})"/.exec(text.text)?.[1];
  return listed(messageOf('assistant', [partOf('toolCall', text, name)]));
}
