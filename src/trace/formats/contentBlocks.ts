import type { FieldPath, JsonObject, JsonValue } from '../rows/fieldRef';
import type { RowMessage, RowPart, Role } from '../rows/rowTrace';
import { fieldOf, isList, isListWith, isObject } from './jsonShapes';
import { SIGNED, SUMMARIES, unseen, WITHHELD } from './notes';
import { callPart, messageOf, partOf } from './partsOf';
import type { RowReader } from './rowReader';

/** The types of blocks that only Anthropic's messages have. */
export const ANTHROPIC_BLOCKS: readonly JsonValue[] = ['thinking', 'redacted_thinking', 'tool_use', 'tool_result', 'server_tool_use'];

/** Is this a message's content as blocks: objects with a type? */
export function isBlocks(value: JsonValue | undefined): value is readonly JsonObject[] {
  return isListWith(value, 'type');
}

/**
 * The texts of content that is a list: strings and blocks as OpenAI, Anthropic, Mistral and Inspect have them. A tool's result among
 * the blocks (Anthropic) becomes a message of the tool. What is no text is left out and said.
 */
export function readBlocks(reader: RowReader, path: FieldPath, list: readonly JsonValue[], role: Role, name?: string): RowMessage[] {
  const messages: RowMessage[] = [];
  let parts: RowPart[] = [];
  const flush = (): void => {
    const message = messageOf(role, parts, name);
    if (message !== undefined) messages.push(message);
    parts = [];
  };
  for (const [index, block] of list.entries()) {
    const at = [...path, index];
    const plain = reader.text(at);
    if (plain !== undefined) parts.push(partOf('text', plain));
    if (!isObject(block)) continue;
    if (fieldOf(block, 'type') === 'tool_result') {
      flush();
      const result = readResult(reader, at, block);
      if (result !== undefined) messages.push(result);
    } else parts.push(...readBlock(reader, at, block));
  }
  flush();
  return messages;
}

function readBlock(reader: RowReader, path: FieldPath, block: JsonObject): readonly RowPart[] {
  const type = fieldOf(block, 'type');
  switch (type) {
    case 'thinking':
      return readThinking(reader, path, block);
    case 'redacted_thinking':
      reader.note(WITHHELD);
      return [{ kind: 'redacted', text: '' }];
    case 'reasoning':
      return readReasoning(reader, path, block);
    case 'tool_use':
    case 'server_tool_use': {
      const name = fieldOf(block, 'name');
      const tool = typeof name === 'string' ? name : undefined;
      reader.rememberCall(fieldOf(block, 'id'), tool);
      const input = Object.hasOwn(block, 'input') ? 'input' : 'arguments';
      return [callPart(fieldOf(block, input), [...path, input], reader.text([...path, input]), tool)];
    }
    default: {
      const key = type === 'refusal' ? 'refusal' : 'text';
      const text = reader.text([...path, key]);
      if (text !== undefined) return [partOf('text', text)];
      reader.note(unseen(typeof type === 'string' ? `content of the type "${type.slice(0, 40)}"` : 'content of no type'));
      return [];
    }
  }
}

/** Anthropic's thinking, signed; Mistral's holds a list of text blocks. */
function readThinking(reader: RowReader, path: FieldPath, block: JsonObject): readonly RowPart[] {
  const thinking = fieldOf(block, 'thinking');
  if (typeof fieldOf(block, 'signature') === 'string') reader.note(SIGNED);
  if (isList(thinking)) return textsOf(reader, [...path, 'thinking'], thinking, 'reasoning');
  const text = reader.text([...path, 'thinking']);
  return text === undefined ? [] : [partOf('reasoning', text)];
}

/**
 * A block or item of reasoning: Inspect's `reasoning` with `redacted` and `summary`, OpenAI's `summary[]` and `content[]`, others' `text`.
 * Where it is withheld, its summary is shown, and called so.
 */
export function readReasoning(reader: RowReader, path: FieldPath, block: JsonObject): readonly RowPart[] {
  const content = fieldOf(block, 'content');
  const full = isList(content) ? textsOf(reader, [...path, 'content'], content, 'reasoning') : [];
  if (full.length > 0) return full;
  const redacted = fieldOf(block, 'redacted') === true || typeof fieldOf(block, 'encrypted_content') === 'string';
  if (!redacted) {
    const text = reader.text([...path, 'reasoning']) ?? reader.text([...path, 'text']);
    if (text !== undefined) {
      if (typeof fieldOf(block, 'signature') === 'string') reader.note(SIGNED);
      return [partOf('reasoning', text)];
    }
  } else reader.note(WITHHELD);
  const summaries = readSummary(reader, [...path, 'summary']);
  if (summaries.length > 0) {
    reader.note(SUMMARIES);
    return summaries;
  }
  return redacted ? [{ kind: 'redacted', text: '' }] : [];
}

function readSummary(reader: RowReader, path: FieldPath): readonly RowPart[] {
  const value = reader.value(path);
  if (isList(value)) return textsOf(reader, path, value, 'summary');
  const text = reader.text(path);
  return text === undefined || text.text === '' ? [] : [partOf('summary', text)];
}

/** A list of strings or of `{text}`. */
function textsOf(reader: RowReader, path: FieldPath, list: readonly JsonValue[], kind: 'reasoning' | 'summary'): readonly RowPart[] {
  return list.flatMap((_item, index) => {
    const text = reader.text([...path, index]) ?? reader.text([...path, index, 'text']);
    return text === undefined ? [] : [partOf(kind, text)];
  });
}

function readResult(reader: RowReader, path: FieldPath, block: JsonObject): RowMessage | undefined {
  const name = reader.toolOf(fieldOf(block, 'tool_use_id'));
  const content = fieldOf(block, 'content');
  const at = [...path, 'content'];
  const text = reader.text(at);
  if (text !== undefined) return messageOf('tool', [partOf('text', text)], name);
  return isList(content) ? readBlocks(reader, at, content, 'tool', name)[0] : undefined;
}
