import type { JsonObject, JsonValue } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import type { RowMessage } from '../rows/rowTrace';
import { ANTHROPIC_BLOCKS, isBlocks } from './contentBlocks';
import { fieldOf } from './jsonShapes';
import { isMessageList, readMessage, readMessageList } from './messageList';
import { RowReader } from './rowReader';
import { readAnswer, readPrompt } from './saidAt';
import { traceOf } from './traceOf';

/** Fields that hold a model's answer as blocks. */
const ANSWERS: readonly string[] = ['content', 'response', 'completion', 'output'];

/**
 * Anthropic's content blocks (thinking, redacted thinking, text, tool use and results): a conversation in `messages`, a message as the API
 * returns it, or blocks in the answer of a row.
 */
export const anthropic: RowFormat = {
  name: 'Anthropic blocks',
  detect: (row) => {
    const { messages } = row;
    if (isMessageList(messages) && messages.some(({ content }) => isAnthropic(content))) return 0.9;
    return answerIn(row) === undefined ? 0 : 0.9;
  },
  read: (row: JsonObject) => {
    const reader = new RowReader(row);
    const answer = answerIn(row);
    const asked = isMessageList(row['messages']) ? readMessageList(reader, ['messages'], answer === undefined) : readPrompt(reader, ['prompt'], 'user');
    const messages = [...readPrompt(reader, ['system'], 'system'), ...asked, ...readReturned(reader, row, answer)];
    return [traceOf(reader, messages, { variant: undefined, shown: ['system', 'messages', 'prompt', 'role', 'type', answer ?? 'content'] })];
  },
};

function readReturned(reader: RowReader, row: JsonObject, answer: string | undefined): readonly RowMessage[] {
  if (answer === undefined) return [];
  return answer === 'content' && row['role'] === 'assistant' ? readMessage(reader, [], true) : readAnswer(reader, [answer]);
}

function answerIn(row: JsonObject): string | undefined {
  return ANSWERS.find((name) => {
    const value = fieldOf(row, name);
    if (isAnthropic(value)) return true;
    return name === 'content' && row['type'] === 'message' && row['role'] === 'assistant' && isBlocks(value);
  });
}

function isAnthropic(value: JsonValue | undefined): boolean {
  return isBlocks(value) && value.some(({ type }) => type !== undefined && ANTHROPIC_BLOCKS.includes(type));
}
