import { describe, expect, it } from 'vitest';
import { NEAR_DUPLICATE, type SetCheckOptions } from '../../../../src/curate/checks/setCheck';
import { sampleHash } from '../../../../src/curate/sampleHash';
import { problemsOf } from '../../../../src/session/curated/setProblems';
import { sampleOf } from '../../curate/checks/generatedSamples';

const options: SetCheckOptions = { evaluationPrompts: new Map([['probes', ['How does a bean grow in cold and heavy soil?']]]), nearDuplicate: NEAR_DUPLICATE };

describe('the problems of a set', () => {
  it('name their samples by id, as the set was when it was read', async () => {
    const one = sampleOf('one', {});
    const samples = [sampleOf('other', { prompt: 'Tell me: how does a bean grow in cold and heavy soil?' }), one, { ...one, id: 'again' }];
    const said: string[] = [];
    const { problems: found, checked } = await problemsOf({ read: () => Promise.resolve(samples) }, options, new AbortController().signal, (check) => said.push(check));
    expect(found.map(({ code, samples: places, ids }) => ({ code, places, ids }))).toEqual([
      { code: 'duplicate', places: [1, 2], ids: ['one', 'again'] },
      { code: 'evaluation-overlap', places: [0], ids: ['other'] },
    ]);
    expect(said).toContain('near-duplicates');
    expect(checked).toEqual(samples.map((sample) => ({ id: sample.id, text: sampleHash(sample) })));
  });

  it('are none where the set could not be read: that is told', async () => {
    const read = (): Promise<never> => Promise.reject(new Error('The file is gone.'));
    await expect(problemsOf({ read }, options, new AbortController().signal)).rejects.toThrow('The file is gone.');
    const cancelled = AbortSignal.abort(new Error('enough'));
    await expect(problemsOf({ read: () => Promise.resolve([]) }, options, cancelled)).rejects.toThrow('enough');
  });
});
