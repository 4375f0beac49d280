import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { lock } from 'proper-lockfile';

/** A lock that was not renewed for so long is that of a window that is gone. Milliseconds; ours. */
const STALE = 15_000;

/** Somebody else holds the lock and does not let go. */
export class LockHeld extends Error {
  override readonly name = 'LockHeld';
}

/**
 * Runs while no other window writes the same file. Waits for them, at most `patience` milliseconds.
 * @param lockPath where the lock lies; its folder is made
 * @throws LockHeld
 */
export async function withLock<T>(file: string, lockPath: string, run: () => Promise<T>, patience = 20_000): Promise<T> {
  await mkdir(dirname(lockPath), { recursive: true });
  const release = await acquire(file, lockPath, Date.now() + patience);
  try {
    return await run();
  } finally {
    // A lock that was taken from us as stale is not ours to take away.
    await release().catch(() => undefined);
  }
}

async function acquire(file: string, lockPath: string, until: number): Promise<() => Promise<void>> {
  for (let wait = 20; ; wait = Math.min(400, wait * 2)) {
    try {
      // Named after the lock, not after the file: the library keeps one lock for each name, and a second one of a file, in another place,
      // would make it forget the first, which then is never let go.
      // What compromises a lock (a sleeping laptop) is found out before the rename: nobody may have changed the file meanwhile.
      return await lock(lockPath, { lockfilePath: lockPath, realpath: false, stale: STALE, onCompromised: () => undefined });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (Date.now() > until) {
        throw new LockHeld(
          `Another window is writing ${basename(file)} and did not finish. Nothing was written; save again in a moment. If no other window is open, remove ${lockPath}.`,
          { cause: error },
        );
      }
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
