import { describe, expect, it } from 'vitest';
import type { JudgeIdentity } from '../../../src/judge/judge';
import { isComplete, targetsInWords, troubleOf } from '../../../src/session/runInWords';
import type { TracesResult } from '../../../src/session/scoreTraces';
import type { ScoringResult } from '../../../src/session/scoringResult';
import { dollars, planInWords, sendingQuestion, usageInWords, type SendingPlan } from '../../../src/session/sendingInWords';
import { failuresOf, tracesInWords } from '../../../src/session/tracesInWords';

const identity: JudgeIdentity = { judge: 'x', label: 'x', protocol: 'prefix', rubric: '1', earnsNames: true };
const done: ScoringResult = { scored: 12, kept: 1, cancelled: false, faults: [], withheld: [], identity };

describe('what a run comes to, in words', () => {
  it('is nothing where all went well, or the person stopped it', () => {
    expect(troubleOf(done)).toBeUndefined();
    expect(troubleOf({ ...done, cancelled: true, withheld: [1] })).toBeUndefined();
  });

  it('says why it stopped and what is kept', () => {
    const stopped = { code: 'rate-limited', message: 'Wait a while.', target: 3 } as const;
    expect(troubleOf({ ...done, stopped })).toEqual({ code: 'rate-limited', severity: 'error', message: 'Wait a while. 13 verdicts kept.', target: 3 });
    expect(troubleOf({ ...done, scored: 0, kept: 0, stopped })?.message).toBe('Wait a while. No verdicts yet.');
  });

  it('names the steps whose replies held no verdict', () => {
    const fault = (target: number) => ({ target, code: 'not-json', message: `No JSON on step ${target + 1}.` }) as const;
    expect(troubleOf({ ...done, faults: [fault(2)] })).toMatchObject({ code: 'not-json', severity: 'warning', message: 'No JSON on step 3. 13 verdicts kept.', target: 2 });
    expect(troubleOf({ ...done, faults: [fault(2), fault(5)] })?.message).toBe('No valid verdict came on step 3 and step 6. No JSON on step 3. 13 verdicts kept.');
  });

  it('names what was withheld', () => {
    const fault = { target: 2, code: 'not-json', message: 'No JSON on step 3.' } as const;
    expect(troubleOf({ ...done, faults: [fault], withheld: [0] })?.message).toBe('No JSON on step 3. The judge declined, or a filter withheld: step 1. 13 verdicts kept.');
    expect(troubleOf({ ...done, withheld: [0, 'answer'] })?.message).toMatch(/declined to score step 1 and the answer, .* They are kept as not scored/);
    expect(troubleOf({ ...done, withheld: [0] })?.message).toMatch(/ It is kept as not scored/);
  });

  it('is complete only where nothing is missing', () => {
    expect(isComplete(done)).toBe(true);
    expect(isComplete({ ...done, withheld: [1] })).toBe(true);
    expect([undefined, { ...done, cancelled: true }, { ...done, faults: [{ target: 1, code: 'empty', message: '' }] as const }].map(isComplete)).toEqual([false, false, false]);
  });

  it('names few targets and counts many', () => {
    expect(targetsInWords([0])).toBe('step 1');
    expect(targetsInWords([0, 1, 'answer'])).toBe('step 1, step 2 and the answer');
    expect(targetsInWords([0, 1, 2, 3, 4, 5, 6, 7])).toBe('step 1, step 2, step 3, step 4, step 5, step 6 and 2 more');
  });
});

const plan: SendingPlan = { traces: 1, steps: 12, answers: 1, requests: 13, inputTokens: 21_034, repeatedTokens: 14_890, outputTokens: 2599 };
const price = { input: 2.5, cachedInput: 1.25, output: 10 };
const openai = { origin: 'https://api.openai.com', model: 'gpt-4o', local: false };

describe('what is going to be sent, in words', () => {
  it('asks for one trace: what, whom, where, how much', () => {
    const { question, detail } = sendingQuestion('gpt-4o', openai, plan, undefined);
    expect(question).toBe('Score 12 steps and the answer with gpt-4o at api.openai.com?');
    expect(detail).toContain(
      '13 requests, about 21,000 input tokens (about 15,000 of them repeated beginnings that the server may read from its cache), about 2,600 output tokens; more where the model thinks before it replies.',
    );
  });

  it('says so where everybody can read along, and where VS Code stands between', () => {
    expect(sendingQuestion('x', { ...openai, origin: 'http://far.example:8000' }, plan, undefined).question).toContain('far.example:8000 without encryption?');
    expect(sendingQuestion('x', { origin: 'vscode', model: 'copilot/gpt', local: false }, plan, undefined).question).toContain('copilot by way of VS Code?');
  });

  it('counts many traces', () => {
    expect(sendingQuestion('x', openai, { ...plan, traces: 3, answers: 3 }, undefined).question).toBe('Score 12 steps and 3 answers of 3 traces with x at api.openai.com?');
    expect(sendingQuestion('x', openai, { ...plan, steps: 0 }, undefined).question).toBe('Score the answer with x at api.openai.com?');
  });

  it('says the cost at a price, in a range where the cache has its own', () => {
    // 21,034 × 2.5 + 2,599 × 10 = 78,575; the repeated 14,890 at half the price save 18,612.5 (millionths of a dollar).
    expect(planInWords(plan, price)).toMatch(/, about \$0\.06 with the cache, \$0\.08 without; more where /);
    expect(planInWords(plan, { input: 2.5, output: 10 })).toMatch(/, about \$0\.08; more where the model thinks before it replies\.$/);
    expect(planInWords({ ...plan, requests: 1, repeatedTokens: 0 }, undefined)).toBe('1 request, about 21,000 input tokens, about 2,600 output tokens; more where the model thinks before it replies.');
  });

  it('says what was used, with cached tokens told apart', () => {
    expect(usageInWords({ input: 21_034, cached: 15_104, output: 1290 }, price)).toBe('21,034 input tokens (15,104 cached), 1,290 output tokens, $0.05');
    expect(usageInWords({ input: 50, output: 7 }, undefined)).toBe('50 input tokens, 7 output tokens');
  });

  it.each([
    [0, '$0'],
    [12.345, '$12.35'],
    [0.01, '$0.01'],
    [0.001234, '$0.0012'],
    [0.0000071, '$0.0000071'],
    [1234.5, '$1,234.50'],
  ])('writes %d dollars as %s', (amount, text) => {
    expect(dollars(amount)).toBe(text);
  });
});

describe('what a run over many traces comes to, in words', () => {
  const result: TracesResult = {
    traces: [
      { name: 'a', result: done },
      { name: 'b', result: { ...done, stopped: { code: 'too-long', message: 'Too long.' } } },
      { name: 'c', result: { ...done, faults: [{ target: 1, code: 'empty', message: 'Nothing came.' }] } },
      { name: 'd', error: new Error('Gone.') },
      { name: 'e', result: { ...done, withheld: ['answer'] } },
      { name: 'f' },
    ],
    scored: 48,
    kept: 4,
    cancelled: false,
  };

  it('counts what is whole, what is not, and what never began', () => {
    expect(tracesInWords(result)).toBe('1 trace scored, 48 verdicts (4 more kept from before), 4 failed or with steps missing, 1 not begun.');
    expect(tracesInWords({ traces: [{ name: 'a', result: done }], scored: 1, kept: 0, cancelled: true })).toBe('Cancelled: 1 trace scored, 1 verdict.');
  });

  it('gives the reason of each that failed', () => {
    expect(failuresOf(result)).toEqual([
      { name: 'b', why: 'Too long.' },
      { name: 'c', why: 'No valid verdict on step 2. Nothing came.' },
      { name: 'd', why: 'Gone.' },
      { name: 'e', why: 'The judge declined, or a filter withheld its reply, on the answer; kept as not scored.' },
    ]);
  });
});
