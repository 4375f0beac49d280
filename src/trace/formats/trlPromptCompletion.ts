import type { JsonObject, JsonValue } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { readExchange } from './exchange';
import { fieldOf, isTextList } from './jsonShapes';
import { isMessageList } from './messageList';

/** TRL prompt-completion: each a string or a list of messages; also a prompt alone that is a list of messages. */
export const trlPromptCompletion: RowFormat = {
  name: 'TRL prompt-completion',
  detect: (row) => {
    const prompt = fieldOf(row, 'prompt');
    if (!isSaid(prompt)) return 0;
    if (!Object.hasOwn(row, 'completion')) return isMessageList(prompt) ? 0.6 : 0;
    const completion = fieldOf(row, 'completion');
    return isSaid(completion) || isTextList(completion) ? 0.7 : 0;
  },
  read: (row: JsonObject) => readExchange(row, { prompt: [['prompt']], answer: ['completion'] }),
};

function isSaid(value: JsonValue | undefined): boolean {
  return typeof value === 'string' || isMessageList(value);
}
