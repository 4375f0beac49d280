import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../../src/session/nodeFiles';
import { setOfRun } from '../../../../src/session/training/setOfRun';

describe('the set of a run', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'cot-set-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const write = (name: string, text: string): string => {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const folders = (...names: string[]): string[] => names.map((name) => path.join(root, name));

  it('is found in whichever folder of the workspace has it, and the one that was trained on comes first', async () => {
    const [one, two] = [write('a/sets/x.curated.jsonl', 'one'), write('b/sets/x.curated.jsonl', 'two')];
    const of = (sha256: string, ...names: string[]): Promise<string> => setOfRun({ path: 'sets/x.curated.jsonl', sha256 }, folders(...names), nodeFiles);
    expect(await of(hash('one'), 'a', 'b')).toBe(one);
    expect(await of(hash('two'), 'a', 'b')).toBe(two);
    // It was changed since: the first.
    expect(await of(hash('three'), 'b', 'a')).toBe(two);
    expect(await of(hash('one'), 'c', 'b')).toBe(two);
    await expect(of(hash('one'), 'c')).rejects.toThrow('x.curated.jsonl, the set of this run, is not in the workspace any more.');
  });

  it('that lies outside the workspace is found by its whole path, and in no folder', async () => {
    const outside = write('out/x.curated.jsonl', 'one');
    expect(await setOfRun({ path: outside, sha256: '' }, folders('a'), nodeFiles)).toBe(outside);
    write(path.join('a', outside), 'in a folder');
    rmSync(outside);
    await expect(setOfRun({ path: outside, sha256: '' }, folders('a'), nodeFiles)).rejects.toThrow('not in the workspace any more');
  });

  it('is not looked for above a folder or on another machine', async () => {
    write('x.curated.jsonl', 'above');
    const looked: string[] = [];
    const files = { read: nodeFiles.read.bind(nodeFiles), facts: (file: string) => (looked.push(file), nodeFiles.facts(file)) };
    mkdirSync(path.join(root, 'a'));
    for (const bad of ['../x.curated.jsonl', 'sets\\..\\..\\x.curated.jsonl', '\\\\host\\share\\x.curated.jsonl', '//host/share/x.curated.jsonl']) {
      await expect(setOfRun({ path: bad, sha256: '' }, folders('a'), files)).rejects.toThrow('so it is not opened');
    }
    expect(looked).toEqual([]);
  });
});
