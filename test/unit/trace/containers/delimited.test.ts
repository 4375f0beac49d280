import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { csv, tsv, type TableMore } from '../../../../src/trace/containers/delimited';
import { seeded } from '../../../seeded';
import { editedText, indexed, rowsOf, saved, tools, upTo } from './memoryBytes';
import { pick } from './randomJson';

describe('the index of a table', () => {
  it.each<[string, string, string[], Record<string, string>[]]>([
    ['rows', 'a,b\n1,2\n3,4\n', ['a', 'b'], [{ a: '1', b: '2' }, { a: '3', b: '4' }]],
    ['no last line end', 'a,b\n1,2', ['a', 'b'], [{ a: '1', b: '2' }]],
    ['CRLF', 'a,b\r\n1,2\r\n"3",""\r\n', ['a', 'b'], [{ a: '1', b: '2' }, { a: '3', b: '' }]],
    ['carriage returns alone', 'a,b\r1,2\r3,4', ['a', 'b'], [{ a: '1', b: '2' }, { a: '3', b: '4' }]],
    ['a mark of UTF-8', '\uFEFFa,b\nü,2\n', ['a', 'b'], [{ a: 'ü', b: '2' }]],
    ['semicolons', 'a;b\n1,5;2\n', ['a', 'b'], [{ a: '1,5', b: '2' }]],
    ['quotes', 'a,b\n"x, ""y""\r\nz",""""\n', ['a', 'b'], [{ a: 'x, "y"\r\nz', b: '"' }]],
    ['a quoted header', '"a,1","b\n2"\n1,2\n', ['a,1', 'b\n2'], [{ 'a,1': '1', 'b\n2': '2' }]],
    ['blank lines', '\n\na,b\r\n\r\n1,2\n\n', ['a', 'b'], [{ a: '1', b: '2' }]],
    ['a header alone', 'a,b\n', ['a', 'b'], []],
    ['a column without a name', ',b\n0,x\n', ['', 'b'], [{ '': '0', b: 'x' }]],
    ['one column', 'a\n1\n""\n', ['a'], [{ a: '1' }, { a: '' }]],
    ['a name that objects have', '__proto__,toString\n1,2\n', ['__proto__', 'toString'], [Object.fromEntries([['__proto__', '1'], ['toString', '2']])]],
  ])('%s', async (_, content, columns, values) => {
    for (const most of [1, 2, 3, 1000]) {
      const { index } = await indexed(csv, content, () => most);
      expect((index.more as TableMore).columns).toEqual(columns);
      expect(index.problems).toEqual([]);
      const { rows } = await rowsOf(csv, content);
      expect(rows.map(({ value }) => value)).toEqual(values);
      expect(rows.every(({ problem }) => problem === undefined)).toBe(true);
    }
  });

  it('takes tabs of a tsv', async () => {
    const { rows } = await rowsOf(tsv, 'a\tb\n1,2\t"x\ty"\n');
    expect(rows[0]?.value).toEqual({ a: '1,2', b: 'x\ty' });
  });

  it('finds the cells that csv-parse finds, however the file is cut into chunks', async () => {
    const random = seeded(31);
    const cell = (): string => {
      const plain = Array.from({ length: Math.floor(random() * 6) }, () => pick(random, ['a', 'ü', ' ', '😀', '\\', '\0', '\t'])).join('');
      if (random() < 0.5) return plain;
      return `"${plain}${pick(random, ['', '""', ',', '\n', '\r\n', '\n\n', ',""'])}${plain}"`;
    };
    for (let round = 0; round < 500; round++) {
      const end = pick(random, ['\n', '\r\n']);
      const width = 2 + Math.floor(random() * 4);
      const lines = Array.from({ length: 1 + Math.floor(random() * 6) }, () => Array.from({ length: width }, cell).join(','));
      const header = Array.from({ length: width }, (_, i) => `c${String(i)}`).join(',');
      const content = [header, ...lines].join(end) + pick(random, ['', end, end + end]);
      const expected = parse(content, { columns: true, skip_empty_lines: true, record_delimiter: [end], relax_column_count: true });
      const { file, index } = await indexed(csv, content, upTo(random, pick(random, [1, 3, 10])));
      const found = [];
      for (let i = 0; i < index.count; i++) found.push((await csv.row(file, index, i)).value);
      expect(found, JSON.stringify(content)).toEqual(expected);
    }
  });

  it('reads stray quotes as csv-parse does', async () => {
    const random = seeded(32);
    for (let round = 0; round < 2000; round++) {
      const line = Array.from({ length: Math.floor(random() * 10) }, () => pick(random, ['"', '"', 'a', ',', ' ', 'ü', '\r'])).join('');
      let expected: unknown;
      try {
        [expected] = parse(line, { record_delimiter: ['\n'], relax_quotes: true, relax_column_count: true });
      } catch {
        expected = undefined;
      }
      if (line.replace(/\r$/, '') !== line || line === '') continue;
      const { index, rows: [row] } = await rowsOf(csv, `a,b\n${line}\n`);
      if (expected === undefined) expect(index.problems.join(' ')).toMatch(/never closed/);
      else expect(Object.values(row?.value ?? {}), JSON.stringify(line)).toEqual(expected);
    }
  });

  it('says which rows have too few or too many cells, and keeps what they have', async () => {
    const { index, rows } = await rowsOf(csv, 'a,b,c\n1,2,3\n1\n1,2,3,4\n');
    expect(index.problems).toEqual(['2 rows have another number of cells than the header (3), first row 2.']);
    expect(rows.map(({ value }) => value)).toEqual([{ a: '1', b: '2', c: '3' }, { a: '1' }, { a: '1', b: '2', c: '3', 'column 4': '4' }]);
    expect(rows.map(({ problem }) => problem)).toEqual([
      undefined, 'Row 2 has 1 cell, the header 3: b, c are missing.', 'Row 3 has 4 cells, the header 3: the others are shown by number.',
    ]);
  });

  it('tells columns of one name apart', async () => {
    const { index, rows } = await rowsOf(csv, 'a,a,a (2)\n1,2,3\n');
    expect(Object.values(rows[0]?.value ?? {})).toEqual(['1', '2', '3']);
    expect(index.problems.join(' ')).toMatch(/same name; column 2/);
  });

  it('says that a quote is never closed; the rows before it stay', async () => {
    const { index, rows } = await rowsOf(csv, 'a,b\n1,2\n3,"4\n5,6\n');
    expect(index.problems.join(' ')).toMatch(/quote in row 2, the last, is never closed/);
    expect(rows[0]?.value).toEqual({ a: '1', b: '2' });
    expect(rows[1]?.problem).toMatch(/^Row 2 has a quote that is never closed/);
  });

  it('takes no line of ten thousand cells for a row or a header', async () => {
    expect((await indexed(csv, `${','.repeat(20_000)}\n1\n`)).index.problems).toEqual([expect.stringMatching(/20001 cells, which no table/)]);
    const { rows } = await rowsOf(csv, `a,b\n${','.repeat(20_000)}\n1,2\n`);
    expect(rows[0]?.problem).toMatch(/^Row 1 has 20001 cells, the header 2/);
    expect(rows[1]?.value).toEqual({ a: '1', b: '2' });
  });

  it('says that an empty file has no header', async () => {
    expect((await indexed(csv, '')).index.problems).toEqual([expect.stringMatching(/empty/)]);
  });

  it.each([['quotes', '"'], ['commas', ','], ['NULs', '\0'], ['carriage returns', '\r']])('takes a million %s', async (_, char) => {
    const { rows } = await rowsOf(csv, `a,b\n1,2\n${char.repeat(1_000_001)}\n`);
    expect(rows[0]?.value).toEqual({ a: '1', b: '2' });
  });

  it('does not wait for a file that became shorter', async () => {
    const { file } = await indexed(csv, 'a,b\n1,2\n');
    await expect(csv.index({ ...file, size: 100 }, tools)).rejects.toThrow(/became shorter/);
  });

  it.each<[string, string, boolean]>([
    ['a.csv', 'a,b', true], ['a.CSV', '', true], ['a.csv', 'PAR1', false], ['a.txt', 'a,b', false],
  ])('is %s with %j one: %s', (name, head, is) => {
    expect(csv.detect(Buffer.from(head), name)).toBe(is);
  });
});

describe('a table written back', () => {
  it.each<[string, string, string, string, string]>([
    ['only the cell changes', 'x, "y" ,z', 'a', 'X', 'X, "y" ,z'],
    ['a cell in quotes stays in quotes', '1,"y",3', 'b', 'z', '1,"z",3'],
    ['quotes come where they must', '1,2,3', 'b', 'x, "y"\n', '1,"x, ""y""\n",3'],
    ['a cell that is the same keeps its bytes', '1,"y",3', 'b', 'y', '1,"y",3'],
    ['an empty cell', '1,,3', 'b', 'x', '1,x,3'],
    ['the last cell', '1,2,', 'c', 'ü', '1,2,ü'],
    ['a cell with a stray quote', '1,"a"b,3', 'b', 'x', '1,x,3'],
  ])('%s', async (_, line, column, text, after) => {
    const { index, rows: [row] } = await rowsOf(csv, `a,b,c\n${line}\n`);
    expect(row && editedText(csv, row, [{ path: [column], value: text }], index)).toBe(after);
  });

  it('an only cell that is empty does not become a blank line', async () => {
    const { index, rows: [row] } = await rowsOf(csv, 'a\n1\n');
    expect(row && editedText(csv, row, [{ path: ['a'], value: '' }], index)).toBe('""');
  });

  it.each<[string, (string | number)[], unknown, RegExp]>([
    ['a column that is not there', ['d'], 'x', /no cell d: a table holds only its columns \(a, b, c\)/],
    ['a cell that a short row has not', ['c'], 'x', /no cell c/],
    ['a place in a cell', ['a', 'x'], 'x', /no cell a\.x/],
    ['an object', ['a'], {}, /text only/],
    ['half of a character', ['a'], 'x\ud83d', /lone surrogate/],
  ])('says why it cannot write %s', async (_, path, value, why) => {
    const { index, rows: [row] } = await rowsOf(csv, 'a,b,c\n1,2\n');
    expect(() => row && editedText(csv, row, [{ path, value: value as string }], index)).toThrow(why);
  });

  it('changes the cells that were edited and no other byte of the file', async () => {
    const random = seeded(33);
    const text = (): string => Array.from({ length: Math.floor(random() * 6) }, () => pick(random, ['a', '"', ',', '\n', '\r', 'ü', ' ', ';'])).join('');
    const cell = (): string => (random() < 0.4 ? `"${text().replaceAll('"', '""')}"` : pick(random, ['', 'x', ' y ', 'ü']));
    for (let round = 0; round < 500; round++) {
      const end = pick(random, ['\n', '\r\n']);
      const table = Array.from({ length: 1 + Math.floor(random() * 5) }, () => [cell(), cell(), cell()]);
      const content = (rows: string[][]): string => `a,b,c${end}${rows.map((row) => row.join(',')).join(end)}${end}`;
      const { file, index } = await indexed(csv, content(table), upTo(random, 9));
      expect((await saved(csv, file, index, new Map())).toString()).toBe(content(table));
      const ordinal = Math.floor(random() * table.length);
      const column = Math.floor(random() * 3);
      const raw = await csv.row(file, index, ordinal);
      const value = text();
      const after = editedText(csv, raw, [{ path: [['a', 'b', 'c'][column] ?? ''], value }], index);
      const whole = (await saved(csv, file, index, new Map([[ordinal, Buffer.from(after)]]))).toString();
      const row = table[ordinal] ?? [];
      const others = row.filter((_, i) => i !== column);
      const [left, right] = [row.slice(0, column).map((one) => `${one},`).join(''), row.slice(column + 1).map((one) => `,${one}`).join('')];
      expect(after.startsWith(left) && after.endsWith(right), `${JSON.stringify(others)} ${after}`).toBe(true);
      const again = await rowsOf(csv, whole);
      expect(again.rows[ordinal]?.value).toEqual({ ...raw.value, [['a', 'b', 'c'][column] ?? '']: value });
      expect(whole).toBe(content(table.map((other, i) => (i === ordinal ? [after] : other))));
    }
  });

  it('knows its cells by their columns, also where columns are called by numbers', async () => {
    const { file, index } = await indexed(csv, 'b,2,1\nx,y,z\n');
    const raw = await csv.row(file, index, 0);
    expect(editedText(csv, raw, [{ path: ['b'], value: 'z' }], index)).toBe('z,y,z');
    expect(editedText(csv, raw, [{ path: ['1'], value: 'y' }, { path: ['2'], value: 'y' }], index)).toBe('x,y,y');
  });

  it('a line feed in a cell ends no row where carriage returns do', async () => {
    const { file, index } = await indexed(csv, 'a,b\r1,2\r3,4\r');
    const raw = await csv.row(file, index, 0);
    const bytes = Buffer.from(editedText(csv, raw, [{ path: ['b'], value: 'x\ny' }], index));
    const { rows } = await rowsOf(csv, await saved(csv, file, index, new Map([[0, bytes]])));
    expect(rows.map(({ value }) => value)).toEqual([{ a: '1', b: 'x\ny' }, { a: '3', b: '4' }]);
  });
});
