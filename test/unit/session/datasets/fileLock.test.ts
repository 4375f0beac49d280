import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LockHeld, withLock } from '../../../../src/session/datasets/fileLock';

function places(): { file: string; one: string; other: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'cot-lens-locks-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return { file: path.join(folder, 'set.jsonl'), one: path.join(folder, 'a/one.lock'), other: path.join(folder, 'b/other.lock') };
}

/** Something that is waited for until it is let go. */
function held(): { until: Promise<void>; go: () => void } {
  let go: () => void = () => undefined;
  const until = new Promise<void>((resolve) => (go = resolve));
  return { until, go };
}

describe('a lock', () => {
  it('lets one in at a time, whoever asks', async () => {
    const { file, one } = places();
    let [inside, most] = [0, 0];
    await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(file, one, async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 3));
          inside--;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(existsSync(one)).toBe(false);
  });

  it('is let go though the same file was locked in another place meanwhile', async () => {
    const { file, one, other } = places();
    const [first, second] = [held(), held()];
    const a = withLock(file, one, () => first.until);
    await expect.poll(() => existsSync(one)).toBe(true);
    const b = withLock(file, other, () => second.until);
    await expect.poll(() => existsSync(other)).toBe(true);
    second.go();
    await b;
    first.go();
    await a;
    expect([existsSync(one), existsSync(other)]).toEqual([false, false]);
    await expect(withLock(file, one, () => Promise.resolve('in'), 0)).resolves.toBe('in');
  });

  it('that is not let go is said, and is let go where what ran failed', async () => {
    const { file, one } = places();
    const first = held();
    const a = withLock(file, one, () => first.until);
    await expect.poll(() => existsSync(one)).toBe(true);
    await expect(withLock(file, one, () => Promise.resolve(), 50)).rejects.toThrow(LockHeld);
    first.go();
    await a;
    await expect(withLock(file, one, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(one)).toBe(false);
  });
});
