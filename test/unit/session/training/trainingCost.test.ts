import { encode as o200k } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { billedTokens, costCheck, costInWords, launchCost } from '../../../../src/session/training/trainingCost';
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

  it('counts each character of other scripts than Latin, where a token holds about one', () => {
    const tokens = (text: string): number | undefined => billedTokens(recipe({ epochs: 1 }), { rows: 1, text: row(text, '') })?.onePass;
    expect(tokens('混合面粉和水。'.repeat(100))).toBe(700);
    expect(tokens('한국어ひらがなカタカナ')).toBe(11);
    expect(tokens('ab'.repeat(40) + '水，'.repeat(10) + '1, 2'.repeat(10))).toBe(20 + 20 + 10);
    // Of the second plane: one character, two units.
    expect(tokens('𠮷'.repeat(8))).toBe(8);
    // Accents, quotes and dashes are of Latin texts as well.
    expect(tokens('“Ça” — dể…é, naïve łódź'.repeat(4))).toBe(23);
    // Beside the real count of o200k_base (gpt-tokenizer): 48, 46, 47, 37.
    for (const [text, real] of [
      ['要让面包发酵，先把面粉、水、酵母和盐混合，揉成面团，放在温暖的地方一个小时。然后整形，放进烤箱烤。', 48],
      ['パンを膨らませるには、小麦粉、水、イースト、塩を混ぜてこね、暖かい場所に一時間置きます。それから形を整えて焼きます。', 46],
      ['빵을 부풀리려면 밀가루, 물, 이스트, 소금을 섞어 반죽하고 따뜻한 곳에 한 시간 동안 두세요. 그런 다음 모양을 잡아 굽습니다.', 47],
      ['To make bread rise, mix flour, water, yeast and salt, knead it, and leave it in a warm place for an hour. Then shape a loaf and bake it.', 37],
    ] as const) {
      expect(o200k(text)).toHaveLength(real);
      expect(Math.abs((tokens(text) ?? 0) / real - 1), text).toBeLessThan(0.3);
    }
  });

  it('is said in dollars where the price is known, and else with what to do', () => {
    const billed = { onePass: 246_800, inAll: 1_234_000 };
    expect(costInWords(billed, 25)).toBe('This costs money: about 1,200,000 tokens (250,000 of the file × its passes; four characters are counted as one, and so is each of a script other than Latin) at $25.00 a million, about $30.85. What counts is the provider’s bill.');
    expect(costInWords({ onePass: 1000, inAll: 5000 }, 3)).toContain('about $0.02. ');
    expect(costInWords({ onePass: 1000, inAll: 5000 }, 0)).toContain('about $0. ');
    expect(costInWords(billed, undefined)).toMatch(/^This costs money: the provider bills about 1,200,000 tokens .* at its own price for this model\. Look the price up there first; .*“price”/);
    expect(costCheck({ kind: 'openai', price: 25 }, recipe({ epochs: 1 }), { rows: 1, text: row('a'.repeat(4000), 'b'.repeat(36_000)) })).toMatchObject({ about: 'Cost', status: 'warning', said: expect.stringContaining('about $0.25.') as string });
    expect(costCheck({ kind: 'ray' }, recipe({}), { rows: 1, text: row('a', 'b') })).toBeUndefined();
    expect(costInWords(undefined, 25)).toContain('the tokens of the file × its passes');
  });

  it('is said together with how often a guard is asked, and not at all where nobody bills anything', () => {
    const recap = (more: object) => {
      const read = trainingRecipe('recap-trl-grpo')?.read({ recipe: 'recap-trl-grpo', model: 'm', outputDir: '/o', promptsPerUpdate: 1, ...more });
      if (read === undefined || 'faults' in read) throw new Error(read?.faults.join('\n') ?? 'no recipe');
      return read;
    };
    const exported = { rows: 16, text: '' };
    expect(launchCost({ kind: 'ray' }, recap({}), exported)).toBeUndefined();
    const found = recap({}).arithmetic(16);
    const times = 'wrong' in found ? undefined : found.examples.toLocaleString('en-US');
    expect(launchCost({ kind: 'ray' }, recap({ guard: { baseUrl: 'http://guard.test/v1', model: 'guard-8b' } }), exported)).toBe(`guard-8b at http://guard.test/v1 judges the answers, in about ${times ?? 'no'} requests, for which its provider may charge.`);
    expect(launchCost({ kind: 'openai', price: 25 }, recipe({ epochs: 1 }), { rows: 1, text: row('a'.repeat(4000), 'b') })).toMatch(/^This costs money: .*about \$0\.03\./);
  });
});
