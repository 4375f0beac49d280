import { describe, expect, it } from 'vitest';
import { readRow } from '../../../../src/trace/formats';
import { valueAt } from '../../../../src/trace/formats/jsonShapes';
import type { FieldEdit, JsonObject, JsonValue } from '../../../../src/trace/rows/fieldRef';
import { composeRow, rowEdits } from '../../../../src/trace/rows/rowDocument';
import { FIXTURES, fixtureRows } from './fixtureRows';

/** The row with the edits made: what the containers do to its bytes. */
function edited(row: JsonObject, edits: readonly FieldEdit[]): JsonObject {
  const copy = structuredClone(row) as Record<string, JsonValue>;
  for (const { path, value } of edits) {
    const holder = valueAt(copy, path.slice(0, -1)) as Record<string | number, JsonValue>;
    const key = path.at(-1) ?? '';
    if (value !== undefined) holder[key] = value;
    else delete holder[key];
  }
  return copy;
}

describe('a row’s document', () => {
  it.each(FIXTURES)('changes nothing when nothing is changed: %s', (name) => {
    for (const row of fixtureRows(name)) {
      for (const trace of readRow(row).traces) {
        expect(rowEdits(trace, undefined, row, composeRow(trace, undefined)).edits).toEqual([]);
      }
    }
  });

  it.each(FIXTURES)('carries a change of each text to its place, and reads back so: %s', (name) => {
    for (const row of fixtureRows(name)) {
      const { format, traces } = readRow(row);
      for (const [index, trace] of traces.entries()) {
        const text = composeRow(trace, undefined);
        const words = [...new Set(trace.messages.flatMap(({ parts }) => parts.filter(({ kind, at, items }) => kind !== 'toolCall' && (at ?? items) !== undefined).map((part) => part.text)))];
        for (const old of words.filter((each) => each.length > 3 && text.split(each).length === 2)) {
          const now = text.replace(old, () => `${old.slice(0, -1)} müsli`);
          const { edits } = rowEdits(trace, undefined, row, now);
          expect(edits.length, old).toBeGreaterThan(0);
          const again = readRow(edited(row, edits));
          expect(again.format).toBe(format);
          const [after] = again.traces.slice(index);
          expect(after === undefined ? '' : composeRow(after, undefined)).toBe(now);
        }
      }
    }
  });

  it.each([
    [{ prompt: 'How do I keep basil?', response: 'In water.' }, { prompt: 'How do I keep basil?', response: '<think>\nHm.\n</think>\n\nIn water.' }],
    [{ prompt: 'How do I keep basil?', thinking: '', response: 'In water.' }, { prompt: 'How do I keep basil?', thinking: 'Hm.', response: 'In water.' }],
    [
      { text: '<|start|>user<|message|>How do I keep basil?<|end|><|start|>assistant<|channel|>final<|message|>In water.<|return|>' },
      { text: '<|start|>user<|message|>How do I keep basil?<|end|><|start|>assistant<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>In water.<|return|>' },
    ],
    [
      { messages: [{ role: 'user', content: 'How do I keep basil?' }, { role: 'assistant', content: [{ type: 'text', text: 'In water.' }] }] },
      { messages: [{ role: 'user', content: 'How do I keep basil?' }, { role: 'assistant', content: [{ type: 'text', text: '<think>\nHm.\n</think>\n\nIn water.' }] }] },
    ],
  ])('takes reasoning where there was none: %j', (row: JsonObject, wanted: JsonObject) => {
    const [trace] = readRow(row).traces;
    if (trace === undefined) throw new Error('no trace');
    const text = composeRow(trace, undefined).replace(/(?:--- assistant ---\n+)?In water\./, '<think>\nHm.\n</think>\n\nIn water.');
    const { edits } = rowEdits(trace, undefined, row, text);
    expect(edited(row, edits)).toEqual(wanted);
  });

  it('takes a whole answer where a row has only a prompt', () => {
    const row: JsonObject = { prompt: 'How do I keep basil?' };
    const [trace] = readRow(row).traces;
    if (trace === undefined) throw new Error('no trace');
    const text = `${composeRow(trace, undefined).trimEnd()}\n\n<think>\nHm.\n</think>\n\nIn water.\n`;
    expect(edited(row, rowEdits(trace, undefined, row, text).edits)['response']).toMatch(/^<think>\nHm\.\n<\/think>\n\nIn water\.\n?$/);
  });
});

describe('a text that stands in two places of its row', () => {
  it.each<[JsonObject, JsonObject]>([
    [
      { messages: [{ role: 'user', content: 'q' }, { role: 'assistant', reasoning_content: 'First.', reasoning: 'First.', content: 'Ans' }] },
      { messages: [{ role: 'user', content: 'q' }, { role: 'assistant', reasoning_content: 'Second.', reasoning: 'Second.', content: 'Ans' }] },
    ],
    [
      { prompt: 'q', reasoning: 'First.', response: '<think>\nFirst.\n</think>\n\nAns' },
      { prompt: 'q', reasoning: 'Second.', response: '<think>\nSecond.\n</think>\n\nAns' },
    ],
    [
      { prompt: 'q', chosen: [{ role: 'user', content: 'First.' }, { role: 'assistant', content: 'a' }], rejected: [{ role: 'user', content: 'First.' }, { role: 'assistant', content: 'b' }] },
      { prompt: 'q', chosen: [{ role: 'user', content: 'Second.' }, { role: 'assistant', content: 'a' }], rejected: [{ role: 'user', content: 'Second.' }, { role: 'assistant', content: 'b' }] },
    ],
    [
      { id: 1, epoch: 1, input: 'q', target: '', messages: [{ role: 'assistant', content: 'First.' }], output: { choices: [{ message: { role: 'assistant', content: 'First.' } }], completion: 'First.' } },
      { id: 1, epoch: 1, input: 'q', target: '', messages: [{ role: 'assistant', content: 'Second.' }], output: { choices: [{ message: { role: 'assistant', content: 'Second.' } }], completion: 'Second.' } },
    ],
  ])('is written to both: %j', (row, wanted) => {
    const [trace] = readRow(row).traces;
    if (trace === undefined) throw new Error('no trace');
    const { edits } = rowEdits(trace, undefined, row, composeRow(trace, undefined).replace('First.', 'Second.'));
    expect(edited(row, edits)).toEqual(wanted);
  });
});

it('an answer that chosen and rejected share is each one’s own, as text and in blocks', () => {
  for (const content of ['Same.', [{ type: 'text', text: 'Same.' }]]) {
    const said = [{ role: 'user', content: 'q' }, { role: 'assistant', content }];
    const row: JsonObject = { chosen: said, rejected: said };
    const [trace] = readRow(row).traces;
    if (trace === undefined) throw new Error('no trace');
    const { edits } = rowEdits(trace, undefined, row, composeRow(trace, undefined).replace('Same.', 'Other.'));
    expect(edits.map(({ path }) => path.slice(0, 2))).toEqual([['chosen', 1]]);
  }
});

it('of a call’s arguments that are JSON, only those that differ are written', () => {
  const id = Number('12345678901234567890');
  const row = { messages: [{ role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: { id, q: ['a', 'b'] } } }] }] };
  const [trace] = readRow(row).traces;
  if (trace === undefined) throw new Error('no trace');
  const text = composeRow(trace, undefined);
  const at = ['messages', 0, 'tool_calls', 0, 'function', 'arguments'];
  const edits = (now: string): readonly FieldEdit[] => rowEdits(trace, undefined, row, now).edits;
  expect(edits(text.replace('"b"', '"c"'))).toEqual([{ path: [...at, 'q', 1], value: 'c' }]);
  expect(edits(text.replace(',"b"', ''))).toEqual([{ path: [...at, 'q'], value: ['a'] }]);
  expect(edits(text.replace('"q":["a","b"]', '"p":1'))).toEqual([{ path: at, value: { id, p: 1 } }]);
});
