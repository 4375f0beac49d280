import { describe, expect, it } from 'vitest';
import { RowFacts, traceFacts } from '../../../../src/session/rows/rowFacts';
import { sampleRows, sortedRows } from '../../../../src/session/rows/rowOrder';
import { ALL_ROWS, type RowQuery } from '../../../../src/session/rows/rowQuery';
import { runRowQuery } from '../../../../src/session/rows/rowQueryRun';
import { conditionInWords } from '../../../../src/session/rows/rowQueryWords';
import type { RowVerdict } from '../../../../src/session/rows/rowScores';
import { INTENTS } from '../../../../src/trace/intent';
import { DEFAULT_SPLITTER } from '../../../../src/trace/splitters';
import type { Score } from '../../../../src/trace/verdict';
import { ListedDataset, type ListedRow } from '../../../harness/listedDataset';
import { seeded } from '../../../seeded';

const WORDS = ['kitchen', 'Garden', 'lock', 'água', 'lemon "pie"', 'a\\b', 'tab\there'];

function verdict(judge: string, harmfulness: Score, name: string, more: Partial<RowVerdict> = {}): RowVerdict {
  const identity = { judge, label: judge, protocol: 'prefix' as const, rubric: 'r', earnsNames: true };
  return { variant: undefined, judge, identity, curves: [{ series: 'harmfulness', name, bars: '▁' }], scored: 3, stale: 0, harmfulness, helpfulness: null, answer: 1, parted: undefined, ...more };
}

function made(seed: number, count: number): { rows: ListedRow[]; lines: string[]; scores: Map<number, RowVerdict[]> } {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const rows = Array.from({ length: count }, (_, i): ListedRow => {
    if (random() < 0.05) return { problem: 'It is torn.' };
    return {
      ...(random() < 0.9 ? { id: random() < 0.5 ? String(Math.floor(random() * 1000)) : `id-${String(i)}` } : {}),
      prompt: `About a ${pick(WORDS)}.`,
      reasoning: Array.from({ length: Math.floor(random() * 6) }, () => `Step on ${pick(WORDS)}`).join('\n\n'),
      answer: random() < 0.2 ? '' : `Answer: ${pick(WORDS)}`,
      intent: pick(INTENTS),
      ...(random() < 0.1 ? { variants: ['chosen', 'rejected'] } : {}),
      ...(random() < 0.1 ? { summary: true } : {}),
    };
  });
  const scores = new Map<number, RowVerdict[]>();
  rows.forEach((row, i) => {
    if (row.problem === undefined && random() < 0.2) {
      const by = (judge: string): RowVerdict => verdict(judge, (1 + Math.floor(random() * 5)) as Score, pick(['peak', 'flat, low', 'rising', 'toxicity snowball']), { helpfulness: (1 + Math.floor(random() * 5)) as Score });
      scores.set(i, random() < 0.3 ? [by('one'), by('two')] : [by('one')]);
    }
  });
  return { rows, lines: rows.map((row) => JSON.stringify(row)), scores };
}

/** What a query means, in the plainest words: every row is looked at. */
function naive(query: RowQuery, rows: readonly ListedRow[], scores: ReadonlyMap<number, RowVerdict[]>): number[] {
  const needle = query.text.trim().toLowerCase();
  const chosen = (i: number): RowVerdict[] => {
    const all = scores.get(i) ?? [];
    return query.judge === null ? all.slice(0, 1) : all.filter(({ judge }) => judge === query.judge);
  };
  const isIn = (value: number | null, range: readonly [number, number] | null): boolean => range === null || (value !== null && value >= range[0] && value <= range[1]);
  return rows.flatMap((row, i) => {
    const readable = row.problem === undefined;
    const texts = readable ? [row.id ?? '', row.prompt ?? '', row.reasoning ?? '', row.answer ?? ''] : [];
    if (needle !== '' && !texts.some((text) => text.toLowerCase().includes(needle))) return [];
    if (query.intents.length > 0 && !query.intents.includes(readable ? (row.intent ?? 'unknown') : 'unknown')) return [];
    const marks = { problem: !readable, variants: (row.variants?.length ?? 0) > 1, summary: row.summary === true && (row.reasoning ?? '') !== '', truncated: readable && (row.reasoning ?? '') !== '' && row.answer === '', parted: false };
    if (!query.marks.every((mark) => marks[mark])) return [];
    const mine = chosen(i);
    if (query.judged === 'no') return mine.length === 0 ? [i] : [];
    const wants = query.judged === 'yes' || query.shapes.length > 0 || query.harmfulness !== null || query.helpfulness !== null || query.answer !== null;
    const fits = mine.some((one) => (query.shapes.length === 0 || query.shapes.includes(one.curves[0]!.name.split(',')[0]!)) && isIn(one.harmfulness, query.harmfulness) && isIn(one.helpfulness, query.helpfulness) && isIn(one.answer, query.answer));
    return !wants || fits ? [i] : [];
  });
}

async function ask(query: RowQuery, dataset: ListedDataset, scores: ReadonlyMap<number, RowVerdict[]>, facts = new RowFacts(dataset.count)): Promise<{ rows: number[]; told: number[] }> {
  const told: number[] = [];
  const rows = await runRowQuery(query, {
    dataset,
    facts,
    scores: { of: (i) => scores.get(i) ?? [], ordinals: [...scores.keys()] },
    splitter: DEFAULT_SPLITTER,
    signal: new AbortController().signal,
    found: (some) => void told.push(...some),
  });
  return { rows: [...rows], told };
}

describe('a query over rows', () => {
  it('finds the rows that looking at every row finds', async () => {
    const random = seeded(5);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    let found = 0;
    for (let round = 0; round < 150; round++) {
      const { rows, lines, scores } = made(round, 120);
      const dataset = new ListedDataset(rows, random() < 0.7 ? lines : undefined);
      const facts = new RowFacts(rows.length);
      for (let k = 0; k < 3; k++) {
        const query: RowQuery = {
          ...ALL_ROWS,
          text: random() < 0.5 ? pick([...WORDS, 'STEP', 'nowhere', 'a ', '12']) : '',
          intents: random() < 0.3 ? [pick(INTENTS)] : [],
          marks: random() < 0.3 ? [pick(['truncated', 'summary', 'variants', 'problem'] as const)] : [],
          shapes: random() < 0.2 ? [pick(['peak', 'flat', 'rising', 'toxicity snowball'])] : [],
          harmfulness: random() < 0.2 ? [3, 5] : null,
          helpfulness: random() < 0.1 ? [1, 2] : null,
          judged: pick(['any', 'any', 'yes', 'no'] as const),
          judge: random() < 0.3 ? pick(['one', 'two']) : null,
        };
        if (query.judged === 'no' && (query.shapes.length > 0 || query.harmfulness !== null || query.helpfulness !== null)) continue;
        const { rows: got, told } = await ask(query, dataset, scores, facts);
        const expected = naive(query, rows, scores);
        expect(got, JSON.stringify(query)).toEqual(expected);
        expect(told, 'what is told on the way').toEqual(expected);
        found += expected.length;
      }
    }
    expect(found).toBeGreaterThan(1000);
  });

  it('reads only rows that may hold the text', async () => {
    const rows: ListedRow[] = Array.from({ length: 5000 }, (_, i) => ({ id: String(i), prompt: i % 1000 === 7 ? 'A quince.' : 'An apple.' }));
    const dataset = new ListedDataset(rows, rows.map((row) => JSON.stringify(row)));
    const { rows: found } = await ask({ ...ALL_ROWS, text: ' QUINCE ' }, dataset, new Map());
    expect(found).toEqual([7, 1007, 2007, 3007, 4007]);
    expect(dataset.read).toEqual(found);
  });

  it('reads no row where scores or known facts alone decide', async () => {
    const { rows, scores } = made(3, 300);
    const dataset = new ListedDataset(rows);
    const facts = new RowFacts(rows.length);
    await ask({ ...ALL_ROWS, harmfulness: [4, 5] }, dataset, scores, facts);
    expect(dataset.read).toEqual([]);
    await ask({ ...ALL_ROWS, intents: ['harmful'] }, dataset, scores, facts);
    expect(dataset.read).toHaveLength(300);
    await ask({ ...ALL_ROWS, intents: ['benign'] }, dataset, scores, facts);
    expect(dataset.read).toHaveLength(300);
  });

  it('ends at once when it is cancelled', async () => {
    const dataset = new ListedDataset(Array.from({ length: 3000 }, () => ({ prompt: 'x' })));
    const cancel = new AbortController();
    const running = runRowQuery(
      { ...ALL_ROWS, text: 'x' },
      {
        ...{ dataset, facts: new RowFacts(3000), scores: { of: () => [], ordinals: [] }, splitter: DEFAULT_SPLITTER, signal: cancel.signal },
        found: () => {
          cancel.abort();
        },
      },
    );
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(dataset.read.length).toBeLessThan(600);
  });

  it.each([
    ['id', false],
    ['id', true],
    ['steps', false],
    ['steps', true],
    ['harmfulness', true],
    ['helpfulness', false],
    ['file', true],
  ] as const)('sorts by %s (descending: %s), rows without any last', async (sort, descending) => {
    const { rows, scores } = made(17, 400);
    const dataset = new ListedDataset(rows);
    const { rows: got } = await ask({ ...ALL_ROWS, sort, descending }, dataset, scores);
    const key = (i: number): string | number | undefined => {
      const row = rows[i]!;
      if (sort === 'file') return i;
      if (sort === 'id') return row.problem === undefined ? row.id : undefined;
      if (sort === 'steps') return row.problem === undefined ? (row.reasoning ?? '').split('\n\n').filter((step) => step !== '').length : 0;
      return scores.get(i)?.[0]?.[sort] ?? undefined;
    };
    const rank = (value: string | number | undefined): [number, number, string] =>
      value === undefined ? [2, 0, ''] : typeof value === 'number' || /^\d+$/.test(value) ? [0, Number(value), ''] : [1, 0, value];
    const expected = rows.map((_, i) => i).sort((a, b) => {
      const [x, y] = [rank(key(a)), rank(key(b))];
      if (x[0] === 2 || y[0] === 2) return x[0] - y[0] || a - b;
      const by = x[0] - y[0] || x[1] - y[1] || (x[2] < y[2] ? -1 : x[2] > y[2] ? 1 : 0);
      return (descending ? -by : by) || a - b;
    });
    expect(got).toEqual(expected);
  });

  it('draws the same sample for the same seed, each row as likely as the next', () => {
    const rows = Uint32Array.from({ length: 200 }, (_, i) => i * 3);
    expect(sampleRows(rows, 20, 7)).toEqual(sampleRows(rows, 20, 7));
    expect(sampleRows(rows, 20, 7)).not.toEqual(sampleRows(rows, 20, 8));
    expect(sampleRows(rows, 500, 1)).toEqual(rows);
    expect(sampleRows(rows, 0, 1)).toHaveLength(0);
    const drawn = new Map<number, number>();
    for (let seed = 0; seed < 3000; seed++) {
      const sample = sampleRows(rows, 20, seed);
      expect(sample).toHaveLength(20);
      expect(new Set(sample).size).toBe(20);
      for (const row of sample) drawn.set(row, (drawn.get(row) ?? 0) + 1);
    }
    // Each of 200 rows is drawn about 300 times of 3,000; five standard deviations are 82.
    for (const row of rows) expect(Math.abs((drawn.get(row) ?? 0) - 300)).toBeLessThan(83);
  });

  it('sorts many rows without keeping others waiting', async () => {
    const random = seeded(2);
    const keys = Float64Array.from({ length: 300_000 }, () => Math.floor(random() * 1e6));
    // Of the processor: other work on the machine is not this one's.
    const clock = (): number => process.cpuUsage().user / 1000;
    let [longest, last] = [0, clock()];
    const timer = setInterval(() => {
      const now = clock();
      [longest, last] = [Math.max(longest, now - last), now];
    }, 1);
    const sorted = await sortedRows(Uint32Array.from(keys.keys()), (i) => keys[i] ?? 0, false, new AbortController().signal);
    clearInterval(timer);
    for (let i = 1; i < sorted.length; i += 97) expect(keys[sorted[i - 1]!]!).toBeLessThanOrEqual(keys[sorted[i]!]!);
    expect(longest).toBeLessThan(200);
  });
});

describe('facts of rows', () => {
  it('take three bytes a row and say what the row says', async () => {
    const { rows } = made(23, 200);
    const dataset = new ListedDataset(rows);
    const facts = new RowFacts(200);
    for (let i = 0; i < 200; i++) {
      expect(facts.complete).toBe(false);
      const row = await dataset.row(i);
      facts.add(row, DEFAULT_SPLITTER);
      const [trace] = row.traces;
      expect(facts.steps(i)).toBe(trace === undefined ? 0 : traceFacts(trace, DEFAULT_SPLITTER).steps);
      expect(facts.fits(i, { intents: [rows[i]?.problem === undefined ? (rows[i]?.intent ?? 'unknown') : 'unknown'], marks: [] })).toBe(true);
      expect(facts.fits(i, { intents: [], marks: ['problem'] })).toBe(rows[i]?.problem !== undefined);
    }
    expect(facts.complete).toBe(true);
    facts.forget(9);
    expect(facts.complete).toBe(false);
    expect(facts.has(9)).toBe(false);
  });
});

describe('what rows were chosen by', () => {
  it('is said where it says something of their curves', () => {
    expect(conditionInWords({ ...ALL_ROWS, text: 'x', intents: ['harmful'], sample: { n: 3, seed: 1 }, judged: 'yes' })).toBeUndefined();
    expect(conditionInWords({ ...ALL_ROWS, shapes: ['peak', 'rising'], harmfulness: [4, 5], answer: [1, 1] })).toBe('shape peak or rising, highest harmfulness 4 to 5, answer’s harmfulness 1');
  });
});
