import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, starRow } from './setUp';

const looks = (name: string, content: string): Promise<boolean> => {
  const folder = makeFolder();
  return folder.set().looksLikeTraces(folder.write(name, content));
};

describe('a JSON file among those of a workspace', () => {
  it('is no dataset where it is a configuration', async () => {
    const root = path.join(import.meta.dirname, '../../../..');
    for (const name of ['package.json', 'package-lock.json', 'src/tsconfig.json', 'samples/author-scores.json']) {
      expect([name, await looks(path.basename(name), readFileSync(path.join(root, name), 'utf8'))]).toEqual([name, false]);
    }
    expect(await looks('list.json', '[1, 2, 3]')).toBe(false);
    expect(await looks('empty.json', '')).toBe(false);
  });

  it('is one where its rows are traces: a list, a wrapped list, one behind a broken row', async () => {
    expect(await looks('a.json', `[${starRow('1', 'How do I peel an onion?')}]`)).toBe(true);
    expect(await looks('b.json', `{"meta_info": {"n": 1}, "data": [${starRow('1', 'How do I peel an onion?')}]}`)).toBe(true);
    expect(await looks('c.json', `[3, ${starRow('1', 'How do I peel an onion?')}]`)).toBe(true);
  });

  it('is one where its first row is longer than what is read of it, and its fields say so', async () => {
    const long = 'It is a plain question. '.repeat(5000);
    expect(await looks('d.json', `[${starRow('1', long)}]`)).toBe(true);
    expect(await looks('e.json', `{"compilerOptions": {"about": "${long}"}}`)).toBe(false);
  });
});
