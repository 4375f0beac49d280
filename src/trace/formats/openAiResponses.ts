import type { FieldPath, JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { headValue } from './headFields';
import { isListWith, valueAt } from './jsonShapes';
import { isItems, readItems } from './responseItems';
import { RowReader } from './rowReader';
import { readPrompt } from './saidAt';
import { traceOf } from './traceOf';

/** Where a stored answer of the Responses API lies: the row itself, or beside its request. */
const HOLDERS: readonly FieldPath[] = [[], ['response'], ['response', 'body']];
const INPUTS: readonly FieldPath[] = [['input'], ['request', 'input'], ['request', 'body', 'input'], ['body', 'input'], ['prompt']];

/** OpenAI Responses: `output` items (reasoning with its summary, messages, calls and their results) and the `input` that led to them. */
export const openAiResponses: RowFormat = {
  name: 'OpenAI Responses',
  detect: (row) => {
    if (outputIn(row) !== undefined) return 0.95;
    // A request alone: its input items, with what only this API has among them.
    const { input } = row;
    return isListWith(input, 'type') && isItems(input) ? 0.85 : 0;
  },
  read: (row: JsonObject) => {
    const reader = new RowReader(row);
    const output = outputIn(row);
    const input = INPUTS.find((path) => valueAt(row, path) !== undefined) ?? ['input'];
    const asked = isItems(valueAt(row, input)) ? readItems(reader, input, output === undefined) : readPrompt(reader, input, 'user');
    const holder = output?.slice(0, -1) ?? [];
    const system = readPrompt(reader, [...holder, 'instructions'], 'system');
    const model = headValue(row, [...holder, 'model']);
    const said = output === undefined ? [] : readItems(reader, output, true);
    const shown = [String(input[0]), String(output?.[0] ?? 'output'), 'instructions', 'object'];
    return [traceOf(reader, [...system, ...asked, ...said], { variant: undefined, ...(model === undefined ? {} : { model }), shown })];
  },
};

function outputIn(row: JsonObject): FieldPath | undefined {
  return HOLDERS.map((path) => [...path, 'output']).find((path) => {
    const output = valueAt(row, path);
    return isListWith(output, 'type') && isItems(output);
  });
}
