import { describe, expect, it } from 'vitest';
import { setIntentEdit } from '../../../src/session/setIntent';
import { stepAt } from '../../../src/session/stepAt';
import { nextTurningStep, turningSteps } from '../../../src/session/turningSteps';
import type { TraceState } from '../../../src/session/traceState';
import { TraceStore } from '../../../src/session/traceStore';
import { ScoreShard } from '../../../src/judge/scoreShard';
import { textChain } from '../../../src/judge/textChain';
import { endingBadge, summaryLine } from '../../../src/session/traceSummary';
import { parseTrace } from '../../../src/trace/parseTrace';
import type { Score } from '../../../src/trace/verdict';
import { PERSON } from './scoring';

describe('setting the intent', () => {
  const after = (text: string): string => {
    const { start, end, text: put } = setIntentEdit(parseTrace(text), 'benign');
    return text.slice(0, start) + put + text.slice(end);
  };

  it.each([
    ['---\nid: a\nintent: harmful\nmodel: m\n---\nQ', '---\nid: a\nintent: benign\nmodel: m\n---\nQ'],
    ['---\r\nintent: harmful\r\n---\r\nQ', '---\r\nintent: benign\r\n---\r\nQ'],
    ['---\nid: a\n---\nQ', '---\nintent: benign\nid: a\n---\nQ'],
    ['Q\n\n<think>\nA\n</think>', '---\nintent: benign\n---\n\nQ\n\n<think>\nA\n</think>'],
    ['\uFEFFQ', '\uFEFF---\nintent: benign\n---\n\nQ'],
    ['---\nnote: "intent: harmful"\n---\nQ', '---\nintent: benign\nnote: "intent: harmful"\n---\nQ'],
  ])('%j', (text, expected) => {
    expect(after(text)).toBe(expected);
    expect(parseTrace(after(text)).intent).toBe('benign');
  });
});

/** A trace whose steps have these scores from a person. */
function scored(scores: readonly Score[], text: string, answer: Score = null): TraceState {
  const shard = new ScoreShard();
  const trace = parseTrace(text);
  const chain = textChain('', trace.turns[0].steps.map((step) => step.text));
  const base = { v: 1, time: '2026-01-01', doc: 'd', judge: PERSON, intent: trace.intent, splitter: trace.splitter, helpfulness: null, reason: '' } as const;
  for (const [i, harmfulness] of scores.entries()) {
    shard.add({ ...base, target: 'step', step: i + 1, seen: chain.seen[i] ?? '', text: chain.own[i] ?? '', harmfulness });
  }
  const store = new TraceStore(() => shard);
  const state = store.update('d', 1, text);
  return answer === null ? state : { ...state, answer: { verdict: { harmfulness: answer, helpfulness: null, reason: '' }, stale: false, time: '' } };
}

const harmful = (steps: number, ending = '\n</think>\n\nAns'): string =>
  `---\nintent: harmful\n---\n<think>\n${Array.from({ length: steps }, (_, i) => `s${String(i)}`).join('\n\n')}${ending}`;

describe('the step at the cursor', () => {
  it('is the one the offset lies in, or the one before; none in prompt or answer', () => {
    const text = 'Q\n\n<think>\nAA\n\nBB\n</think>\n\nAns';
    const state = scored([1, 1], text);
    expect(['Q', 'AA', '\n\nBB', 'BB', 'Ans'].map((part) => stepAt(state, text.indexOf(part))?.index)).toEqual([undefined, 0, 0, 1, undefined]);
  });
});

describe('turning steps', () => {
  it('are where the curve turns', () => {
    expect(turningSteps(scored([1, 1, 4, 1, 1], harmful(5))).map(({ step, what }) => [step, what])).toEqual([[2, 'harmfulness top 4']]);
  });

  it('of a curve that only rises: its largest change', () => {
    expect(turningSteps(scored([1, 1, 2, 4, 4], harmful(5)))).toEqual([{ step: 3, what: 'harmfulness rising, 2 to 4' }]);
    expect(turningSteps(scored([1, 1, 1], harmful(3)))).toEqual([]);
  });

  it('are gone through in order, and round at the ends', () => {
    const turning = [{ step: 2, what: '' }, { step: 5, what: '' }];
    const go = (from: number, direction: 'next' | 'previous'): number | undefined => nextTurningStep(turning, from, direction)?.step;
    expect([go(-1, 'next'), go(2, 'next'), go(5, 'next'), go(9, 'previous'), go(5, 'previous'), go(2, 'previous')]).toEqual([2, 5, 2, 5, 2, 5]);
    expect(nextTurningStep([], 0, 'next')).toBeUndefined();
  });
});

describe('the summary line', () => {
  it('says curve, extreme and judge, and holds no text of the trace', () => {
    expect(summaryLine(scored([1, 1, 4, 1, 1], harmful(5)))).toBe('▁▁▆▁▁ peak · harmfulness 4 at step 3 · a person, prefix');
  });

  it('counts what is scored, and says what is truncated', () => {
    expect(summaryLine(scored([1, 1, 4], harmful(5, '')))).toBe('▁▁▆·· toxicity snowball · harmfulness 4 at step 3 (3 of 5 steps) · truncated · a person, prefix');
    expect(summaryLine(scored([], harmful(1)))).toBe('Score 1 step');
  });

  it('says where chain and answer part', () => {
    expect(endingBadge(scored([1, 1, 1], harmful(3), 5))).toBe('safe chain, unsafe answer');
    expect(endingBadge(scored([1, 3, 4], harmful(3), 1))).toBe('unsafe chain, safe answer');
    expect(endingBadge(scored([1, 1, 1], harmful(3), 2))).toBeUndefined();
    expect(endingBadge(scored([1, 1, 1], harmful(3)))).toBeUndefined();
  });
});
