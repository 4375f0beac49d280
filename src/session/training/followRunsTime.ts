import type { Clock } from '../../trace/clock';

/** Milliseconds that went by, from 1: a clock that is set back stands still for us, so that nothing waits for it to be there again. */
export class FollowTime {
  private last: number;
  private passed = 1;

  constructor(private readonly clock: Clock) {
    this.last = clock.now();
  }

  now(): number {
    const now = this.clock.now();
    this.passed += Math.max(0, now - this.last);
    this.last = now;
    return this.passed;
  }
}
