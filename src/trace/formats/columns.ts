import type { JsonObject, JsonValue } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { mappedRow } from './columnMapping';
import { readExchange, type Exchange } from './exchange';
import {
  ANSWER_FIELDS, fieldNamed, fieldsNamed, PROMPT_FIELDS, ROW_REASONING_FIELDS, SYSTEM_FIELDS, WEAK_PROMPT_FIELDS,
} from './fieldNames';
import { isHarmony } from './harmonyCut';
import { isFilled, isTextList } from './jsonShapes';
import { isMessageList } from './messageList';
import { hasThinkBlock } from './thinkCut';

/** More fields than this has no row of a data set that nobody described to us; translations and settings have. Ours. */
const MOST_FIELDS = 200;

/** Any row, table or JSON, with a field that is called like a prompt or an answer; with a mapping, any fields at all. */
export const columns: RowFormat = {
  name: 'columns',
  detect: (row) => {
    if (Object.keys(row).length > MOST_FIELDS) return 0;
    const answered = hasAnswer(row);
    const strong = fieldNamed(row, PROMPT_FIELDS);
    if (strong !== undefined && asks(row[strong])) return answered ? 0.5 : 0.3;
    const weak = fieldNamed(row, WEAK_PROMPT_FIELDS);
    if (weak !== undefined && answered && isSentence(row[weak])) return 0.4;
    return answered && reasons(row) ? 0.3 : 0;
  },
  read: (row, mapping) => (mapping === undefined ? readExchange(row, exchangeIn(row)) : mappedRow(row, mapping, exchangeIn(row))),
};

/** Prompt, reasoning and answer of a row by the names of its fields; an answer that is missing would be called `response`. */
export function exchangeIn(row: JsonObject): Exchange {
  const prompt = fieldNamed(row, [...PROMPT_FIELDS, ...WEAK_PROMPT_FIELDS]);
  const system = fieldNamed(row, SYSTEM_FIELDS);
  return {
    system: system === undefined ? undefined : [system],
    prompt: prompt === undefined ? [] : [[prompt]],
    answer: [fieldNamed(row, ANSWER_FIELDS) ?? 'response'],
    reasoning: fieldsNamed(row, ROW_REASONING_FIELDS),
  };
}

function asks(value: JsonValue | undefined): boolean {
  return isFilled(value) || isMessageList(value);
}

function isSentence(value: JsonValue | undefined): boolean {
  return isMessageList(value) || (isFilled(value) && /\S\s+\S/.test(value));
}

function hasAnswer(row: JsonObject): boolean {
  const key = fieldNamed(row, ANSWER_FIELDS);
  const value = key === undefined ? undefined : row[key];
  return typeof value === 'string' || typeof value === 'number' || isTextList(value) || isMessageList(value);
}

/** Is there reasoning in an answer that has no prompt? */
function reasons(row: JsonObject): boolean {
  const key = fieldNamed(row, ANSWER_FIELDS);
  const value = key === undefined ? undefined : row[key];
  const text = isTextList(value) ? value[0] : value;
  return typeof text === 'string' && (isHarmony(text) || hasThinkBlock(text));
}
