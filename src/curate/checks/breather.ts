/** How long a loop may keep all other work waiting, in milliseconds. Ours. */
const LONGEST = 12;

/** Lets other work run in a long loop, and stops the loop once the signal says so. */
export class Breather {
  private since = performance.now();

  constructor(private readonly signal: AbortSignal) {
    signal.throwIfAborted();
  }

  /** Is it time to let others run? Costs next to nothing, so that the innermost loops can ask. */
  get isDue(): boolean {
    return performance.now() - this.since >= LONGEST;
  }

  /** @throws the signal's reason */
  async breathe(): Promise<void> {
    await new Promise<void>((resume) => setImmediate(resume));
    this.signal.throwIfAborted();
    this.since = performance.now();
  }
}
