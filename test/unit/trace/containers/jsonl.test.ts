import { describe, expect, it } from 'vitest';
import { jsonl } from '../../../../src/trace/containers/jsonl';
import { seeded } from '../../../seeded';
import { editedText, indexed, rowsOf, saved, tools, upTo } from './memoryBytes';
import { pick, randomObject, randomWay } from './randomJson';

const bytesOf = (content: string, spans: Float64Array): string[] => {
  const bytes = Buffer.from(content, 'utf8');
  return Array.from({ length: spans.length / 2 }, (_, i) => bytes.toString('utf8', spans[2 * i], spans[2 * i + 1]));
};

describe('the index of JSON Lines', () => {
  it.each<[string, string, string[]]>([
    ['lines', '{"a":1}\n{"a":2}\n', ['{"a":1}', '{"a":2}']],
    ['a last line without a line end', '{"a":1}\n{"a":2}', ['{"a":1}', '{"a":2}']],
    ['CRLF', '{"a":1}\r\n{"a":2}\r\n', ['{"a":1}', '{"a":2}']],
    ['a last line with half a line end', '{"a":1}\r\n{"a":2}\r', ['{"a":1}', '{"a":2}']],
    ['blank lines', '\n\r\n{"a":1}\n \t\n\n{"a":2}\n  ', ['{"a":1}', '{"a":2}']],
    ['a mark of UTF-8', '\uFEFF{"a":1}\n{"a":2}\n', ['{"a":1}', '{"a":2}']],
    ['an empty file', '', []],
    ['a mark alone', '\uFEFF', []],
    ['lines of other things', '[1]\nx\n 7\n', ['[1]', 'x', ' 7']],
  ])('%s', async (_, content, rows) => {
    for (const most of [1, 2, 3, 7, 1000]) {
      const { index } = await indexed(jsonl, content, () => most);
      expect(bytesOf(content, index.spans)).toEqual(rows);
      expect(index.count).toBe(rows.length);
      expect(index.problems).toEqual([]);
    }
  });

  it('is that of naive reading, however the file is cut into chunks', async () => {
    const random = seeded(11);
    for (let round = 0; round < 300; round++) {
      const content = Array.from({ length: Math.floor(random() * 12) }, () => {
        const line = random() < 0.2 ? pick(random, ['', ' ', '\t', '\r']) : randomObject(random, randomWay(random, false), 2, '');
        return line + pick(random, ['\n', '\r\n']);
      }).join('');
      const naive = content.split('\n').map((line) => line.replace(/\r$/, '')).filter((line) => line.trim() !== '');
      const { index } = await indexed(jsonl, content, upTo(random, pick(random, [1, 3, 10, 100])));
      expect(bytesOf(content, index.spans), JSON.stringify(content)).toEqual(naive);
    }
  });

  it('says that the last line is torn, and keeps it as a row', async () => {
    const { index, rows } = await rowsOf(jsonl, '{"a":1}\n{"a": "to');
    expect(index.problems).toEqual([expect.stringMatching(/last line \(row 2\) is torn/)]);
    expect(rows[0]?.value).toEqual({ a: 1 });
    expect(rows[1]?.value).toBeUndefined();
    expect(rows[1]?.problem).toMatch(/^Row 2 \(line 2\) is no JSON: /);
  });

  it('reads the other 999 of 1,000 rows', async () => {
    const content = Array.from({ length: 1000 }, (_, i) => (i === 499 ? '{"id": 499, oops}' : `{"id":${String(i)}}`)).join('\n');
    const { index, rows } = await rowsOf(jsonl, content);
    expect(index.problems).toEqual([]);
    expect(rows.filter(({ value }) => value !== undefined).map(({ value }) => value?.['id'])).toEqual(Array.from({ length: 1000 }, (_, i) => i).filter((i) => i !== 499));
    expect(rows[499]?.problem).toMatch(/^Row 500 \(line 500\) is no JSON/);
    // The row's own text is a stranger's and has no place in a message.
    expect(rows[499]?.problem).not.toContain('oops');
  });

  it('says what a row is that is no object', async () => {
    const { rows } = await rowsOf(jsonl, '[1]\n\n"x"\nnull\n7\n');
    expect(rows.map(({ problem }) => problem)).toEqual([
      'Row 1 is a list, not an object with fields.', 'Row 2 is a text, not an object with fields.',
      'Row 3 is null, not an object with fields.', 'Row 4 is a number, not an object with fields.',
    ]);
  });

  it('reads bytes that are not UTF-8 and does not write them', async () => {
    const content = Buffer.from([...Buffer.from('{"a":"x'), 0xff, ...Buffer.from('"}\n')]);
    const { index, rows: [row] } = await rowsOf(jsonl, content);
    expect(row?.value).toEqual({ a: 'x\uFFFD' });
    expect(row?.problem).toMatch(/not UTF-8/);
    expect(() => row && editedText(jsonl, row, [{ path: ['a'], value: 'y' }], index)).toThrow(/not UTF-8/);
  });

  it('refuses UTF-16 in words', async () => {
    await expect(indexed(jsonl, Buffer.from('\uFEFF{}', 'utf16le'))).rejects.toThrow(/UTF-16. Save it as UTF-8/);
  });

  it('does not wait for a file that became shorter', async () => {
    const { file, index } = await indexed(jsonl, '{"a":1}\n{"a":2}\n');
    const short = { ...file, size: file.size + 10 };
    await expect(jsonl.index(short, tools)).rejects.toThrow(/set\.x became shorter while it was read/);
    await expect(saved(jsonl, short, index, new Map())).rejects.toThrow(/became shorter/);
    const gone = { ...file, read: () => Promise.resolve(new Uint8Array(2)) };
    expect((await jsonl.row(gone, index, 1)).problem).toMatch(/cut off/);
  });

  it('stops when it is told to', async () => {
    const { file } = await indexed(jsonl, '{}\n'.repeat(100), () => 10);
    const stop = new AbortController();
    const indexing = jsonl.index(file, { signal: stop.signal, progress: () => { stop.abort(); } });
    await expect(indexing).rejects.toThrow(/abort/i);
  });

  it('has no row beyond the last', async () => {
    const { file, index } = await indexed(jsonl, '{}\n');
    await expect(jsonl.row(file, index, 1)).rejects.toThrow(RangeError);
    await expect(saved(jsonl, file, index, new Map([[1, Buffer.from('{}')]]))).rejects.toThrow(RangeError);
  });

  it('does not read a row above 50 MB, but counts it', async () => {
    const { file, index } = await indexed(jsonl, '{"a":1}\n');
    const large = { ...index, spans: Float64Array.of(0, 100 * 1024 * 1024) };
    expect((await jsonl.row(file, large, 0)).problem).toBe('Row 1 is 100 MB long. Rows above 50 MB cannot be opened; split it, or take it out of the file.');
  });

  it('reads what is 999 levels deep, and says what is deeper', async () => {
    const deep = (levels: number): string => `{"x":"[[","a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    const { rows } = await rowsOf(jsonl, `${deep(999)}\n${deep(1000)}\n${deep(1_000_000)}\n${'{"a":'.repeat(1_000_000)}\n{"a":1}\n`);
    expect(rows.map(({ value }) => value !== undefined)).toEqual([true, false, false, false, true]);
    expect(rows[1]?.problem).toMatch(/^Row 2 \(line 2\) is nested more than 1000 levels deep/);
  });

  it.each<[string, string, boolean]>([
    ['a.jsonl', '{"a":1}\n', true], ['a.ndjson', 'x', true], ['a.JSONL', '', true], ['a.jsonl', '[\n  {"a": 1}\n]', false], ['a.jsonl', '[1]\n[2]\n', true],
    ['a.json', '{"a":1}\n{"a":2}\n', true], ['a.json', '\uFEFF\n{"a":1}\r\n\r\n{"a":2', true], ['a.json', '{"a":1}\n', false], ['a.json', '{\n"a":1}', false], ['a.md', '# A\n{', false],
  ])('is %s with %j one: %s', (name, head, is) => {
    expect(jsonl.detect(Buffer.from(head), name)).toBe(is);
  });
});

describe('JSON Lines written back', () => {
  it('are the same where nothing changed, and else but for the row', async () => {
    const random = seeded(12);
    for (let round = 0; round < 200; round++) {
      const lines = Array.from({ length: 1 + Math.floor(random() * 8) }, () => randomObject(random, randomWay(random, false), 2, ''));
      const end = pick(random, ['\n', '\r\n', '\n\n']);
      const content = lines.join(end) + pick(random, ['', end]);
      const { file, index } = await indexed(jsonl, content, upTo(random, pick(random, [1, 5, 50])));
      expect((await saved(jsonl, file, index, new Map())).toString()).toBe(content);
      const ordinal = Math.floor(random() * lines.length);
      const raw = await jsonl.row(file, index, ordinal);
      const after = editedText(jsonl, raw, [{ path: ['new'], value: 'a\nb\u2028' }], index);
      expect(after).not.toContain('\n');
      const expected = lines.map((line, i) => (i === ordinal ? after : line)).join(end) + content.slice(lines.join(end).length);
      expect((await saved(jsonl, file, index, new Map([[ordinal, Buffer.from(after)]]))).toString()).toBe(expected);
    }
  });

  it('writes ASCII alone where the file does', async () => {
    const { file, index } = await indexed(jsonl, '{"a":"\\u00fc"}\n{"a":"u"}\n');
    expect(editedText(jsonl, await jsonl.row(file, index, 1), [{ path: ['a'], value: 'ö' }], index)).toBe('{"a":"\\u00f6"}');
  });

  it('replaces several rows, also in any order and with nothing', async () => {
    const { file, index } = await indexed(jsonl, '1\n2\n3\n4\n', () => 1);
    const rows = new Map([[2, Buffer.from('three')], [0, Buffer.from('')], [3, Buffer.from('4')]]);
    expect((await saved(jsonl, file, index, rows)).toString()).toBe('\n2\nthree\n4\n');
  });
});
