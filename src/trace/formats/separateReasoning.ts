import type { JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { exchangeIn } from './columns';
import { readExchange } from './exchange';
import { ANSWER_FIELDS, fieldNamed, fieldsNamed, PROMPT_FIELDS, ROW_REASONING_FIELDS, WEAK_PROMPT_FIELDS } from './fieldNames';
import { fieldOf, isList } from './jsonShapes';

/** A plain row that keeps prompt, reasoning and answer in fields of their own: `prompt, thinking, raw_response` and the like. */
export const separateReasoning: RowFormat = {
  name: 'separate reasoning',
  detect: (row) => {
    const reasoning = fieldsNamed(row, ROW_REASONING_FIELDS).some((name) => {
      const value = fieldOf(row, name);
      return typeof value === 'string' || value === null || isList(value);
    });
    if (!reasoning) return 0;
    const prompt = fieldNamed(row, [...PROMPT_FIELDS, ...WEAK_PROMPT_FIELDS]);
    const answer = fieldNamed(row, ANSWER_FIELDS);
    const asked = prompt !== undefined && typeof row[prompt] === 'string';
    const answered = answer !== undefined && typeof row[answer] === 'string';
    return asked && answered ? 0.86 : asked ? 0.6 : 0;
  },
  read: (row: JsonObject) => readExchange(row, exchangeIn(row)),
};
