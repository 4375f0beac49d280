import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats a check that throws until it holds, and gives what it returns; after `within` milliseconds fails with what it threw last. */
export async function eventually<T>(check: () => T | Promise<T>, within = 10_000): Promise<T> {
  const end = Date.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(40);
  }
}
