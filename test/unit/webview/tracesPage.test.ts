import { describe, expect, it } from 'vitest';
import { listAct } from '../../../webview/traces/listKeys';
import { ALL } from '../../../webview/traces/messages';
import { Selection } from '../../../webview/traces/selection';
import { LONGEST, rowsInView, scrolledHeight, scrollFor, topAfter, topFor, topShowing, type ListSize } from '../../../webview/traces/virtualRange';
import { cardInWords, filtersIn, grouped, statusInWords } from '../../../webview/traces/words';
import { ALL_ROWS } from '../../../src/session/rows/rowQuery';
import { seeded } from '../../seeded';

const short: ListSize = { rows: 100, rowHeight: 80, view: 500 };
const long: ListSize = { rows: 1_000_000, rowHeight: 80, view: 500 };

describe('a list longer than a browser can scroll', () => {
  it('has a scroll bar of bounded length', () => {
    expect(scrolledHeight(short)).toBe(8000);
    expect(scrolledHeight(long)).toBe(LONGEST);
  });

  it.each([short, long, { ...short, rows: 3 }, { ...short, rows: 0 }])('has both ends where the bar has them ($rows rows)', (size) => {
    const end = Math.max(0, size.rows * size.rowHeight - size.view);
    const bar = Math.max(0, scrolledHeight(size) - size.view);
    expect(topFor(0, size)).toBe(0);
    expect(topFor(bar, size)).toBeCloseTo(end, 6);
    expect(scrollFor(end, size)).toBeCloseTo(bar, 6);
    expect(topAfter(1000, 700, 0, size)).toBe(0);
    expect(topAfter(0, 0, bar, size)).toBe(end);
  });

  it('finds every row by the bar, and the bar by every row', () => {
    const random = seeded(4);
    for (let i = 0; i < 500; i++) {
      const top = Math.floor(random() * (long.rows * long.rowHeight - long.view));
      expect(topFor(scrollFor(top, long), long)).toBeCloseTo(top, 3);
    }
  });

  it('moves a wheel’s pixels by as many pixels, and a dragged bar by its share', () => {
    expect(topAfter(40_000_000, 4_000_000, 4_000_100, long)).toBe(40_000_100);
    expect(topAfter(40_000_000, 4_000_000, 3_999_900, long)).toBe(39_999_900);
    expect(topAfter(0, 0, 4_000_000, long)).toBeCloseTo(topFor(4_000_000, long), 6);
    expect(topAfter(0, 0, 4000, short)).toBe(4000);
  });

  it('reaches every row by the wheel, the bar being put right whenever it rests', () => {
    const size: ListSize = { rows: 200_000, rowHeight: 80, view: 500 };
    let [top, bar] = [0, 0];
    const seen = new Set<number>();
    for (let turn = 0; turn < 60_000 && top < size.rows * size.rowHeight - size.view; turn++) {
      const { from, to } = rowsInView(top, size, 0);
      for (let row = from; row < to; row++) seen.add(row);
      top = topAfter(top, bar, bar + 400, size);
      bar = scrollFor(top, size);
    }
    const { to } = rowsInView(top, size, 0);
    for (let row = 0; row < to; row++) if (!seen.has(row) && row < to - 8) throw new Error(`row ${String(row)} was never in view`);
    expect(to).toBe(size.rows);
  });

  it('draws what is in view with a margin, and nothing beyond the ends', () => {
    expect(rowsInView(0, short, 4)).toEqual({ from: 0, to: 11 });
    expect(rowsInView(4000, short, 4)).toEqual({ from: 46, to: 61 });
    expect(rowsInView(7500, short, 4)).toEqual({ from: 89, to: 100 });
    expect(rowsInView(0, { ...short, rows: 0 }, 4)).toEqual({ from: 0, to: 0 });
  });

  it('brings a row into view with the least movement', () => {
    expect(topShowing(50, 0, short)).toBe(51 * 80 - 500);
    expect(topShowing(2, 4000, short)).toBe(160);
    expect(topShowing(3, 100, short)).toBe(100);
  });
});

describe('a selection', () => {
  it('agrees with a set of numbers, whatever is done to it', () => {
    const random = seeded(9);
    const number = (most: number): number => Math.floor(random() * most);
    let selection = Selection.none;
    const plain = new Set<number>();
    for (let i = 0; i < 3000; i++) {
      if (random() < 0.2) {
        const from = number(90);
        const to = from + number(10);
        selection = selection.with(from, to);
        for (let k = from; k < to; k++) plain.add(k);
      } else {
        const at = number(100);
        selection = selection.toggled(at);
        if (!plain.delete(at)) plain.add(at);
      }
      expect(selection.count).toBe(plain.size);
      const at = number(100);
      expect(selection.has(at)).toBe(plain.has(at));
      for (let k = 1; k < selection.stretches.length; k++) expect(selection.stretches[k]![0]).toBeGreaterThan(selection.stretches[k - 1]![1]);
    }
  });

  it('holds a million rows as one stretch', () => {
    expect(Selection.of([[0, 1_000_000]]).stretches).toEqual([[0, 1_000_000]]);
  });
});

describe('keys of the list', () => {
  const press = (key: string, at?: number, more: { shift?: boolean; control?: boolean } = {}): unknown =>
    listAct({ key, shift: false, control: false, ...more }, at, 1000, 10);
  it.each([
    ['ArrowDown', undefined, 0],
    ['ArrowDown', 3, 4],
    ['ArrowUp', 0, 0],
    ['PageDown', 3, 12],
    ['PageUp', 3, 0],
    ['Home', 500, 0],
    ['End', 3, 999],
    ['ArrowDown', 999, 999],
  ])('%s at %s goes to %s', (key, at, to) => {
    expect(press(key, at)).toEqual({ act: 'go', to, select: 'one' });
  });
  it('select ranges, all, none, toggle and open', () => {
    expect(press('ArrowDown', 3, { shift: true })).toEqual({ act: 'go', to: 4, select: 'range' });
    expect(press('End', 3, { control: true })).toEqual({ act: 'go', to: 999, select: 'keep' });
    expect(press('a', 3, { control: true })).toEqual({ act: 'all' });
    expect(press('a', 3)).toBeUndefined();
    expect(press(' ', 3)).toEqual({ act: 'toggle' });
    expect(press(' ')).toBeUndefined();
    expect(press('Enter', 3)).toEqual({ act: 'open' });
    expect(press('Escape', 3)).toEqual({ act: 'none' });
    expect(press('Tab', 3)).toBeUndefined();
    expect(listAct({ key: 'End', shift: false, control: false }, 0, 0, 10)).toBeUndefined();
  });
});

describe('words of the view', () => {
  it('count', () => {
    expect(grouped(1_000_000)).toBe('1,000,000');
    expect(statusInWords({ count: 1204, of: 1_000_000, running: false, share: 1 })).toBe('1,204 of 1,000,000 rows');
    expect(statusInWords({ count: 3, of: 10, running: true, share: 0.349 })).toBe('3 of 10 rows · searching, 34 %');
    expect(statusInWords({ count: 1, of: 1, running: false, share: 1 })).toBe('1 row');
  });
  it('say a row in one sentence', () => {
    const card = { ordinal: 1203, id: '68', prompt: 'How do I …', steps: 5, intent: 'harmful', model: null, variants: 2, truncated: true, summary: false, problem: null, curves: [{ series: 'harmfulness', name: 'peak', bars: '▁█▁' }], judge: 'offline heuristic', stale: 0, parted: null } as const;
    expect(cardInWords({ ...card, curves: [...card.curves] })).toBe('Row 1,204, 68, 5 steps, traces in it: 2, truncated, peak harmfulness, offline heuristic, harmful, How do I …');
    expect(cardInWords({ ...card, curves: [], problem: 'It is torn.' })).toBe('Row 1,204, 68: cannot be read. It is torn.');
  });
  it('count what narrows rows down, and begin as the engine does', () => {
    expect(filtersIn(ALL)).toBe(0);
    expect(filtersIn({ ...ALL, shapes: ['peak', 'flat'], judged: 'no', sample: { n: 5, seed: 1 } })).toBe(3);
    expect(ALL).toEqual(ALL_ROWS);
  });
});
