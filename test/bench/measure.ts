/**
 * Machines are noisy and differ, so a figure with a bound is a ratio of two things measured in one run, in turns.
 * Work returns a number made from its whole result, which nothing can then leave out.
 */
export type Work = () => number;

/** What two things cost beside each other, in milliseconds a call. */
export interface Compared {
  /** The median over all rounds of the first divided by the second: what slows a whole round slows both. */
  readonly ratio: number;
  readonly first: number;
  readonly second: number;
}

const ROUNDS = 41;
/** A sample is at least so long, in milliseconds: timers and interrupts are then small beside it. */
const SAMPLE = 3;
const WARM_UP = 150;

let sink = 0;

function milliseconds(work: Work, calls: number): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) sink += work();
  return performance.now() - start;
}

/** Garbage of one side must not be collected at the cost of the other. */
export function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

/** Has the engine optimise the work, and finds how many calls make a sample of `least` milliseconds. */
function warmUp(work: Work, least: number): number {
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < WARM_UP || calls < 3) {
    sink += work();
    calls++;
  }
  const fastest = Math.min(...Array.from({ length: 5 }, () => milliseconds(work, 1)));
  return Math.max(1, Math.ceil(least / Math.max(fastest, 1e-6)));
}

/** Measures two things in turns, each first in every other round. */
export function compare(first: Work, second: Work, rounds = ROUNDS): Compared {
  const calls = [warmUp(first, SAMPLE), warmUp(second, SAMPLE)] as const;
  const ratios: number[] = [];
  const times: [number[], number[]] = [[], []];
  const sample = (side: 0 | 1): number => {
    collectGarbage();
    const time = milliseconds(side === 0 ? first : second, calls[side]) / calls[side];
    times[side].push(time);
    return time;
  };
  for (let round = 0; round < rounds; round++) {
    const even = round % 2 === 0;
    const one = sample(even ? 0 : 1);
    const other = sample(even ? 1 : 0);
    ratios.push(even ? one / other : other / one);
  }
  return { ratio: median(ratios), first: median(times[0]), second: median(times[1]) };
}

/** The smaller input of a scaling row takes at least so long, in milliseconds. */
const SMALL = 5;
const TIMES_LARGER = 10;
/**
 * Sizes grow up to here, so that ten times as much is a trace of a megabyte: beyond, caches decide. What is still quicker is
 * called more often.
 */
const LARGEST = 1 << 17;

/**
 * How many times longer work takes on an input ten times as large: the least time of several each, in turns.
 * @param make makes the input of about this size, in what unit it likes, and gives back the work on it
 */
export function scaling(make: (size: number) => Work, rounds = 9): number {
  let size = 64;
  let small = make(size);
  let calls = warmUp(small, SMALL);
  while (calls > 1 && size < LARGEST) {
    size = Math.min(LARGEST, size * (calls > 16 ? 8 : 2));
    small = make(size);
    calls = Math.max(1, Math.ceil(SMALL / Math.max(milliseconds(small, 1), milliseconds(small, 1) / 2, 1e-6)));
  }
  calls = warmUp(small, SMALL);
  const large = make(size * TIMES_LARGER);
  const times: [number, number] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    collectGarbage();
    // A short sample is disturbed less often than one ten times as long: it gets as many tries as take as long.
    for (let i = 0; i < 3; i++) times[0] = Math.min(times[0], milliseconds(small, calls));
    collectGarbage();
    times[1] = Math.min(times[1], milliseconds(large, calls));
  }
  return times[1] / times[0];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Keeps what was measured observable to the engine. */
export const consumed = (): number => sink;
