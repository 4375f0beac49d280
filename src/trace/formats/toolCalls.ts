import type { FieldPath, JsonObject } from '../rows/fieldRef';
import type { RowPart } from '../rows/rowTrace';
import { fieldOf, isList, isObject } from './jsonShapes';
import { callPart } from './partsOf';
import type { RowReader } from './rowReader';

/**
 * The tool calls of an assistant's message: OpenAI's `tool_calls[].function`, its older `function_call`, and the flat
 * `{function, arguments}` of Inspect.
 */
export function readToolCalls(reader: RowReader, path: FieldPath, message: JsonObject): readonly RowPart[] {
  const parts: RowPart[] = [];
  const calls = fieldOf(message, 'tool_calls');
  if (isList(calls)) {
    for (const [index, call] of calls.entries()) {
      if (!isObject(call)) continue;
      const nested = fieldOf(call, 'function');
      const at = [...path, 'tool_calls', index];
      parts.push(isObject(nested) ? readCall(reader, [...at, 'function'], nested, call) : readCall(reader, at, call, call));
    }
  }
  const single = fieldOf(message, 'function_call');
  if (isObject(single)) parts.push(readCall(reader, [...path, 'function_call'], single, single));
  return parts;
}

function readCall(reader: RowReader, path: FieldPath, call: JsonObject, outer: JsonObject): RowPart {
  const name = [fieldOf(call, 'name'), fieldOf(call, 'function')].find((value) => typeof value === 'string');
  reader.rememberCall(fieldOf(outer, 'id'), name);
  const at = [...path, 'arguments'];
  return callPart(fieldOf(call, 'arguments'), at, reader.text(at), name);
}
