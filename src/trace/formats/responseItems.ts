import type { FieldPath, JsonObject, JsonValue } from '../rows/fieldRef';
import type { RowMessage, RowPart } from '../rows/rowTrace';
import { readReasoning } from './contentBlocks';
import { fieldOf, isList, isListWith, isObject } from './jsonShapes';
import { isMessageList, readMessage } from './messageList';
import { callPart, messageOf, partOf } from './partsOf';
import type { RowReader } from './rowReader';

/** Is this a list of items as the Responses API has them: of these types, or messages? */
export function isItems(value: JsonValue | undefined): value is readonly JsonObject[] {
  if (!isListWith(value, 'type')) return isMessageList(value);
  return value.every(({ type }) => typeof type === 'string' && (type === 'message' || type === 'reasoning' || /_call(?:_output)?$/.test(type)));
}

/**
 * Items of the Responses API as messages: what the assistant reasons, says and calls up to the next result is one message.
 * `complete`: the last message said gets reasoning, as an empty part that can be written, where there is none before it.
 */
export function readItems(reader: RowReader, path: FieldPath, complete: boolean): readonly RowMessage[] {
  const list = reader.value(path);
  if (!isList(list)) return [];
  const messages: RowMessage[] = [];
  let parts: RowPart[] = [];
  const flush = (): void => {
    const message = messageOf('assistant', parts);
    if (message !== undefined) messages.push(message);
    parts = [];
  };
  const reasons = list.some((item) => isObject(item) && item['type'] === 'reasoning');
  const last = complete ? list.findLastIndex((item) => isObject(item) && item['role'] === 'assistant') : -1;
  for (const [index, item] of list.entries()) {
    if (!isObject(item)) continue;
    const at = [...path, index];
    const type = fieldOf(item, 'type');
    if (type === 'reasoning') parts.push(...readReasoning(reader, at, item));
    else if (typeof type === 'string' && type.endsWith('_call')) parts.push(readCall(reader, at, item, type));
    else if (typeof type === 'string' && type.endsWith('_output')) {
      flush();
      messages.push(...readOutput(reader, at, item));
    } else {
      const said = readMessage(reader, at, index === last && !reasons);
      for (const message of said) {
        if (message.role === 'assistant') parts.push(...message.parts);
        else {
          flush();
          messages.push(message);
        }
      }
    }
  }
  flush();
  return messages;
}

function readCall(reader: RowReader, path: FieldPath, item: JsonObject, type: string): RowPart {
  const own = fieldOf(item, 'name');
  const name = typeof own === 'string' ? own : type.replace(/_call$/, '');
  reader.rememberCall(fieldOf(item, 'call_id'), name);
  const key = ['arguments', 'input', 'action'].find((each) => Object.hasOwn(item, each)) ?? 'arguments';
  return callPart(fieldOf(item, key), [...path, key], reader.text([...path, key]), name);
}

function readOutput(reader: RowReader, path: FieldPath, item: JsonObject): readonly RowMessage[] {
  const name = reader.toolOf(fieldOf(item, 'call_id'));
  const output = fieldOf(item, 'output');
  const texts = isList(output)
    ? output.flatMap((_each, index) => reader.text([...path, 'output', index, 'text']) ?? [])
    : [reader.text([...path, 'output'])].filter((text) => text !== undefined);
  const message = messageOf('tool', texts.map((text) => partOf('text', text)), name);
  return message === undefined ? [] : [message];
}
