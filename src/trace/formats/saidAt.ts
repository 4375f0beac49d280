import type { FieldPath } from '../rows/fieldRef';
import type { RowMessage } from '../rows/rowTrace';
import { absentAnswer } from './assistantMessage';
import { isBlocks, readBlocks } from './contentBlocks';
import { isObject } from './jsonShapes';
import { isMessageList, readMessage, readMessageList } from './messageList';
import { readModelText } from './modelText';
import { messageOf, partOf } from './partsOf';
import type { RowReader } from './rowReader';

/** What the user or the system says at a path: a string, blocks, a message or a list of them; nothing where there is nothing. */
export function readPrompt(reader: RowReader, path: FieldPath, role: 'system' | 'user'): readonly RowMessage[] {
  const value = reader.value(path);
  if (isMessageList(value)) return readMessageList(reader, path, false);
  if (isBlocks(value)) return readBlocks(reader, path, value, role);
  if (isObject(value) && typeof value['role'] === 'string') return readMessage(reader, path, false);
  const text = reader.text(path);
  const message = text === undefined || text.text === '' ? undefined : messageOf(role, [partOf('text', text)]);
  return message === undefined ? [] : [message];
}

/** What the model says at a path, with what is missing of it as empty parts. */
export function readAnswer(reader: RowReader, path: FieldPath): readonly RowMessage[] {
  const value = reader.value(path);
  if (isMessageList(value)) return readMessageList(reader, path, true);
  if (isBlocks(value)) return readBlocks(reader, path, value, 'assistant');
  if (isObject(value) && typeof value['role'] === 'string') return readMessage(reader, path, true);
  const text = reader.text(path);
  if (text !== undefined) return readModelText(text, true);
  return value === undefined || value === null ? [{ role: 'assistant', parts: absentAnswer(path) }] : [];
}
