import { appendFileSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { DatasetChange, DatasetRow } from '../../../../src/session/datasets/dataset';
import { edit, makeFolder, preferenceRow, starRow } from './setUp';

const FILE = `${[starRow('1', 'A soup?'), starRow('2', 'A salad?'), starRow('3', 'A pie?')].join('\n')}\n`;

async function all(rows: AsyncIterable<DatasetRow>): Promise<DatasetRow[]> {
  const found: DatasetRow[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

describe('a dataset', () => {
  it('is one for all who open it, and ends with the last', async () => {
    const folder = makeFolder();
    const set = folder.set();
    const file = folder.write('a.jsonl', FILE);
    const [one, two] = [await set.open(file), await set.open(file)];
    expect(two).toBe(one);
    one.dispose();
    expect((await two.row(0)).key).toBe('1');
    two.dispose();
    expect(await set.open(file)).not.toBe(one);
  });

  it('opens for one who waits, also where another who began has cancelled', async () => {
    const folder = makeFolder();
    const set = folder.set();
    const file = folder.write('a.jsonl', FILE);
    const cancel = new AbortController();
    const first = set.open(file, { signal: cancel.signal });
    const second = set.open(file);
    cancel.abort();
    await expect(first).rejects.toThrow(/abort/i);
    expect((await second).count).toBe(3);
  });

  it('says what is no dataset', async () => {
    const folder = makeFolder();
    await expect(folder.set().open(folder.write('a.txt', 'hello\nthere\n'))).rejects.toThrow(/a\.txt is no dataset that can be read here/);
    await expect(folder.set().open(path.join(folder.path, 'none.jsonl'))).rejects.toThrow(/none\.jsonl is not there/);
  });

  it('names rows by id, else by what was asked, else by number, and tells equal names apart', async () => {
    const folder = makeFolder();
    const rows = [starRow('a b', 'Q'), starRow('a b', 'Q'), starRow('a b', 'Q'), preferenceRow('Same?'), preferenceRow('Same?'), '{"other":1}', 'not json'];
    const dataset = await folder.set().open(folder.write('a.jsonl', rows.join('\n')));
    const keys = (await all(dataset.rows(new AbortController().signal))).map(({ key }) => key);
    expect(keys[0]).toMatch(/^a_b-[0-9a-f]{6}$/);
    expect(keys.slice(1, 3)).toEqual([`${String(keys[0])}~2`, `${String(keys[0])}~3`]);
    expect(keys[3]).toMatch(/^[0-9a-f]{12}$/);
    expect(keys[4]).toBe(`${String(keys[3])}~2`);
    expect(keys.slice(5)).toEqual(['row6', 'row7']);
    expect(dataset.formats).toEqual(['STAR-1', 'TRL preference']);
  });

  it('gives the others where one row is broken', async () => {
    const folder = makeFolder();
    const dataset = await folder.set().open(folder.write('a.jsonl', FILE.replace(/^.*salad.*$/m, '{"id": "2", "question":')));
    const rows = await all(dataset.rows(new AbortController().signal));
    expect(rows.map(({ problem }) => problem === undefined)).toEqual([true, false, true]);
    await expect(dataset.text(1)).rejects.toThrow(/Row 2 \(line 2\) is no JSON/);
    await expect(dataset.row(3)).rejects.toThrow(RangeError);
  });

  it('uses the index that is kept while it fits the file, and no other', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    await folder.set().open(file);
    const [kept] = readdirSync(path.join(folder.path, '.cotlens/index'));
    expect(kept).toMatch(/^a\.jsonl\.[0-9a-f]{8}\.rows$/);
    expect(folder.read('.cotlens/.gitignore')).toContain('\n*\n');
    const progress = vi.fn();
    await folder.set().open(file, { progress });
    expect(progress).not.toHaveBeenCalled();
    writeFileSync(file, FILE + starRow('4', 'New?'));
    const again = await folder.set().open(file, { progress });
    expect(progress).toHaveBeenCalled();
    expect(again.count).toBe(4);
    // Torn or foreign, it is not used.
    writeFileSync(path.join(folder.path, '.cotlens/index', kept ?? ''), 'CoT Lens row index 1\n{"count": 9');
    expect((await folder.set().open(file)).count).toBe(4);
  });

  it('notices a change of the file: which rows, or all', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const dataset = await folder.set().open(file);
    await dataset.row(0);
    const changes: DatasetChange[] = [];
    dataset.onDidChange((change) => changes.push(change));
    writeFileSync(file, FILE.replace('First of 2', 'Fists of 2'));
    await vi.waitFor(() => {
      expect(changes).toEqual([{ all: false, rows: [1] }]);
    });
    appendFileSync(file, starRow('4', 'New?'));
    await vi.waitFor(() => {
      expect(changes.at(-1)).toEqual({ all: true, rows: [] });
    });
    expect(dataset.count).toBe(4);
    rmSync(file);
    await vi.waitFor(() => {
      expect(changes.length).toBe(3);
    });
    await expect(dataset.row(0)).rejects.toThrow(/is not there any more/);
  });

  it('is read anew where another file takes its name, also of the same size and time', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const time = new Date(2020, 1, 1);
    utimesSync(file, time, time);
    const dataset = await folder.set().open(file);
    expect((await dataset.text(0)).text).toContain('A soup?');
    const other = folder.write('b', FILE.replace('A soup?', 'A loaf?'));
    utimesSync(other, time, time);
    renameSync(other, file);
    expect((await dataset.text(0)).text).toContain('A loaf?');
  });

  it('is indexed anew where the file is replaced meanwhile', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    let replaced = false;
    const dataset = await folder.set().open(file, {
      progress: () => {
        if (replaced) return;
        replaced = true;
        renameSync(folder.write('b', FILE + starRow('4', 'New?')), file);
      },
    });
    expect(replaced).toBe(true);
    expect(dataset.count).toBe(4);
    expect((await dataset.text(3)).text).toContain('New?');
  });

  it('is read as somebody chose, in every window, until it is left to the content again', async () => {
    const folder = makeFolder();
    const file = folder.write('a.jsonl', FILE);
    const [one, two] = [await folder.set().open(file), await folder.set().open(file)];
    await one.choose({ format: 'TRL preference' });
    expect((await one.row(0)).format).toBe('TRL preference');
    expect(JSON.parse(folder.read('.cotlens/formats.json'))).toEqual({ v: 1, datasets: { 'a.jsonl': { format: 'TRL preference' } } });
    expect((await two.choice())?.format).toBe('TRL preference');
    expect((await one.row(0)).key).toBe('1');
    await one.choose(undefined);
    expect((await one.row(0)).format).toBe('STAR-1');
  });

  it('keeps beside a table what its rows cannot hold', async () => {
    const folder = makeFolder();
    const text = 'id,question,response,category,source\n1,"A ""soup""?","<think>\nOne.\n</think>\n\nYes.",x,y\n2,B?,No.,x,y\n';
    const file = folder.write('a.csv', text);
    const dataset = await folder.set().open(file);
    expect(dataset.count).toBe(2);
    expect((await edit(dataset, 0, '---\n', '---\nintent: benign\n')).how).toBe('saved');
    expect(folder.read('a.csv')).toBe(text);
    expect((await dataset.text(0)).text).toContain('intent: benign');
    const [kept] = readdirSync(path.join(folder.path, '.cotlens/provenance'));
    expect(JSON.parse(folder.read(`.cotlens/provenance/${kept ?? ''}`))).toEqual({ v: 1, rows: { 1: { intent: 'benign' } } });
  });
});
