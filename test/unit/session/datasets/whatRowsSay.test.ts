import { describe, expect, it } from 'vitest';
import type { DatasetRow, EditableDataset } from '../../../../src/session/datasets/dataset';
import { archiveOf, DEFLATE } from '../../trace/containers/archive';
import { edit, makeFolder, preferenceRow, starRow } from './setUp';

async function all(dataset: EditableDataset): Promise<DatasetRow[]> {
  const found: DatasetRow[] = [];
  for await (const row of dataset.rows(new AbortController().signal)) found.push(row);
  return found;
}

const TABLE = 'id,question,response,category,source\n1,A soup?,"<think>\nOne.\n</think>\n\nYes.",x,y\n2,B?,No.,x,y\n';
const HEAD = { version: 2, status: 'success', eval: { model: 'kitchen/model-1', task: 'soup', metrics: Number.NaN } };
const sample = (id: string, model?: string): object => ({
  ...{ id, epoch: 1, input: `Question ${id}?`, target: '', scores: {}, metadata: {} },
  messages: [{ role: 'user', content: `Question ${id}?` }, { role: 'assistant', content: [{ type: 'reasoning', reasoning: `First of ${id}.` }, { type: 'text', text: `Answer ${id}.` }], ...(model === undefined ? {} : { model }) }],
});

describe('what a person says of a row', () => {
  for (const [name, content] of [['a.jsonl', `${starRow('1', 'A soup?')}\n${starRow('2', 'A pie?')}\n`], ['a.csv', TABLE]] as const) {
    it(`is what everybody reads of it, in ${name}`, async () => {
      const folder = makeFolder();
      const dataset = await folder.set().open(folder.write(name, content));
      expect((await edit(dataset, 0, '---\n', '---\nintent: harmful\nmodel: kitchen-1\n')).how).toBe('saved');
      const [one, two] = await all(dataset);
      expect(one?.traces[0]).toMatchObject({ intent: 'harmful', model: { value: 'kitchen-1' } });
      expect(two?.traces[0]).toMatchObject({ intent: 'unknown', model: undefined });
      expect((await dataset.row(0)).traces).toEqual(one?.traces);
      // And it is gone when it is taken away, with nothing left of it in the file.
      expect((await edit(dataset, 0, 'intent: harmful\nmodel: kitchen-1\n', '')).how).toBe('saved');
      expect((await dataset.row(0)).traces[0]).toMatchObject({ intent: 'unknown', model: undefined });
      expect(folder.read(name)).toBe(content);
    });
  }

  for (const [name, content] of [['a.jsonl', '{"prompt": "A soup?", "response": "Yes.", "intent": "harmful"}\n'], ['a.csv', 'prompt,response,intent\nA soup?,Yes.,harmful\n']] as const) {
    it(`of its intent stands in the row’s own field for it, in ${name}`, async () => {
      const folder = makeFolder();
      const dataset = await folder.set().open(folder.write(name, content));
      expect((await edit(dataset, 0, 'intent: harmful', 'intent: benign')).how).toBe('saved');
      expect(folder.read(name)).toBe(content.replace('harmful', 'benign'));
      expect((await dataset.row(0)).traces[0]).toMatchObject({ intent: 'benign' });
    });
  }

  it('of one trace of a row is not said of the others', async () => {
    const folder = makeFolder();
    const dataset = await folder.set().open(folder.write('a.jsonl', `${preferenceRow('A soup?')}\n`));
    const { key, text } = await dataset.text(0, 'rejected');
    expect((await dataset.save({ key, ordinal: 0, variant: 'rejected', text: `---\nintent: ambiguous\n---\n${text}`, base: undefined })).how).toBe('saved');
    expect((await dataset.row(0)).traces.map(({ intent }) => intent)).toEqual(['unknown', 'ambiguous']);
  });

  it('goes with the row when its name changes, also in a table', async () => {
    const folder = makeFolder();
    const dataset = await folder.set().open(folder.write('a.csv', TABLE));
    expect((await edit(dataset, 0, '---\n', '---\nintent: harmful\n')).how).toBe('saved');
    expect((await edit(dataset, 0, 'id: "1"', 'id: "one"')).how).toBe('saved');
    expect(await dataset.row(0)).toMatchObject({ key: 'one', traces: [{ intent: 'harmful' }] });
    // The name and what is kept change in one save.
    expect((await edit(dataset, 0, 'intent: harmful\nid: "one"', 'intent: benign\nid: uno')).how).toBe('saved');
    expect(await dataset.row(0)).toMatchObject({ key: 'uno', traces: [{ intent: 'benign' }] });
    expect((await edit(dataset, 1, 'id: "2"', 'id: "1"')).how).toBe('saved');
    expect(await dataset.row(1)).toMatchObject({ key: '1', traces: [{ intent: 'unknown' }] });
  });

  it('is refused in words where the row has a field “cotlens” of its own; its texts can be saved', async () => {
    const folder = makeFolder();
    const content = `${starRow('1', 'A soup?', { cotlens: 'mine' })}\n`;
    const dataset = await folder.set().open(folder.write('a.jsonl', content));
    const saved = await edit(dataset, 0, '---\n', '---\nintent: benign\n');
    expect(saved).toMatchObject({ how: 'refused', why: expect.stringMatching(/“cotlens” of its own that is no object/) as string });
    expect(folder.read('a.jsonl')).toBe(content);
    expect((await edit(dataset, 0, 'Then 1.', 'Later 1.')).how).toBe('saved');
    expect(folder.read('a.jsonl')).toBe(content.replace('Then 1.', 'Later 1.'));
  });
});

describe('the model of a log of Inspect', () => {
  const samples = [sample('1'), sample('2', 'garden/model-2')];
  const files = {
    'a.json': JSON.stringify({ ...HEAD, samples, after: 1 }, undefined, 2),
    'b.json': JSON.stringify({ ...HEAD, samples }).replace('"metrics":null', '"metrics":NaN'),
    'c.eval': archiveOf([
      { name: 'header.json', content: JSON.stringify(HEAD), method: DEFLATE },
      ...samples.map((one, i) => ({ name: `samples/${String(i + 1)}_epoch_1.json`, content: JSON.stringify(one), method: DEFLATE })),
    ]),
  };
  for (const [name, content] of Object.entries(files)) {
    it(`is that of rows that name none, and is not written into them: ${name}`, async () => {
      const folder = makeFolder();
      const dataset = await folder.set().open(folder.write(name, content));
      expect((await all(dataset)).map(({ traces }) => traces[0]?.model?.value)).toEqual(['kitchen/model-1', 'garden/model-2']);
      expect((await dataset.text(0)).text).toContain('model: kitchen/model-1\n');
      expect((await edit(dataset, 0, 'First of 1.', 'Fists of 1.')).how).toBe('saved');
      expect(await dataset.value(0)).toEqual(JSON.parse(JSON.stringify(samples[0]).replace('First', 'Fists')));
      expect((await dataset.text(0)).text).toContain('model: kitchen/model-1\n');
    });
  }

  it('is no matter for files that are no log', async () => {
    const folder = makeFolder();
    for (const content of [`{"eval": {"model": "x"}, "data": [${starRow('1', 'Q?')}]}`, `{"eval": [[, "samples": [${starRow('1', 'Q?')}]}`, `[${starRow('1', 'Q?')}]`]) {
      const dataset = await folder.set().open(folder.write('a.json', content));
      expect((await dataset.row(0)).traces[0]?.model).toBeUndefined();
    }
  });
});

describe('a row with a flaw', () => {
  it('is saved all the same where nothing of it is lost, and says what is wrong', async () => {
    const folder = makeFolder();
    const ragged = `${TABLE}3,C?,Perhaps.,x\n4,D?,Surely.,x,y,more\n`;
    const dataset = await folder.set().open(folder.write('a.csv', ragged));
    const row = await dataset.row(2);
    expect(row.problem).toBeUndefined();
    expect(row.traces[0]?.notes.join()).toMatch(/Row 3 has 4 cells, the header 5: source is missing/);
    expect((await dataset.text(2)).readOnly).toBeUndefined();
    expect((await edit(dataset, 2, 'Perhaps.', 'Never.')).how).toBe('saved');
    expect((await edit(dataset, 3, 'Surely.', 'Hardly.')).how).toBe('saved');
    expect(folder.read('a.csv')).toBe(ragged.replace('Perhaps.', 'Never.').replace('Surely.', 'Hardly.'));
  });

  it('can be read, but not written, where writing it would lose bytes', async () => {
    const folder = makeFolder();
    const bytes = Buffer.concat([Buffer.from('id,question,response\n1,A soup?,Yes'), Buffer.from([0xff]), Buffer.from('.\n')]);
    const dataset = await folder.set().open(folder.write('a.csv', bytes));
    expect((await dataset.text(0)).readOnly).toMatch(/Row 1 holds bytes that are not UTF-8/);
    expect((await dataset.row(0)).traces).toHaveLength(1);
  });
});
