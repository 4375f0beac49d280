import type { FieldPath, JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { isMessageList, readMessageList } from './messageList';
import { fieldOf } from './jsonShapes';
import { RowReader } from './rowReader';
import { readPrompt } from './saidAt';
import { traceOf } from './traceOf';

/** Where rows keep their list of messages. */
const LISTS: readonly string[] = ['messages', 'conversation', 'conversations', 'chat', 'dialogue', 'trajectory'];

/**
 * Chat messages with `role` and `content`, as OpenAI, vLLM, OpenRouter and TRL have them: reasoning in fields of its own or in think tags,
 * tool calls and their results as turns.
 */
export const chatMessages: RowFormat = {
  name: 'chat messages',
  detect: (row) => {
    const list = fieldOf(row, listOf(row) ?? '');
    return isMessageList(list) && list.every((item) => Object.hasOwn(item, 'role')) ? 0.8 : 0;
  },
  read: (row: JsonObject) => {
    const reader = new RowReader(row);
    const list = listOf(row) ?? 'messages';
    const system: FieldPath = ['system'];
    const messages = [...readPrompt(reader, system, 'system'), ...readMessageList(reader, [list], true)];
    return [traceOf(reader, messages, { variant: undefined, shown: [list, 'system'] })];
  },
};

function listOf(row: JsonObject): string | undefined {
  return LISTS.find((name) => isMessageList(fieldOf(row, name)));
}
