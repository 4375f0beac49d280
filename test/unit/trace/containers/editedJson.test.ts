import { describe, expect, it } from 'vitest';
import { editedJson } from '../../../../src/trace/containers/editedJson';
import type { FieldEdit, JsonObject, JsonValue } from '../../../../src/trace/rows/fieldRef';
import { seeded } from '../../../seeded';
import { pick, randomJson, randomObject, randomValue, randomWay } from './randomJson';

function edit(text: string, edits: readonly FieldEdit[], ascii = false): string {
  const raw = { bytes: Buffer.from(text, 'utf8'), value: JSON.parse(text) as JsonObject };
  return Buffer.from(editedJson(raw, edits, ascii)).toString('utf8');
}

const set = (path: FieldEdit['path'], value: JsonValue | undefined): FieldEdit => ({ path, value });

describe('the bytes of an edited row of JSON', () => {
  it.each<[string, string, FieldEdit[], string]>([
    ['only the value changes', '{"id": 1e400, "a": "x" , "b":-0}', [set(['a'], 'y')], '{"id": 1e400, "a": "y" , "b":-0}'],
    ['nothing changes where the value is the same', '{"a":"\\u0041","b":1.0}', [set(['a'], 'A'), set(['b'], 1)], '{"a":"\\u0041","b":1.0}'],
    ['a string keeps its escapes around what changes', '{"a":"\\u003cb\\u003e tea \\u003c/b\\u003e"}', [set(['a'], '<b> coffee </b>')], '{"a":"\\u003cb\\u003e coffee \\u003c/b\\u003e"}'],
    ['new characters are escaped as in the row', '{"a":"\\u00fc x"}', [set(['a'], 'ü ö x')], '{"a":"\\u00fc \\u00f6 x"}'],
    ['pairs too', '{"a":"\\u00fc"}', [set(['a'], 'ü😀')], '{"a":"\\u00fc\\ud83d\\ude00"}'],
    ['in capitals where the row has capitals', '{"a":"\\u00FC"}', [set(['a'], 'üö')], '{"a":"\\u00FC\\u00F6"}'],
    ['raw where the row is raw', '{"a":"ü","b":"\\u00e4"}', [set(['a'], 'üö')], '{"a":"üö","b":"\\u00e4"}'],
    ['raw where nothing tells', '{"a":"u"}', [set(['a'], 'ü😀')], '{"a":"ü😀"}'],
    ['slashes as in the row', '{"a":"<\\/think>"}', [set(['a'], '</think> and </b>')], '{"a":"<\\/think> and <\\/b>"}'],
    ['a half of a character is escaped', '{"a":"x"}', [set(['a'], 'x\ud83d')], '{"a":"x\\ud83d"}'],
    ['an index into a list', '{"a":["s1", "s2"],"b":0}', [set(['a', 1], 'S2')], '{"a":["s1", "S2"],"b":0}'],
    ['an entry after the last', '{"a":["s1", "s2"]}', [set(['a', 2], 's3')], '{"a":["s1", "s2", "s3"]}'],
    ['a field is added in the row\'s spacing', '{"a": 1, "b": 2}', [set(['c'], 'x')], '{"a": 1, "b": 2, "c": "x"}'],
    ['in a compact one', '{"a":1,"b":2}', [set(['c'], { x: [1] })], '{"a":1,"b":2,"c":{"x":[1]}}'],
    ['after the only one', '{"a": 1}', [set(['c'], 2)], '{"a": 1, "c": 2}'],
    ['to an empty object', '{"a":{}}', [set(['a', 'c'], 2)], '{"a":{"c":2}}'],
    ['to an empty row', '{ }', [set(['c'], 2)], '{"c": 2}'],
    ['with the objects down to it', '{"a": 1}', [set(['m', 'n'], 2)], '{"a": 1, "m": {"n": 2}}'],
    ['in pretty print', '{\n      "a": 1\n    }', [set(['c'], { x: [1, {}] })], '{\n      "a": 1,\n      "c": {\n        "x": [\n          1,\n          {}\n        ]\n      }\n    }'],
    ['in pretty print with CRLF and tabs', '{\r\n\t"a": 1\r\n}', [set(['c'], [])], '{\r\n\t"a": 1,\r\n\t"c": []\r\n}'],
    ['a field goes with the comma after it', '{"a": 1, "b": 2}', [set(['a'], undefined)], '{"b": 2}'],
    ['or before it', '{"a": 1, "b": 2}', [set(['b'], undefined)], '{"a": 1}'],
    ['in the middle', '{"a": 1, "b": 2, "c": 3}', [set(['b'], undefined)], '{"a": 1, "c": 3}'],
    ['all of them', '{"a": 1, "b": 2}', [set(['a'], undefined), set(['b'], undefined)], '{}'],
    ['one goes and another comes', '{"a": 1}', [set(['a'], undefined), set(['b'], 2)], '{"b": 2}'],
    ['one goes and another comes after one that stays', '{"k":0,"a":1}', [set(['a'], undefined), set(['b'], 2)], '{"k":0,"b":2}'],
    ['what is not there is not taken away', '{"a": 1}', [set(['b'], undefined), set(['c', 'd'], undefined)], '{"a": 1}'],
    ['of a key that is there twice the last counts', '{"a":1,"a":2}', [set(['a'], 3)], '{"a":1,"a":3}'],
    ['and both go', '{"a":1,"b":0,"a":2}', [set(['a'], undefined)], '{"b":0}'],
    ['keys are compared without their escapes', '{"\\u0061":1}', [set(['a'], 2)], '{"\\u0061":2}'],
    ['odd keys', '{"__proto__":{"a":1}}', [set(['__proto__', 'a'], 2), set(['constructor'], 3)], '{"__proto__":{"a":2},"constructor":3}'],
  ])('%s', (_, before, edits, after) => {
    expect(edit(before, edits)).toBe(after);
  });

  it('takes the custom of its neighbours where the row has no character beyond ASCII', () => {
    expect(edit('{"a":"u"}', [set(['a'], 'ü')], true)).toBe('{"a":"\\u00fc"}');
  });

  it.each<[string, FieldEdit, RegExp]>([
    ['{"a":"x"}', set(['a', 'b'], 1), /a holds no fields/],
    ['{"a":[1]}', set(['a', 0], undefined), /a\.0 of a list cannot be removed/],
    ['{"a":[1]}', set(['a', 5], 1), /has 1 entries/],
    ['{"a":[1]}', set(['a', 'b'], 1), /numbered entries/],
    ['{"a":1}', set(['a'], Infinity), /cannot be written as JSON/],
  ])('says why %s cannot take an edit', (row, one, why) => {
    expect(() => edit(row, [one])).toThrow(why);
  });

  it('does not write where bytes are not UTF-8', () => {
    const bytes = Buffer.from([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('"}')]);
    expect(() => editedJson({ bytes, value: { a: '\uFFFD' } }, [set(['a'], 'x')], false)).toThrow(/not UTF-8/);
  });

  it('changes one value of any row and nothing else', () => {
    const random = seeded(4);
    for (let round = 0; round < 4000; round++) {
      const way = randomWay(random, true);
      const text = randomObject(random, way, 4, pick(random, ['', '    ']));
      const row = JSON.parse(text) as JsonObject;
      const path = placeIn(random, row);
      const value = random() < 0.15 && typeof path.at(-1) === 'string' ? undefined : randomValue(random);
      const after = edit(text, [set(path, value)]);
      expect(same(JSON.parse(after) as JsonValue, withValue(row, path, value)), `${text}\n${JSON.stringify({ path, value })}\n${after}`).toBe(true);
      if (way.newline === '') expect(after).not.toMatch(/[\r\n]/);
    }
  });

  it('leaves every byte of the other fields', () => {
    const random = seeded(7);
    for (let round = 0; round < 2000; round++) {
      const way = randomWay(random, true);
      const members = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, i) => `"k${String(i)}"${way.colon}${randomJson(random, way, 3)}`);
      const chosen = Math.floor(random() * members.length);
      const before = `{${way.newline}${members.slice(0, chosen).map((member) => `${member} ,${way.newline}`).join('')}`;
      const after = `${members.slice(chosen + 1).map((member) => ` ,${way.gap}${member}`).join('')}${way.newline}}`;
      const text = before + String(members[chosen]) + after;
      const value = randomValue(random);
      const written = edit(text, [set([`k${String(chosen)}`], value)]);
      expect(written.startsWith(before) && written.endsWith(after), `${text}\n${written}`).toBe(true);
      const wider = edit(text, [set(['new'], value)]);
      expect(wider.startsWith(text.slice(0, text.length - 1 - way.newline.length)), `${text}\n${wider}`).toBe(true);
      if (members.length === 1) continue;
      const narrower = edit(text, [set([`k${String(chosen)}`], undefined)]);
      for (const [i, member] of members.entries()) if (i !== chosen) expect(narrower).toContain(member);
    }
  });

  it('keeps the bytes where every value is written as it is', () => {
    const random = seeded(5);
    for (let round = 0; round < 1000; round++) {
      const text = randomObject(random, randomWay(random, true), 4, '');
      const row = JSON.parse(text) as JsonObject;
      expect(edit(text, Object.entries(row).map(([key, value]) => set([key], value)))).toBe(text);
    }
  });

  it('makes many edits at once as one after another', () => {
    const random = seeded(6);
    for (let round = 0; round < 1000; round++) {
      const text = randomObject(random, randomWay(random, true), 4, '');
      let row: JsonObject = JSON.parse(text) as JsonObject;
      const edits = Object.keys(row).map((key) => set([key], random() < 0.3 ? undefined : randomValue(random)));
      const after = edit(text, [...edits, set(['new'], 1)]);
      for (const { path, value } of [...edits, set(['new'], 1)]) row = withValue(row, path, value) as JsonObject;
      expect(same(JSON.parse(after) as JsonValue, row), `${text}\n${after}`).toBe(true);
    }
  });

  it('writes beside values that are a million levels deep', () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    expect(edit(`{"a":${deep},"b":"x"}`, [set(['b'], 'y')])).toBe(`{"a":${deep},"b":"y"}`);
  });
});

/** A place that is there, or one that could be. */
function placeIn(random: () => number, row: JsonObject): (string | number)[] {
  const path: (string | number)[] = [];
  let value: JsonValue = row;
  while (typeof value === 'object' && value !== null) {
    const list = Array.isArray(value);
    const keys: string[] = Object.keys(value);
    if (keys.length === 0 || random() < 0.2) {
      path.push(list ? keys.length : pick(random, ['new', 'ü', 'n/n']));
      return path;
    }
    const key = pick(random, keys);
    path.push(list ? Number(key) : key);
    value = (value as JsonObject)[key] ?? null;
    if (random() < 0.4) return path;
  }
  return path;
}

function withValue(at: JsonValue | undefined, [key, ...rest]: readonly (string | number)[], value: JsonValue | undefined): JsonValue {
  if (key === undefined) return value ?? null;
  if (Array.isArray(at)) {
    const copy = [...(at as JsonValue[])];
    copy[Number(key)] = withValue(copy[Number(key)], rest, value);
    return copy;
  }
  const entries = Object.entries(at as JsonObject);
  if (rest.length === 0 && value === undefined) return Object.fromEntries(entries.filter(([name]) => name !== key));
  const known = entries.some(([name]) => name === key);
  const changed = entries.map(([name, inner]): [string, JsonValue] => [name, name === key ? withValue(inner, rest, value) : inner]);
  return Object.fromEntries(known ? changed : [...changed, [String(key), withValue({}, rest, value)]]);
}

/** Also tells -0 from 0. */
function same(one: JsonValue, other: JsonValue): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return Object.is(one, other);
  const [a, b] = [Object.entries(one), Object.entries(other)];
  return Array.isArray(one) === Array.isArray(other) && a.length === b.length
    && a.every(([key, value]) => Object.hasOwn(other, key) && same(value, (other as JsonObject)[key] as JsonValue));
}
