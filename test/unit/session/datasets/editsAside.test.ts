import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keptPath } from '../../../../src/session/datasets/cotlensFolder';
import { edit, edited, makeFolder, starRow, type Folder } from './setUp';

const FILE = `${[starRow('1', 'A soup?'), starRow('2', 'A salad?'), starRow('3', 'A pie?')].join('\n')}\n`;
const never = new AbortController().signal;
const edits = (folder: Folder): string => keptPath({ folder: `${folder.path}/.cotlens`, doc: 'a.jsonl' }, 'edits', 'jsonl');

describe('edits of a large dataset', () => {
  it('are kept aside, shown at once, and written in one pass when asked', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const set = folder.set({ large: 100 });
    const dataset = await set.open(file);
    expect((await dataset.row(1)).key).toBe('row2');
    expect((await edit(dataset, 1, 'Then 2.', 'Then two.')).how).toBe('saved');
    expect((await edit(dataset, 1, 'Then two.', 'Then two, again.')).how).toBe('saved');
    expect((await edit(dataset, 2, 'Then 3.', 'Then three.')).how).toBe('saved');
    expect(folder.read('a.jsonl')).toBe(FILE);
    expect((await dataset.text(1)).text).toContain('Then two, again.');
    expect((await (await folder.set({ large: 100 }).open(file)).text(1)).text).toContain('Then two, again.');
    expect(await dataset.editsAside()).toBe(2);
    expect(await dataset.applyEdits(never, () => undefined)).toEqual({ applied: 2, conflicts: [] });
    expect(folder.read('a.jsonl')).toBe(FILE.replace('Then 2.', 'Then two, again.').replace('Then 3.', 'Then three.'));
    expect(folder.rewrites()).toBe(1);
    expect(existsSync(edits(folder))).toBe(false);
  });

  it('stay aside where their row changed, and are told of', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const dataset = await folder.set({ large: 100 }).open(file);
    await edit(dataset, 0, 'Then 1.', 'Then one.');
    await edit(dataset, 1, 'Then 2.', 'Then two.');
    writeFileSync(file, FILE.replace('A soup?', 'A stew?'));
    const { applied, conflicts } = await dataset.applyEdits(never, () => undefined);
    expect(applied).toBe(1);
    expect(conflicts).toMatchObject([{ ordinal: 0, why: 'The row was changed in the file since it was edited.' }]);
    expect(conflicts[0]?.text).toContain('Then one.');
    expect(await dataset.editsAside()).toBe(1);
    expect(folder.read('a.jsonl')).toBe(FILE.replace('A soup?', 'A stew?').replace('Then 2.', 'Then two.'));
    await dataset.discardEdits();
    expect(await dataset.editsAside()).toBe(0);
  });

  it('survive a cancelled run, and a torn line in their file', async () => {
    const folder = makeFolder();
    const dataset = await folder.set({ large: 100 }).open(folder.write('a.jsonl', FILE));
    await edit(dataset, 1, 'Then 2.', 'Then two.');
    appendFileSync(edits(folder), '{"key":"row3","text":"to');
    await edit(dataset, 0, 'Then 1.', 'Then one.');
    expect(await dataset.editsAside()).toBe(2);
    await expect(dataset.applyEdits(AbortSignal.abort(), () => undefined)).rejects.toThrow();
    expect(folder.read('a.jsonl')).toBe(FILE);
    expect(await dataset.editsAside()).toBe(2);
  });

  it('of two windows on one row: the second is a conflict', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const [one, two] = [await folder.set({ large: 100 }).open(file), await folder.set({ large: 100 }).open(file)];
    const late = await edited(two, 0, 'Then 1.', 'Second 1.');
    expect((await edit(one, 0, 'Then 1.', 'First 1.')).how).toBe('saved');
    expect((await two.save(late)).how).toBe('conflict');
  });
});
