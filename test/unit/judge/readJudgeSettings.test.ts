import { describe, expect, it } from 'vitest';
import { readJudgeSetting, readJudgeSettings } from '../../../src/judge/readJudgeSettings';

const GOOD = { name: 'gpt', baseUrl: 'https://models.example/v1', model: 'gpt-4o' };
const FULL = {
  ...GOOD,
  ...{ protocol: 'whole-trace', samples: 3, temperature: 0.7, seed: 7, maxTokens: 300, contextTokens: 8000, concurrency: 2 },
  ...{ timeoutSeconds: 30, price: { input: 2.5, cachedInput: 1.25, output: 10 }, helpfulnessOnHarmful: true },
};

function problem(entry: unknown): string {
  const read = readJudgeSetting(entry);
  return 'what' in read ? read.what : 'nothing';
}

describe('the setting cotLens.judges', () => {
  it('may hold judges at addresses and judges in VS Code, with defaults for what is not said', () => {
    expect(readJudgeSettings([GOOD, { name: 'here', vscode: { vendor: 'copilot', family: 'x' } }])).toEqual({
      judges: [
        { ...GOOD, protocol: 'prefix', samples: 1, helpfulnessOnHarmful: false },
        { name: 'here', vscode: { vendor: 'copilot', family: 'x' }, protocol: 'prefix', samples: 1, helpfulnessOnHarmful: false },
      ],
      problems: [],
    });
    expect(readJudgeSetting(FULL)).toEqual(FULL);
  });

  it('may hold anything at all without harm', () => {
    for (const value of [undefined, null, []]) expect(readJudgeSettings(value)).toEqual({ judges: [], problems: [] });
    for (const value of ['x', 7, true, {}]) expect(readJudgeSettings(value).problems).toHaveLength(1);
    const odd = [1, 'x', null, [], { name: 7 }, { ['__proto__']: 1 }, JSON.parse('{"name":"n","baseUrl":"https://a","model":"m","__proto__":1}')];
    expect(readJudgeSettings(odd).judges).toEqual([]);
    expect(readJudgeSettings(odd).problems).toHaveLength(odd.length);
  });

  it('keeps the good ones beside bad ones, and names the bad ones', () => {
    const { judges, problems } = readJudgeSettings([{ ...GOOD, temperature: 3 }, { ...GOOD, name: 'second' }, { name: 'second', baseUrl: 'https://b', model: 'm' }, { baseUrl: 'https://c' }]);
    expect(judges.map(({ name }) => name)).toEqual(['second']);
    expect(problems).toEqual([
      { entry: 'gpt', what: 'temperature must be a number from 0 to 2' },
      { entry: 'second', what: 'is a second judge of this name; give it another' },
      { entry: 'judge 4', what: 'needs name and model' },
    ]);
  });

  it.each([
    [{ ...GOOD, name: 'offline' }, /^name is taken/],
    [{ ...GOOD, name: 'person' }, /^name is taken/],
    [{ ...GOOD, name: ' ' }, /^name must be a text/],
    [{ ...GOOD, baseUrl: 'models.example' }, /^baseUrl must be an address/],
    [{ ...GOOD, baseUrl: 'ftp://models.example' }, /^baseUrl must be an address/],
    [{ ...GOOD, protocol: 'suffix' }, /^protocol must be prefix or whole-trace/],
    [{ ...GOOD, samples: 0 }, /^samples must be/],
    [{ ...GOOD, samples: 1.5 }, /^samples must be/],
    [{ ...GOOD, temperature: NaN }, /^temperature must be/],
    [{ ...GOOD, temperature: '0' }, /^temperature must be/],
    [{ ...GOOD, concurrency: 65 }, /^concurrency must be/],
    [{ ...GOOD, timeoutSeconds: 0 }, /^timeoutSeconds must be/],
    [{ ...GOOD, contextTokens: 100 }, /^contextTokens must be/],
    [{ ...GOOD, price: { input: 1 } }, /^price needs input and output/],
    [{ ...GOOD, price: { input: -1, output: 1 } }, /^price needs/],
    [{ ...GOOD, price: { input: 1, output: 1, cached: 1 } }, /^price has no cached/],
    [{ ...GOOD, helpfulnessOnHarmful: 'yes' }, /^helpfulnessOnHarmful must be true or false/],
    [{ ...GOOD, temprature: 0 }, /^has no setting temprature/],
    [{ ...GOOD, max_tokens: 9 }, /^has no setting max_tokens/],
    [{ ...GOOD, vscode: { vendor: 'v', family: 'f' } }, /^has both vscode and baseUrl/],
    [{ name: 'n', vscode: { vendor: 'v' } }, /^vscode needs vendor and family/],
    [{ name: 'n', vscode: { vendor: 'v', family: 'f', x: 1 } }, /^vscode has no x/],
  ])('says what is wrong with %j', (entry, what) => {
    expect(problem(entry)).toMatch(what);
  });

  it.each([
    { ...GOOD, baseUrl: 'https://me:sk-secret@models.example/v1' },
    { ...GOOD, baseUrl: 'https://models.example/v1?key=sk-secret' },
    { ...GOOD, apiKey: 'sk-secret' },
    { ...GOOD, api_key: 'sk-secret' },
    { ...GOOD, token: 'sk-secret' },
    { ...GOOD, headers_authorization: 'sk-secret' },
  ])('turns a key away and does not repeat it: %#', (entry) => {
    expect(problem(entry)).toContain('Set API Key…');
    expect(JSON.stringify(readJudgeSettings([entry]))).not.toContain('sk-secret');
  });
});
