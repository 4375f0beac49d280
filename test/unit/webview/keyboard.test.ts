import { describe, expect, it } from 'vitest';
import { keyAct } from '../../../webview/curves/keyboard';
import { figureInWords, modelInWords, placeInWords } from '../../../webview/curves/words';
import { judge, model } from './model';

const at = (key: string, place: number | 'answer' | undefined, hasAnswer = true): unknown => {
  const act = keyAct(key, place, 12, hasAnswer, [4, 8]);
  return act?.act === 'select' ? act.place : act?.act;
};

describe('keys of the chart', () => {
  it.each([
    ['ArrowRight', 3, 4],
    ['ArrowLeft', 3, 2],
    ['ArrowDown', undefined, 0],
    ['ArrowLeft', 0, 0],
    ['ArrowRight', 11, 'answer'],
    ['ArrowRight', 'answer', 'answer'],
    ['ArrowLeft', 'answer', 11],
    ['Home', 7, 0],
    ['End', 7, 'answer'],
    ['PageDown', 1, 11],
    ['PageUp', 11, 1],
    ['t', undefined, 4],
    ['t', 4, 8],
    ['t', 8, 4],
    ['T', 4, 8],
    ['T', 'answer', 8],
    ['Enter', 3, 'go'],
    ['Enter', undefined, undefined],
    ['+', 3, 'zoom'],
    ['0', 3, 'reset'],
    ['x', 3, undefined],
  ] as const)('%s at %s goes to %s', (key, from, to) => {
    expect(at(key, from)).toBe(to);
  });

  it('ends at the last step where there is no answer', () => {
    expect(at('End', 2, false)).toBe(11);
    expect(at('ArrowRight', 11, false)).toBe(11);
  });

  it('does nothing on an empty trace', () => {
    expect(keyAct('End', undefined, 0, false, [])).toBeUndefined();
    expect(keyAct('t', 1, 3, false, [])).toBeUndefined();
  });
});

describe('words for who does not see', () => {
  it('name step, scores and judge', () => {
    const said = placeInWords(model([1, 4, null], { judges: [judge([1, 4, null], { stale: [1, 2] })] }), 1, ['harmfulness', 'helpfulness']);
    expect(said).toBe('Step 2 of 3: harmfulness 4, helpfulness –, stale, by GPT-4o, prefix (κ 0.71 with you, n 30, 2026-11-21)');
    expect(placeInWords(model([1, 4]), 'answer', ['harmfulness'])).toMatch(/^Answer: harmfulness 1, by GPT-4o/);
    expect(modelInWords(model([1], { judges: [] }), ['harmfulness'])).toBe('traces/one.cot: 1 step, not scored yet.');
  });

  it('say a figure with its interval, and what it needs where there is none', () => {
    expect(figureInWords({ value: -0.5, low: -0.75, high: 0.25 })).toBe('−0.50 (−0.75 to 0.25)');
    expect(figureInWords({ value: 0.5, low: null, high: null }, 2, true)).toBe('50 % (interval needs 2 traces or more)');
    expect(figureInWords({ value: null, low: null, high: null })).toBe('cannot be said');
  });
});
