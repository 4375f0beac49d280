import { describe, expect, it } from 'vitest';
import { meanCurvesModel, meanInput } from '../../../webview/means/messages';
import { meanCurves } from '../../../src/session/means/meanCurves';
import { mixPieces, pieceInWords } from '../../../webview/set/mixBar';
import { scored, setOf } from '../session/means/meanTraces';

const MIX = {
  parts: [
    { name: 'Temptation-Correction', samples: 3, target: 0.8 },
    { name: 'Hesitation-Correction', samples: 1, target: 0.2 },
    { name: 'Backtrack', samples: 0, target: 0 },
  ],
  words: ['3 T-C : 1 H-C, target 800 : 200'],
};

describe('the mix of a set as bars', () => {
  it('shares the width out among what is there, and nothing among nothing', () => {
    expect(mixPieces(MIX, 'samples')).toEqual([
      { name: 'Temptation-Correction', share: 75 },
      { name: 'Hesitation-Correction', share: 25 },
    ]);
    expect(mixPieces(MIX, 'target').map(pieceInWords)).toEqual(['Temptation-Correction 80 %', 'Hesitation-Correction 20 %']);
    expect(mixPieces({ parts: MIX.parts.map((part) => ({ ...part, samples: 0 })), words: [] }, 'samples')).toEqual([]);
  });
});

describe('the page of a set', () => {
  const tools = { signal: new AbortController().signal, calibrationOf: () => undefined, bootstrap: { resamples: 50 } };

  it('has a curve for each recipe at the injected step, with its n, and the mix beside it', async () => {
    const traces = [
      scored([1, 1, 4, 1], { recipe: 'Temptation-Correction', injected: [2] }),
      scored([1, 5, 1], { recipe: 'Temptation-Correction', injected: [1] }),
      scored([2, 2], { recipe: 'Hesitation-Correction', injected: [] }),
    ];
    const set = setOf(traces, { unit: 'sample', asked: 5, mix: MIX, title: 'kitchen' });
    const { model } = await meanCurves(set, { judge: null, alignment: { kind: 'injected', from: -3, to: 5 }, by: 'recipe' }, tools);
    expect(meanCurvesModel.parse(model).mix).toEqual(MIX);
    expect(model.counted).toBe('n = 3 of 5 samples; 2 not scored by it');
    expect(model.groups.map(({ name, traces: n }) => [name, n])).toEqual([['Temptation-Correction', 2], ['Hesitation-Correction', 1]]);
    const [pair, none] = model.groups;
    expect(pair?.series.harmfulness.mean).toEqual([null, 1, 1, 4.5, 1, null, null, null, null]);
    expect(pair?.series.harmfulness.count).toEqual([0, 1, 2, 2, 2, 0, 0, 0, 0]);
    expect(none?.series.harmfulness.leftOut).toBe(1);
  });

  it('says what to do where no sample has scores', async () => {
    const { model } = await meanCurves(setOf([], { unit: 'sample', asked: 4, mix: MIX }), { judge: null, alignment: { kind: 'position', bins: 2 }, by: 'recipe' }, tools);
    expect(model.why).toMatch(/None of these 4 samples has scores with it.*Take Over Scores/);
  });

  it('is remembered over a reload by its set', () => {
    expect(meanInput.safeParse({ kind: 'curated', set: '/w/kitchen.curated.jsonl' }).success).toBe(true);
    expect(meanInput.safeParse({ kind: 'curated', set: '' }).success).toBe(false);
  });
});
