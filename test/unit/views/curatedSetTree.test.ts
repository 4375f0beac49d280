import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import type { CuratedSample } from '../../../src/curate/sample';
import { CuratedSetFiles } from '../../../src/host/curatedSets';
import { checkSet } from '../../../src/views/setCommandsCheck';
import { editNote, moveSamples, removeSamples, undoRemove } from '../../../src/views/setCommands';
import type { SetNode } from '../../../src/views/curatedSetViewNodes';
import { CuratedSetTree } from '../../../src/views/curatedSetViewTree';
import { temporaryFolder } from '../session/scoring';
import { memento, person, Uri, world } from './setStandIn';

vi.mock('vscode', () => import('./setStandIn'));

const sample = (id: string, more: Partial<CuratedSample> = {}): CuratedSample => ({
  ...{ id, intent: 'harmful', recipe: 'temptation-correction', prompt: `How do I open shed ${id}?`, steps: [`I look at shed ${id}.\n\n`, `No, shed ${id} is not mine.`] },
  ...{ answer: 'Whose is it?', verdicts: [], findings: [], added: '2026-11-21T10:00:00.000Z', cotlens: { injected: [] } },
  ...more,
});

describe('the Curated Set view', () => {
  let folder = '';
  let sets: CuratedSetFiles;
  let tree: CuratedSetTree;
  const file = (name: string): string => path.join(folder, `${name}.curated.jsonl`);
  const write = (name: string, ...lines: (CuratedSample | string)[]): Promise<void> => writeFile(file(name), lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  const read = (name: string): Promise<string> => readFile(file(name), 'utf8');
  const nodeOf = async (name: string): Promise<SetNode | undefined> => (await tree.getChildren()).find(({ path: of }) => of === file(name));
  const under = async (node: SetNode | undefined): Promise<SetNode[]> => {
    const children = node === undefined ? [] : await tree.getChildren(node);
    return [...children, ...(await Promise.all(children.map(under))).flat()];
  };
  const samples = async (name: string, ...ids: string[]): Promise<SetNode[]> => (await under(await nodeOf(name))).filter(({ card }) => ids.includes(card?.id ?? ''));
  const said = (nodes: readonly SetNode[]): string[] => nodes.map(({ item: { label, description = '' } }) => `${typeof label === 'string' ? label : ''} | ${String(description)}`);
  const parts = (): { sets: CuratedSetFiles; datasets: { with: never; open: never } } => ({ sets, datasets: { with: undefined as never, open: undefined as never } });

  beforeEach(async () => {
    folder = person.folder = path.join(await temporaryFolder(), 'w');
    await mkdir(folder);
    Object.assign(person, { picks: [], typed: [], presses: [], heard: [] });
    world.storage = folder;
    const errors = (message: string): void => {
      throw new Error(message);
    };
    sets = new CuratedSetFiles(memento() as unknown as vscode.Memento, { info: () => undefined, warn: errors, error: errors }, Uri.file(folder) as unknown as vscode.Uri);
    tree = new CuratedSetTree(sets);
  });
  afterEach(() => {
    tree.dispose();
    sets.dispose();
    world.storage = '';
  });

  it('says what a set holds and lacks, what is wrong with it, and where', async () => {
    await write('kitchen', sample('a', { note: 'the $(best)' }), '{"broken', sample('b', { recipe: 'hesitation-correction', findings: ['no-valley'] }));
    const node = await nodeOf('kitchen');
    expect(said(node === undefined ? [] : [node])).toEqual(['kitchen | 1 T-C · 1 H-C · 2 problems']);
    const all = await under(node);
    expect(said(all)).toEqual(
      expect.arrayContaining([
        'For this mix add 3 T-C. | ',
        'Problems | 2 · not checked across samples',
        'no valley | 1 sample, found when added',
        'Temptation-Correction | 1 of 800',
        'How do I open shed a? | not checked · the $\u200B(best)',
        'How do I open shed b? | 1 finding',
      ]),
    );
    expect(all.find(({ kind }) => kind === 'broken')).toMatchObject({ line: 2, item: { label: 'Line 2' } });
    const ids = all.map(({ item }) => item.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('removes and puts back byte for byte, once', async () => {
    await write('kitchen', sample('a'), 'broken', sample('b'), sample('c'));
    const before = await read('kitchen');
    await removeSamples(parts(), await samples('kitchen', 'a', 'c'));
    expect(person.heard).toEqual(['Removed 2 samples from kitchen (1 sample left).']);
    expect(await read('kitchen')).toBe(`broken\n${JSON.stringify(sample('b'))}\n`);
    await undoRemove(sets);
    expect(await read('kitchen')).toBe(before);
    await undoRemove(sets);
    expect(person.heard.at(-1)).toMatch(/^Nothing that was removed/);
    person.presses = ['Undo'];
    await removeSamples(parts(), await samples('kitchen', 'b'));
    await vi.waitFor(async () => {
      expect(await read('kitchen')).toBe(before);
    });
  });

  it('undoes one removal each, however quickly one is asked for after the other', async () => {
    await write('kitchen', sample('a'), sample('b'));
    const before = await read('kitchen');
    await removeSamples(parts(), await samples('kitchen', 'a'));
    await removeSamples(parts(), await samples('kitchen', 'b'));
    await Promise.all([undoRemove(sets), undoRemove(sets), undoRemove(sets)]);
    expect(await read('kitchen')).toBe(before);
    expect(person.heard.filter((words) => words.startsWith('Put back 1 sample'))).toHaveLength(2);
    expect(person.heard.filter((words) => words.startsWith('Nothing that was removed'))).toHaveLength(1);
    expect(person.heard.filter((words) => words.startsWith('CoT Lens:'))).toEqual([]);
  });

  it('moves in the order of the set, into what is chosen, and notes', async () => {
    await write('kitchen', sample('a'), sample('b'), sample('c'));
    await write('garden', sample('z'));
    person.picks = [/^garden$/];
    await moveSamples(parts(), (await samples('kitchen', 'a', 'c')).reverse());
    expect((await read('garden')).split('\n').slice(0, -1).map((line) => (JSON.parse(line) as CuratedSample).id)).toEqual(['z', 'a', 'c']);
    expect(await read('kitchen')).toBe(`${JSON.stringify(sample('b'))}\n`);
    expect(sets.last).toBe(file('garden'));
    person.typed = ['good', ''];
    await editNote(parts(), await samples('kitchen', 'b'));
    expect(said(await samples('kitchen', 'b'))).toEqual(['How do I open shed b? | not checked · good']);
    await editNote(parts(), await samples('kitchen', 'b'));
    expect(await read('kitchen')).toBe(`${JSON.stringify(sample('b'))}\n`);
  });

  it('shows what a check across samples found until its samples are gone, and that the set has changed since', async () => {
    await write('kitchen', sample('a'), sample('b'), sample('a', { id: 'again' }));
    await checkSet(parts(), tree, file('kitchen'));
    expect(person.heard.at(-1)).toMatch(/^kitchen: \d+ problems? across 3 samples, no evaluation chosen\.$/);
    const found = async (): Promise<string[]> => said(await under(await nodeOf('kitchen')));
    expect((await found()).join('\n')).toMatch(/^duplicate \| /m);
    expect((await found()).join('\n')).not.toMatch(/not checked across/);
    await removeSamples(parts(), await samples('kitchen', 'again'));
    expect((await found()).join('\n')).not.toMatch(/^duplicate \| /m);
    expect((await found()).join('\n')).toMatch(/changed since the last check/);
  });

  it('does not bring back a set that was deleted', async () => {
    await write('kitchen', sample('a'));
    await rm(file('kitchen'));
    await expect(sets.open(file('kitchen'))).rejects.toThrow(/is not there any more/);
    await expect(stat(file('kitchen'))).rejects.toThrow(/ENOENT/);
  });

  it('lists ten thousand samples in runs', async () => {
    await write('kitchen', ...Array.from({ length: 10_000 }, (_, i) => sample(`s${String(i)}`)));
    const group = (await tree.getChildren(await nodeOf('kitchen'))).find(({ kind }) => kind === 'group');
    const runs = group === undefined ? [] : await tree.getChildren(group);
    expect([runs.length, runs.at(-1)?.item.label]).toEqual([20, '9,501 to 10,000']);
    expect((await tree.getChildren(runs.at(-1))).at(-1)?.card?.id).toBe('s9999');
  });
});
