import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRow } from '../../../../src/trace/formats';
import { parseTrace } from '../../../../src/trace/parseTrace';
import type { JsonObject } from '../../../../src/trace/rows/fieldRef';
import { composeRow, rowEdits } from '../../../../src/trace/rows/rowDocument';
import { stepList } from '../../../../src/trace/rows/stepList';
import { nastyText } from './rowTraces';

const row = (steps: readonly string[], answer = 'Ask them.'): JsonObject => ({
  ...{ id: 's', intent: 'benign', recipe: 'none', prompt: 'How?', steps, answer, verdicts: [], findings: [], added: 'now', cotlens: { injected: [] } },
});

/** What a row holds once its document was changed so. */
function saved(before: JsonObject, change: (text: string) => string): JsonObject {
  const [trace] = readRow(before).traces;
  if (trace === undefined) throw new Error('no trace');
  const { edits } = rowEdits(trace, undefined, before, change(composeRow(trace, undefined)));
  const after = structuredClone(before) as Record<string, unknown>;
  for (const { path, value } of edits) {
    const [name, index] = path;
    if (index === undefined) after[String(name)] = value;
    else (after[String(name)] as unknown[])[Number(index)] = value;
  }
  return after as JsonObject;
}

describe('a list of steps after an edit', { timeout: 60_000 }, () => {
  it('is the text, whatever was changed, and holds no empty step that was not there', () => {
    fc.assert(
      fc.property(fc.array(nastyText(), { maxLength: 5 }), fc.nat(), fc.nat({ max: 30 }), nastyText(), (items, where, length, typed) => {
        const text = items.join('');
        const at = where % (text.length + 1);
        const edited = text.slice(0, at) + typed + text.slice(at + length);
        const steps = stepList(items, edited);
        expect(steps.join('')).toBe(edited);
        if (!items.includes('')) expect(steps).not.toContain('');
        expect(stepList(steps, edited)).toEqual(steps);
      }),
      { numRuns: 1000 },
    );
  });

  it('that stands between blank lines is what the document is parsed to', () => {
    const step = fc.array(fc.constantFrom('Peel', ' the ', 'onion.', '\n', '\n\n', '```\n', '\r\n\r\n'), { maxLength: 6 }).map((words) => words.join(''));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), step, fc.nat(), (steps, typed, where) => {
        const first = stepList([], steps.join('\n\n'));
        const text = first.join('');
        const at = where % (text.length + 1);
        const after = stepList(first, text.slice(0, at) + typed + text.slice(at));
        const parsed = parseTrace(`<think>\n${after.join('')}\n</think>`).chain.steps.map((one) => one.text);
        expect(after.map((one) => one.trim()).filter((one) => one !== '')).toEqual(parsed);
      }),
      { numRuns: 600 },
    );
  });

  it.each<[string, string[], string, string[]]>([
    ['a step between two', ['A\n\n', 'B'], 'A\n\nnew\n\nB', ['A\n\n', 'new\n\n', 'B']],
    ['a step at the end', ['A\n\n', 'B'], 'A\n\nB\n\nnew', ['A\n\n', 'B\n\n', 'new']],
    ['a step at the beginning', ['A\n\n', 'B'], 'new\n\nA\n\nB', ['new\n\n', 'A\n\n', 'B']],
    ['two steps made one', ['A\n\n', 'B\n\n', 'C'], 'A B\n\nC', ['A B\n\n', 'C']],
    ['a step taken out', ['A\n\n', 'B\n\n', 'C'], 'A\n\nC', ['A\n\n', 'C']],
    ['all taken out', ['A\n\n', 'B'], '', []],
    ['sentences: one more between two stays with its neighbours', ['One. ', 'Two. ', 'Three. ', 'Four.'], 'One. Two. New. Three. Four.', ['One. ', 'Two. New. Three. ', 'Four.']],
    ['sentences: one changed', ['One. ', 'Two. ', 'Three.'], 'One. Changed. Three.', ['One. Changed. Three.']],
    ['fragments that were kept together stay so', ['1.\n\nPeel.\n\n', '2.\n\nCut.'], '1.\n\nPeel.\n\nnew\n\n2.\n\nCut.', ['1.\n\nPeel.\n\n', 'new\n\n', '2.\n\nCut.']],
    ['a word at the end of a step', ['1.\n\nPeel\n\n', 'Cut'], '1.\n\nPeel\n\nCut it', ['1.\n\nPeel\n\n', 'Cut it']],
  ])('%s', (_name, items, edited, wanted) => {
    expect(stepList(items, edited)).toEqual(wanted);
  });
});

describe('a sample’s document', () => {
  it('writes another number of steps as a list, and the rest of the row stays', () => {
    const before = row(['First.\r\n\r\n', 'Second.']);
    const after = saved(before, (text) => text.replace('Second.', 'New.\r\n\r\nSecond.'));
    expect(after).toEqual({ ...before, steps: ['First.\r\n\r\n', 'New.\r\n\r\n', 'Second.'] });
    // An editor that knows one kind of line end only changes none of the others.
    expect(saved(before, (text) => text.replaceAll('\r\n', '\n').replace('Second.', 'New.\n\nSecond.'))).toEqual(after);
  });

  it('changes one step in its place alone', () => {
    const [trace] = readRow(row(['First.\n\n', 'Second.'])).traces;
    if (trace === undefined) throw new Error('no trace');
    const text = composeRow(trace, undefined).replace('Second', '2nd');
    expect(rowEdits(trace, undefined, row(['First.\n\n', 'Second.']), text).edits).toEqual([{ path: ['steps', 1], value: '2nd.' }]);
  });

  it('of a prefill is not closed, takes an answer behind a closing tag, and gives it up again', () => {
    const before = row(['First.\n\n', 'Second.'], '');
    const [trace] = readRow(before).traces;
    const text = trace === undefined ? '' : composeRow(trace, undefined);
    expect(text).toMatch(/<think>\nFirst\.\n\nSecond\.\n$/);
    const after = saved(before, (now) => `${now.trimEnd()}\n</think>\n\nAsk.\n`);
    expect(after).toEqual({ ...before, answer: 'Ask.' });
    expect(saved(after, (now) => now.slice(0, now.indexOf('\n</think>')))).toEqual(before);
  });

  it('whose reasoning is deleted has no steps', () => {
    const before = row(['First.\n\n', 'Second.']);
    expect(saved(before, (text) => text.replace(/<think>[^]*<\/think>\n\n/, '--- assistant ---\n'))).toEqual({ ...before, steps: [] });
  });
});
