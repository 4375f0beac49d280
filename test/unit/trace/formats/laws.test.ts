import { describe, expect, it } from 'vitest';
import { FORMATS, readRow } from '../../../../src/trace/formats';
import { cutHarmony } from '../../../../src/trace/formats/harmonyCut';
import type { JsonObject, JsonValue } from '../../../../src/trace/rows/fieldRef';
import { seeded } from '../../../seeded';
import { FIXTURES, fixtureRows } from './fixtureRows';
import { expectPlaced } from './rowLaws';

const PIECES = ['<think>', '</think>', '<think >', '<thinking>', '\n', '\r\n', '\n\n', ' ', 'Äpfel', '🌿', 'a < b', 'x', '<think id="1">', '\u00a0', '<|channel|>', '`<think>`'];
const MARKS = ['<|start|>', 'assistant', 'user', '<|channel|>', 'analysis', 'final', 'commentary to=functions.find ', '<|message|>', '<|end|>', '<|call|>', '<|return|>', 'a\n', '🌿'];

function text(random: () => number, pieces: readonly string[]): string {
  return Array.from({ length: Math.floor(random() * 14) }, () => pieces[Math.floor(random() * pieces.length)] ?? '').join('');
}

/** The row with some of its strings replaced, and now and then a value of another type. */
function mangled(value: JsonValue, random: () => number): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => mangled(item, random));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mangled(item, random)]));
  const dice = random();
  if (dice < 0.05) return [null, 3, true, [], {}, '', ['a', 'b'], { a: 1 }][Math.floor(random() * 8)] ?? null;
  return typeof value === 'string' && dice < 0.4 ? text(random, PIECES) : value;
}

describe('the place of each text', () => {
  it.each(FIXTURES)('holds it: %s', (name) => {
    for (const row of fixtureRows(name)) {
      const { traces } = readRow(row);
      expect(traces.length).toBeGreaterThan(0);
      for (const trace of traces) expectPlaced(row, trace);
    }
  });

  it('holds it in rows with values of any type and text with any marks, by every format', { timeout: 60_000 }, () => {
    const random = seeded(4);
    const rows = FIXTURES.flatMap(fixtureRows);
    for (let round = 0; round < 10; round++) {
      for (const row of rows) {
        const strange = mangled(row, random) as JsonObject;
        for (const format of FORMATS) {
          const sure = format.detect(strange);
          expect(sure).toBeGreaterThanOrEqual(0);
          expect(sure).toBeLessThanOrEqual(1);
          if (sure === 0 && round % 6 !== 0) continue;
          const traces = format.read(strange);
          expect(traces.length, format.name).toBeGreaterThan(0);
          for (const trace of traces) expectPlaced(strange, trace);
        }
      }
    }
  });

  it('holds it in random answers, which always give reasoning and answer', { timeout: 30_000 }, () => {
    const random = seeded(7);
    for (let i = 0; i < 2000; i++) {
      const row = { prompt: 'How do I keep basil?', response: text(random, PIECES) };
      const [trace] = readRow(row, { format: 'columns' }).traces;
      if (trace === undefined) throw new Error('no trace');
      expectPlaced(row, trace);
      const kinds = trace.messages.at(-1)?.parts.map(({ kind }) => kind);
      expect(kinds, row.response).toContain('reasoning');
      expect(kinds, row.response).toContain('text');
    }
  });

  it('holds it in random harmony text', () => {
    const random = seeded(9);
    for (let i = 0; i < 2000; i++) {
      const response = text(random, MARKS);
      for (const complete of [true, false]) {
        const messages = cutHarmony({ text: response, at: { path: ['text'] } }, complete);
        let cursor = 0;
        for (const { at, text: said } of messages.flatMap(({ parts }) => parts)) {
          const { start, end } = at?.slice ?? { start: -1, end: -1 };
          expect(start).toBeGreaterThanOrEqual(cursor);
          expect(response.slice(start, end)).toBe(said);
          cursor = end;
        }
      }
    }
  });

  it('never leads to a field that no format knows', () => {
    for (const row of FIXTURES.flatMap(fixtureRows)) {
      const known = readRow(row).traces;
      const more = { ...row, strange_field: { prompt: 'x' }, 'füllung': ['y'] };
      for (const [i, trace] of readRow(more).traces.entries()) {
        const places = trace.messages.flatMap(({ parts }) => parts.flatMap(({ at, items, copies }) => [at, ...(items ?? []).map((item) => item.at), ...(copies ?? [])]));
        expect(places.map((at) => at?.path[0])).not.toContain('strange_field');
        expect(trace.messages).toEqual(known[i]?.messages);
      }
    }
  });
});

describe('hostile rows', () => {
  const deep = (levels: number): JsonObject => {
    let value: JsonObject = { end: 1 };
    for (let i = 0; i < levels; i++) value = { a: value };
    return value;
  };

  it('that are nested deeply are read', () => {
    for (const format of FORMATS) {
      for (const row of [{ prompt: 'a b', response: 'c', more: deep(100_000) }, { messages: [{ role: 'assistant', content: [deep(100_000)], tool_calls: [{ function: { name: 'f', arguments: deep(100_000) } }] }] }]) {
        expect(format.detect(row)).toBeLessThanOrEqual(1);
        expect(format.read(row).length).toBeGreaterThan(0);
      }
    }
  });

  it('with names of objects’ own machinery are read', () => {
    const row = JSON.parse('{"messages":[{"role":"constructor","content":"a","__proto__":{"x":1}},{"role":"toString","content":"b"}],"__proto__":{"prompt":"c"}}') as JsonObject;
    for (const trace of readRow(row).traces) expectPlaced(row, trace);
    expect(readRow({ text: '<|start|>constructor<|message|>a<|end|><|channel|>final<|message|>b' }).format).toBe('harmony text');
    expect(readRow(JSON.parse('{"prompt":"a","type":"x","focus":"y","label":"constructor"}') as JsonObject).traces[0]?.intent).toBe('unknown');
  });
});
