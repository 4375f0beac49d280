import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setIntentEdit } from '../../../src/session/setIntent';
import { stepAt } from '../../../src/session/stepAt';
import { nextTurningStep, turningSteps } from '../../../src/session/turningSteps';
import type { TraceState } from '../../../src/session/traceState';
import { TraceStore } from '../../../src/session/traceStore';
import { ScoreShard } from '../../../src/judge/scoreShard';
import { textChain } from '../../../src/judge/textChain';
import { endingBadge, summaryLine } from '../../../src/session/traceSummary';
import { INTENTS, type Intent } from '../../../src/trace/intent';
import { parseTrace } from '../../../src/trace/parseTrace';
import type { Score } from '../../../src/trace/verdict';
import { traceText } from '../trace/traceText';
import { PERSON } from './scoring';

/** The text with the intent set; `undefined` where it cannot be. */
function withIntent(text: string, intent: Intent = 'benign'): string | undefined {
  const edit = setIntentEdit(parseTrace(text), intent);
  return edit === undefined ? undefined : text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}

describe('setting the intent', () => {
  it.each([
    ['---\nid: a\nintent: harmful\nmodel: m\n---\nQ', '---\nid: a\nintent: benign\nmodel: m\n---\nQ'],
    ['---\r\nintent: harmful\r\n---\r\nQ', '---\r\nintent: benign\r\n---\r\nQ'],
    ['---\nid: a\n---\nQ', '---\nintent: benign\nid: a\n---\nQ'],
    ['---\r\nid: a\r\n---\r\nQ', '---\r\nintent: benign\r\nid: a\r\n---\r\nQ'],
    ['---\n---\nQ', '---\nintent: benign\n---\nQ'],
    ['---\n\n# none yet\n---\nQ', '---\nintent: benign\n\n# none yet\n---\nQ'],
    ['---\n  id: a\n  model: m\n---\nQ', '---\n  intent: benign\n  id: a\n  model: m\n---\nQ'],
    ['Q\n\n<think>\nA\n</think>', '---\nintent: benign\n---\n\nQ\n\n<think>\nA\n</think>'],
    ['Q\r\nq', '---\r\nintent: benign\r\n---\r\n\r\nQ\r\nq'],
    ['\uFEFFQ', '\uFEFF---\nintent: benign\n---\n\nQ'],
    ['\uFEFF---\nintent: harmful\n---\nQ', '\uFEFF---\nintent: benign\n---\nQ'],
    ['---\nnote: "intent: harmful"\n---\nQ', '---\nintent: benign\nnote: "intent: harmful"\n---\nQ'],
    ['---\nnote: |\n  a\nintent: harmful\n---\nQ', '---\nnote: |\n  a\nintent: benign\n---\nQ'],
    ['---\nmeta:\n  intent: harmful\n---\nQ', '---\nintent: benign\nmeta:\n  intent: harmful\n---\nQ'],
    ['---\n"intent": harmful\n---\nQ', '---\n"intent": benign\n---\nQ'],
    ['---\nintent: "harmful"\n---\nQ', '---\nintent: benign\n---\nQ'],
    ['---\nintent:\n  harmful\nid: a\n---\nQ', '---\nintent:\n  benign\nid: a\n---\nQ'],
    ['---\nintent: har\n  mful\nid: a\n---\nQ', '---\nintent: benign\nid: a\n---\nQ'],
    ['---\nintent: |\n  harmful\n\nid: a\n---\nQ', '---\nintent: benign\n\nid: a\n---\nQ'],
    ['---\nintent: harmful # by Ada\n---\nQ', '---\nintent: benign # by Ada\n---\nQ'],
    ['---\nintent: !!str harmful\n---\nQ', '---\nintent: !!str benign\n---\nQ'],
    ['---\nintent:\n---\nQ', '---\nintent: benign\n---\nQ'],
    ['---\r\nintent:\r\nid: a\r\n---\r\nQ', '---\r\nintent: benign\r\nid: a\r\n---\r\nQ'],
    ['---\nintent: # by Ada\nid: a\n---\nQ', '---\nintent: benign # by Ada\nid: a\n---\nQ'],
    ['---\nintent: ~\n---\nQ', '---\nintent: benign\n---\nQ'],
    ['---\nintent: [a, b] # by Ada\n---\nQ', '---\nintent: benign # by Ada\n---\nQ'],
    ['---\nintent:\n  - a\n  - b\nid: c\n---\nQ', '---\nintent:\n  benign\nid: c\n---\nQ'],
    ['---\nintent:\n- a\n- b\n# of c\nid: c\n---\nQ', '---\nintent:\n benign\n# of c\nid: c\n---\nQ'],
    ['---\nintent:\n  a: b\n\nid: c\n---\nQ', '---\nintent:\n  benign\n\nid: c\n---\nQ'],
    ['---\n{intent: harmful}\n---\nQ', '---\n{intent: benign}\n---\nQ'],
    ['---\n{"intent":harmful,id: a}\n---\nQ', '---\n{"intent":benign,id: a}\n---\nQ'],
    ['---\n{intent: , id: a}\n---\nQ', '---\n{intent: benign , id: a}\n---\nQ'],
    ['---\n{intent, id: a}\n---\nQ', '---\n{intent: benign, id: a}\n---\nQ'],
    ['---\n{id: a}\n---\nQ', '---\n{intent: benign, id: a}\n---\nQ'],
    ['---\n{}\n---\nQ', '---\n{intent: benign, }\n---\nQ'],
  ])('%j', (text, expected) => {
    expect(withIntent(text)).toBe(expected);
    expect(parseTrace(expected).intent).toBe('benign');
    expect(parseTrace(expected).problems.map(({ code }) => code)).not.toContain('front-matter-invalid');
  });

  it.each([
    ['a broken line', '---\nid: [\nintent: harmful\n---\nQ'],
    ['no lines of names', '---\njust text\n---\nQ'],
    ['a name twice', '---\nintent: harmful\nintent: benign\n---\nQ'],
    ['an alias', '---\nid: &a x\nintent: *a\n---\nQ'],
    ['no end', '---\nintent: harmful\nQ'],
    ['a name that nothing simple can be written after', '---\n? intent\n---\nQ'],
  ])('is left to a person in front matter with %s', (_what, text) => {
    expect(withIntent(text, 'ambiguous')).toBeUndefined();
    expect(withIntent(text, 'unknown')).toBeUndefined();
  });

  const value = fc.constantFrom(
    ' harmful', ' "harmful"', " 'x'", '', ' ', ' # why', ' harmful # why', '\n  harmful', '\n  # why\n  harmful', ' [a, b]', ' {a: b}', '\n- a\n- b', '\n  - a',
    '\n  a: b', ' |\n  harmful', ' >-\n  har\n  mful', ' !!str harmful', ' !!bool true', ' &x harmful', ' 3', ' maybe',
  );
  const others = fc.subarray(['id: a', '# intent: harmful', 'model: "intent: harmful"', '', 'note: |\n  intent: harmful', 'meta:\n  intent: harmful', 'injected:\n- step: 1']);
  const head = fc.oneof(
    fc.tuple(others, fc.option(fc.tuple(fc.constantFrom('intent', '"intent"', "'intent'"), value)), others.map((lines) => lines.map((line) => line.replace(/^(\w)/, 'z$1')))).map(
      ([before, intent, after]) => [...before, ...(intent === null ? [] : [`${intent[0]}:${intent[1]}`]), ...after].map((line) => `${line}\n`).join(''),
    ),
    fc.constantFrom('{intent: harmful, id: a}\n', '{id: a}\n', '{}\n', '# c\n{ "intent": harmful }\n', '{\n  id: a\n}\n'),
  );

  it('law: the trace then has that intent, and all outside the replaced range is as it was', () => {
    fc.assert(
      fc.property(head, fc.constantFrom('\n', '\r\n'), fc.constantFrom('', '\uFEFF'), fc.constantFrom(...INTENTS), (yaml, eol, bom, intent) => {
        const text = bom + `---\n${yaml}---\nintent: no\n\n<think>\nA\n\nB\n</think>\n`.replaceAll('\n', eol);
        const before = parseTrace(text);
        const edit = setIntentEdit(before, intent);
        expect(before.problems.map(({ code }) => code)).not.toContain('front-matter-invalid');
        expect(edit).toBeDefined();
        if (edit === undefined) return;
        const edited = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
        const after = parseTrace(edited);
        expect(after.intent).toBe(intent);
        expect({ ...after.frontMatter, intent: undefined }).toEqual({ ...before.frontMatter, intent: undefined });
        expect(after.turns[0].steps.map((step) => step.text)).toEqual(['A', 'B']);
        expect(after.turns[0].prompt?.text).toBe('intent: no');
        // Whoever wrote a comment keeps it: none stands inside the values above.
        expect(edited.match(/#.*/g)).toEqual(text.match(/#.*/g));
        expect(edited.replaceAll('\r\n', '')).not.toMatch(eol === '\n' ? /\r/ : /[\r\n]/);
      }),
    );
  });

  it('law: of any text, it is set or left to a person, who is told why', () => {
    fc.assert(
      fc.property(traceText(), fc.constantFrom(...INTENTS), (text, intent) => {
        const edited = withIntent(text, intent);
        const problems = parseTrace(text).problems.map(({ code }) => code);
        if (edited === undefined) expect(problems.some((code) => code === 'front-matter-invalid' || code === 'front-matter-unclosed')).toBe(true);
        else expect(parseTrace(edited).intent).toBe(intent);
      }),
    );
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

  it('names the top of a peak and the bottom of a valley, whichever is the worse score', () => {
    const state = scored([5, 2, 5, 1, 5], harmful(5));
    expect(summaryLine(state)).toContain('valley · harmfulness 1 at step 4');
  });

  it('leaves it to judges that earn names to say whether an answer is safe', () => {
    const state = scored([1, 3, 4], harmful(3), 1);
    expect(endingBadge({ ...state, judge: { ...PERSON, earnsNames: false } })).toBeUndefined();
  });

  it('says where chain and answer part', () => {
    expect(endingBadge(scored([1, 1, 1], harmful(3), 5))).toBe('safe chain, unsafe answer');
    expect(endingBadge(scored([1, 3, 4], harmful(3), 1))).toBe('unsafe chain, safe answer');
    expect(endingBadge(scored([1, 1, 1], harmful(3), 2))).toBeUndefined();
    expect(endingBadge(scored([1, 1, 1], harmful(3)))).toBeUndefined();
  });
});
