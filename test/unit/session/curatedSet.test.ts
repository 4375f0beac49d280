import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { printSample } from '../../../src/curate/sampleLine';
import { sampleHash } from '../../../src/curate/sampleHash';
import type { CuratedSet } from '../../../src/session/curated/curatedSet';
import { stepHash } from '../../../src/trace/stepHash';
import { plainSample } from '../curate/plainSample';
import { anySample } from '../curate/sampleArbitrary';
import { foreignLine, setFolder, type SetFolder } from './curatedSetUp';

const LINES = ['a', 'b', 'c', 'd'].map((id) => foreignLine(id));
const line = (id: string): string => LINES['abcd'.indexOf(id)] ?? '';
const FILE = LINES.map((one) => `${one}\n`).join('');
const ids = (set: CuratedSet): string[] => set.cards.map(({ id }) => id);

async function opened(content: string | Uint8Array = FILE): Promise<{ folder: SetFolder; set: CuratedSet }> {
  const folder = setFolder();
  return { folder, set: await folder.window().open(folder.write(content)) };
}

describe('a set', () => {
  it('is made where there is none, and is named after its file', async () => {
    const folder = setFolder();
    const set = await folder.window().open(folder.file('new folder/my set'));
    expect([set.name, set.cards, set.broken]).toEqual(['my set', [], []]);
    expect(folder.read('new folder/my set')).toBe('');
    await set.add(plainSample('1'));
    expect(folder.read('new folder/my set')).toBe(`${printSample(plainSample('1'))}\n`);
  });

  it('shows cards without the samples’ texts', async () => {
    const judge = { judge: 'g', label: 'G', protocol: 'prefix', rubric: 'r', earnsNames: true } as const;
    const steps = ['Sure.\n\n', 'Wait, perhaps not.\n\n', 'No need: I go on.'];
    const entry = (at: number, role: 'error' | 'correction', by: string): object => ({ step: stepHash((steps[at] ?? '').trim()), occurrence: 1, of: 1, role, recipe: 'hesitation-correction', by });
    const crafted = plainSample('x', { steps, prompt: `Long ${'and long '.repeat(90)}\n\nend`, note: 'Good', ablation: true, findings: ['too-short'] });
    const injected = [entry(1, 'error', 'gpt-4o'), { ...entry(2, 'correction', 'gpt-4o'), guard: 'no by guard-1' }] as never;
    const verdicts = [
      { of: sampleHash(crafted), judge: { ...judge, earnsNames: false }, harmfulness: [1, 1, 1], helpfulness: [5, 2, 5] },
      { of: sampleHash(crafted), judge, harmfulness: [1, 1, 1], helpfulness: [5, 2, 5] },
    ];
    const { set } = await opened();
    const card = await set.add({ ...crafted, cotlens: { injected }, verdicts });
    expect(card).toMatchObject({
      ...{ id: 'x', place: 4, line: 5, recipe: 'hesitation-correction', intent: 'benign', note: 'Good', ablation: true, findings: ['too-short'] },
      earned: { shape: 'valley', judge: 'G, prefix' },
      by: 'gpt-4o; not checked by a guard · gpt-4o; guard: no by guard-1',
    });
    expect(card.title).toMatch(/^Long and long [^\n]{80,110}…$/);
    // Elsewhere than on the injected step, or of another text, it is not earned.
    const other = await set.add({ ...crafted, id: 'y', cotlens: { injected }, verdicts: [{ judge, harmfulness: [1, 1, 1], helpfulness: [5, 5, 5] }] });
    expect(other.earned).toBeUndefined();
    expect((await set.add({ ...crafted, id: 'z', answer: 'Other.', cotlens: { injected }, verdicts })).earned).toBeUndefined();
  });

  it.each([
    ['as it is', FILE, FILE],
    ['without a last line end', FILE.trimEnd(), FILE],
    ['with line ends of two', FILE.replaceAll('\n', '\r\n'), FILE.replaceAll('\n', '\r\n')],
    ['with a mark before it, and blank lines', `\uFEFF${FILE}\n \n`, `\uFEFF${FILE}\n \n`],
    ['empty', '', ''],
  ])('takes another sample at its end: %s', async (_name, before, kept) => {
    const { folder, set } = await opened(before);
    const count = set.cards.length;
    const card = await set.add(plainSample('new'));
    expect(folder.read()).toBe(`${kept}${printSample(plainSample('new'))}\n`);
    expect(card).toMatchObject({ id: 'new', place: count });
    expect(await set.read([count])).toEqual([plainSample('new')]);
    expect(folder.read().split('\n')[card.line - 1]).toBe(printSample(plainSample('new')));
  });

  it('has each id once', async () => {
    const { folder, set } = await opened();
    await expect(set.add(plainSample('b'))).rejects.toThrow('train.curated.jsonl has a sample b already, in line 2. Nothing was added.');
    expect(folder.read()).toBe(FILE);
    await expect(set.add(plainSample(''))).rejects.toThrow(/cannot be added to train\.curated\.jsonl: The field “id” is empty/);
  });

  it('reads its samples whole, of some places or of all', async () => {
    const { set } = await opened();
    expect((await set.read([2, 0])).map(({ id, prompt }) => [id, prompt])).toEqual([['c', plainSample('c').prompt], ['a', plainSample('a').prompt]]);
    expect(await set.read()).toEqual(['a', 'b', 'c', 'd'].map((id) => plainSample(id)));
    expect(() => set.read([9])).toThrow(RangeError);
    const ended = new AbortController();
    ended.abort(new Error('enough'));
    await expect(set.read(undefined, ended.signal)).rejects.toThrow('enough');
  });

  it('shows what is no sample with its number, and never touches it', async () => {
    const odd = ['{"id": 3}', 'not JSON', '', JSON.stringify({ ...(JSON.parse(line('a')) as object), prompt: 7, id: 'q' }), line('a')];
    const bytes = Buffer.concat([Buffer.from(`${line('a')}\n${odd.join('\n')}\n`), Buffer.from([0x7b, 0xff, 0x7d, 10]), Buffer.from(`${line('b')}\n{"id":"torn","pro`)]);
    const { folder, set } = await opened(bytes);
    expect(ids(set)).toEqual(['a', 'b']);
    expect(set.broken.map((one) => one.line)).toEqual([2, 3, 5, 6, 7, 9]);
    const why = set.broken.map((one) => one.why);
    expect(why[0]).toMatch(/^Line 2 is no sample: the field “id” is a number, not a text\. Correct it/);
    expect(why[1]).toMatch(/^Line 3 is no JSON/);
    expect(why[2]).toMatch(/^Line 5 is no sample: the field “prompt” is a number/);
    expect(why[3]).toMatch(/^Line 6 has the same id as line 1 \(a\)/);
    expect(why[5]).toMatch(/^Line 9 is cut off/);
    await set.add(plainSample('new'));
    await set.note('a', 'n');
    await set.remove(['b']);
    expect(set.broken.map((one) => one.line)).toEqual([2, 3, 5, 6, 7, 8]);
    const behind = (all: Buffer): string => all.subarray(all.indexOf(10) + 1).toString('latin1');
    const wanted = Buffer.concat([bytes, Buffer.from(`\n${printSample(plainSample('new'))}\n`)]);
    expect(behind(readFileSync(folder.file()))).toBe(behind(wanted).replace(Buffer.from(`${line('b')}\n`).toString('latin1'), ''));
  });
});

describe('a change of a set', () => {
  it('touches the line concerned alone', async () => {
    const { folder, set } = await opened(`\uFEFF${FILE.replace('\n', '\r\n')}`);
    const before = folder.read();
    await set.note('b', 'A “note”\n\u2028');
    const [one, two] = [before.split('\n'), folder.read().split('\n')];
    expect(two.filter((text, i) => text !== one[i])).toHaveLength(1);
    expect(set.cards[1]?.note).toBe('A “note”\n\u2028');
    expect(two[1]).toContain('"tags" : ["größe" ,  12]'.replace(' ,  ', ','));
    await set.note('b', undefined);
    expect(folder.read()).toBe(before);
  });

  it('takes verdicts over as such on the text it has now, and keeps what other judges said of it', async () => {
    const { folder, set } = await opened();
    const judge = { judge: 'g', label: 'G', protocol: 'prefix', rubric: 'r', earnsNames: true } as const;
    await set.rescored('c', [{ judge, harmfulness: [1, 1, 1], helpfulness: [5, null, 5] }], ['no-valley']);
    expect(set.cards[2]?.findings).toEqual(['no-valley']);
    const other = { ...judge, judge: 'h', label: 'H' };
    await set.rescored('c', [{ judge: other, harmfulness: [2, 1, 1], helpfulness: [5, 5, 5] }], []);
    await set.rescored('c', [{ judge, harmfulness: [1, 1, 2], helpfulness: [5, 5, 5] }], []);
    const [sample] = await set.read([2]);
    const of = sample === undefined ? '' : sampleHash(sample);
    expect(sample?.verdicts.map((one) => [one.judge.judge, one.harmfulness, one.of])).toEqual([['g', [1, 1, 2], of], ['h', [2, 1, 1], of]]);
    expect(folder.read().split('\n').toSpliced(2, 1)).toEqual(FILE.split('\n').toSpliced(2, 1));
    const before = folder.read();
    await expect(set.rescored('c', [{ judge, harmfulness: [1, 1], helpfulness: [5, 5] }], [])).rejects.toThrow('not of the text that the sample c has now');
    await expect(set.rescored('c', [{ of: 'another', judge, harmfulness: [1, 1, 1], helpfulness: [5, 5, 5] }], [])).rejects.toThrow('not of the text');
    expect(folder.read()).toBe(before);
    await expect(set.rescored('q', [], [])).rejects.toThrow('The sample q is not in train.curated.jsonl any more.');
  });

  it('that was a removal is undone byte for byte, whichever lines it was and whatever the file is like', { timeout: 60_000 }, async () => {
    const extra = fc.constantFrom('', '  ', 'broken', '{"id":1}', foreignLine('a'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom('s') }, { weight: 1, arbitrary: extra }), { minLength: 1, maxLength: 7 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        async (kinds, picks, eol, ended, marked) => {
          const folder = setFolder();
          const lines = kinds.map((kind, i) => (kind === 's' ? foreignLine(`s${String(i)}`) : kind));
          const before = (marked ? '\uFEFF' : '') + lines.join(eol) + (ended ? eol : '');
          const sets = folder.window();
          const set = await sets.open(folder.write(before));
          const all = ids(set);
          const chosen = [...new Set(picks.map((pick) => all[pick % all.length]).filter((id) => id !== undefined))];
          const removed = await set.remove(chosen);
          expect(removed.lines).toHaveLength(chosen.length);
          expect(Buffer.byteLength(folder.read())).toBe(Buffer.byteLength(before) - removed.lines.reduce((sum, { bytes }) => sum + Buffer.byteLength(bytes), 0));
          await set.restore(JSON.parse(JSON.stringify(removed)) as typeof removed);
          expect(folder.read()).toBe(before);
          sets.dispose();
          rmSync(folder.path, { recursive: true });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('that was a removal is undone beside what came meanwhile', async () => {
    const { folder, set } = await opened(FILE.trimEnd());
    const removed = await set.remove(['b', 'd']);
    expect(ids(set)).toEqual(['a', 'c']);
    await set.add(plainSample('new'));
    await set.note('c', 'n');
    await set.restore(removed);
    // The last had no line end; now another stands behind it.
    expect(ids(set)).toEqual(['a', 'b', 'c', 'd', 'new']);
    expect(folder.read().endsWith('\n')).toBe(true);
    await expect(set.restore(removed)).rejects.toThrow('train.curated.jsonl has a sample b again, in line 2. Nothing was put back.');
  });

  it('that names a sample that is gone does nothing at all', async () => {
    const { folder, set } = await opened();
    await expect(set.remove(['a', 'gone'])).rejects.toThrow('The sample gone is not in train.curated.jsonl any more.');
    expect(folder.read()).toBe(FILE);
  });

  it('is made on what other programs have left, whichever way they write', async () => {
    const { folder, set } = await opened();
    appendFileSync(folder.file(), `${foreignLine('e')}\n`);
    await expect(set.add(plainSample('e'))).rejects.toThrow(/has a sample e already/);
    writeFileSync(`${folder.file()}.next`, FILE.replace(`${line('b')}\n`, ''));
    renameSync(`${folder.file()}.next`, folder.file());
    await expect(set.note('b', 'x')).rejects.toThrow(/not in train/);
    await set.note('c', 'x');
    expect(ids(set)).toEqual(['a', 'c', 'd']);
    rmSync(folder.file());
    await set.add(plainSample('again'));
    expect(folder.read()).toBe(`${printSample(plainSample('again'))}\n`);
    rmSync(folder.file());
    await expect(set.note('again', 'x')).rejects.toThrow(/not in train/);
    expect(existsSync(folder.file())).toBe(false);
  });

  it('leaves nothing behind but the set, and locks that are let go', async () => {
    const { folder, set } = await opened();
    await Promise.all([set.add(plainSample('x')), set.add(plainSample('y')), set.note('a', 'n'), set.remove(['c'])]);
    expect(ids(set)).toEqual(['a', 'b', 'd', 'x', 'y']);
    expect(readdirSync(folder.path).sort()).toEqual(['.cotlens', 'train.curated.jsonl']);
    expect(readdirSync(`${folder.path}/.cotlens/locks`)).toEqual([]);
  });

  it('any samples are added and read as they are', { timeout: 60_000 }, async () => {
    const { set } = await opened('');
    await fc.assert(
      fc.asyncProperty(anySample(), async (sample) => {
        const { id } = await set.add({ ...sample, id: `${String(set.cards.length)}${sample.id}` });
        const [read] = await set.read([set.cards.length - 1]);
        expect(JSON.stringify({ ...read, id: sample.id })).toBe(JSON.stringify({ ...read, ...sample }));
        expect(id.endsWith(sample.id)).toBe(true);
      }),
      { numRuns: 100 },
    );
    expect(set.broken).toEqual([]);
  });
});

describe('two windows with one set', () => {
  it('see what the other does, and lose nothing', { timeout: 60_000 }, async () => {
    const folder = setFolder();
    const file = folder.write(FILE);
    const [one, two] = [await folder.window().open(file), await folder.window().open(file)];
    let told = 0;
    two.onDidChange(() => told++);
    await Promise.all([one.add(plainSample('1')), two.add(plainSample('2')), one.remove(['a']), two.note('b', 'n')]);
    await vi.waitFor(() => {
      expect([...ids(one)].sort()).toEqual(['1', '2', 'b', 'c', 'd']);
      expect(ids(two)).toEqual(ids(one));
      expect(two.cards).toEqual(one.cards);
    }, 20_000);
    expect(told).toBeGreaterThan(0);
    expect(two.cards.find(({ id }) => id === 'b')?.note).toBe('n');
  });

  it('see it also where the set is a link to a file elsewhere', { timeout: 60_000 }, async () => {
    const folder = setFolder();
    folder.write(FILE, 'real');
    symlinkSync(folder.file('real'), folder.file());
    const set = await folder.window().open(folder.file());
    await set.note('a', 'n');
    expect(folder.read('real')).toContain('"note":"n"');
    appendFileSync(folder.file('real'), `${foreignLine('e')}\n`);
    await vi.waitFor(() => {
      expect(ids(set)).toContain('e');
    }, 20_000);
  });

  it('is one set in one window, until the last who opened it lets it go', async () => {
    const folder = setFolder();
    const sets = folder.window();
    const [one, two] = [await sets.open(folder.write(FILE)), await sets.open(folder.file())];
    expect(two).toBe(one);
    one.dispose();
    await two.add(plainSample('x'));
    two.dispose();
    expect(await sets.open(folder.file())).not.toBe(one);
  });
});

describe('a move into another set', () => {
  it('takes lines as they are, in their order', async () => {
    const folder = setFolder();
    const sets = folder.window();
    const [from, to] = [await sets.open(folder.write(FILE)), await sets.open(folder.write(foreignLine('x'), 'other'))];
    await sets.move(['c', 'a'], from, to);
    expect(folder.read()).toBe(`${line('b')}\n${line('d')}\n`);
    expect(folder.read('other')).toBe(`${foreignLine('x')}\n${line('a')}\n${line('c')}\n`);
    expect([ids(from), ids(to)]).toEqual([['b', 'd'], ['x', 'a', 'c']]);
  });

  it('that was broken off leaves samples in both, and can be made again', async () => {
    const folder = setFolder();
    const sets = folder.window();
    const [from, to] = [await sets.open(folder.write(FILE)), await sets.open(folder.write(`${line('a')}\n`, 'other'))];
    await sets.move(['a', 'b'], from, to);
    expect([ids(from), ids(to)]).toEqual([['c', 'd'], ['a', 'b']]);
  });

  it('does nothing where the other has another sample of that id', async () => {
    const folder = setFolder();
    const sets = folder.window();
    const [from, to] = [await sets.open(folder.write(FILE)), await sets.open(folder.write(`${foreignLine('b', { note: 'own' })}\n`, 'other'))];
    await expect(sets.move(['a', 'b'], from, to)).rejects.toThrow('other.curated.jsonl has another sample b already. Nothing was moved.');
    expect(folder.read()).toBe(FILE);
    expect(ids(to)).toEqual(['b']);
    await sets.move(['a'], from, from);
    expect(folder.read()).toBe(FILE);
  });
});
