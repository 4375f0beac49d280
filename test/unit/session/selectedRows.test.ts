import { describe, expect, it } from 'vitest';
import { SelectedRows } from '../../../src/session/selectedRows';
import { ListedDataset } from '../../harness/listedDataset';

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

  it('stay where they are while single rows change, and yield to a later selection', async () => {
    const dataset = new ListedDataset(named('a', 'b'));
    const selected = new SelectedRows(dataset);
    selected.select(Uint32Array.of(1), 1);
    expect(await selected.moved({ all: false, rows: [1] })).toBe(0);
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
