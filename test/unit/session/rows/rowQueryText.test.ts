import { describe, expect, it } from 'vitest';
import { folded, rawFilter, rowHolds } from '../../../../src/session/rows/rowQueryText';
import { ListedDataset } from '../../../harness/listedDataset';
import { seeded } from '../../../seeded';

const LETTERS = ['a', 'b', 'K', 'i', 'I', ' ', '"', '\\', '/', '\n', '\t', 'é', 'É', 'ß', '\u212a', '\u0130', '\u0131', '\u017f', '中', '😀', 'Ω', '<', '0', 'u', '\u0007', '\u007f', '\u212b'];

/** A JSON string of a text, each character written in one of the ways that JSON allows. */
function written(text: string, random: () => number, escapes: boolean): string {
  let out = '"';
  for (const unit of text) {
    const plain = JSON.stringify(unit).slice(1, -1);
    const escaped = [...Array(unit.length).keys()].map((i) => `\\u${unit.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
    const how = escapes ? random() : 1;
    out += how < 0.2 ? escaped : how < 0.3 ? escaped.replace(/[a-f]/g, (digit) => digit.toUpperCase()) : unit === '/' && how < 0.6 ? '\\/' : plain;
  }
  return `${out}"`;
}

describe('a search of bytes', () => {
  it('skips no row that holds the text, whatever its escapes', async () => {
    const random = seeded(11);
    const some = (most: number): string => Array.from({ length: Math.floor(random() * most) }, () => LETTERS[Math.floor(random() * LETTERS.length)] ?? '').join('');
    let holding = 0;
    let skipped = 0;
    for (let round = 0; round < 10_000; round++) {
      const reasoning = some(30);
      const escapes = random() < 0.5;
      const row = { id: some(3), prompt: some(10), reasoning, answer: some(10) };
      // Keys of letters that are in no text, so that they never stop the search.
      const line = `{"Z":${written(row.id, random, escapes)},"Y":${written(row.prompt, random, escapes)},"X":${written(reasoning, random, escapes)},"W":${written(row.answer, random, escapes)}}`;
      expect(Object.values(JSON.parse(line) as Record<string, string>)).toEqual(Object.values(row));
      const from = Math.floor(random() * reasoning.length);
      const needle = folded(random() < 0.7 ? reasoning.slice(from, from + 1 + Math.floor(random() * 5)) : some(4)).trim();
      const filter = needle === '' ? undefined : rawFilter(needle);
      if (filter === undefined) continue;
      const holds = rowHolds(await new ListedDataset([row]).row(0), needle);
      const places = filter.places(Buffer.from(line));
      if (holds) {
        holding++;
        expect(places, `${JSON.stringify(needle)} in ${line}`).not.toEqual([]);
      } else if (places.length === 0) skipped++;
    }
    // It is no test of nothing: there were rows to find, and rows to skip.
    expect(holding).toBeGreaterThan(500);
    expect(skipped).toBeGreaterThan(200);
  });

  it('says nothing of texts that no file holds as they are typed', () => {
    expect(rawFilter('中文')).toBeUndefined();
    expect(rawFilter('"\n"')).toBeUndefined();
  });

  it('does not take an escape of another letter for one of its own', () => {
    const filter = rawFilter('kitchen');
    expect(filter?.places(Buffer.from('{"a":"\\u003cthink\\u003e and \\u2019"}'))).toEqual([]);
    expect(filter?.places(Buffer.from('{"a":"\\u006bitchen"}'))).toEqual([6]);
    expect(filter?.places(Buffer.from('{"a":"A KITCHEN é"}'))).toEqual([8]);
  });

  it('does not search what tools say, nor calls of them', async () => {
    const set = new ListedDataset([{ prompt: 'A prompt.' }]);
    const row = await set.row(0);
    const tools = { ...row, traces: [{ ...row.traces[0]!, messages: [{ role: 'tool' as const, parts: [{ kind: 'text' as const, text: 'found' }] }, { role: 'assistant' as const, parts: [{ kind: 'toolCall' as const, text: 'found' }] }] }] };
    expect(rowHolds(tools, 'found')).toBe(false);
    expect(rowHolds(row, 'prompt')).toBe(true);
  });
});
