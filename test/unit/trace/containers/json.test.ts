import { describe, expect, it } from 'vitest';
import { json, type JsonMore } from '../../../../src/trace/containers/json';
import type { JsonObject } from '../../../../src/trace/rows/fieldRef';
import { seeded } from '../../../seeded';
import { editedText, indexed, rowsOf, saved, tools, upTo } from './memoryBytes';
import { pick, randomJson, randomObject, randomWay } from './randomJson';

async function texts(content: string, next?: () => number): Promise<{ rows: string[]; more: JsonMore; problems: readonly string[] }> {
  const { index } = await indexed(json, content, next);
  const bytes = Buffer.from(content, 'utf8');
  const rows = Array.from({ length: index.count }, (_, i) => bytes.toString('utf8', index.spans[2 * i], index.spans[2 * i + 1]));
  return { rows, more: index.more as JsonMore, problems: index.problems };
}

describe('the index of a JSON file', () => {
  it.each<[string, string, string[], string[] | undefined]>([
    ['a list', ' [ {"a":1} , {"a":[{"b":"]}"}]}\n]\n', ['{"a":1}', '{"a":[{"b":"]}"}]}'], []],
    ['an empty list', '[]', [], []],
    ['a mark of UTF-8', '\uFEFF[{"a":1}]', ['{"a":1}'], []],
    ['one object', '\n{"a":1}\n', ['{"a":1}'], undefined],
    ['an object with a chat', '{"messages":[{"role":"user"}]}', ['{"messages":[{"role":"user"}]}'], undefined],
    ['a list in an object', '{"meta_info":{"n":[{"x":1}]},"data":[{"a":1},{"a":2}]}', ['{"a":1}', '{"a":2}'], ['data']],
    ['the first list of objects', '{"tags":["x"],"runs":[{"a":1}],"more":[{"b":1}]}', ['{"a":1}'], ['runs']],
    ['the list with the better name', '{"runs":[{"a":1}],"samples":[{"s":1}],"rows":[{"b":1}]}', ['{"s":1}'], ['samples']],
    ['a name with an escape', '{"d\\u0061ta":[{"a":1}]}', ['{"a":1}'], ['data']],
    ['an empty list with a name', '{"data":[]}', [], ['data']],
    ['strings with brackets, quotes and backslashes', '[{"a":"]\\"}\\\\"},{"b":"\\\\\\""}]', ['{"a":"]\\"}\\\\"}', '{"b":"\\\\\\""}'], []],
  ])('%s', async (_, content, rows, path) => {
    for (const most of [1, 2, 3, 7, 1000]) {
      const found = await texts(content, () => most);
      expect(found.rows).toEqual(rows);
      expect(found.problems).toEqual([]);
      expect(found.more.path).toEqual(path);
    }
  });

  it('is that of naive reading, however the file is cut into chunks', async () => {
    const random = seeded(21);
    for (let round = 0; round < 400; round++) {
      const way = randomWay(random, true);
      const list = Array.from({ length: Math.floor(random() * 6) }, () => randomObject(random, way, 3, way.unit));
      const space = pick(random, ['', ' ', '\n', '\r\n  ']);
      const rows = `[${space}${list.join(`${space},${space}`)}${space}]`;
      const wrapped = random() < 0.4;
      const content = wrapped ? `{"before":${randomJson(random, way, 0)},${space}"data" :${rows},"x":${randomJson(random, way, 2)}}` : rows;
      const found = await texts(content, upTo(random, pick(random, [1, 3, 10, 100])));
      expect(found.rows, content).toEqual(list);
    }
  });

  it.each<[string, string, string[], RegExp]>([
    ['text after the end', '[{"a":1}]\n]', ['{"a":1}'], /after the end of the JSON, from line 2 on/],
    ['JSON Lines under another name', '{"a":1}\n{"a":2}', ['{"a":1}'], /name the file \.jsonl/],
    ['no last bracket', '[{"a":1},\n{"a":2}', ['{"a":1}', '{"a":2}'], /not closed/],
    ['a torn row', '[{"a":1},{"a":"x', ['{"a":1}', '{"a":"x'], /not closed/],
    ['a torn row in an object', '{"data":[{"a":1},{"a":', ['{"a":1}', '{"a":'], /not closed/],
    ['elements that are no objects', '[{"a":1},7,[{}],"x" ]', ['{"a":1}', '7', '[{}]', '"x"'], /3 elements of the list are no objects, first row 2/],
    ['a comma before the end', '[{"a":1},\n]', ['{"a":1}'], /comma with no row after it, line 2\./],
    ['commas alone', '[,,{"a":1}]', ['{"a":1}'], /comma with no row after it, line 1 and 1 more/],
    ['a comma that is missing', '[{"a":1}\n{"a":2}]', ['{"a":1}', '{"a":2}'], /comma is missing between two rows, line 2/],
    ['an empty file', ' ', [], /empty/],
    ['no JSON', 'hello', [], /no JSON/],
  ])('keeps the good rows with %s', async (_, content, rows, problem) => {
    for (const most of [1, 3, 1000]) {
      const found = await texts(content, () => most);
      expect(found.rows).toEqual(rows);
      expect(found.problems.join(' ')).toMatch(problem);
    }
  });

  it.each<[string, (row: string) => string]>([
    ['a word that is none', (row) => row.replace('"tea"', 'tea')],
    ['a missing quote', (row) => row.replace('"tea"', '"tea')],
    ['a missing brace', (row) => row.replace(/\}$/, '')],
    ['a missing bracket', (row) => row.replace(']', '')],
    ['a brace too many', (row) => `${row}}`],
  ])('reads the other 999 rows where row 500 has %s', async (_, damage) => {
    const row = (i: number): string => JSON.stringify({ id: i, name: 'tea', list: [{ a: 1 }, { b: '{' }] }, null, 2).replaceAll('\n', '\n  ');
    const ways = [row, (i: number) => row(i).replace(/\s+/g, ' ')].flatMap((line) => [['[\n  ', '\n]\n', line], ['{"meta": {"a": [1]},\n "data": [\n  ', '\n ],\n "more": [\n  {\n  }\n ]\n}\n', line]] as const);
    for (const [before, after, line] of ways) {
      const content = `${before}${Array.from({ length: 1000 }, (_, i) => (i === 499 ? damage(line(i)) : line(i))).join(',\n  ')}${after}`;
      const { index, rows } = await rowsOf(json, content);
      expect(index.count).toBe(1000);
      const good = rows.filter(({ value }) => value !== undefined).map(({ value }) => value?.['id']);
      expect(good).toEqual(Array.from({ length: 1000 }, (_, i) => i).filter((i) => i !== 499));
      const before500 = content.slice(0, content.indexOf('"id": 499')).split('\n').length - (line === row ? 1 : 0);
      expect(rows[499]?.problem).toMatch(new RegExp(`^Row 500 \\(${line === row ? `from line ${String(before500)} on` : `line ${String(before500)}`}\\) is no JSON`));
    }
  });

  it('counts a million levels instead of going down them', async () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    const { index, rows } = await rowsOf(json, `[{"a":${deep}},{"a":1}]`);
    expect(index.problems).toEqual([]);
    expect(rows[1]?.value).toEqual({ a: 1 });
    expect((await indexed(json, '['.repeat(1_000_000))).index.problems.join(' ')).toMatch(/not closed/);
    expect((await indexed(json, ']'.repeat(1_000_000))).index.problems.join(' ')).toMatch(/no JSON/);
  });

  it.each([['quotes', '"'], ['commas', ','], ['NULs', '\0'], ['backslashes', '\\'], ['colons', ':']])('takes a million %s', async (_, char) => {
    const found = await rowsOf(json, `[{"a":1},${char.repeat(1_000_000)}`);
    expect(found.rows[0]?.value).toEqual({ a: 1 });
    expect(found.index.problems).not.toEqual([]);
  });

  it('does not wait for a file that became shorter', async () => {
    const { file } = await indexed(json, '[{"a":1}]');
    await expect(json.index({ ...file, size: 100 }, tools)).rejects.toThrow(/became shorter/);
  });

  it.each<[string, string, boolean]>([
    ['a.json', ' [1', true], ['a.json', '\uFEFF{', true], ['a.json', 'x', false], ['a.txt', '[\n {"a"', true], ['a.txt', '{ "a": 1', true], ['a.md', '[link](x)', false], ['a.ts', '{ a', false],
  ])('is %s with %j one: %s', (name, head, is) => {
    expect(json.detect(Buffer.from(head), name)).toBe(is);
  });
});

describe('a JSON file written back', () => {
  it('is the same where nothing changed, and else but for one field of one row', async () => {
    const random = seeded(22);
    for (let round = 0; round < 200; round++) {
      const way = randomWay(random, true);
      const list = Array.from({ length: 1 + Math.floor(random() * 6) }, () => randomObject(random, way, 3, way.unit));
      const content = `[${way.newline}${list.join(`,${way.newline}`)}${way.newline}]`;
      const { file, index } = await indexed(json, content, upTo(random, 20));
      expect((await saved(json, file, index, new Map())).toString()).toBe(content);
      const ordinal = Math.floor(random() * list.length);
      const after = editedText(json, await json.row(file, index, ordinal), [{ path: ['new'], value: { x: ['ü'] } }], index);
      const whole = (await saved(json, file, index, new Map([[ordinal, Buffer.from(after)]]))).toString();
      const bytes = Buffer.from(content, 'utf8');
      const [start, end] = index.spans.subarray(2 * ordinal);
      expect(whole).toBe(Buffer.concat([bytes.subarray(0, start), Buffer.from(after), bytes.subarray(end)]).toString());
      const rows = JSON.parse(whole) as JsonObject[];
      const expected = JSON.parse(content) as JsonObject[];
      expected[ordinal] = { ...expected[ordinal], new: { x: ['ü'] } };
      expect(rows).toEqual(expected);
    }
  });
});
