import type { FieldPath, JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { isListWith, isObject, valueAt } from './jsonShapes';
import { isMessageList, readMessage, readMessageList } from './messageList';
import { RowReader } from './rowReader';
import { readPrompt } from './saidAt';
import { traceOf } from './traceOf';
import { headValue } from './headFields';

/** Where a stored answer of the chat API lies in a row: as the row itself, or beside its request, as logs and batches keep it. */
const RESPONSES: readonly FieldPath[] = [[], ['response'], ['response', 'body'], ['completion']];
const REQUESTS: readonly FieldPath[] = [['messages'], ['request', 'messages'], ['request', 'body', 'messages'], ['body', 'messages'], ['input']];

/** The answer of a chat completions API, `choices[].message`; each choice is a trace. Its request is shown where the row has it. */
export const chatCompletion: RowFormat = {
  name: 'chat completion',
  detect: (row) => (choicesIn(row) === undefined ? 0 : 0.92),
  read: (row: JsonObject) => {
    const path = choicesIn(row) ?? ['choices'];
    const choices = valueAt(row, path);
    const count = Array.isArray(choices) ? choices.length : 0;
    return Array.from({ length: Math.max(1, count) }, (_, index) => {
      const reader = new RowReader(row);
      const request = REQUESTS.find((each) => isMessageList(valueAt(row, each)));
      const asked = request === undefined ? readPrompt(reader, ['prompt'], 'user') : readMessageList(reader, request, false);
      const model = headValue(row, [...path.slice(0, -1), 'model']);
      return traceOf(reader, [...asked, ...readMessage(reader, [...path, index, 'message'], true)], {
        variant: count > 1 ? String(index + 1) : undefined,
        ...(model === undefined ? {} : { model }),
        shown: [String(path[0]), String(request?.[0] ?? 'prompt'), 'object'],
      });
    });
  },
};

function choicesIn(row: JsonObject): FieldPath | undefined {
  return RESPONSES.map((path) => [...path, 'choices']).find((path) => {
    const choices = valueAt(row, path);
    return isListWith(choices, 'message') && choices.every(({ message }) => isObject(message));
  });
}
