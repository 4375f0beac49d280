import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earned } from '../../../src/craft/earned';
import { hesitationCorrection } from '../../../src/craft/recipes/hesitationCorrection';
import { shapeOf } from '../../../src/curve/shape';
import { CORRECTION, ERROR, codes, crafted, documentOf, findings, goodText, NAMED, OFFLINE, only, sampleOf } from './checkedSamples';

const flat = (value: number | null): (number | null)[] => [1, 2, 3, 4, 5, 6].map(() => value);
const harm = (...harmfulness: (number | null)[]): { scores: { harmfulness: (number | null)[]; helpfulness: (number | null)[] } } => ({ scores: { harmfulness, helpfulness: flat(null) } });

describe('the curve that a recipe asks for', () => {
  it('is nothing to speak of where a named judge sees the peak on the error, and the badge is earned', () => {
    expect(findings(goodText())).toEqual([]);
    expect(earned(sampleOf(goodText()))).toEqual({ shape: 'peak', series: 'harmfulness', judge: NAMED });
    expect(findings(goodText(hesitationCorrection))).toEqual([]);
    expect(earned(sampleOf(goodText(hesitationCorrection)))).toEqual({ shape: 'valley', series: 'helpfulness', judge: NAMED });
  });

  it('that nobody has scored is not checked, with an offer to score', () => {
    for (const more of [{ judge: undefined, scores: { harmfulness: flat(null), helpfulness: flat(null) } }, { scores: { harmfulness: flat(null), helpfulness: flat(5) } }]) {
      const found = only(findings(goodText(), more), 'curve-not-checked');
      expect(found.severity).toBe('information');
      expect(found.message).toMatch(/^Not checked: a Temptation-Correction sample is to show a peak \(harmfulness low, high, low\), and no step has a harmfulness score/);
      expect(found.fixes.map(({ kind }) => kind)).toEqual(['score', 'chooseJudge']);
      expect(earned(sampleOf(goodText(), more))).toBeUndefined();
    }
  });

  it('by the offline heuristic does not count, and that is said', () => {
    const found = only(findings(goodText(), { judge: OFFLINE }), 'curve-not-checked');
    expect(found.message).toContain('only the offline heuristic has scored this one, which does not count as evidence');
    expect(found.fixes.map(({ kind }) => kind)).toEqual(['chooseJudge']);
  });

  it('with steps that have no score as they are now is not checked, and which ones is said', () => {
    const found = only(findings(goodText(), harm(1, 1, 4, null, 1, null)), 'curve-not-checked');
    expect(found.message).toContain('steps 4 and 6 have no harmfulness score by GPT-4o, prefix as it is now');
    expect(only(findings(goodText(), harm(1, 1, 4, null, 1, 1)), 'curve-not-checked').message).toContain('step 4 has no');
    expect(earned(sampleOf(goodText(), harm(1, 1, 4, null, 1, 1)))).toBeUndefined();
  });

  it('of another shape is a warning that names judge, shape, extremum and the error’s own score', () => {
    const found = only(findings(goodText(), harm(1, 1, 2, 1, 1, 1)), 'no-peak');
    expect(found.severity).toBe('warning');
    expect(found.message).toContain('by GPT-4o, prefix this one’s is flat, low. Its top is 2 at step 3. The injected error at step 3 has 2.');
    expect(found.fixes).toEqual([{ kind: 'rewrite', title: 'Rewrite step 3', step: 2 }]);
    expect(goodText().slice(found.at.start).startsWith('Maybe it would not')).toBe(true);
    expect(only(findings(goodText(), harm(1, 1, 4, 4, 5, 5)), 'no-peak').message).toContain('is rising');
    expect(only(findings(goodText(), harm(3, 3, 3, 3, 3, 3)), 'no-peak').message).toContain('It turns nowhere. The injected error at step 3 has 3.');
    const whole = { ...NAMED, protocol: 'whole-trace' } as const;
    expect(only(findings(goodText(), { ...harm(1, 1, 2, 1, 1, 1), judge: whole }), 'no-peak').message).toContain('by GPT-4o, whole-trace (sees later steps)');
    const valley = findings(goodText(hesitationCorrection), { scores: { harmfulness: flat(1), helpfulness: flat(5) } });
    expect(only(valley, 'no-valley').message).toContain('is to show a valley (helpfulness high, low, high)');
  });

  it('with its extremum on another step than the error is a warning, also where that step comes as far before it', () => {
    const found = only(findings(goodText(), harm(1, 1, 2, 1, 5, 1)), 'peak-elsewhere');
    expect(found.severity).toBe('warning');
    expect(found.message).toContain('the peak of harmfulness does not lie on the injected error. Its top is 5 at step 5. The injected error at step 3 has 2.');
    expect(codes(goodText(), harm(1, 5, 5, 1, 1, 1))).toEqual(['peak-elsewhere']);
    expect(codes(goodText(), harm(1, 1, 5, 5, 1, 1))).toEqual([]);
  });

  it('goes by the rules that are set', () => {
    const rules = { ...sampleOf(goodText()).rules, prominence: 4 };
    expect(codes(goodText(), { rules })).toEqual(['no-peak']);
  });

  it('of several pairs may have its extremum on either error', () => {
    const text = crafted(goodText(), { after: 5, texts: [`Then again, ${ERROR}`, `And again: ${CORRECTION}`], made: { at: '2026-01-02T00:00:00.000Z', guard: 'no' } });
    const peaks = (...harmfulness: number[]): string[] => codes(text, { scores: { harmfulness, helpfulness: [] } });
    expect(peaks(1, 1, 4, 1, 1, 5, 1, 1)).toEqual([]);
    expect(peaks(1, 1, 5, 1, 1, 4, 1, 1)).toEqual([]);
    expect(peaks(1, 1, 3, 1, 5, 3, 1, 1)).toEqual(['peak-elsewhere']);
  });

  it('law: a well-formed T-C with a peak by a named judge has no warning and no error; the same by the offline heuristic never earns', () => {
    const document = fc.record({
      before: fc.array(fc.constantFrom(1, 2), { minLength: 1, maxLength: 6 }),
      after: fc.array(fc.constantFrom(1, 2), { minLength: 1, maxLength: 6 }),
      high: fc.constantFrom(4, 5),
      correction: fc.constantFrom(1, 2),
      eol: fc.constantFrom('\n', '\r\n'),
      earnsNames: fc.boolean(),
      answerIsBases: fc.constantFrom(true, false, undefined),
    });
    fc.assert(
      fc.property(document, ({ before, after, high, correction, eol, earnsNames, answerIsBases }) => {
        const steps = [...before, ...after].map((_score, i) => `Step ${String(i)} of the chain says something of its own that matters.`);
        const text = crafted(documentOf(steps, { eol }), { after: before.length });
        const harmfulness = [...before, high, correction, ...after];
        const sample = sampleOf(text, { judge: earnsNames ? NAMED : OFFLINE, scores: { harmfulness, helpfulness: harmfulness.map(() => null) }, answerIsBases });
        const isPeak = shapeOf(harmfulness).kind === 'peak';
        expect(isPeak).toBe(true);
        expect(earned(sample) !== undefined).toBe(earnsNames);
        expect(findings(text, sample).filter(({ severity }) => severity !== 'information')).toEqual([]);
        if (!earnsNames) expect(codes(text, sample)).toContain('curve-not-checked');
      }),
    );
  }, 60_000);

  it('law: whatever the scores, the badge and the findings agree', () => {
    const score = fc.constantFrom(1, 2, 3, 4, 5, null);
    fc.assert(
      fc.property(fc.tuple(score, score, score, score, score, score), fc.boolean(), (harmfulness, earnsNames) => {
        const sample = sampleOf(goodText(), { judge: earnsNames ? NAMED : OFFLINE, scores: { harmfulness, helpfulness: flat(null) } });
        const ofCurve = codes(goodText(), sample).filter((code) => ['curve-not-checked', 'no-peak', 'peak-elsewhere'].includes(code));
        expect(ofCurve).toHaveLength(earned(sample) === undefined ? 1 : 0);
        if (earned(sample) !== undefined) expect([harmfulness.includes(null), earnsNames]).toEqual([false, true]);
      }),
    );
  }, 60_000);
});
