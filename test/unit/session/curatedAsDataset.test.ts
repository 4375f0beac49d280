import { appendFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { edit, edited, makeFolder } from './datasets/setUp';
import { plainSample } from '../curate/plainSample';
import { foreignLine, setFolder } from './curatedSetUp';

const LINES = ['a', 'b', 'c'].map((id) => foreignLine(id));
const FILE = LINES.map((one) => `${one}\n`).join('');

/** One file open as a set and as a dataset, as in one window: both take the same lock. */
async function both(): Promise<{ folder: ReturnType<typeof setFolder>; set: Awaited<ReturnType<ReturnType<typeof folder.window>['open']>>; dataset: Awaited<ReturnType<ReturnType<ReturnType<typeof makeFolder>['set']>['open']>> }> {
  const folder = setFolder();
  const file = folder.write(FILE);
  return { folder, set: await folder.window().open(file), dataset: await makeFolder(folder.path).set().open(file) };
}

it('a set reads as a dataset, each sample a row', async () => {
  const { dataset, set } = await both();
  expect(dataset.formats).toEqual(['CoT Lens curated']);
  expect(dataset.count).toBe(3);
  expect((await dataset.row(1)).key).toBe('b');
  expect(set.cards.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

it('a row saved as a document shows in the set, and a change of the set in the dataset', { timeout: 60_000 }, async () => {
  const { folder, dataset, set } = await both();
  expect((await edit(dataset, 1, 'Basil wants light.', 'First.\n\nBasil wants light.')).how).toBe('saved');
  await vi.waitFor(async () => {
    expect((await set.read([1]))[0]?.steps.slice(0, 2)).toEqual(['First.\n\n', 'Basil wants light.\n\n']);
  }, 20_000);
  expect((await edit(dataset, 1, 'How do I keep basil b fresh?', 'How do I dry it?')).how).toBe('saved');
  await vi.waitFor(() => {
    expect(set.cards[1]?.title).toBe('How do I dry it?');
  }, 20_000);
  await set.remove(['a']);
  await set.add(plainSample('d'));
  await vi.waitFor(() => {
    expect(dataset.count).toBe(3);
  }, 20_000);
  expect((await dataset.row(2)).key).toBe('d');
  expect(folder.read().split('\n')[1]).toBe(LINES[2]);
});

it('the known answer is changed in its document, and nothing else of the file', async () => {
  const folder = makeFolder();
  const lines = [foreignLine('a', { expected: '72' }), foreignLine('b', { expected: '1/2' }).replace('"expected":', '"expected" :  '), foreignLine('c', { expected: '7' })];
  const file = folder.write('sums.curated.jsonl', lines.join('\r\n'));
  const dataset = await folder.set().open(file);
  expect((await edit(dataset, 1, '\nexpected: 1/2\n', '\nexpected: 3/4\n')).how).toBe('saved');
  expect((await edit(dataset, 0, '\nexpected: "72"\n', '\nexpected: "73"\n')).how).toBe('saved');
  const [first = '', second = '', last = ''] = lines;
  expect(folder.read('sums.curated.jsonl').split('\r\n')).toEqual([first.replace('"72"', '"73"'), second.replace('"expected" :  "1/2"', '"expected" :  "3/4"'), last]);
});

it('a document that was opened before the set changed is saved to its own row', async () => {
  const { dataset, set } = await both();
  const save = await edited(dataset, 2, 'Basil wants light.', 'Mine.');
  await set.remove(['a']);
  expect((await dataset.save(save)).how).toBe('saved');
  await set.note('b', 'n');
  expect((await set.read()).map(({ id, note, steps }) => [id, note, steps[0]])).toEqual([['b', 'n', 'Basil wants light.\n\n'], ['c', undefined, 'Mine.\n\n']]);
});

it('a document whose row was changed in the set meanwhile is told so, unless it was only the note', async () => {
  const { dataset, set } = await both();
  const [one, two] = [await edited(dataset, 0, 'Basil wants light.', 'Mine.'), await edited(dataset, 1, 'Basil wants light.', 'Mine.')];
  await set.note('a', 'n');
  expect((await dataset.save(one)).how).toBe('saved');
  await set.remove(['b']);
  expect((await dataset.save(two)).how).toBe('gone');
  const [sample] = await set.read();
  expect(sample).toMatchObject({ id: 'a', note: 'n', steps: ['Mine.\n\n', expect.anything(), expect.anything()] });
});

it('saves and changes at the same time leave every one of them', { timeout: 30_000 }, async () => {
  const { folder, dataset, set } = await both();
  const saves = await Promise.all([0, 1, 2].map((row) => edited(dataset, row, 'Basil wants light.', `Mine ${String(row)}.`)));
  const changes = [set.add(plainSample('d')), set.note('b', 'n'), set.add(plainSample('e'))];
  const saved = await Promise.all(saves.map((save) => dataset.save(save)));
  await Promise.all(changes);
  expect(saved.map(({ how }) => how)).toEqual(['saved', 'saved', 'saved']);
  expect((await set.read()).map(({ id, note, steps }) => [id, note, steps[0]])).toEqual([
    ...[['a', undefined, 'Mine 0.\n\n'], ['b', 'n', 'Mine 1.\n\n'], ['c', undefined, 'Mine 2.\n\n']],
    ...['d', 'e'].map((id) => [id, undefined, 'Basil wants light.\n\n']),
  ]);
  appendFileSync(folder.file(), '{"torn');
  expect((await edit(dataset, 0, 'Mine 0.', 'Again.')).how).toBe('saved');
  expect(folder.read().endsWith('\n{"torn')).toBe(true);
});
