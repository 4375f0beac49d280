import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { RenamedRow } from '../../../../src/session/datasets/rowTable';
import { edit, edited, makeFolder, starRow } from './setUp';

const ROWS = ['1', '2', '3'].map((id) => starRow(id, `Question ${id}?`));
const FILE = `${ROWS.join('\n')}\n`;
const never = new AbortController().signal;

describe('what others do to a file while it is written', () => {
  it('is not written over by edits that were kept aside: each is made only on the row that it was made for', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const dataset = await folder.set({ large: 100 }).open(file);
    const { key, text } = await dataset.text(1);
    expect((await dataset.save({ key, ordinal: 1, variant: undefined, text: text.replace('Then 2.', 'Mine.'), base: undefined })).how).toBe('saved');
    // Rows are known by their numbers: while the file is being written, another row comes to be the second.
    const other = `${starRow('new', 'New?')}\n${FILE}`;
    let replaced = false;
    const result = await dataset.applyEdits(never, () => {
      if (replaced) return;
      replaced = true;
      writeFileSync(`${file}.next`, other);
      renameSync(`${file}.next`, file);
    });
    expect(result).toMatchObject({ applied: 0, conflicts: [{ why: expect.stringContaining('changed in the file') as string, text: expect.stringContaining('Mine.') as string }] });
    expect(folder.read('a.jsonl')).toBe(other);
    expect(await dataset.editsAside()).toBe(1);
  });

  it('is kept where rows are written: that begins again on the file as it is now', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const dataset = await folder.set().open(file);
    const { key, hash } = await dataset.row(1);
    const other = `${starRow('new', 'New?')}\n${FILE}`;
    let replaced = false;
    const changed = await dataset.writeFields([{ key, hash, ordinal: 1, edits: [{ path: ['source'], value: 'kitchen' }] }], never, () => {
      if (replaced) return;
      replaced = true;
      writeFileSync(`${file}.next`, other);
      renameSync(`${file}.next`, file);
    });
    expect(changed).toEqual([]);
    expect(folder.rewrites()).toBe(2);
    expect(folder.read('a.jsonl')).toBe(other.replace(ROWS[1] ?? '', (ROWS[1] ?? '').replace('"garden"', '"kitchen"')));
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('lets a save fail in words where the file is cut off, and leaves nothing behind', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const dataset = await folder.set().open(file);
    const save = await edited(dataset, 0, 'Then 1.', 'Mine.');
    truncateSync(file, 20);
    const saved = await dataset.save(save).catch((error: unknown) => ({ how: String(error) }));
    expect(saved.how).not.toBe('saved');
    expect(readFileSync(file).length).toBe(20);
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('two windows that save one row of a large dataset: the second is told', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const [one, two] = [await folder.set({ large: 100 }).open(file), await folder.set({ large: 100 }).open(file)];
    const saves = [await edited(one, 1, 'Then 2.', 'One.'), await edited(two, 1, 'First of 2.', 'Two.')] as const;
    const saved = await Promise.all([one.save(saves[0]), two.save(saves[1])]);
    expect(saved.map(({ how }) => how).sort()).toEqual(['conflict', 'saved']);
    expect(await one.editsAside()).toBe(1);
  });

  it('a hard link keeps what it held: only the name that was saved changes', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    linkSync(file, path.join(folder.path, 'other.jsonl'));
    const dataset = await folder.set().open(file);
    expect((await edit(dataset, 0, 'Then 1.', 'Mine.')).how).toBe('saved');
    expect(folder.read('other.jsonl')).toBe(FILE);
    expect(folder.read('a.jsonl')).toBe(FILE.replace('Then 1.', 'Mine.'));
  });
});

describe('a folder that may not be written', () => {
  const { geteuid, seteuid } = process;
  // Others than an administrator cannot become somebody else, but need not either.
  const asSomebody = async (run: () => Promise<void>): Promise<void> => {
    const before = geteuid?.();
    if (before === 0) seteuid?.(65534);
    try {
      await run();
    } finally {
      if (before === 0) seteuid?.(0);
    }
  };

  it.skipIf(geteuid === undefined)('is said in words, and the file and the text stay', async () => {
    const folder = makeFolder();
    mkdirSync(path.join(folder.path, 'closed'));
    const file = folder.write('closed/a.jsonl', FILE);
    for (const [name, mode] of [['', 0o777], ['closed/a.jsonl', 0o666]] as const) chmodSync(path.join(folder.path, name), mode);
    const closed = path.join(folder.path, 'closed');
    await asSomebody(async () => {
      const dataset = await folder.set().open(file);
      const save = await edited(dataset, 0, 'Then 1.', 'Mine.');
      if (geteuid?.() === 65534) seteuid?.(0);
      chmodSync(closed, 0o555);
      if (geteuid?.() === 0) seteuid?.(65534);
      await expect(dataset.save(save)).rejects.toThrow(/The folder of a\.jsonl may not be written, so the file was left as it was/);
    });
    expect(folder.read('closed/a.jsonl')).toBe(FILE);
    chmodSync(closed, 0o755);
    expect(readdirSync(closed)).toEqual(['a.jsonl']);
    expect((await edit(await folder.set().open(file), 0, 'Then 1.', 'Mine.')).how).toBe('saved');
    expect(statSync(file).mode & 0o777).toBe(0o666);
  });
});

describe('the names of rows', () => {
  it('that are called the same: the one whose id is edited goes on in its tab, and the next in its own', async () => {
    const folder = makeFolder();
    const renamed = vi.fn((_path: string, _rows: readonly RenamedRow[]) => Promise.resolve());
    const rows = ['A?', 'B?', 'C?'].map((question) => starRow('same', question));
    const file = folder.write('a.jsonl', rows.join('\n'));
    const dataset = await folder.set({ onRenamed: renamed }).open(file);
    expect((await edit(dataset, 0, 'id: same', 'id: own')).how).toBe('saved');
    expect(renamed.mock.calls).toEqual([[file, [{ ordinal: 0, old: 'same', now: 'own' }, { ordinal: 1, old: 'same~2', now: 'same' }, { ordinal: 2, old: 'same~3', now: 'same~2' }]]]);
    // By the addresses of the tabs that were open before, here and in a window that comes later.
    for (const one of [dataset, await folder.set().open(file)]) {
      expect(await one.find('same', 0)).toBe(0);
      expect(await one.find('same~2', 1)).toBe(1);
      expect(await one.find('same~3', 2)).toBe(2);
      // And by the names that they have now.
      expect(await one.find('same', 1)).toBe(1);
      expect(await one.find('own', 0)).toBe(0);
    }
  });

  it('lead to rows also where the file has come to be large, or is so no more', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const [small, large] = [await folder.set().open(file), await folder.set({ large: 100 }).open(file)];
    expect((await small.row(1)).key).toBe('2');
    expect((await large.row(1)).key).toBe('row2');
    expect([await large.find('2', 1), await large.find('2', 0), await large.find('2', 9)]).toEqual([1, undefined, undefined]);
    expect([await small.find('row2', 1), await small.find('row9', 8)]).toEqual([1, undefined]);
    // What was kept aside while it was large is written when it is not.
    expect((await edit(large, 1, 'Then 2.', 'Mine.')).how).toBe('saved');
    expect(await small.applyEdits(never, () => undefined)).toEqual({ applied: 1, conflicts: [] });
    expect(folder.read('a.jsonl')).toBe(FILE.replace('Then 2.', 'Mine.'));
  });

  it('that change several times lead to the row all the same, until another has that name', async () => {
    const folder = makeFolder();
    const dataset = await folder.set().open(folder.write('a.jsonl', FILE));
    for (const [from, to] of [['id: "2"', 'id: two'], ['id: two', 'id: zwei'], ['id: zwei', 'id: deux']] as const) {
      expect((await edit(dataset, 1, from, to)).how).toBe('saved');
    }
    for (const old of ['2', 'two', 'zwei', 'deux']) expect(await dataset.find(old, 1)).toBe(1);
    // Back to a name that it had.
    expect((await edit(dataset, 1, 'id: deux', 'id: two')).how).toBe('saved');
    for (const old of ['2', 'two', 'zwei', 'deux']) expect(await dataset.find(old, 1)).toBe(1);
    expect((await edit(dataset, 2, 'id: "3"', 'id: "2"')).how).toBe('saved');
    expect(await dataset.find('2', 2)).toBe(2);
    expect(await dataset.find('2', 1)).toBe(1);
  });
});
