import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RowTimes, type RowNow, type SeenRow } from '../../../../src/session/datasets/rowTimes';
import { SeenRows } from '../../../../src/session/datasets/seenRows';

const now = (hash: string, modified = 1000, size = 5): RowNow => ({ hash, size, modified });
const none = (): readonly SeenRow[] => [];

describe('the time of a row', () => {
  it('moves only when the row reads otherwise, and always forward', () => {
    const times = new RowTimes(none);
    expect(times.stat('a', now('x'), false).mtime).toBe(1000);
    times.read('a', now('x'), false);
    expect(times.stat('a', now('x', 2000), false).mtime).toBe(1000);
    const moved = times.stat('a', now('y', 500), false).mtime;
    expect(moved).toBe(1001);
    expect(times.stat('a', now('y', 500), false).mtime).toBe(moved);
    times.read('a', now('y', 500), false);
    expect(times.stat('a', now('y', 700), false).mtime).toBe(moved);
    expect(times.base('a')).toBe('y');
  });

  it('stands still while there are unsaved changes, and so does what was seen', () => {
    const times = new RowTimes(none);
    times.read('a', now('x'), false);
    expect(times.stat('a', now('y', 2000, 9), true)).toEqual({ mtime: 1000, size: 5 });
    times.read('a', now('y', 2000), true);
    expect(times.base('a')).toBe('x');
  });

  it('does not move after the changes were thrown away: VS Code holds the time it was told before', () => {
    const times = new RowTimes(none);
    times.read('a', now('x'), false);
    times.read('a', now('y', 2000), true);
    times.reverted('a');
    expect(times.base('a')).toBe('y');
    expect(times.stat('a', now('y', 2000), false).mtime).toBe(1000);
  });

  it('moves with a save', () => {
    const times = new RowTimes(none);
    times.read('a', now('x'), false);
    times.saved('a', now('z', 3000, 7));
    expect(times.stat('a', now('z', 3000, 7), true)).toEqual({ mtime: 3000, size: 7 });
    expect(times.base('a')).toBe('z');
  });

  it('after a reload goes on from what was seen before; where two sessions disagree nothing is known', () => {
    const row = (seen: string): SeenRow => ({ seen, mtime: 1234, size: 5 });
    const times = new RowTimes((uri) => (uri === 'a' ? [row('x')] : uri === 'b' ? [row('x'), row('y')] : []));
    expect(times.base('a')).toBe('x');
    expect(times.stat('a', now('x', 9000), false).mtime).toBe(1234);
    expect(times.base('b')).toBeUndefined();
    expect(times.base('c')).toBeUndefined();
  });
});

describe('what sessions saw', () => {
  const row: SeenRow = { seen: 'x', mtime: 1, size: 1 };
  const folder = (): string => {
    const made = mkdtempSync(path.join(tmpdir(), 'cot-lens-seen-'));
    onTestFinished(() => {
      rmSync(made, { recursive: true, force: true });
    });
    return made;
  };

  it('is there for the next session, not for one beside it', () => {
    const at = folder();
    const [one, beside] = [new SeenRows(at, 'one'), new SeenRows(at, 'two')];
    one.keep(() => new Map([['a', row]]));
    one.dispose();
    expect(beside.earlier('a')).toEqual([row]);
    expect(beside.earlier('b')).toEqual([]);
    beside.keep(() => new Map([['a', { ...row, seen: 'y' }]]));
    beside.dispose();
    expect(new SeenRows(at, 'three').earlier('a').map(({ seen }) => seen).sort()).toEqual(['x', 'y']);
  });

  it('of a session that runs is its own', async () => {
    const at = folder();
    const one = new SeenRows(at, 'one', () => true);
    one.keep(() => new Map([['a', row]]));
    one.changed();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(readdirSync(at)).toEqual(['one.json']);
    expect(new SeenRows(at, 'two', () => true).earlier('a')).toEqual([]);
    expect(new SeenRows(at, 'two', () => false).earlier('a')).toEqual([row]);
    one.dispose();
  });

  it('is taken over by who sees it anew', async () => {
    const at = folder();
    const one = new SeenRows(at, 'one');
    one.keep(() => new Map([['a', row], ['b', row]]));
    one.dispose();
    const two = new SeenRows(at, 'two');
    two.keep(() => new Map([['a', { ...row, seen: 'y' }]]));
    two.changed();
    await new Promise((resolve) => setTimeout(resolve, 300));
    two.dispose();
    const three = new SeenRows(at, 'three');
    expect(three.earlier('a').map(({ seen }) => seen)).toEqual(['y']);
    expect(three.earlier('b')).toEqual([row]);
  });
});
