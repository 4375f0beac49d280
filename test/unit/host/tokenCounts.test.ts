import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readTokenizer } from '../../../src/host/countingTokenizer';
import { TokenCounts } from '../../../src/host/tokenCounts';
import { TokenThread } from '../../../src/host/tokenCounts.onDemand';
import { temporaryFolder } from '../session/scoring';
import { events, live, world } from '../vscode/standIn';

const root = path.resolve(import.meta.dirname, '../../..');

/** A tokenizer that knows a few words, and takes every run of other letters for one token. */
const WORDS = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [{ id: 1, content: '<think>', single_word: false, lstrip: false, rstrip: false, normalized: false, special: false }],
  normalizer: null,
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: { type: 'TemplateProcessing', single: [{ SpecialToken: { id: 'a', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }], pair: [], special_tokens: { a: { id: 'a', ids: [2], tokens: ['a'] } } },
  decoder: null,
  model: { type: 'WordLevel', vocab: { '[UNK]': 0, '<think>': 1, a: 2, b: 3 }, unk_token: '[UNK]' },
};

async function tokenizerFolder(tokenizer: unknown, config?: string): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'tiny-model');
  await mkdir(folder);
  await writeFile(path.join(folder, 'tokenizer.json'), typeof tokenizer === 'string' ? tokenizer : JSON.stringify(tokenizer));
  if (config !== undefined) await writeFile(path.join(folder, 'tokenizer_config.json'), config);
  return folder;
}

describe('a model’s tokenizer', () => {
  it('is read from its folder or its file, with or without its config, and counts no special tokens', async () => {
    const folder = await tokenizerFolder(WORDS, '{"tokenizer_class":"PreTrainedTokenizerFast"}');
    for (const place of [folder, path.join(folder, 'tokenizer.json'), await tokenizerFolder(WORDS)]) {
      const tokenizer = await readTokenizer(place);
      expect(tokenizer.name).toBe('tiny-model');
      expect(tokenizer.count('a b a')).toBe(3);
      expect(tokenizer.count('<think>\na b\n')).toBe(3);
      expect(tokenizer.count('')).toBe(0);
    }
  });

  it('that cannot be used is told in words', async () => {
    const nowhere = path.join(await temporaryFolder(), 'none');
    await expect(readTokenizer(nowhere)).rejects.toThrow(/none is not there\. Set cotLens\.training\.tokenizer/);
    await expect(readTokenizer(await temporaryFolder())).rejects.toThrow(/There is no tokenizer\.json in /);
    await expect(readTokenizer(await tokenizerFolder('{'))).rejects.toThrow(/tokenizer\.json is no JSON/);
    await expect(readTokenizer(await tokenizerFolder([]))).rejects.toThrow(/holds no object/);
    await expect(readTokenizer(await tokenizerFolder({ vocab: {} }))).rejects.toThrow(/is no tokenizer: it holds no “model”/);
    await expect(readTokenizer(await tokenizerFolder({ ...WORDS, model: { type: 'Odd' } }))).rejects.toThrow(/a kind that cannot be used here/);
    await expect(readTokenizer(await tokenizerFolder(WORDS, '{'))).rejects.toThrow(/tokenizer_config\.json is no JSON/);
  });
});

describe('the thread that counts', () => {
  let bundle = '';
  beforeAll(async () => {
    // The thread runs a bundle, as it is packaged.
    const out = path.join(root, 'out/reports/tokenThread.cjs');
    await esbuild.build({ entryPoints: [path.join(root, 'src/host/tokenCounts.onDemand.ts')], outfile: out, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
    bundle = out;
  });
  const start = (patience = 20_000): TokenThread => {
    const thread = new TokenThread(bundle, patience);
    onTestFinished(() => {
      thread.dispose();
    });
    return thread;
  };

  it('counts, says why not, and goes on after a tokenizer that failed', async () => {
    const thread = start();
    const folder = await tokenizerFolder(WORDS);
    const counts = await Promise.all([thread.count(folder, 'a b'), thread.count(`${folder}-not`, 'a'), thread.count(folder, 'a b a b')]);
    expect(counts).toEqual([{ tokens: 2, name: 'tiny-model' }, { failed: expect.stringContaining('is not there') as string }, { tokens: 4, name: 'tiny-model' }]);
  });

  it('is given up where it comes to no end, and a new one counts the next', async () => {
    const folder = await tokenizerFolder({ ...WORDS, pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated', invert: false } });
    const thread = start(3000);
    expect(await thread.count(folder, `${'a'.repeat(60)}!`)).toEqual({ failed: expect.stringMatching(/given up after 3 seconds/) as string });
    expect(await thread.count(await tokenizerFolder(WORDS), 'a b')).toEqual({ tokens: 2, name: 'tiny-model' });
  });

  it('leaves no question open when it is ended', async () => {
    const thread = start();
    const asked = thread.count(await tokenizerFolder(WORDS), 'a');
    thread.dispose();
    expect(await asked).toEqual({ failed: expect.stringContaining('switched off') as string });
  });
});

describe('the counts of samples', () => {
  beforeEach(() => {
    world.configuration.clear();
    world.storage = '';
    world.trusted = true;
    live.clear();
  });
  const open = (): { counts: TokenCounts; heard: (string | undefined)[] } => {
    const heard: (string | undefined)[] = [];
    const counts = new TokenCounts((error) => {
      throw error;
    });
    counts.onDidCount((uri) => heard.push(uri));
    onTestFinished(() => {
      counts.dispose();
      expect([...live.values()]).toEqual([]);
    });
    return { counts, heard };
  };

  it('are estimates where no tokenizer is set, and say so', () => {
    expect(open().counts.of('file:///a.cot', 'a'.repeat(41))).toEqual({ limit: 8192, counted: { tokens: 11, by: '4 characters a token', estimated: true } });
  });

  it('go by the limit that is set, if it is one', () => {
    const { counts } = open();
    for (const [set, limit] of [[4096, 4096], [0, 8192], ['x', 8192]]) {
      world.configuration.set('cotLens.training.maxTokens', set);
      expect(counts.of('file:///a.cot', 'a')?.limit).toBe(limit);
    }
  });

  it('are none where the workspace is not trusted, or a relative path leads nowhere', () => {
    const { counts } = open();
    world.configuration.set('cotLens.training.tokenizer', 'models/tiny');
    expect(counts.of('file:///a.cot', 'a')?.counted).toEqual({ failed: expect.stringContaining('no folder is open') as string });
    world.trusted = false;
    expect(counts.of('file:///a.cot', 'a')?.counted).toEqual({ failed: expect.stringContaining('not trusted') as string });
  });

  it('by a tokenizer come later, once for all who wait, and are kept', async () => {
    const count = vi.spyOn(TokenThread.prototype, 'count').mockResolvedValue({ tokens: 5, name: 'tiny-model' });
    onTestFinished(() => {
      count.mockRestore();
    });
    world.storage = '/work';
    world.configuration.set('cotLens.training.tokenizer', 'models/tiny');
    const { counts, heard } = open();
    for (const uri of ['file:///a.cot', 'file:///b.cot', 'file:///a.cot']) expect(counts.of(uri, 'text')).toBeUndefined();
    await vi.waitFor(() => {
      expect(heard).toEqual(['file:///a.cot', 'file:///b.cot']);
    });
    expect(count.mock.calls).toEqual([[path.join('/work', 'models/tiny'), 'text']]);
    expect(counts.of('file:///c.cot', 'text')).toEqual({ limit: 8192, counted: { tokens: 5, by: 'tiny-model', estimated: false } });
    events.configuration.fire({ affectsConfiguration: (name: string) => name === 'cotLens.training' });
    expect(heard.at(-1)).toBeUndefined();
    expect(counts.of('file:///c.cot', 'text')).toBeUndefined();
  });

  it('that a tokenizer fails at are told, and no estimate takes their place', async () => {
    const count = vi.spyOn(TokenThread.prototype, 'count').mockResolvedValue({ failed: 'There is no tokenizer.json.' });
    onTestFinished(() => {
      count.mockRestore();
    });
    world.configuration.set('cotLens.training.tokenizer', '/models/none');
    const { counts, heard } = open();
    counts.of('file:///a.cot', 'text');
    await vi.waitFor(() => {
      expect(heard).toEqual(['file:///a.cot']);
    });
    expect(counts.of('file:///a.cot', 'text')?.counted).toEqual({ failed: 'There is no tokenizer.json.' });
  });
});
