import { describe, expect, it } from 'vitest';
import { billedTokens, costCheck, costInWords } from '../../../../src/session/training/trainingCost';
import { trainingRecipe } from '../../../../src/train/recipes';

function recipe(values: object) {
  const read = trainingRecipe('advchain-fine-tuning-api')?.read({ recipe: 'advchain-fine-tuning-api', model: 'm', ...values });
  if (read === undefined || 'faults' in read) throw new Error(read?.faults.join('\n') ?? 'no recipe');
  return read;
}

const row = (user: string, assistant: string): string => `${JSON.stringify({ messages: [{ role: 'user', content: user }, { role: 'assistant', content: assistant }] })}\n`;

describe('what a launch on a fine-tuning API costs', () => {
  it('counts all of the messages, once for each pass, and nothing else of the rows', () => {
    const text = row('a'.repeat(100), 'b'.repeat(300)) + row('c'.repeat(40), 'd'.repeat(360));
    expect(billedTokens(recipe({ epochs: 3 }), { rows: 2, text })).toEqual({ onePass: 200, inAll: 600 });
    expect(billedTokens(recipe({ epochs: 5, batchSize: 'auto' }), { rows: 2, text })).toEqual({ onePass: 200, inAll: 1000 });
    expect(billedTokens(recipe({}), { rows: 0, text: '' })).toBeUndefined();
  });

  it('is said in dollars where the price is known, and else with what to do', () => {
    const billed = { onePass: 246_800, inAll: 1_234_000 };
    expect(costInWords(billed, 25)).toBe('This costs money: about 1,200,000 tokens (250,000 of the file × its passes; four characters are counted as one) at $25.00 a million, about $30.85. What counts is the provider’s bill.');
    expect(costInWords({ onePass: 1000, inAll: 5000 }, 3)).toContain('about $0.02. ');
    expect(costInWords({ onePass: 1000, inAll: 5000 }, 0)).toContain('about $0. ');
    expect(costInWords(billed, undefined)).toMatch(/^This costs money: the provider bills about 1,200,000 tokens .* at its own price for this model\. Look the price up there first; .*“price”/);
    expect(costCheck({ kind: 'openai', price: 25 }, recipe({ epochs: 1 }), { rows: 1, text: row('a'.repeat(4000), 'b'.repeat(36_000)) })).toMatchObject({ about: 'Cost', status: 'warning', said: expect.stringContaining('about $0.25.') as string });
    expect(costCheck({ kind: 'ray' }, recipe({}), { rows: 1, text: row('a', 'b') })).toBeUndefined();
    expect(costInWords(undefined, 25)).toContain('the tokens of the file × its passes');
  });
});
