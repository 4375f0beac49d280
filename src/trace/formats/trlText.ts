import type { JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import type { RowMessage } from '../rows/rowTrace';
import { cutTemplate, isTemplated } from './chatTemplate';
import { isFilled } from './jsonShapes';
import { RowReader, type Located } from './rowReader';
import { cutAtThinkTags, hasThinkBlock } from './thinkCut';
import { traceOf } from './traceOf';
import { wholeTextIn } from './wholeTexts';

/** Fields that may stand beside a bare `text`, so that it is taken for one to train on. */
const BESIDE = new Set(['text', 'id', 'meta', 'metadata', 'source', 'url', 'timestamp', 'model', 'intent', 'cotlens', 'subset', 'split']);

/** TRL `text`: a whole document or conversation as one string, with the marks of a chat template or with think tags alone. */
export const trlText: RowFormat = {
  name: 'TRL text',
  detect: (row) => {
    if (templatedField(row) !== undefined) return 0.85;
    if (!isFilled(row['text'])) return 0;
    if (hasThinkBlock(row['text'])) return 0.55;
    return Object.keys(row).every((name) => BESIDE.has(name)) && /\s/.test(row['text'].trim()) ? 0.2 : 0;
  },
  read: (row: JsonObject) => {
    const reader = new RowReader(row);
    const field = templatedField(row) ?? 'text';
    const text = reader.text([field]);
    const messages = text === undefined ? [] : isTemplated(text.text) ? cutTemplate(text) : documentMessages(text);
    return [traceOf(reader, messages, { variant: undefined, shown: [field] })];
  },
};

/** A whole text with the marks of a chat template; also the raw `prompt` of a row for RL, which ends in the assistant's turn. */
function templatedField(row: JsonObject): string | undefined {
  const whole = wholeTextIn(row, isTemplated);
  if (whole !== undefined) return whole;
  const { prompt } = row;
  return typeof prompt === 'string' && !Object.hasOwn(row, 'completion') && isTemplated(prompt) ? 'prompt' : undefined;
}

/** A document as a `.cot` text is read: what stands before the first reasoning is the prompt. */
function documentMessages(text: Located): readonly RowMessage[] {
  const parts = cutAtThinkTags(text, true);
  const [first] = parts;
  const isPrompt = first?.kind === 'text' && parts.some(({ kind }) => kind === 'reasoning');
  if (!isPrompt) return [{ role: 'assistant', parts }];
  return [{ role: 'user', parts: [first] }, { role: 'assistant', parts: parts.slice(1) }];
}
