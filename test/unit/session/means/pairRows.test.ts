import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset, DatasetRow } from '../../../../src/session/datasets/dataset';
import { judgeOfPairs, pairDifferences } from '../../../../src/session/means/pairDifferences';
import { pairRows, type PairColumns, type Pairing } from '../../../../src/session/means/pairRows';
import { promptOf, textNumber } from '../../../../src/session/means/promptHash';
import { inRows, packedRanges, rangesOf, rowsIn, unpackedRanges } from '../../../../src/session/means/rowRanges';
import { tracePairs } from '../../../../src/session/means/tracePairs';
import { identityKey } from '../../../../src/judge/scoreRecord';
import type { RowMessage, RowTrace } from '../../../../src/trace/rows/rowTrace';
import { MODEL, OFFLINE, scored } from './meanTraces';

interface Row {
  readonly prompt: string | null;
  readonly id?: string;
}

const columns = (rows: readonly Row[]): PairColumns => ({
  prompts: Float64Array.from(rows, ({ prompt }) => (prompt === null ? NaN : textNumber(prompt))),
  ids: Float64Array.from(rows, ({ id }) => (id === undefined ? NaN : textNumber(id))),
  rows: Uint32Array.from(rows.keys()),
});

function paired(first: readonly Row[], second: readonly Row[]): Pairing {
  const run = pairRows(columns(first), columns(second));
  for (let next = run.next(); ; next = run.next()) if (next.done === true) return next.value;
}

const places = ({ first, second }: Pairing): number[][] => [...first].map((a, i) => [a, second[i] ?? -1]);

describe('same-prompt pairs', () => {
  it('come together by prompt, several of one prompt in order, equal ids first', () => {
    const found = paired(
      [{ prompt: 'a' }, { prompt: 'b', id: '1' }, { prompt: 'b', id: '2' }, { prompt: null }, { prompt: 'c' }],
      [{ prompt: 'b', id: '3' }, { prompt: 'b', id: '1' }, { prompt: 'a' }, { prompt: 'a' }, { prompt: null }, { prompt: null }],
    );
    expect(places(found)).toEqual([[0, 2], [1, 1], [2, 0]]);
    expect(found.leftOver).toEqual([2, 3]);
    expect(found.withoutPrompt).toEqual([1, 2]);
    // An id alone pairs nothing.
    expect(places(paired([{ prompt: 'a', id: '1' }], [{ prompt: 'b', id: '1' }]))).toEqual([]);
  });

  const rows = fc.array(
    fc.record({ prompt: fc.constantFrom('a', 'b', 'c', null), id: fc.constantFrom('1', '2', undefined) }).map(({ prompt, id }): Row => ({ prompt, ...(id === undefined ? {} : { id }) })),
    { maxLength: 12 },
  );

  it('law: each is in one pair at most, prompts are equal, none is left that could be paired; turned round it is the same number', () => {
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        const found = paired(first, second);
        const pairs = places(found);
        for (const side of [0, 1]) expect(new Set(pairs.map((pair) => pair[side])).size).toBe(pairs.length);
        for (const [a = 0, b = 0] of pairs) expect(first[a]?.prompt).toBe(second[b]?.prompt);
        for (const prompt of ['a', 'b', 'c']) {
          const count = (all: readonly Row[]): number => all.filter((row) => row.prompt === prompt).length;
          expect(pairs.filter(([a = 0]) => first[a]?.prompt === prompt)).toHaveLength(Math.min(count(first), count(second)));
        }
        const back = paired(second, first);
        expect(back.first).toHaveLength(found.first.length);
        expect([...back.leftOver].reverse()).toEqual([...found.leftOver]);
        // Without ids they are paired in order, whoever comes first.
        const plain = (all: readonly Row[]): Row[] => all.map(({ prompt }) => ({ prompt }));
        const there = places(paired(plain(first), plain(second)));
        const turned = places(paired(plain(second), plain(first))).map(([b = 0, a = 0]) => [a, b]);
        expect(turned.sort(([a = 0], [b = 0]) => a - b)).toEqual(there);
      }),
      { numRuns: 200 },
    );
  });
});

const message = (role: RowMessage['role'], text: string): RowMessage => ({ role, parts: [{ kind: 'text', text }] });
const rowTrace = (messages: readonly RowMessage[], more: Partial<RowTrace> = {}): RowTrace => ({
  ...{ variant: undefined, id: undefined, intent: 'unknown', model: undefined, source: undefined, notes: [], facts: [] },
  messages,
  ...more,
});

describe('a prompt', () => {
  it('is what the user says first, white space normalised, whatever the system says', () => {
    const one = rowTrace([message('system', 'Be kind.'), message('user', ' How\n do  I\tbake? '), message('assistant', 'x'), message('user', 'More.')]);
    expect(promptOf(one)).toBe('How do I bake?');
    expect(promptOf(rowTrace([message('assistant', 'x')]))).toBeUndefined();
  });
});

/** A dataset in memory whose rows have these traces. */
function dataset(rows: readonly (readonly RowTrace[])[]): Dataset {
  const row = (ordinal: number): DatasetRow => ({ ordinal, key: String(ordinal), hash: '', format: 'f', traces: rows[ordinal] ?? [], problem: undefined });
  return {
    count: rows.length,
    async *rows(signal: AbortSignal) {
      for (const ordinal of rows.keys()) {
        await Promise.resolve();
        signal.throwIfAborted();
        yield row(ordinal);
      }
    },
  } as Partial<Dataset> as Dataset;
}

describe('the pairs of two datasets', () => {
  it('name row and trace, both ways, also where a row has several', async () => {
    const ask = (text: string, variant?: string): RowTrace => rowTrace([message('user', text)], { variant });
    const first = dataset([[ask('x')], [ask('y', 'chosen'), ask('y', 'rejected')], []]);
    const second = dataset([[ask('y', 'rejected'), ask('y', 'chosen')], [ask('z')], [ask(' x ')]]);
    const reports: number[] = [];
    const pairs = await tracePairs([first, second], new AbortController().signal, (done) => reports.push(done));
    expect([0, 1, 2].map((pair) => pairs.at(pair))).toEqual([
      [{ ordinal: 0, trace: 0 }, { ordinal: 2, trace: 0 }],
      [{ ordinal: 1, trace: 0 }, { ordinal: 0, trace: 1 }],
      [{ ordinal: 1, trace: 1 }, { ordinal: 0, trace: 0 }],
    ]);
    expect(pairs.leftOver).toEqual([0, 1]);
    for (let pair = 0; pair < pairs.count; pair++) for (const side of [0, 1] as const) expect(pairs.pairOf(side, pairs.at(pair)[side])).toBe(pair);
    expect(pairs.pairOf(1, { ordinal: 1, trace: 0 })).toBeUndefined();
    expect(pairs.pairOf(0, { ordinal: 2, trace: 0 })).toBeUndefined();
    expect(() => pairs.at(3)).toThrow(/no pair 4 of 3/);
    expect(reports.length).toBeGreaterThan(0);
    const ended = AbortSignal.abort(new Error('ended'));
    await expect(tracePairs([first, second], ended, () => undefined)).rejects.toThrow('ended');
  });

  it('are sorted by the difference of the means of the judge that scored most of them', () => {
    const pair = (number: number, side: 0 | 1) => ({ pair: { number, side } });
    const traces = [
      scored([1, 2], pair(0, 0)),
      scored([3, 4], pair(0, 1)),
      scored([5], pair(1, 0)),
      scored([1, null], pair(1, 1)),
      scored([5], pair(2, 0)),
      scored([1], { ...pair(3, 0), by: OFFLINE }),
      scored([1], { ...pair(3, 1), by: OFFLINE }),
    ];
    expect(judgeOfPairs(traces)?.key).toBe(identityKey(MODEL));
    expect(pairDifferences(traces, identityKey(MODEL))).toEqual([
      { pair: 1, series: 'harmfulness', before: 5, after: 1 },
      { pair: 0, series: 'harmfulness', before: 1.5, after: 3.5 },
    ]);
    expect(judgeOfPairs([])).toBeUndefined();
  });
});

describe('rows as ranges', () => {
  it('law: hold exactly the rows they are made of', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 })), (rows) => {
        const ranges = rangesOf(rows);
        const set = new Set(rows);
        expect(rowsIn(ranges)).toBe(set.size);
        for (let row = 0; row < 42; row++) expect(inRows(ranges, row)).toBe(set.has(row));
      }),
    );
  });

  it('law: are the same after they were text; other text is refused', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(300), fc.nat(4_294_967_294))), (rows) => {
        const ranges = rangesOf(rows);
        expect(unpackedRanges(packedRanges(ranges))).toEqual(ranges);
      }),
    );
    expect(packedRanges(rangesOf(Array.from({ length: 500_000 }, (_, i) => 2 * i))).length).toBeLessThan(1_400_000);
    for (const wrong of ['AA', '////', 'AAAA', '_____w8B']) expect(() => unpackedRanges(wrong)).toThrow(/Choose them again/);
  });
});
