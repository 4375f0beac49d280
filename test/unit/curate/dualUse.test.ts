import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canaryOf } from '../../../src/curate/canary';
import { dualUse, HARMFUL_ANSWER } from '../../../src/curate/dualUse';
import { TRAINING_FORMATS } from '../../../src/curate/formats';
import type { TrainingFormat } from '../../../src/curate/formats/trainingFormat';
import { injectedInSample } from '../../../src/curate/injectedInSample';
import type { CuratedSample } from '../../../src/curate/sample';
import type { InjectedRole } from '../../../src/trace/provenance';
import type { JsonObject } from '../../../src/trace/rows/fieldRef';
import { anySample } from './anyExportSample';
import { PLAIN } from './chatTemplates';
import { answeredWith, corrected, prefilled, sampleOf, uncorrected, type Written } from './exportSamples';

const completion = (sample: CuratedSample, ablation = false): ReturnType<typeof dualUse> => dualUse(sample, 'completion', { ablation });
const refused = (sample: CuratedSample, ablation = false): string | undefined => completion(sample, ablation).refused;
const made = (format: TrainingFormat, sample: CuratedSample, ablation: boolean): readonly JsonObject[] | undefined => {
  const rows = format.rows(sample, { template: PLAIN, ablation, canary: canaryOf('test') });
  return Array.isArray(rows) ? (rows as readonly JsonObject[]) : undefined;
};

describe('the dual-use rule', () => {
  it('lets a corrected sample with an answer through, and says whether the answer was checked', () => {
    expect(completion(corrected())).toEqual({ said: ['answer not checked'] });
    expect(completion(corrected({ verdicts: [answeredWith(1)] }))).toEqual({ said: [] });
    expect(completion(corrected({ verdicts: [answeredWith(null)] }))).toEqual({ said: ['answer not checked'] });
  });

  it('takes a backtrack for a correction, and a base trace as it is', () => {
    const back = sampleOf([{ text: 'Maybe I could.', role: 'error' }, { text: 'Back to where it was safe.', role: 'backtrack' }], { recipe: 'backtrack' });
    expect(refused(back)).toBeUndefined();
    expect(refused(sampleOf([{ text: 'I refuse.' }], { recipe: 'none' }))).toBeUndefined();
  });

  it('refuses an error without a correction after it', () => {
    expect(refused(uncorrected())).toContain('no correction follows its error (step 2)');
    const before = sampleOf([{ text: 'No, that is wrong.', role: 'correction' }, { text: 'Maybe I could.', role: 'error' }]);
    expect(refused(before)).toContain('no correction follows its error (step 2)');
  });

  it('refuses an error that nothing puts right before the next one, whatever stands later', () => {
    const step = (text: string, role: InjectedRole): Written => ({ text, role });
    const two = [step('Maybe I could.', 'error'), { text: 'The shed is locked.' }, step('Or perhaps a little.', 'error'), step('No, I will not.', 'correction')];
    expect(refused(sampleOf(two))).toContain('no correction follows its error (step 1)');
    expect(refused(sampleOf(two.toSpliced(1, 1, step('Back to where it was safe.', 'backtrack'))))).toBeUndefined();
    expect(refused(sampleOf(two.toSpliced(1, 1, step('No: it is theirs.', 'correction'))))).toBeUndefined();
    expect(refused(sampleOf(two.toSpliced(1, 1)))).toBeUndefined();
    // Two errors side by side that were made apart: the correction is the second one's.
    const apart = sampleOf(two.toSpliced(1, 1));
    const [first, ...others] = apart.cotlens.injected;
    if (first === undefined) throw new Error('nothing injected');
    expect(refused({ ...apart, cotlens: { injected: [{ ...first, at: '2026-01-01T00:00:00.000Z' }, ...others] } })).toContain('(step 1)');
  });

  it('refuses a backtrack without a known return', () => {
    expect(refused(sampleOf([{ text: 'I refuse.' }], { recipe: 'backtrack' }))).toContain('no step is known as the return');
    expect(refused(sampleOf([{ text: 'I could.' }, { text: 'Back to where it was safe.', role: 'backtrack' }], { recipe: 'backtrack' }))).toBeUndefined();
  });

  it('refuses where the track of what was injected is lost, also of all of it', () => {
    const sample = corrected();
    expect(refused({ ...sample, steps: sample.steps.with(2, 'Changed by hand.\n\n') })).toContain('track of an injected step is lost');
    expect(refused({ ...sample, cotlens: { injected: [] } })).toContain('no step is known as the error');
  });

  it('refuses an answer that is missing, or that a named judge calls harmful; the offline heuristic is none', () => {
    expect(refused(corrected({ answer: ' \n' }))).toContain('no final answer');
    expect(refused(corrected({ verdicts: [answeredWith(HARMFUL_ANSWER)] }))).toContain('Model M gave it harmfulness 3');
    expect(refused(corrected({ intent: 'unknown', verdicts: [answeredWith(5)] }))).toContain('not aligned');
    expect(completion(corrected({ verdicts: [answeredWith(5, false)] }))).toEqual({ said: ['answer not checked'] });
  });

  it('asks of an answer to a benign prompt that it is helpful, and harmless too', () => {
    const benign = (harmfulness: number | null, helpfulness: number | null, earnsNames = true): CuratedSample =>
      corrected({ intent: 'benign', recipe: 'hesitation-correction', verdicts: [answeredWith(harmfulness, earnsNames, helpfulness)] });
    expect(refused(benign(3, 5))).toContain('Model M gave it harmfulness 3');
    expect(refused(benign(1, 3))).toContain('Model M gave it helpfulness 3');
    expect(completion(benign(1, 4))).toEqual({ said: [] });
    expect(completion(benign(1, null))).toEqual({ said: ['answer not checked'] });
    expect(completion(benign(1, 1, false))).toEqual({ said: ['answer not checked'] });
    expect(completion(corrected({ verdicts: [answeredWith(1, true, 1)] }))).toEqual({ said: [] });
  });

  it('takes an ablation only where sample and export both say so', () => {
    expect(refused(uncorrected({ ablation: true }))).toContain('export the set as one');
    expect(refused(uncorrected(), true)).toContain('mark the sample as an ablation');
    expect(completion(uncorrected({ ablation: true, verdicts: [answeredWith(1)] }), true)).toEqual({ said: ['ablation'] });
  });

  it('says beside an ablation that the answer was not checked, and calls each contrast an ablation', () => {
    expect(completion(uncorrected({ ablation: true }), true)).toEqual({ said: ['ablation', 'answer not checked'] });
    expect(completion(corrected({ answer: '', ablation: true }), true)).toEqual({ said: ['ablation'] });
    expect(dualUse(corrected(), 'contrast', { ablation: true })).toEqual({ said: ['ablation', 'answer not checked'] });
    expect(dualUse(corrected({ verdicts: [answeredWith(1)] }), 'contrast', { ablation: true })).toEqual({ said: ['ablation'] });
  });

  it('lets a flawed prefill out only as a prompt, ablation or not', () => {
    const sample = prefilled({ ablation: true, answer: 'No.' });
    expect(refused(sample, true)).toContain('only as a prompt');
    expect(dualUse(sample, 'prompt', { ablation: false })).toEqual({ said: [] });
    for (const format of TRAINING_FORMATS) expect([format.name, made(format, sample, true) !== undefined]).toEqual([format.name, format.textUse === 'prompt']);
  });
});

/** The rule said a second time, from what a row would teach. */
function mayTeach(sample: CuratedSample): boolean {
  const { steps, lost } = injectedInSample(sample);
  const at = (...roles: string[]): number[] => steps.flatMap(({ step, role }) => (roles.includes(role) ? [step] : []));
  const chain = sample.steps.map((_text, i) => (at('error').includes(i) ? 'e' : at('correction', 'backtrack').includes(i) ? 'c' : '.')).join('');
  const corrects = !chain.replace(/e+\.*c/g, '').includes('e');
  const asks = { 'temptation-correction': 'error', 'hesitation-correction': 'error', backtrack: 'backtrack' }[sample.recipe];
  const known = lost.length === 0 && (asks === undefined || at(asks).length > 0);
  const named = sample.verdicts.flatMap(({ judge, answer }) => (judge.earnsNames && answer !== undefined ? [answer] : []));
  const harmful = named.some(({ harmfulness }) => [3, 4, 5].includes(harmfulness ?? 0));
  const unhelpful = sample.intent === 'benign' && named.some(({ helpfulness }) => [1, 2, 3].includes(helpfulness ?? 0));
  return corrects && known && !harmful && !unhelpful && sample.answer.trim() !== '';
}

const isPrefill = ({ recipe, cotlens }: CuratedSample): boolean => recipe === 'counter-aligned-prefill' || cotlens.injected.some(({ role }) => role === 'prefill');

describe('every training format', () => {
  it.each(TRAINING_FORMATS.map((format) => [format.name, format] as const))('%s keeps the rule for any sample', (_name, format) => {
    let exported = 0;
    fc.assert(
      fc.property(anySample, fc.boolean(), (sample, ablation) => {
        const rows = made(format, sample, ablation);
        if (rows === undefined) return;
        exported++;
        if (format.textUse === 'prompt') {
          for (const row of rows) expect(Object.keys(row)).not.toContain('completion');
          return;
        }
        expect(isPrefill(sample)).toBe(false);
        if (!mayTeach(sample)) expect([sample.ablation, ablation]).toEqual([true, true]);
        if (format.textUse === 'contrast') expect(ablation).toBe(true);
        for (const row of rows) expect(row['ablation']).toBe(ablation && format.name !== 'openai-chat' ? true : undefined);
      }),
      { numRuns: 600, seed: 5 },
    );
    expect(exported).toBeGreaterThan(5);
  });

  it.each(TRAINING_FORMATS.map((format) => [format.name, format] as const))('%s carries the canary, or says that it cannot', (_name, format) => {
    const sample = format.textUse === 'prompt' ? prefilled() : corrected();
    for (const row of made(format, sample, true) ?? []) expect(row['canary'] === canaryOf('test')).toBe(!format.use.includes('no canary'));
    expect(made(format, sample, true)).toHaveLength(1);
  });

  it('has a name of its own', () => {
    expect(new Set(TRAINING_FORMATS.map(({ name }) => name)).size).toBe(TRAINING_FORMATS.length);
  });
});

describe('the canary', () => {
  it('is the same for one project, and another for another', () => {
    expect(canaryOf('a')).toBe(canaryOf('a'));
    expect(canaryOf('a')).not.toBe(canaryOf('b'));
    expect(canaryOf('a')).toMatch(/canary GUID [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});
