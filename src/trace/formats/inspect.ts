import type { FieldPath, JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import type { HeadValue, RowMessage, RowPart, RowTrace } from '../rows/rowTrace';
import { headValue } from './headFields';
import { fieldOf, isList, isObject, valueAt } from './jsonShapes';
import { isMessageList, readMessage, readMessageList } from './messageList';
import { withCopy } from './reasoningFields';
import { factText } from './rowFacts';
import { RowReader } from './rowReader';
import { readPrompt } from './saidAt';
import { traceOf } from './traceOf';

/** Where Inspect keeps the model's output a second time, beside the messages. */
const OUTPUT: FieldPath = ['output', 'choices', 0, 'message'];
const COMPLETION: FieldPath = ['output', 'completion'];

/** A sample of an Inspect log: its messages with reasoning blocks and tool calls, long strings from its attachments, its scores. */
export const inspect: RowFormat = {
  name: 'Inspect sample',
  detect: (row) => {
    const asked = typeof fieldOf(row, 'input') === 'string' || isMessageList(fieldOf(row, 'input'));
    const logged = ['epoch', 'target', 'scores', 'output', 'attachments', 'store'].filter((name) => Object.hasOwn(row, name));
    if (!asked || !Object.hasOwn(row, 'id') || logged.length < 3) return 0;
    return isList(fieldOf(row, 'messages')) || isObject(fieldOf(row, 'output')) ? 1 : 0;
  },
  read: (row: JsonObject) => {
    const attachments = fieldOf(row, 'attachments');
    const reader = new RowReader(row, isObject(attachments) ? attachments : {});
    const messages = readConversation(reader, row);
    const model = modelOf(row);
    return [
      traceOf(reader, messages, {
        variant: undefined,
        ...(model === undefined ? {} : { model }),
        facts: factsIn(row),
        shown: ['input', 'messages', 'output', 'attachments', 'events', 'scores', 'metadata', 'target', 'error', 'store', 'model_usage', 'role_usage', 'timelines', 'uuid'],
      }),
    ];
  },
};

function readConversation(reader: RowReader, row: JsonObject): readonly RowMessage[] {
  if (isMessageList(fieldOf(row, 'messages'))) {
    const messages = readMessageList(reader, ['messages'], true);
    return messages.map((message) => ({ ...message, parts: message.parts.map((part) => withOutputCopy(row, part)) }));
  }
  const asked = isMessageList(fieldOf(row, 'input')) ? readMessageList(reader, ['input'], false) : readPrompt(reader, ['input'], 'user');
  return [...asked, ...readMessage(reader, OUTPUT, true)];
}

/** The last message stands in `output` once more, and its text a third time; what is written to the one is written to all. */
function withOutputCopy(row: JsonObject, part: RowPart): RowPart {
  const { at, kind } = part;
  const list = fieldOf(row, 'messages');
  if (at === undefined || !isList(list) || at.path[0] !== 'messages' || at.path[1] !== list.length - 1) return part;
  const value = valueAt(row, at.path);
  const inMessage = at.path.slice(2);
  const isText = inMessage[0] === 'content' && (inMessage.length === 1 || kind === 'text');
  const places = [[...OUTPUT, ...inMessage], ...(isText ? [COMPLETION] : [])];
  return places.reduce((copied, path) => (typeof value === 'string' && value === valueAt(row, path) ? withCopy(copied, { ...at, path }) : copied), part);
}

function modelOf(row: JsonObject): HeadValue | undefined {
  const own = headValue(row, ['output', 'model']);
  if (own !== undefined) return own;
  const list = fieldOf(row, 'messages');
  if (!isList(list)) return undefined;
  const last = list.findLastIndex((message) => isObject(message) && typeof message['model'] === 'string');
  return last === -1 ? undefined : headValue(row, ['messages', last, 'model']);
}

/** Scores with their explanations, target, error and metadata, as lines. */
function factsIn(row: JsonObject): RowTrace['facts'] {
  const facts: { name: string; text: string }[] = [];
  const add = (name: string, text: string | undefined): void => {
    if (text !== undefined) facts.push({ name, text });
  };
  const scores = fieldOf(row, 'scores');
  for (const [name, score] of entriesOf(scores)) {
    if (!isObject(score)) add(`score ${name}`, factText(score));
    else {
      add(`score ${name}`, factText(fieldOf(score, 'value')));
      for (const detail of ['answer', 'explanation']) add(`score ${name}, ${detail}`, factText(fieldOf(score, detail)));
    }
  }
  add('target', factText(fieldOf(row, 'target')));
  const error = fieldOf(row, 'error');
  add('error', factText(isObject(error) ? fieldOf(error, 'message') : error));
  for (const [name, value] of entriesOf(fieldOf(row, 'metadata')).slice(0, 40)) add(name, factText(value));
  return facts;
}

function entriesOf(value: JsonObject[string] | undefined): readonly [string, JsonObject[string]][] {
  return isObject(value) ? Object.entries(value) : [];
}
