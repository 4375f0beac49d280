/** The most that all runs of a window ask backends for in a minute, the shown one included. Ours. */
export const REQUESTS_PER_MINUTE = 30;
const MINUTE = 60_000;

/**
 * How many requests may still be made: at most so many in any stretch of a minute. What is asked for by a person is not counted against
 * it, and counts for what comes after.
 */
export class RequestBudget {
  private readonly made: number[] = [];

  constructor(
    private readonly now: () => number,
    private readonly most = REQUESTS_PER_MINUTE,
  ) {}

  /** May another be made now? If so it is counted. */
  take(): boolean {
    this.forget();
    if (this.made.length >= this.most) return false;
    this.made.push(this.now());
    return true;
  }

  /** Counts one that was made anyway. */
  count(): void {
    this.made.push(this.now());
  }

  /** Milliseconds until another may be made; 0: now. */
  wait(): number {
    this.forget();
    const first = this.made[this.made.length - this.most];
    return first === undefined ? 0 : Math.max(0, first + MINUTE - this.now());
  }

  private forget(): void {
    const now = this.now();
    while ((this.made[0] ?? now) <= now - MINUTE) this.made.shift();
  }
}
