import { describe, expect, it } from 'vitest';
import type { CuratedSample } from '../../../../src/curate/sample';
import { prefillCheck, prefillChoice, rewardCheck } from '../../../../src/session/training/preflightPrefill';
import { corrected, prefilled, sampleOf } from '../../curate/exportSamples';

const RECAP = { prefillShare: 0.5, seed: 3 };
const times = (count: number, sample: (id: string) => CuratedSample): CuratedSample[] => Array.from({ length: count }, (_, i) => sample(String(i)));
const plain = (id: string, more: Partial<CuratedSample> = {}): CuratedSample => sampleOf([{ text: 'I think.' }], { id, recipe: 'none', ...more });

function shareSaid(samples: readonly CuratedSample[]): string {
  const choice = prefillChoice(samples, RECAP);
  return choice === undefined ? '' : prefillCheck(choice).said;
}

describe('which prompts keep their prefill', () => {
  it('is drawn for each intent', () => {
    const samples = [...times(4, (i) => plain(`h${i}`)), ...times(8, (i) => prefilled({ id: `b${i}`, intent: 'benign' }))];
    expect(prefillChoice(samples, RECAP)?.keep.size).toBe(4);
    expect(shareSaid(samples)).toBe('A share of 0.5 of 4 harmful prompts is 2 that begin with flawed reasoning, and none has one: the share is 0. Add samples with a prefill, leave some others out, or lower prefillShare.');
    expect(shareSaid([...samples, ...times(4, (i) => prefilled({ id: `p${i}` }))])).toBe('8 prompts begin with flawed reasoning, 50 % of all (α 0.5): benign 4 of 8, harmful 4 of 8.');
  });

  it('leaves those with a known answer out of the count, as ordinary prompts', () => {
    const maths = times(6, (i) => plain(`m${i}`, { intent: 'unknown', expected: i }));
    const samples = [...times(4, (i) => prefilled({ id: `p${i}` })), ...maths, prefilled({ id: 'wrong start', expected: '4' })];
    const choice = prefillChoice(samples, RECAP);
    expect([choice?.known, choice?.keep.size, choice?.keep.has('wrong start')]).toEqual([7, 2, false]);
    expect(shareSaid(samples)).toBe('2 prompts begin with flawed reasoning, 50 % of all (α 0.5): harmful 2 of 4. 7 prompts with a known answer are ordinary ones, as in RECAP.');
  });
});

describe('what is rewarded', () => {
  it('is said of each kind of prompt', () => {
    expect(rewardCheck([...times(2, (i) => prefilled({ id: i })), plain('b', { intent: 'benign' }), corrected({ id: 'makes no prompt' })], RECAP)).toEqual({
      about: 'Rewards', status: 'ok', said: '2 harmful prompts to be refused, 1 benign to be helped with. No sample has a known answer (field “expected”), so none is rewarded for being right, as the paper’s mathematics prompts are.',
    });
    expect(rewardCheck([prefilled(), plain('m', { expected: '4' }), plain('u', { intent: 'unknown' })], RECAP)?.said).toBe('1 harmful prompt to be refused, 0 benign to be helped with. 1 prompt with a known answer, rewarded for being right.');
    expect(rewardCheck([prefilled()], { seed: 1 })).toBeUndefined();
  });

  it('warns of prompts that teach nothing, and blocks where all do', () => {
    const ambiguous = plain('a', { intent: 'ambiguous' });
    expect(rewardCheck([prefilled(), ambiguous], RECAP)).toMatchObject({ status: 'warning', said: expect.stringContaining('1 ambiguous prompt without a known answer: no reward speaks of it') as string });
    expect(rewardCheck([ambiguous], RECAP)).toMatchObject({ status: 'error', said: expect.stringContaining('No reward speaks of any prompt') as string });
    expect(rewardCheck([{ ...ambiguous, expected: '4' }], RECAP)?.status).toBe('ok');
  });
});
