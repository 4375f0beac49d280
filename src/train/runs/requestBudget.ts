/** The most that all runs of a window ask backends for in a minute, the shown one included. Ours. */
export const REQUESTS_PER_MINUTE = 30;
const MINUTE = 60_000;

/**
 * How many requests may still be made: at most so many in any stretch of a minute. What is asked for by a person is not counted against
 * it, and counts for what comes after.
 */
export class RequestBudget {
  private made: number[] = [];

  /** @param now milliseconds of any clock; one that is set back lets nothing be made sooner or later than a minute from then */
  constructor(
    private readonly now: () => number,
    private readonly most = REQUESTS_PER_MINUTE,
  ) {}

  /** May another be made now? If so it is counted. */
  take(): boolean {
    if (this.wait() > 0) return false;
    this.count();
    return true;
  }

  /** Counts one that was made anyway. */
  count(): void {
    this.forget();
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
    // A clock that was set back must not make us wait until it is there again.
    if ((this.made.at(-1) ?? now) > now) this.made = this.made.map((at) => Math.min(at, now));
    while ((this.made[0] ?? now) <= now - MINUTE) this.made.shift();
  }
}
