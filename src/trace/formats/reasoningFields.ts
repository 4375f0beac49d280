import type { FieldPath, FieldRef, JsonObject, JsonValue } from '../rows/fieldRef';
import type { RowPart } from '../rows/rowTrace';
import { fieldOf, isList, isObject } from './jsonShapes';
import { SIGNED, SUMMARIES, WITHHELD } from './notes';
import { partOf } from './partsOf';
import type { RowReader } from './rowReader';

/**
 * The fields that servers put reasoning into, in the order in which they are read: OpenRouter's details, DeepSeek and older vLLM, newer
 * vLLM and OpenRouter, Ollama.
 */
export const REASONING_FIELDS: readonly string[] = ['reasoning_details', 'reasoning_content', 'reasoning', 'thinking'];

/** The reasoning of a message that has fields for it. */
export interface FieldReasoning {
  readonly parts: readonly RowPart[];
  /** A field that is there for reasoning and empty, or null. */
  readonly empty: FieldPath | undefined;
}

/** Reads the first of the fields that holds reasoning; where others hold the same text they become its copies. */
export function readReasoningFields(reader: RowReader, path: FieldPath, names = REASONING_FIELDS): FieldReasoning {
  const holder = reader.value(path);
  if (!isObject(holder)) return { parts: [], empty: undefined };
  let parts: readonly RowPart[] = [];
  let from = '';
  let empty: FieldPath | undefined;
  for (const name of names) {
    if (!Object.hasOwn(holder, name)) continue;
    const at = [...path, name];
    const value = holder[name];
    if (value === null || (typeof value === 'string' && value.trim() === '')) {
      empty ??= at;
      continue;
    }
    const read = isList(value) ? readDetails(reader, at, value) : readString(reader, at);
    if (read.length === 0) continue;
    if (parts.length === 0) {
      parts = read;
      from = name;
    } else parts = withCopies(reader, parts, read, from, name);
  }
  return { parts, empty };
}

/** The reasoning at one path, whatever the field is called; what is blank or missing there can be written. */
export function readReasoningAt(reader: RowReader, path: FieldPath): FieldReasoning {
  const value = reader.value(path);
  if (isList(value)) return { parts: readDetails(reader, path, value), empty: undefined };
  const blank = value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
  return blank ? { parts: [], empty: path } : { parts: readString(reader, path), empty: undefined };
}

function readString(reader: RowReader, path: FieldPath): readonly RowPart[] {
  const located = reader.text(path);
  return located === undefined ? [] : [partOf('reasoning', located)];
}

/** Where the same text stands a second time: written together if both are whole, else said. */
function withCopies(
  reader: RowReader,
  parts: readonly RowPart[],
  others: readonly RowPart[],
  from: string,
  name: string,
): readonly RowPart[] {
  const shown = parts.filter(({ kind }) => kind !== 'redacted');
  const [part] = shown;
  const [other] = others;
  const joined = shown.map(({ text }) => text).join('');
  if (shown.length === 1 && others.length === 1 && part !== undefined && other?.text === part.text && other.at !== undefined) {
    return parts.map((each) => (each === part ? withCopy(part, other.at) : each));
  }
  const same = squeezed(joined) === squeezed(others.map(({ text }) => text).join(''));
  reader.note(
    same
      ? `\`${name}\` holds the same reasoning as \`${from}\` but not in the same pieces: an edit here changes \`${from}\` alone.`
      : `\`${name}\` holds another text than \`${from}\`; what is shown and edited here is \`${from}\`.`,
  );
  return parts;
}

/** The part with one more place that holds the same text. */
export function withCopy(part: RowPart, at: FieldRef | undefined): RowPart {
  return at === undefined ? part : { ...part, copies: [...(part.copies ?? []), at] };
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}

/** OpenRouter's `reasoning_details`: text, a summary, or what is encrypted. Also a plain list of strings. */
function readDetails(reader: RowReader, path: FieldPath, list: readonly JsonValue[]): readonly RowPart[] {
  return list.flatMap((item, index) => {
    const at = [...path, index];
    if (typeof item === 'string') return readString(reader, at);
    return isObject(item) ? readDetail(reader, at, item) : [];
  });
}

function readDetail(reader: RowReader, path: FieldPath, item: JsonObject): readonly RowPart[] {
  const type = fieldOf(item, 'type');
  if (type === 'reasoning.encrypted') {
    reader.note(WITHHELD);
    return [{ kind: 'redacted', text: '' }];
  }
  const summary = reader.text([...path, 'summary']);
  if (type === 'reasoning.summary' && summary !== undefined) {
    reader.note(SUMMARIES);
    return [partOf('summary', summary)];
  }
  const text = reader.text([...path, 'text']) ?? reader.text([...path, 'thinking']);
  if (text === undefined || text.text === '') return [];
  if (typeof fieldOf(item, 'signature') === 'string') reader.note(SIGNED);
  return [partOf('reasoning', text)];
}
