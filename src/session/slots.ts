/** A number of places for requests under way; who finds none waits in line. */
export class Slots {
  private free: number;
  private readonly waiting: (() => void)[] = [];
  private readonly idlers: (() => void)[] = [];

  constructor(readonly count: number) {
    this.free = count;
  }

  /** Takes a slot if one is free. */
  tryTake(): boolean {
    if (this.free === 0) return false;
    this.free--;
    return true;
  }

  /** Takes a slot as soon as there is one. @returns `false`, and none taken, where the signal came first */
  take(signal: AbortSignal): Promise<boolean> {
    return this.wait(this.waiting, signal, () => this.tryTake());
  }

  /** Settles when a slot is free that nobody waits for, or when the signal comes. */
  async idle(signal: AbortSignal): Promise<void> {
    await this.wait(this.idlers, signal, () => this.free > 0);
  }

  release(): void {
    const next = this.waiting.shift();
    // The slot goes to the next in line as it is.
    if (next !== undefined) next();
    else {
      this.free++;
      this.idlers.shift()?.();
    }
  }

  private wait(line: (() => void)[], signal: AbortSignal, now: () => boolean): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (now()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const called = (): void => {
        signal.removeEventListener('abort', aborted);
        resolve(true);
      };
      const aborted = (): void => {
        line.splice(line.indexOf(called), 1);
        resolve(false);
      };
      line.push(called);
      signal.addEventListener('abort', aborted, { once: true });
    });
  }
}
