import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { answerSeen, textChain } from '../../../../src/judge/textChain';
import { ScoreShard } from '../../../../src/judge/scoreShard';
import type { ScoreRecord } from '../../../../src/judge/scoreRecord';
import type { RowCard } from '../../../../src/session/rows/rowCards';
import { RowList, type ListStatus } from '../../../../src/session/rows/rowList';
import { ALL_ROWS, type RowQuery } from '../../../../src/session/rows/rowQuery';
import type { RowScoreSource, ScoredRowFile } from '../../../../src/session/rows/rowScoreIndex';
import { DEFAULT_OPTIONS } from '../../../../src/session/traceStore';
import { EventSource } from '../../../../src/trace/event';
import { DEFAULT_SPLITTER } from '../../../../src/trace/splitters';
import type { Score } from '../../../../src/trace/verdict';
import { ListedDataset, type ListedRow } from '../../../harness/listedDataset';

const ROWS: readonly ListedRow[] = Array.from({ length: 60 }, (_, i) => ({
  id: `r${String(i)}`,
  prompt: `Prompt ${String(i)}`,
  reasoning: 'One step.\n\nAnother step.\n\nA third step.',
  answer: 'An answer.',
  intent: 'harmful' as const,
}));

/** Scores of a row's steps by a judge, as a score file holds them. */
function file(row: ListedRow, stamp: string, judge: string, scores: readonly Score[], answer: Score = 1, earnsNames = true): ScoredRowFile {
  const steps = (row.reasoning ?? '').split('\n\n');
  const chain = textChain(row.prompt ?? '', steps);
  const identity = { judge, label: judge, protocol: 'prefix' as const, rubric: 'r', earnsNames };
  const made = (target: 'step' | 'answer', step: number, seen: string, text: string, harmfulness: Score): ScoreRecord => ({
    ...{ v: 1, time: '2026-01-01T00:00:00Z', doc: 'listed.jsonl#x', target, step, seen, text, judge: identity, intent: row.intent ?? 'unknown' },
    ...{ splitter: DEFAULT_SPLITTER.name, reason: '', harmfulness, helpfulness: null },
  });
  const shard = new ScoreShard();
  scores.forEach((score, i) => {
    shard.add(made('step', i + 1, chain.seen[i] ?? '', chain.own[i] ?? '', score));
  });
  shard.add(made('answer', steps.length, answerSeen(chain, row.answer ?? ''), 'x', answer));
  return { key: row.id ?? '', variant: undefined, stamp, read: () => Promise.resolve(shard) };
}

function listed(files: ScoredRowFile[] = [], rows = ROWS) {
  const dataset = new ListedDataset(rows, rows.map((row) => JSON.stringify(row)));
  const changes = new EventSource<undefined>();
  const statuses: ListStatus[] = [];
  let cards = 0;
  const source: RowScoreSource = { list: () => Promise.resolve([...files]), onDidChange: (listener) => changes.event(() => { listener(); }) };
  const list = new RowList(dataset, source, () => DEFAULT_OPTIONS, {
    status: (status) => void statuses.push(status),
    cards: () => void cards++,
    failed: (error) => {
      throw error;
    },
  });
  onTestFinished(() => {
    list.dispose();
  });
  const ask = async (query: Partial<RowQuery>): Promise<ListStatus> => {
    list.ask({ ...ALL_ROWS, ...query });
    await vi.waitFor(() => {
      expect(list.status.running).toBe(false);
    });
    return list.status;
  };
  const card = async (position: number): Promise<RowCard> => {
    for await (const some of list.cards(position, position + 1, new AbortController().signal)) for (const [, one] of some) return one;
    throw new Error('no card');
  };
  return { list, dataset, files, statuses, ask, card, changed: () => { changes.fire(undefined); }, cards: () => cards };
}

describe('a list of rows', () => {
  it('has all rows at once, without reading any', () => {
    const { list, dataset, statuses } = listed();
    list.start(ALL_ROWS);
    expect(list.status).toMatchObject({ count: 60, of: 60, running: false });
    expect(statuses).toHaveLength(1);
    expect(dataset.read).toEqual([]);
    expect(list.ordinalAt(59)).toBe(59);
    expect(list.ordinalAt(60)).toBeUndefined();
    expect(list.isWhole).toBe(true);
  });

  it('walks in its own order, and in the file’s from a row that is not in it', async () => {
    const { list, ask } = listed();
    await ask({ text: 'prompt 1', sort: 'file', descending: true });
    expect([...list.ordinals([[0, 99]])]).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 1]);
    expect(list.neighbour(15, 1)).toBe(14);
    expect(list.neighbour(15, -1)).toBe(16);
    expect(list.neighbour(1, 1)).toBeUndefined();
    expect(list.neighbour(40, 1)).toBe(41);
    expect(list.positionOf(12)).toBe(7);
    expect([...list.ordinals([[1, 3], [9, 10]])]).toEqual([18, 17, 10]);
  });

  it('says where rows are, as stretches, whatever its order', async () => {
    const { list, ask } = listed();
    await ask({ descending: true });
    expect(list.positionsOf([0, 1, 2, 10, 59])).toEqual([[0, 1], [49, 50], [57, 60]]);
    await ask({ text: 'prompt 1' });
    expect(list.positionsOf([0, 1, 10, 11, 19, 40])).toEqual([[0, 3], [10, 11]]);
    expect(list.positionsOf([])).toEqual([]);
  });

  it('takes nothing from a question that was given up', async () => {
    const { list, dataset } = listed();
    const gates = new Map<number, () => void>();
    const row = dataset.row.bind(dataset);
    dataset.row = async (ordinal) => {
      await new Promise<void>((open) => gates.set(ordinal, open));
      return row(ordinal);
    };
    const asked = async (text: string, ordinal: number): Promise<void> => {
      list.ask({ ...ALL_ROWS, text });
      await vi.waitFor(() => { expect(gates.has(ordinal)).toBe(true); });
    };
    await asked('prompt 33', 33);
    await asked('prompt 44', 44);
    gates.get(33)?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([...list.ordinals([[0, 99]])]).toEqual([]);
    gates.get(44)?.();
    await vi.waitFor(() => { expect(list.status.running).toBe(false); });
    expect([...list.ordinals([[0, 99]])]).toEqual([44]);
  });

  it('counts rows that changed since it was made, and not those of a list that is whole', async () => {
    const { list, dataset, ask } = listed();
    list.start(ALL_ROWS);
    dataset.changes.fire({ all: false, rows: [3] });
    expect(list.status.changed).toBe(0);
    await ask({ text: 'prompt 1' });
    dataset.changes.fire({ all: false, rows: [10] });
    dataset.changes.fire({ all: false, rows: [10, 11] });
    expect(list.status.changed).toBe(2);
    await ask({ text: 'prompt 1' });
    expect(list.status.changed).toBe(0);
  });

  it('keeps no card that was read before its row changed', async () => {
    const { list, dataset, card } = listed();
    list.start(ALL_ROWS);
    const early = card(0);
    dataset.list = [{ ...ROWS[0], prompt: 'Another prompt' }, ...ROWS.slice(1)];
    dataset.changes.fire({ all: false, rows: [0] });
    await early;
    expect((await card(0)).prompt).toBe('Another prompt');
  });

  it('reads cards of rows in view alone, and the same ones once', async () => {
    const { list, dataset } = listed();
    list.start(ALL_ROWS);
    const read = async (): Promise<number[]> => {
      const positions: number[] = [];
      for await (const some of list.cards(20, 33, new AbortController().signal)) positions.push(...some.map(([position]) => position));
      return positions;
    };
    expect(await read()).toEqual(Array.from({ length: 13 }, (_, i) => 20 + i));
    await read();
    expect(dataset.read).toHaveLength(13);
    const cancel = new AbortController();
    cancel.abort();
    await expect(list.cards(0, 5, cancel.signal).next()).rejects.toThrow();
  });

  it('joins scores as the editor does: names, extremes, the answer that parts from its chain, stale ones', async () => {
    const { list, ask, card } = listed([
      file(ROWS[3]!, '1', 'model', [1, 3, 5], 1),
      file(ROWS[5]!, '1', 'model', [1, 1, 1], 5),
      file(ROWS[8]!, '1', 'offline', [1, 3, 5], 1, false),
      file({ ...ROWS[9]!, reasoning: 'Another text.\n\nAnother step.\n\nA third step.' }, '1', 'model', [2, 2, 2]),
      file({ id: 'gone' }, '1', 'model', [1, 1, 1]),
    ]);
    list.start(ALL_ROWS);
    await ask({ judged: 'yes' });
    expect([...list.ordinals([[0, 99]])]).toEqual([3, 5, 8, 9]);
    const snowball = await card(0);
    expect(snowball).toMatchObject({ id: 'r3', steps: 3, judge: 'model', parted: 'unsafe chain, safe answer', stale: 0 });
    expect(snowball.curves).toEqual([{ series: 'harmfulness', name: 'toxicity snowball', bars: '▁▄█' }]);
    expect(await card(1)).toMatchObject({ parted: 'safe chain, unsafe answer', curves: [{ name: 'flat, low' }] });
    // The offline heuristic earns no name and no badge.
    expect(await card(2)).toMatchObject({ judge: 'offline', parted: null, curves: [{ name: 'rising' }] });
    expect(await card(3)).toMatchObject({ stale: 2 });
    await ask({ shapes: ['toxicity snowball'] });
    expect([...list.ordinals([[0, 99]])]).toEqual([3]);
    await ask({ marks: ['parted'] });
    expect([...list.ordinals([[0, 99]])]).toEqual([3, 5]);
    await ask({ sort: 'harmfulness', descending: true });
    expect([...list.ordinals([[0, 5]])]).toEqual([3, 8, 9, 5, 0]);
    expect(list.judges.map(({ identity, rows }) => [identity.label, rows])).toEqual([['model', 3], ['offline', 1]]);
  });

  it('follows scores that come, and reads only the files that changed', async () => {
    const { list, files, ask, changed, card } = listed([file(ROWS[3]!, '1', 'model', [1, 1, 1])]);
    list.start(ALL_ROWS);
    await ask({ judged: 'yes' });
    const before = vi.spyOn(files[0]!, 'read');
    files.push(file(ROWS[40]!, '1', 'model', [5, 5, 5]));
    changed();
    await vi.waitFor(() => {
      expect(list.status).toMatchObject({ count: 2, running: false });
    });
    expect(before).not.toHaveBeenCalled();
    files[0] = file(ROWS[3]!, '2', 'model', [4, 4, 4]);
    changed();
    await vi.waitFor(async () => {
      expect((await card(0)).curves[0]?.name).toBe('flat, high');
    });
  });

  it('begins anew where rows came, went or moved', async () => {
    const { list, dataset, ask } = listed();
    await ask({ text: 'prompt 1' });
    const { generation } = list.status;
    dataset.list = [{ id: 'new', prompt: 'Other', reasoning: 'x', answer: 'y' }];
    dataset.changes.fire({ all: true, rows: [] });
    await vi.waitFor(() => {
      expect(list.status).toMatchObject({ of: 1, running: false });
    });
    expect(list.status.generation).toBeGreaterThan(generation);
  });

  it('tells of rows as they are found, keeps them when it is cancelled, and forgets a question for the next', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i): ListedRow => ({ id: String(i), prompt: 'é' }));
    const { list, statuses } = listed([], rows);
    list.ask({ ...ALL_ROWS, text: 'é' });
    await vi.waitFor(() => {
      expect(statuses.some(({ running, count }) => running && count > 0)).toBe(true);
    }, { interval: 1 });
    list.cancel();
    const kept = list.status.count;
    expect(list.status.running).toBe(false);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(30_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(list.status.count).toBe(kept);
    list.ask({ ...ALL_ROWS, text: 'é' });
    list.ask({ ...ALL_ROWS, text: 'nowhere' });
    await vi.waitFor(() => {
      expect(list.status).toMatchObject({ running: false, count: 0 });
    });
  });
});
