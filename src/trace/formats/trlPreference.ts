import type { JsonObject, JsonValue } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import type { RowMessage, RowPart, RowTrace } from '../rows/rowTrace';
import { fieldOf, isObject, valueAt } from './jsonShapes';
import { isMessageList } from './messageList';
import { withCopy } from './reasoningFields';
import { roleOf } from './roles';
import { RowReader } from './rowReader';
import { readAnswer, readPrompt } from './saidAt';
import { traceOf } from './traceOf';

/** TRL preference (DPO): what is chosen and what is rejected, with a prompt or with the prompt inside both; two traces. */
export const trlPreference: RowFormat = {
  name: 'TRL preference',
  detect: (row) => (isSaid(fieldOf(row, 'chosen')) && isSaid(fieldOf(row, 'rejected')) ? 0.93 : 0),
  read: (row: JsonObject) => ['chosen', 'rejected'].map((variant) => readVariant(row, variant)),
};

function readVariant(row: JsonObject, variant: string): RowTrace {
  const reader = new RowReader(row);
  const prompt = Object.hasOwn(row, 'prompt') ? 'prompt' : 'question';
  const asked = readPrompt(reader, [prompt], 'user');
  const answered = readAnswer(reader, [variant]);
  const facts = ['score', 'model', 'rating'].flatMap((name) => {
    const value = fieldOf(row, `${variant}_${name}`) ?? fieldOf(row, `${name}_${variant}`);
    return typeof value === 'number' || typeof value === 'string' ? [{ name, text: String(value) }] : [];
  });
  const messages = joined(asked, answered).map((message) => ({ ...message, parts: message.parts.map((part) => withOther(row, part)) }));
  return traceOf(reader, messages, { variant, facts, shown: [prompt, 'chosen', 'rejected', 'system'] });
}

/** Prompt and answer; an answer that is the whole conversation has the prompt in it a second time. */
function joined(asked: readonly RowMessage[], answered: readonly RowMessage[]): readonly RowMessage[] {
  const again = answered.findIndex(({ role }) => role === 'user');
  const message = answered[again];
  const first = message?.parts[0];
  const [own] = asked.at(0)?.parts ?? [];
  if (message === undefined || first === undefined || own === undefined || asked.length !== 1) return [...asked, ...answered];
  if (first.text !== own.text) return [...asked, ...answered];
  return answered.with(again, { ...message, parts: message.parts.with(0, withCopy(first, own.at)) });
}

/** What both conversations hold at the same place, as their prompt, is written to both. */
function withOther(row: JsonObject, part: RowPart): RowPart {
  const [variant, ...rest] = part.at?.path ?? [];
  if (part.at === undefined || rest.length === 0 || (variant !== 'chosen' && variant !== 'rejected')) return part;
  const path = [variant === 'chosen' ? 'rejected' : 'chosen', ...rest];
  // An answer of one is not the other's, be they the same or not.
  if (part.at.slice !== undefined || isAnswer(valueAt(row, path.slice(0, 2)))) return part;
  return part.text !== '' && valueAt(row, path) === part.text ? withCopy(part, { path }) : part;
}

function isAnswer(message: JsonValue | undefined): boolean {
  return isObject(message) && roleOf(fieldOf(message, 'role') ?? fieldOf(message, 'from')) === 'assistant';
}

function isSaid(value: JsonValue | undefined): boolean {
  return typeof value === 'string' || isMessageList(value);
}
