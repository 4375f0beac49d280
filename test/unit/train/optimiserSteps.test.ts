import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accumulationOf, optimiserSteps, warmupStepsOf } from '../../../src/train/optimiserSteps';

const ADVCHAIN = { epochs: 5, batchSize: 128, perDeviceBatchSize: 16, processes: 1, warmup: 0.05 };

describe('the updates of a supervised run', () => {
  it('are 40 for AdvChain’s 1,000 rows, two of them warm-up', () => {
    expect(optimiserSteps(ADVCHAIN, 1000)).toEqual({ optimiserSteps: 40, warmupSteps: 2, batchSize: 128, examples: 5000 });
  });

  it('are one a pass for few rows, and none for none', () => {
    expect(optimiserSteps(ADVCHAIN, 1)).toMatchObject({ optimiserSteps: 5 });
    expect(optimiserSteps(ADVCHAIN, 0)).toEqual({ wrong: 'No row goes out, so there is nothing to train on.' });
  });

  it('are as many as they are told where they are told, and rows are counted to the last', () => {
    expect(optimiserSteps({ ...ADVCHAIN, maxSteps: 8 }, 1000)).toEqual({ optimiserSteps: 8, warmupSteps: 1, batchSize: 128, examples: 1000 });
    expect(optimiserSteps({ ...ADVCHAIN, maxSteps: 11 }, 1000)).toEqual({ optimiserSteps: 11, warmupSteps: 1, batchSize: 128, examples: 1384 });
    expect(optimiserSteps({ ...ADVCHAIN, maxSteps: 3 }, 5)).toEqual({ optimiserSteps: 3, warmupSteps: 1, batchSize: 128, examples: 15 });
  });

  it('warm up as transformers counts: a share rounded up, a number without what is behind its point', () => {
    // As `TrainingArguments(warmup_steps=…).get_warmup_steps(…)` of transformers 5.18.0 says.
    for (const [warmup, steps, counted] of [[1.6, 40, 1], [1, 40, 1], [2.999, 40, 2], [0.999, 40, 40], [0.05, 40, 2], [0.05, 41, 3], [0, 40, 0], [7, 40, 7]] as const) expect(warmupStepsOf(warmup, steps), String(warmup)).toBe(counted);
    // Of five updates no more than five warm up.
    expect(warmupStepsOf(7, 5)).toBe(5);
  });

  it('cannot be told of a batch that does not come out even', () => {
    expect(accumulationOf({ ...ADVCHAIN, processes: 3 })).toBeUndefined();
    expect(optimiserSteps({ ...ADVCHAIN, processes: 3 }, 10)).toMatchObject({ wrong: expect.stringContaining('128 is no multiple of perDeviceBatchSize × processes (16 × 3 = 48)') as string });
  });

  it('law: the same however the batch is made up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 128), fc.constantFrom(1, 2, 4, 8), (rows, perDeviceBatchSize, processes) => {
        const one = optimiserSteps({ ...ADVCHAIN, perDeviceBatchSize: 128 }, rows);
        const other = optimiserSteps({ ...ADVCHAIN, perDeviceBatchSize, processes }, rows);
        if (perDeviceBatchSize * processes <= 128) expect(other).toEqual(one);
      }),
    );
  });
});
