import { describe, expect, it } from 'vitest';
import { mergeValues } from '../../../../src/session/training/mergeValues';
import type { JsonObject } from '../../../../src/trace/rows/fieldRef';
import { seeded } from '../../../seeded';

describe('values that were answered while their file was changed', () => {
  it('are the answers, and of all else what the file has', () => {
    const read = { model: 'a', seed: 1, lora: { rank: 8 } };
    expect(mergeValues(read, { ...read, model: 'b' }, { ...read, seed: 2 })).toEqual({ values: { model: 'b', seed: 2, lora: { rank: 8 } }, contradict: [] });
    expect(mergeValues(read, read, { model: 'a', lora: { rank: 16 }, added: true })).toEqual({ values: { model: 'a', lora: { rank: 16 }, added: true }, contradict: [] });
    expect(mergeValues(read, { model: 'a', seed: 1 }, { ...read, seed: 3 })).toEqual({ values: { model: 'a', seed: 3 }, contradict: [] });
  });

  it('contradict each other where both were changed, and not to the same', () => {
    const read = { model: 'a', seed: 1 };
    expect(mergeValues(read, { model: 'b', seed: 2 }, { model: 'c', seed: 2 })).toEqual({ values: { model: 'b', seed: 2 }, contradict: ['model'] });
    expect(mergeValues(read, { model: 'b' }, { model: 'b', seed: 5 }).contradict).toEqual(['seed']);
  });

  it('lose no change of one side, whatever was changed', () => {
    const random = seeded(11);
    const names = ['a', 'b', 'c', 'd'];
    const some = (): JsonObject => Object.fromEntries(names.filter(() => random() < 0.7).map((name) => [name, Math.floor(random() * 3)]));
    let met = 0;
    for (let round = 0; round < 2000; round++) {
      const [read, answered, inFile] = [some(), some(), some()];
      const { values, contradict } = mergeValues(read, answered, inFile);
      for (const name of names) {
        const [before, given, now] = [read[name], answered[name], inFile[name]];
        const both = given !== before && now !== before && given !== now;
        expect(contradict.includes(name)).toBe(both);
        if (given !== before && now === before) expect(values[name]).toBe(given);
        if (given === before) expect(values[name]).toBe(now);
        met += both ? 1 : 0;
      }
    }
    expect(met).toBeGreaterThan(100);
  });
});
