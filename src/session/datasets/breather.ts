import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a loop may keep all other work waiting, in milliseconds. */
const LONGEST = 15;

/** Lets other work run in a long loop: `await breathe()` in each turn costs next to nothing until it is time. */
export function breather(signal?: AbortSignal): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < LONGEST) return undefined;
    return nextTurn().then(() => {
      signal?.throwIfAborted();
      since = performance.now();
    });
  };
}
