import { appendFileSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFileBytes } from '../../../../src/session/datasets/nodeFileBytes';
import type { OpenDataset } from '../../../../src/session/datasets/openDataset';
import { textHash } from '../../../../src/session/datasets/rowHash';
import { rowTable } from '../../../../src/session/datasets/rowTable';
import { readRow } from '../../../../src/trace/formats';
import { edit, makeFolder, starRow } from './setUp';

const WAYS = ['lines', 'lines with marks', 'list', 'list in an object', 'table'] as const;

/** The same rows in one of the ways in which files hold them. */
function fileOf(way: (typeof WAYS)[number], ids: readonly string[]): { readonly name: string; readonly content: string } {
  const rows = ids.map((id) => starRow(id, `Question ${id}?`));
  switch (way) {
    case 'lines':
      return { name: 'a.jsonl', content: rows.join('\n') };
    case 'lines with marks':
      return { name: 'b.jsonl', content: `\uFEFF${rows.map((row) => `${row}\r\n\r\n`).join('')}` };
    case 'list':
      return { name: 'c.json', content: JSON.stringify(rows.map((row) => JSON.parse(row) as unknown), undefined, 2) };
    case 'list in an object':
      return { name: 'd.json', content: `{"meta_info": "x", "data": [${rows.join(',\n')}], "more": {"of": [1, 2]}}\n` };
    case 'table': {
      const cells = ids.map((id) => `${id},"Question ""${id}""?","<think>\nFirst of ${id}.\n\nThen ${id}.\n</think>\n\nAnswer.",x,y\n`);
      return { name: 'e.csv', content: `id,question,response,category,source\n${cells.join('')}` };
    }
  }
}

/** What is known of the file now, and what would be found in it by looking through it. */
async function knownAndFound(dataset: OpenDataset): Promise<readonly [unknown, unknown]> {
  const indexed = await dataset.file.current();
  const file = await openFileBytes(dataset.path);
  try {
    const index = await indexed.container.index(file, { signal: new AbortController().signal, progress: () => undefined });
    const table = await rowTable(file, { ...indexed, index }, (row) => readRow(row));
    const known = await dataset.tableOf(indexed);
    const places = (all: ReadonlyMap<string, number> | undefined): unknown => [...(all ?? [])].sort(([, a], [, b]) => a - b);
    return [
      { index: indexed.index, ...known, places: places(known?.places) },
      { index, ...table, places: places(table.places) },
    ];
  } finally {
    await file.close();
  }
}

describe('what is known of a file that we wrote ourselves', () => {
  it('is what would be found in it, whatever was changed in which file', async () => {
    const change = fc.record({ row: fc.nat(5), what: fc.constantFrom(/^Then /m, /^id: .*$/m, /^Question /m, /^---\n/), to: fc.stringMatching(/^[a-z0-9é“]{1,12}$/) });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...WAYS), fc.array(fc.constantFrom('1', '2', '3', 'same'), { minLength: 2, maxLength: 6 }), fc.array(change, { minLength: 1, maxLength: 3 }), async (way, ids, changes) => {
        const folder = makeFolder();
        const { name, content } = fileOf(way, ids);
        const dataset = (await folder.set().open(folder.write(name, content))) as OpenDataset;
        await dataset.row(0);
        const before = folder.indexings();
        for (const [i, { row, what, to }] of changes.entries()) {
          const ordinal = row % ids.length;
          const { key, text } = await dataset.text(ordinal);
          const now = text.replace(what, (found) => (found.startsWith('id:') ? `id: "x${to}"` : found === '---\n' ? `---\nnote${String(i)}: "${to}"\n` : found + to));
          expect(now).not.toBe(text);
          expect(await dataset.save({ key, ordinal, variant: undefined, text: now, base: textHash(text) })).toMatchObject({ how: 'saved' });
        }
        expect(folder.indexings()).toBe(before);
        const [known, found] = await knownAndFound(dataset);
        expect(known).toEqual(found);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it('is not taken for a file with flaws that are told by line, nor where somebody wrote right after us', async () => {
    const folder = makeFolder();
    const { content } = fileOf('list', ['1', '2', '3']);
    const flawed = (await folder.set().open(folder.write('c.json', content.replace('},\n', '},\n,\n')))) as OpenDataset;
    expect(flawed.problems).toHaveLength(1);
    const before = folder.indexings();
    expect((await edit(flawed, 1, 'Then 2.', 'Later 2.')).how).toBe('saved');
    expect(folder.indexings()).toBe(before + 1);
    const [known, found] = await knownAndFound(flawed);
    expect(known).toEqual(found);

    const lines = fileOf('lines', ['1', '2', '3']);
    const path = folder.write('a.jsonl', `${lines.content}\n`);
    const dataset = (await folder.set().open(path)) as OpenDataset;
    expect((await edit(dataset, 1, 'Then 2.', 'Later 2.')).how).toBe('saved');
    appendFileSync(path, `${starRow('4', 'New?')}\n`);
    expect((await dataset.row(3)).key).toBe('4');
    expect((await knownAndFound(dataset))[0]).toEqual((await knownAndFound(dataset))[1]);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(5);
  });
});
