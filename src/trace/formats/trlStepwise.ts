import type { JsonObject, JsonValue } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import type { RowPart } from '../rows/rowTrace';
import { fieldOf, isList, isTextList } from './jsonShapes';
import { RowReader } from './rowReader';
import { readPrompt } from './saidAt';
import { traceOf } from './traceOf';

/**
 * TRL stepwise supervision: a prompt and its steps as a list, with a label for each. The steps stay values of their own, for no separator
 * is known that would join them.
 */
export const trlStepwise: RowFormat = {
  name: 'TRL stepwise',
  detect: (row) => {
    const steps = fieldOf(row, 'completions');
    const labels = fieldOf(row, 'labels');
    if (!isTextList(steps) || !isList(labels) || labels.length !== steps.length) return 0;
    return labels.every(isLabel) ? 0.96 : 0;
  },
  read: (row: JsonObject) => {
    const reader = new RowReader(row);
    const completions = fieldOf(row, 'completions');
    const count = isList(completions) ? completions.length : 0;
    const items = Array.from({ length: count }, (_, index) => ['completions', index] as const).flatMap((path) => {
      const text = reader.text(path)?.text;
      return text === undefined ? [] : [{ text, at: { path } }];
    });
    const reasoning: RowPart = { kind: 'reasoning', text: items.map(({ text }) => text).join('\n\n'), items };
    const labels = fieldOf(row, 'labels');
    const facts = isList(labels) ? [{ name: 'labels', text: JSON.stringify(labels.slice(0, 100)) }] : [];
    const messages = [...readPrompt(reader, ['prompt'], 'user'), { role: 'assistant' as const, parts: [reasoning] }];
    return [traceOf(reader, messages, { variant: undefined, facts, shown: ['prompt', 'completions', 'labels'] })];
  },
};

function isLabel(value: JsonValue): boolean {
  return typeof value === 'boolean' || value === 0 || value === 1 || value === -1;
}
