import { describe, expect, it } from 'vitest';
import { ALL_ROWS, type RowQuery } from '../../../../src/session/rows/rowQuery';
import { selectionInWords } from '../../../../src/session/rows/rowQueryWords';
import { SelectedRows } from '../../../../src/session/rows/selectedRows';
import { ListedDataset } from '../../../harness/listedDataset';

const named = (...ids: string[]): { id: string }[] => ids.map((id) => ({ id }));

describe('selected rows', () => {
  it('are found again by their keys after the whole file changed; what is gone is counted', async () => {
    const dataset = new ListedDataset(named('a', 'b', 'c', 'd'));
    const selected = new SelectedRows(dataset);
    selected.select(Uint32Array.of(1, 3, 2), 3);
    dataset.list = named('new', 'd', 'b', 'e');
    expect(await selected.moved({ all: true, rows: [] })).toBe(1);
    expect([...selected.rows]).toEqual([2, 1]);
    expect(selected.active).toBe(1);
    // Their keys are known again.
    dataset.list = named('b', 'd');
    expect(await selected.moved({ all: true, rows: [] })).toBe(0);
    expect([...selected.rows]).toEqual([0, 1]);
  });

  it('remember what they were chosen by, also when that filter is gone, until others are chosen', () => {
    const selected = new SelectedRows(new ListedDataset(named('a', 'b', 'c', 'd')));
    expect(selected.condition).toBeUndefined();
    selected.select(Uint32Array.of(0, 1), 0, 'shape peak');
    selected.select(Uint32Array.of(0, 1, 2), 2);
    expect(selected.condition).toBe('shape peak');
    selected.select(Uint32Array.of(0, 2), 2, 'highest harmfulness 5');
    expect(selected.condition).toBe('shape peak; and highest harmfulness 5');
    selected.select(Uint32Array.of(3), 3);
    expect(selected.condition).toBeUndefined();
    const by = (query: Partial<RowQuery>, part: boolean): string | undefined => selectionInWords({ ...ALL_ROWS, ...query }, part);
    expect([by({}, true), by({ sort: 'steps' }, true), by({ sort: 'harmfulness' }, false)]).toEqual([undefined, undefined, undefined]);
    expect(by({ sort: 'harmfulness', shapes: ['peak'] }, true)).toBe('shape peak, picked from a list sorted by highest harmfulness');
  });

  it('stay where they are while single rows change, and yield to a later selection', async () => {
    const dataset = new ListedDataset(named('a', 'b'));
    const selected = new SelectedRows(dataset);
    selected.select(Uint32Array.of(1), 1);
    expect(await selected.moved({ all: false, rows: [1] })).toBe(0);
    selected.select(Uint32Array.of(0, 1), 1);
    // Once each, and again what changed.
    expect(dataset.read).toEqual([1, 1, 0]);
    selected.select(Uint32Array.of(1), 1);
    expect([...selected.rows]).toEqual([1]);
    const moving = selected.moved({ all: true, rows: [] });
    selected.select(Uint32Array.of(0), 0);
    expect(await moving).toBe(0);
    expect([...selected.rows]).toEqual([0]);
  });

  it('are given up, and counted, where there are too many to know by key', async () => {
    const dataset = new ListedDataset(named(...Array.from({ length: 1200 }, (_, i) => String(i))));
    const selected = new SelectedRows(dataset);
    selected.select(Uint32Array.from({ length: 1200 }, (_, i) => i), undefined);
    expect(dataset.read).toEqual([]);
    expect(await selected.moved({ all: true, rows: [] })).toBe(1200);
    expect(selected.rows).toHaveLength(0);
  });
});
