import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WholeView } from '../../../src/judge/judge';
import { costOf, costOfUsage, estimateScoring, sumEstimates } from '../../../src/judge/model/estimate';
import { numbers } from '../../../src/judge/model/frame';
import { jsonInText } from '../../../src/judge/model/jsonInText';
import { medianVerdict } from '../../../src/judge/model/medianVerdict';
import { replyShape } from '../../../src/judge/model/replyShape';
import { builtInRubric, rubricOf } from '../../../src/judge/model/rubric';
import { parseRecord, type ScoreRecord } from '../../../src/judge/scoreRecord';
import { sumUsage } from '../../../src/judge/usage';
import type { Sample, Score } from '../../../src/trace/verdict';
import { scriptedReply } from '../../harness/scriptedJudge';
import { serve } from '../model/chats';
import { openLog, PERSON, temporaryFolder } from '../session/scoring';
import { judgeAt, RUBRIC, score, stateOf, traceOf } from './judging';

describe('a rubric', () => {
  it('has a version by its content, and its name in it', () => {
    expect(builtInRubric().version).toMatch(/^stance@[0-9a-f]{8}$/);
    expect(rubricOf('a', 'x').version).not.toBe(rubricOf('a', 'y').version);
    expect(rubricOf('a', 'x').version).not.toBe(rubricOf('b', 'x').version);
    // Line ends and white space around it are the file's.
    expect(rubricOf('a', 'x\ny').version).toBe(rubricOf('a', '\r\nx\r\ny\n').version);
  });

  it('spells out each level of both scales, and which way they go', () => {
    const { text } = builtInRubric();
    for (const scale of ['## Harmfulness: 1 to 5, higher is worse', '## Helpfulness: 1 to 5, higher is better']) {
      const part = text.slice(text.indexOf(scale)).split('\n## ')[0] ?? '';
      expect(text).toContain(scale);
      for (const level of [1, 2, 3, 4, 5]) expect(part).toMatch(new RegExp(`^${String(level)} `, 'm'));
    }
  });
});

describe('the shape of a reply', () => {
  it('is in the subset of strict structured output', () => {
    const check = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { type, properties, required, additionalProperties, ...rest } = schema as Record<string, unknown>;
      if (type === 'object') {
        expect(additionalProperties).toBe(false);
        expect(required).toEqual(Object.keys(properties as object));
      }
      for (const key of Object.keys(rest)) expect(['anyOf', 'enum', 'const', 'items']).toContain(key);
      const parts: unknown[] = [properties, rest['anyOf'] ?? []].flatMap((group): unknown[] => Object.values(group ?? {}));
      for (const part of [...parts, rest['items']]) check(part);
    };
    for (const protocol of ['prefix', 'whole-trace'] as const) for (const both of [true, false]) check(replyShape(protocol, both).schema);
  });
});

describe('the median of samples', () => {
  const sample = (harmfulness: Score, helpfulness: Score = null): Sample => ({ harmfulness, helpfulness, reason: `said ${String(harmfulness)}` });

  it.each([
    [[3], 3], [[1, 5], 1], [[1, 2, 5], 2], [[5, 4, 4, 1], 4], [[null, 2, 4], 2], [[null, 4], null], [[null, null, 4], null], [[null], null],
  ] as const)('%j → %j', (scores, expected) => {
    expect(medianVerdict(scores.map((one) => sample(one))).harmfulness).toBe(expected);
  });

  it('law: it is a score that some sample gave, with that sample’s reason, and all samples are kept', () => {
    const any = fc.constantFrom<Score>(1, 2, 3, 4, 5, null);
    fc.assert(
      fc.property(fc.array(fc.record({ harmfulness: any, helpfulness: any }), { minLength: 2, maxLength: 9 }), (scores) => {
        const samples = scores.map((one, i) => ({ ...one, reason: String(i) }));
        const verdict = medianVerdict(samples);
        expect(verdict.samples).toEqual(samples);
        if (verdict.harmfulness !== null) expect(samples[Number(verdict.reason)]?.harmfulness).toBe(verdict.harmfulness);
      }),
    );
  });
});

describe('a score record', () => {
  const record: ScoreRecord = {
    v: 1, time: 't', doc: 'd', target: 'step', step: 1, seen: 's', text: 'x', judge: PERSON, intent: 'benign', splitter: 'blank-lines',
    harmfulness: 2, helpfulness: 3, reason: 'r',
    samples: [{ harmfulness: 2, helpfulness: 3, reason: 'r' }, { harmfulness: null, helpfulness: null, reason: 'q' }],
    usage: { input: 10, cached: 4, output: 2 },
    withheld: 'refused',
  };

  it('comes back with its samples and usage', () => {
    expect(parseRecord(JSON.stringify(record))).toEqual(record);
  });

  it('is not lost for damage in them', () => {
    const { samples: _s, usage: _u, withheld: _w, ...plain } = record;
    const damaged = { ...plain, samples: [{ harmfulness: 9 }], usage: { input: 'many' }, withheld: 'perhaps' };
    expect(parseRecord(JSON.stringify(damaged))).toEqual(plain);
    expect(parseRecord(JSON.stringify({ ...plain, samples: [null] }))).toEqual(plain);
    expect(parseRecord(JSON.stringify(plain))).toEqual(plain);
  });
});

describe('an estimate', () => {
  it('says the requests exactly and the tokens as a counting server does, cached ones too', async () => {
    const steps = Array.from({ length: 12 }, (_, i) => `step ${String(i)}: ${'some words '.repeat(20)}`);
    for (const options of [{ samples: 1 }, { samples: 3, sampling: { seed: 1 } }, { samples: 1, contextTokens: 2100 }]) {
      const server = await serve({ reply: scriptedReply() });
      const log = openLog(await temporaryFolder());
      const { usage } = await score(log, stateOf(log, traceOf(steps)), judgeAt(server, options, { concurrency: 1 }));
      const view: WholeView = { prompt: 'Q', intent: 'ambiguous', steps, answer: 'The end =1', wanted: steps.map((_, i) => i), wantsAnswer: true };
      const estimate = estimateScoring(view, { rubric: RUBRIC, protocol: 'prefix', ...options });
      expect(estimate.requests).toBe(server.completions.length);
      expect(Math.abs(estimate.inputTokens / (usage?.input ?? NaN) - 1)).toBeLessThan(0.02);
      expect(Math.abs(estimate.repeatedTokens / (usage?.cached ?? NaN) - 1)).toBeLessThan(0.1);
      expect(estimate.outputTokens).toBeGreaterThan(usage?.output ?? NaN);
    }
  });

  it('is of what is missing alone', () => {
    const view: WholeView = { prompt: 'Q', intent: 'harmful', steps: ['a', 'b', 'c'], answer: 'd', wanted: [2], wantsAnswer: false };
    expect(estimateScoring(view, { rubric: RUBRIC, protocol: 'prefix', sampling: { maxTokens: 50 } })).toMatchObject({ requests: 1, repeatedTokens: 0, outputTokens: 50 });
    expect(estimateScoring({ ...view, wanted: [] }, { rubric: RUBRIC, protocol: 'whole-trace' })).toEqual({ requests: 0, inputTokens: 0, repeatedTokens: 0, outputTokens: 0 });
  });

  it.each(['prefix', 'whole-trace'] as const)('says as output the most that is allowed, where it is limited (%s)', (protocol) => {
    const view: WholeView = { prompt: 'Q', intent: 'ambiguous', steps: ['one'], answer: undefined, wanted: [0], wantsAnswer: false };
    // A model that thinks first takes all of it.
    expect(estimateScoring(view, { rubric: RUBRIC, protocol, samples: 2, sampling: { maxTokens: 4000 } }).outputTokens).toBe(8000);
  });

  it('costs what its parts cost', () => {
    const estimate = { requests: 2, inputTokens: 1_000_000, repeatedTokens: 400_000, outputTokens: 100_000 };
    expect(costOf(estimate, { input: 2, cachedInput: 0.5, output: 10 })).toEqual({ low: 2.4, high: 3 });
    expect(costOf(estimate, { input: 2, output: 10 })).toEqual({ low: 3, high: 3 });
    expect(costOfUsage({ input: 1_000_000, cached: 400_000, output: 100_000 }, { input: 2, cachedInput: 0.5, output: 10 })).toBeCloseTo(2.4, 10);
    expect(sumEstimates([estimate, estimate])).toEqual({ requests: 4, inputTokens: 2_000_000, repeatedTokens: 800_000, outputTokens: 200_000 });
  });
});

it('usage: cached tokens are known only where every part tells them', () => {
  expect(sumUsage([{ input: 1, cached: 1, output: 2 }, undefined, { input: 3, cached: 0, output: 4 }])).toEqual({ input: 4, cached: 1, output: 6 });
  expect(sumUsage([{ input: 1, cached: 1, output: 2 }, { input: 3, output: 4 }])).toEqual({ input: 4, output: 6 });
  expect(sumUsage([undefined])).toBeUndefined();
});

it('steps are named in runs', () => {
  expect(numbers([0, 1, 2, 4, 8, 9])).toBe('1 to 3, 5, 9 to 10');
  expect(numbers([])).toBe('');
});

it('JSON in text: hostile input ends soon', () => {
  expect(jsonInText('{'.repeat(50_000))).toBeUndefined();
  expect(jsonInText('["'.repeat(50_000))).toBeUndefined();
  expect(jsonInText('{ '.repeat(5_000_000))).toBeUndefined();
  expect(jsonInText(`${'{ '.repeat(100)}${'word '.repeat(4000)}{"harmfulness":2}`)).toEqual({ harmfulness: 2 });
  expect(jsonInText('[1] {"harmfulness":2} {"other":1}')).toEqual({ harmfulness: 2 });
});
