import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fromBufferPromise } from 'yauzl';
import { describe, expect, it } from 'vitest';
import type { RawRow, RowIndex } from '../../../../src/trace/containers/container';
import { inspectEval, logOf } from '../../../../src/trace/containers/inspectEval';
import type { FieldEdit } from '../../../../src/trace/rows/fieldRef';
import { temporaryFolder } from '../../session/scoring';
import { describeWithSharedData } from '../../sharedData';
import { archiveOf, DEFLATE, ZSTD, type ArchiveEntry } from './archive';
import { fileOf, indexTools, joined, type MemoryFile } from './bytesOf';

const FIXTURES = path.join(import.meta.dirname, '../../../data/archives');
const ZSTD_LOG = readFileSync(path.join(FIXTURES, 'reasoning-zstd.eval'));
const MIXED = readFileSync(path.join(FIXTURES, 'mixed.eval'));
const signal = new AbortController().signal;

interface Log {
  readonly file: MemoryFile;
  readonly index: RowIndex;
  row(ordinal: number): Promise<RawRow>;
}

async function opened(bytes: Uint8Array): Promise<Log> {
  const file = fileOf(bytes, '/data/log.eval');
  const index = await inspectEval.index(file, indexTools());
  return { file, index, row: (ordinal) => inspectEval.row(file, index, ordinal) };
}

const SAMPLE = '{"id":1,"epoch":1,"input":"Which bread?","scores":{}}';

function logWith(...entries: ArchiveEntry[]): Buffer {
  return archiveOf([{ name: 'header.json', content: '{"eval":{"model":"m"}}' }, ...entries]);
}

const sample = (name: string, more: Partial<ArchiveEntry> = {}): ArchiveEntry => ({ name: `samples/${name}_epoch_1.json`, content: SAMPLE, ...more });

async function saved(log: Log, rows: ReadonlyMap<number, readonly FieldEdit[]>): Promise<Buffer> {
  const bytes = new Map<number, Uint8Array>();
  for (const [ordinal, edits] of rows) bytes.set(ordinal, inspectEval.edited?.(await log.row(ordinal), edits, log.index) ?? new Uint8Array(0));
  if (inspectEval.withRows === undefined) throw new Error('logs can be written');
  return joined(inspectEval.withRows(log.file, log.index, bytes, signal));
}

const ids = async (log: Log): Promise<unknown[]> => Promise.all(Array.from({ length: log.index.count }, async (_, i) => (await log.row(i)).value?.['id']));

describe('an .eval log', () => {
  it('of Zstandard entries opens: rows in the order of its summaries, with what the log says of all', async () => {
    const log = await opened(ZSTD_LOG);
    expect(log.index.problems).toEqual([]);
    expect(await ids(log)).toEqual(['bread', 'bread', 10]);
    expect(logOf(log.index)).toEqual({ model: 'openai/o-test', task: 'kitchen', dataset: 'kitchen', created: '2025-01-02T03:04:05+00:00', status: 'success' });
    const messages = (await log.row(1)).value?.['messages'] as { content: unknown }[];
    expect(messages[2]?.content).toEqual([
      { type: 'reasoning', reasoning: 'Z2xhZA==', redacted: true, summary: 'Compares a cloth with a tin.' },
      { type: 'text', text: 'A tin, or a cloth – both do.' },
    ]);
    expect(Object.values((await log.row(2)).value?.['attachments'] ?? {})).toHaveLength(1);
    // A score that is none: JSON has no word for it.
    expect((await log.row(0)).value?.['scores']).toMatchObject({ match: { value: 'C' }, style: { value: null } });
  });

  it('without summaries has its rows by name, numbers as numbers', async () => {
    const log = await opened(MIXED);
    expect(await ids(log)).toEqual([2, 10, 'ü']);
    const names = ['b', '2', '10', '1', 'a/b', '1e3'];
    const made = await opened(logWith(...names.map((name) => sample(name))));
    expect((made.index.more as { entries: { name: string }[] }).entries.map(({ name }) => name.slice(8, -13))).toEqual(['1', '1e3', '2', '10', 'a/b', 'b']);
  });

  it('can be kept as JSON and read by what was kept', async () => {
    const { file, index } = await opened(MIXED);
    const kept = { ...index, more: JSON.parse(JSON.stringify(index.more)) as unknown };
    expect((await inspectEval.row(file, kept, 1)).value?.['id']).toBe(10);
  });

  it('is recognised', () => {
    expect(inspectEval.detect(ZSTD_LOG, 'log.eval')).toBe(true);
    expect(inspectEval.detect(ZSTD_LOG, 'log.zip')).toBe(true);
    expect(inspectEval.detect(archiveOf([{ name: 'word/document.xml', content: 'x' }]), 'a.docx')).toBe(false);
    expect(inspectEval.detect(Buffer.from('{"a":1}'), 'a.json')).toBe(false);
  });

  it.each([['zstd', ZSTD_LOG], ['mixed', MIXED]])('prints back byte for byte when unchanged (%s)', async (_name, bytes) => {
    const log = await opened(bytes);
    expect(await saved(log, new Map())).toEqual(bytes);
    expect(await saved(log, new Map([[0, []], [1, [{ path: ['id'], value: (await log.row(1)).value?.['id'] ?? null }]]]))).toEqual(bytes);
  });

  it('changes only what was changed in a sample, and keeps its numbers that are none', async () => {
    const log = await opened(ZSTD_LOG);
    const before = Buffer.from((await log.row(0)).bytes).toString();
    const text = 'Bread dries – 7e9 times, NaN or not.';
    const path = ['messages', 2, 'content', 0, 'reasoning'];
    const after = await opened(await saved(log, new Map([[0, [{ path, value: text }]]])));
    expect(before).toContain('"value": NaN');
    expect(Buffer.from((await after.row(0)).bytes).toString()).toBe(before.replace('Bread dries in the air.\\n\\nA cloth keeps it soft.', text));
    for (const other of [1, 2]) expect((await after.row(other)).bytes).toEqual((await log.row(other)).bytes);
  });

  it('of which samples were changed is still an archive for others: unzip, Python, yauzl', async () => {
    const log = await opened(MIXED);
    const long = 'A long answer. '.repeat(5000);
    const bytes = await saved(log, new Map([[0, [{ path: ['input'], value: long }]], [1, [{ path: ['input'], value: 'short' }]]]));
    const zip = await fromBufferPromise(bytes, {});
    const names: string[] = [];
    for await (const { fileName } of zip.eachEntry()) names.push(fileName);
    expect(names).toHaveLength(4);
    const file = path.join(await temporaryFolder(), 'saved.eval');
    writeFileSync(file, bytes);
    const checks: readonly (readonly [string, readonly string[]])[] = [
      ['unzip', ['-t', file, '-x', 'samples/ü*']],
      ['python3', ['-c', `import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert all(z.read(i) for i in z.infolist() if i.compress_type != 93); print(z.comment)`, file]],
    ];
    for (const [command, args] of checks) {
      const { status, error, stdout } = spawnSync(command, args, { encoding: 'utf8' });
      // A machine without the program has nothing to say.
      if (error === undefined) expect([command, status, stdout]).toEqual([command, 0, expect.any(String)]);
    }
  });
});

describe('an .eval log that is broken or hostile', () => {
  const problems = async (...entries: ArchiveEntry[]): Promise<(string | undefined)[]> => {
    const log = await opened(logWith(...entries));
    return Promise.all(Array.from({ length: log.index.count }, async (_, i) => (await log.row(i)).problem));
  };

  it.each([
    ['empty', Buffer.alloc(0)],
    ['text', Buffer.from('no archive at all')],
    ['cut off', ZSTD_LOG.subarray(0, 2000)],
    ['with something after it', Buffer.concat([ZSTD_LOG, Buffer.from('more')])],
  ])('says that it is no archive: %s', async (_name, bytes) => {
    await expect(opened(bytes)).rejects.toThrow(/^This is no ZIP archive, or it was cut off or damaged.*Copy the file anew/);
  });

  it('says that another archive is no log', async () => {
    await expect(opened(archiveOf([{ name: 'a.txt', content: 'x' }]))).rejects.toThrow('This ZIP archive is no log of Inspect');
  });

  it('with no samples yet says so', async () => {
    expect((await opened(archiveOf([{ name: '_journal/start.json', content: '{}' }]))).index.problems).toEqual(['The log holds no samples yet.']);
  });

  it.each(['../../etc/passwd.json', 'samples/../../a_epoch_1.json', '/samples/../a.json', 'samples\\..\\..\\a_epoch_1.json'])(
    'shows a name that leads out (%s) as a problem, and reads the others',
    async (name) => {
      const log = await opened(logWith({ name, content: SAMPLE }, sample('1')));
      const rows = await Promise.all([log.row(0), log.row(1)]);
      const bad = rows.filter(({ problem }) => problem?.includes('leads out of its folder'));
      expect(log.index.count).toBe(2);
      expect(bad).toHaveLength(1);
      expect(rows.find(({ problem }) => problem === undefined)?.value?.['id']).toBe(1);
    },
  );

  it.each([DEFLATE, ZSTD])('does not unpack a bomb that says so (method %i)', async (method) => {
    const [problem] = await problems(sample('1', { method, says: { size: 60 * 1024 * 1024 } }));
    expect(problem).toMatch(/samples\/1_epoch_1\.json is 60\.0 MB unpacked; samples above 50\.0 MB are not read/);
  });

  it('does not unpack more than an entry says', async () => {
    const [deflate, zstd] = await problems(
      sample('1', { method: DEFLATE, content: Buffer.alloc(20_000_000), says: { size: 1000 } }),
      sample('2', { method: ZSTD, content: Buffer.alloc(200_000), says: { size: 1000 } }),
    );
    expect(deflate).toContain('it holds more than the 0.0 MB it says');
    expect(zstd).toMatch(/cannot be unpacked/);
  });

  it('does not make room for a window that a frame claims', async () => {
    // A frame of 3.75 GB of window and no content size.
    const data = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xaf, 0x01, 0x00, 0x00]);
    const [problem] = await problems(sample('1', { method: ZSTD, data, says: { size: 1000 } }));
    expect(problem).toMatch(/cannot be unpacked: its data is damaged/);
  });

  it('notices a wrong checksum, wrong sizes, false names and unknown methods', async () => {
    const found = await problems(
      sample('1', { says: { crc: 1 } }),
      sample('2', { method: DEFLATE, says: { size: 500 } }),
      sample('3', { says: { localName: 'samples/4_epoch_1.json' } }),
      sample('4', { method: 12 }),
      sample('5', { flags: 1 }),
      sample('6', { says: { packed: 10, size: 20 } }),
    );
    expect(found.map((problem) => problem?.replace(/^Row \d+: samples\/\d_epoch_1\.json /, ''))).toEqual([
      expect.stringMatching(/^is damaged: its checksum/) as string,
      expect.stringMatching(/^holds 53 bytes, not the 500 it says/) as string,
      expect.stringMatching(/^is described in two ways that differ/) as string,
      expect.stringMatching(/^is packed by method 12/) as string,
      expect.stringMatching(/^is encrypted/) as string,
      expect.stringMatching(/^holds 10 bytes, not the 20 it says/) as string,
    ]);
  });

  it('notices entries that lie over one another', async () => {
    const first = logWith(sample('1')).indexOf('PK\x03\x04', 4);
    const found = await problems(sample('1'), sample('2', { says: { at: first } }), sample('3'));
    expect(found.slice(0, 2).every((problem) => problem?.includes('lies over another entry'))).toBe(true);
    expect(found[2]).toBeUndefined();
  });

  it('gives a sample that is no JSON, no object or no UTF-8 as a problem, and the others', async () => {
    const log = await opened(logWith(sample('1', { content: '{"id":' }), sample('2', { content: '[]' }), sample('3'), sample('4', { content: Buffer.from([0x7b, 0xff, 0x7d]) })));
    expect((await log.row(0)).problem).toMatch(/^Row 1 \(samples\/1_epoch_1\.json\) is no JSON/);
    expect((await log.row(1)).problem).toContain('a list');
    expect((await log.row(2)).value).toBeDefined();
    expect((await log.row(3)).value).toBeUndefined();
  });

  it('says that a sample in pieces is not read', async () => {
    const found = await problems({ name: 'samples/a_epoch_1/sample.json', content: '{}' }, { name: 'samples/a_epoch_1/events/0.json', content: '[]' }, sample('b'));
    expect(found).toEqual([expect.stringContaining('is a sample in pieces'), undefined]);
  });

  it('shows the later of two entries with one name, and says so', async () => {
    const log = await opened(logWith(sample('1'), sample('1', { content: '{"id":"later"}' })));
    expect(await ids(log)).toEqual(['later']);
    expect(log.index.problems).toEqual(['1 sample entries stand again later in the archive; the later ones are shown.']);
  });

  it('with broken summaries opens all the same', async () => {
    const log = await opened(logWith({ name: 'summaries.json', content: '[{"id":' }, sample('1')));
    expect(log.index.problems).toEqual(['summaries.json is no JSON; the samples are not touched by it.']);
    expect(log.index.count).toBe(1);
    const odd = await opened(logWith({ name: 'summaries.json', content: '[1, null, {"id": {}}, {"id": "x", "epoch": 1}]' }, sample('1')));
    expect(odd.index.count).toBe(1);
  });

  it('with any byte changed gives rows, problems or an error in words', async () => {
    for (const bytes of [ZSTD_LOG, MIXED]) {
      for (let at = 0; at < bytes.length; at += 17) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 0x5a;
        try {
          const log = await opened(changed);
          for (let i = 0; i < log.index.count; i++) expect(await log.row(i).then(({ value, problem }) => value !== undefined || problem !== undefined)).toBe(true);
        } catch (error) {
          expect((error as Error).message).toMatch(/^This (is no ZIP archive|ZIP archive is no log)/);
        }
      }
    }
  });
});

describeWithSharedData('Inspect\'s own log', (folder) => {
  it('opens, and prints back byte for byte', async () => {
    const bytes = readFileSync(path.join(folder, 'UKGovernmentBEIS__inspect_ai/tests/log_read_sample.eval'));
    const log = await opened(bytes);
    expect(log.index.count).toBe(1);
    expect(logOf(log.index)).toMatchObject({ model: 'ollama/gemma3', task: 'popularity', status: 'success' });
    expect((await log.row(0)).value).toMatchObject({ id: 1, epoch: 1, scores: { match: { value: 'C' } } });
    expect(await saved(log, new Map())).toEqual(bytes);
    expect(await saved(log, new Map([[0, []]]))).toEqual(bytes);
    const after = await opened(await saved(log, new Map([[0, [{ path: ['target'], value: 'No' }]]])));
    expect((await after.row(0)).value?.['target']).toBe('No');
  });
});
