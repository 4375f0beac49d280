import { describe, expect, it } from 'vitest';
import { trainingFormatNamed } from '../../../src/curate/formats';
import { trainingRecipe } from '../../../src/train/recipes';
import type { ReadRecipe } from '../../../src/train/anyRecipe';

function read(values: Record<string, unknown>): ReadRecipe {
  const found = trainingRecipe('advchain-fine-tuning-api')?.read({ recipe: 'advchain-fine-tuning-api', model: 'm', ...values });
  if (found === undefined || 'faults' in found) throw new Error(JSON.stringify(found));
  return found;
}

describe('AdvChain by a fine-tuning API', () => {
  it('is among the recipes, for rows that there are', () => {
    const recipe = trainingRecipe('advchain-fine-tuning-api');
    expect(recipe?.backend).toBe('openai');
    expect(trainingFormatNamed(recipe?.format ?? '')).toBeDefined();
    expect(recipe?.about).toContain('2027-01-06');
    for (const { values } of recipe?.presets ?? []) expect(read(values as Record<string, unknown>).values).toMatchObject({ epochs: 5, batchSize: 128 });
  });

  it('asks for what the paper says, in the place that is wanted', () => {
    const hyperparameters = { n_epochs: 5, batch_size: 128, learning_rate_multiplier: 'auto' };
    expect(read({}).job('')).toEqual({ kind: 'fine-tuning', model: 'm', body: { seed: 42, method: { type: 'supervised', supervised: { hyperparameters } } } });
    expect(read({ hyperparametersAt: 'top-level', suffix: 'mine', seed: 1 }).job('')).toEqual({ kind: 'fine-tuning', model: 'm', body: { suffix: 'mine', seed: 1, hyperparameters } });
    expect(read({ learningRate: 1e-4 }).job('')).toMatchObject({ body: { method: { supervised: { hyperparameters: { n_epochs: 5, batch_size: 128, learning_rate: 1e-4 } } } } });
    expect(JSON.stringify(read({ learningRate: 1e-4 }).job(''))).not.toContain('multiplier');
  });

  it('says what it leaves out, whatever is set', () => {
    const lines = read({}).leavesOut().join('\n');
    for (const word of ['1e-4', '5 %', '8192', 'AdamW', 'every message of the assistant', 'may refuse them']) expect(lines).toContain(word);
    expect(lines).not.toContain('batch of 128');
    expect(read({ learningRate: 1e-4 }).leavesOut().join('\n')).toContain('sent as “learning_rate”');
    expect(read({ learningRateMultiplier: 2 }).leavesOut().join('\n')).toContain('multiplied by 2');
    expect(read({ batchSize: 'auto' }).leavesOut().join('\n')).toContain('batch of 128');
    expect(read({ hyperparametersAt: 'top-level' }).leavesOut().join('\n')).toContain('deprecated');
  });

  it('counts updates where the batch is known', () => {
    expect(read({}).arithmetic(1000)).toEqual({ optimiserSteps: 40, warmupSteps: undefined, batchSize: 128, examples: 5000 });
    expect(read({ batchSize: 'auto' }).arithmetic(1000)).toEqual({ optimiserSteps: undefined, warmupSteps: undefined, batchSize: undefined, examples: 5000 });
    expect(read({}).arithmetic(0)).toEqual({ wrong: 'No row goes out, so there is nothing to train on.' });
  });

  it('takes no two learning rates, no long suffix and no unknown value', () => {
    const both = { learningRate: 1e-4, learningRateMultiplier: 2 };
    expect(read(both).arithmetic(10)).toMatchObject({ wrong: expect.stringContaining('learningRate and learningRateMultiplier') as string });
    expect(() => read(both).job('')).toThrow('learningRate and learningRateMultiplier');
    expect(() => read({ suffix: 'x'.repeat(65) })).toThrow('suffix');
    expect(() => read({ warmup: 0.05 })).toThrow('warmup');
    expect(() => read({ batchSize: 0 })).toThrow('batchSize');
  });
});
