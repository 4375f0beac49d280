/** Milliseconds that a long computation holds the extension host before other work may run. Ours. */
const SLICE = 20;

/**
 * Runs a computation that stops now and then, and lets other work run in between.
 * @returns what the computation returns
 * @throws the signal's reason
 */
export async function inSlices<T>(computation: Generator<unknown, T>, signal: AbortSignal): Promise<T> {
  let begun = performance.now();
  for (;;) {
    const next = computation.next();
    if (next.done === true) return next.value;
    if (performance.now() - begun < SLICE) continue;
    await new Promise<void>((resume) => setImmediate(resume));
    signal.throwIfAborted();
    begun = performance.now();
  }
}
