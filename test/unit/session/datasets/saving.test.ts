import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { edit, edited, makeFolder, preferenceRow, starRow } from './setUp';

const ROWS = [starRow('1', 'A soup?'), starRow('2', 'A salad?'), starRow('3', 'A pie?')];
const FILE = `${ROWS.join('\n')}\n`;

describe('saving a row', () => {
  it('changes that row’s bytes only', async () => {
    const folder = makeFolder();
    const dataset = await folder.set().open(folder.write('a.jsonl', FILE));
    expect((await edit(dataset, 1, 'Then 2.', 'Then two, “quoted”.')).how).toBe('saved');
    expect(folder.read('a.jsonl')).toBe(FILE.replace('Then 2.', 'Then two, “quoted”.'));
    expect((await dataset.text(1)).text).toContain('Then two, “quoted”.');
  });

  it('leaves the file alone where nothing changed', async () => {
    const folder = makeFolder();
    const dataset = await folder.set().open(folder.write('a.jsonl', FILE));
    expect((await edit(dataset, 1, 'Then 2.', 'Then 2.')).how).toBe('saved');
    expect(folder.rewrites()).toBe(0);
  });

  it('writes ten rows that are saved together in one go', async () => {
    const folder = makeFolder();
    const rows = Array.from({ length: 10 }, (_, i) => starRow(String(i), `Question ${String(i)}`));
    const dataset = await folder.set().open(folder.write('a.jsonl', rows.join('\n')));
    const saves = await Promise.all(rows.map((_, i) => edited(dataset, i, `Then ${String(i)}.`, `Later ${String(i)}.`)));
    const saved = await Promise.all(saves.map((save) => dataset.save(save)));
    expect(saved.map(({ how }) => how)).toEqual(rows.map(() => 'saved'));
    expect(folder.read('a.jsonl')).toBe(rows.join('\n').replace(/Then (\d)/g, 'Later $1'));
    expect(folder.rewrites()).toBe(1);
  });

  it('finds a change on disk of the same length', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const dataset = await folder.set().open(file);
    const save = await edited(dataset, 1, 'Then 2.', 'Mine 2.');
    const other = FILE.replace('First of 2.', 'Fists of 2.');
    writeFileSync(file, other);
    const saved = await dataset.save(save);
    expect(saved.how).toBe('conflict');
    expect(saved.how === 'conflict' && saved.row.text).toContain('Fists of 2.');
    expect(folder.read('a.jsonl')).toBe(other);
    expect((await dataset.save({ ...save, base: undefined })).how).toBe('saved');
    expect(folder.read('a.jsonl')).toBe(FILE.replace('Then 2.', 'Mine 2.'));
  });

  it('goes on where another row changed, also in length', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const dataset = await folder.set().open(file);
    const save = await edited(dataset, 1, 'Then 2.', 'Mine 2.');
    const other = FILE.replace('A soup?', 'A much longer soup?');
    writeFileSync(file, other);
    expect((await dataset.save(save)).how).toBe('saved');
    expect(folder.read('a.jsonl')).toBe(other.replace('Then 2.', 'Mine 2.'));
  });

  it('finds a row that moved, and says of one that went that it is gone', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const dataset = await folder.set().open(file);
    const [second, third] = [await edited(dataset, 1, 'Then 2.', 'Mine 2.'), await edited(dataset, 2, 'Then 3.', 'Mine 3.')];
    const next = path.join(folder.path, 'next');
    writeFileSync(next, [starRow('9', 'New?'), ROWS[0], ROWS[2]].join('\n'));
    renameSync(next, file);
    const saved = await Promise.all([dataset.save(second), dataset.save(third)]);
    expect(saved.map(({ how }) => how)).toEqual(['gone', 'saved']);
    expect(folder.read('a.jsonl')).toBe([starRow('9', 'New?'), ROWS[0], (ROWS[2] ?? '').replace('Then 3.', 'Mine 3.')].join('\n'));
  });

  it('says that a file is gone', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const dataset = await folder.set().open(file);
    const save = await edited(dataset, 1, 'Then 2.', 'Mine 2.');
    rmSync(file);
    const saved = await dataset.save(save);
    expect(saved).toMatchObject({ how: 'gone' });
    expect(existsSync(file)).toBe(false);
  });

  it('keeps both traces of a row that are saved together, and refuses a text that they share and say otherwise', async () => {
    const folder = makeFolder();
    const rows = `${preferenceRow('A soup?')}\n${preferenceRow('A pie?')}\n`;
    const dataset = await folder.set().open(folder.write('a.jsonl', rows));
    const [chosen, rejected] = [await edited(dataset, 0, 'Kind.', 'Kinder.', 'chosen'), await edited(dataset, 0, 'Curt.', 'Curter.', 'rejected')];
    const saved = await Promise.all([dataset.save(chosen), dataset.save(rejected)]);
    expect(saved.map(({ how }) => how)).toEqual(['saved', 'saved']);
    expect(folder.read('a.jsonl')).toBe(rows.replace('Kind.', 'Kinder.').replace('Curt.', 'Curter.'));
    const one = await edited(dataset, 1, 'A pie?', 'A cake?', 'chosen');
    const two = await edited(dataset, 1, 'A pie?', 'A tart?', 'rejected');
    expect((await Promise.all([dataset.save(one), dataset.save(two)])).map(({ how }) => how)).toEqual(['saved', 'refused']);
  });

  it('keeps what a person adds in the row’s one key, each trace its own', async () => {
    const folder = makeFolder();
    const dataset = await folder.set().open(folder.write('a.jsonl', `${preferenceRow('A soup?')}\n`));
    for (const variant of ['chosen', 'rejected']) {
      const { key, text } = await dataset.text(0, variant);
      const intent = variant === 'chosen' ? 'benign' : 'ambiguous';
      const withIntent = text.startsWith('---\n') ? text.replace('---\n', `---\nintent: ${intent}\n`) : `---\nintent: ${intent}\n---\n${text}`;
      expect((await dataset.save({ key, ordinal: 0, variant, text: withIntent, base: undefined })).how).toBe('saved');
    }
    expect(JSON.parse(folder.read('a.jsonl'))).toMatchObject({ cotlens: { intent: 'benign', variants: { rejected: { intent: 'ambiguous' } } } });
    expect((await dataset.text(0, 'chosen')).text).toContain('intent: benign');
    expect((await dataset.text(0, 'rejected')).text).toContain('intent: ambiguous');
  });

  it('follows a symbolic link and keeps the file’s mode', async () => {
    const folder = makeFolder();
    mkdirSync(path.join(folder.path, 'real'));
    const file = folder.write('real/a.jsonl', FILE);
    chmodSync(file, 0o640);
    const link = path.join(folder.path, 'link.jsonl');
    symlinkSync(file, link);
    const dataset = await folder.set().open(link);
    expect((await edit(dataset, 0, 'Then 1.', 'Mine 1.')).how).toBe('saved');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(folder.read('real/a.jsonl')).toContain('Mine 1.');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(path.join(folder.path, 'real'))).toEqual(['a.jsonl']);
  });

  it('does not write a file that is read-only, and says so', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const dataset = await folder.set().open(file);
    const save = await edited(dataset, 0, 'Then 1.', 'Mine 1.');
    chmodSync(file, 0o444);
    await expect(dataset.save(save)).rejects.toThrow(/a\.jsonl is read-only/);
    expect(folder.read('a.jsonl')).toBe(FILE);
  });

  it('takes its turn with another window that writes the same file', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const [one, two] = [await folder.set().open(file), await folder.set().open(file)];
    const saves = [await edited(one, 0, 'Then 1.', 'One 1.'), await edited(two, 2, 'Then 3.', 'Two 3.')] as const;
    const saved = await Promise.all([one.save(saves[0]), two.save(saves[1])]);
    expect(saved.map(({ how }) => how)).toEqual(['saved', 'saved']);
    expect(folder.read('a.jsonl')).toBe(FILE.replace('Then 1.', 'One 1.').replace('Then 3.', 'Two 3.'));
  });

  it('lets the second of two windows that edit one row know', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const [one, two] = [await folder.set().open(file), await folder.set().open(file)];
    const saves = [await edited(one, 0, 'Then 1.', 'One 1.'), await edited(two, 0, 'First of 1.', 'Two of 1.')] as const;
    expect((await one.save(saves[0])).how).toBe('saved');
    expect((await two.save(saves[1])).how).toBe('conflict');
    expect(folder.read('a.jsonl')).toBe(FILE.replace('Then 1.', 'One 1.'));
  });

  it('remembers a row under its old name when its id is edited', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const dataset = await folder.set().open(file);
    expect((await edit(dataset, 1, 'id: "2"', 'id: "two"')).how).toBe('saved');
    expect((await dataset.row(1)).key).toBe('two');
    expect(await dataset.find('2', 1)).toBe(1);
    expect(await (await folder.set().open(file)).find('2', 0)).toBe(1);
  });

  it('works where nothing can be kept beside it, and says so once', async () => {
    const folder = makeFolder();
    // A file where the folder should be: nobody can write there, not even an administrator.
    folder.write('.cotlens', 'not a folder');
    const file = folder.write('a.jsonl', FILE);
    const set = folder.set();
    const dataset = await set.open(file);
    await set.open(folder.write('b.jsonl', FILE));
    expect(folder.logged).toHaveLength(1);
    expect(folder.logged[0]).toMatch(/^Indexes of datasets cannot be kept in .*index/);
    expect((await edit(dataset, 1, 'Then 2.', 'Mine 2.')).how).toBe('saved');
    expect(folder.read('a.jsonl')).toBe(FILE.replace('Then 2.', 'Mine 2.'));
  });

  it('writes fields that no document holds, except into rows that changed meanwhile', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const dataset = await folder.set().open(file);
    const saves = await Promise.all([0, 1].map(async (ordinal) => ({ ...(await dataset.row(ordinal)), edits: [{ path: ['score', 'ours'], value: 3 }] })));
    writeFileSync(file, FILE.replace('First of 1.', 'Fists of 1.'));
    expect(await dataset.writeFields(saves, new AbortController().signal, () => undefined)).toEqual([0]);
    const rows = folder.read('a.jsonl').split('\n');
    expect(rows[0]).toBe((ROWS[0] ?? '').replace('First of 1.', 'Fists of 1.'));
    expect(JSON.parse(rows[1] ?? '')).toEqual({ ...(JSON.parse(ROWS[1] ?? '') as object), score: { a: 5, ours: 3 } });
    expect(rows[2]).toBe(ROWS[2]);
  });
});
