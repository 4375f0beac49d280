import type { JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { fieldOf, isListWith } from './jsonShapes';
import { isMessageList, readMessageList } from './messageList';
import { RowReader } from './rowReader';
import { readPrompt } from './saidAt';
import { traceOf } from './traceOf';

/** ShareGPT: `conversations` of `from` (human, gpt, system, function_call, observation) and `value`; the tools may be described beside. */
export const shareGpt: RowFormat = {
  name: 'ShareGPT',
  detect: (row) => (isMessageList(listIn(row)) && isListWith(listIn(row), 'from') && isListWith(listIn(row), 'value') ? 0.95 : 0),
  read: (row: JsonObject) => {
    const reader = new RowReader(row);
    const list = Object.hasOwn(row, 'conversations') ? 'conversations' : 'conversation';
    const messages = [...readPrompt(reader, ['system'], 'system'), ...readMessageList(reader, [list], true)];
    return [traceOf(reader, messages, { variant: undefined, shown: [list, 'system'] })];
  },
};

function listIn(row: JsonObject): JsonObject[string] | undefined {
  return fieldOf(row, 'conversations') ?? fieldOf(row, 'conversation');
}
