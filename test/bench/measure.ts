import { setImmediate as nextTurn } from 'node:timers/promises';

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

/** Where results go: what nobody looks at the engine may leave out. */
export let sink = 0;

/**
 * Processor time of this process in milliseconds: other work on the machine, which a long sample always meets and a short one
 * may escape, does not count. `npm run bench` keeps the engine on one thread, so that nothing beside the work counts either.
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function milliseconds(work: Work, calls: number): number {
  const start = processorTime();
  for (let i = 0; i < calls; i++) sink += work();
  return processorTime() - start;
}

/** Garbage of one side must not be collected at the cost of the other. */
export function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

/** Has the engine optimise the work, and finds how many calls make a sample of `least` milliseconds. */
function warmUp(work: Work, least: number): number {
  const start = processorTime();
  let calls = 0;
  while (processorTime() - start < WARM_UP || calls < 3) {
    sink += work();
    calls++;
  }
  // One call can be too short for the clock: as many together as took a while before.
  const together = Math.max(1, Math.ceil((calls * least) / WARM_UP));
  const fastest = Math.min(...Array.from({ length: 5 }, () => milliseconds(work, together) / together));
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
const SCALING_ROUNDS = 15;
/**
 * Sizes grow up to here, so that ten times as much is a document of about 650,000 characters. Much smaller inputs would do for
 * the algorithm, but the engine moves arrays above 128 KiB to pages of their own, a step that both sizes should have behind them.
 */
export const LARGEST = 1 << 16;

/**
 * How many times longer work takes on an input ten times as large: the least time of several each, in turns.
 * @param make makes the input of about this size, in what unit it likes, and gives back the work on it
 * @param largest the most that the smaller size may be
 */
export function scaling(make: (size: number) => Work, largest = LARGEST): number {
  let size = 128;
  while (size < largest && leastOf(make(size), 3) < SMALL) size *= 2;
  const small = make(size);
  const calls = warmUp(small, SMALL);
  const large = make(size * TIMES_LARGER);
  // Both samples go through as much input, so both leave as much garbage behind.
  const callsOfLarge = Math.max(1, Math.round(calls / TIMES_LARGER));
  const settle = (): void => {
    collectGarbage();
    // A collection also throws away what the engine had learnt; that is not to count against the shorter sample.
    for (let i = 0; i < 3; i++) sink += small();
  };
  const times: [number, number] = [Infinity, Infinity];
  for (let round = 0; round < SCALING_ROUNDS; round++) {
    settle();
    times[0] = Math.min(times[0], milliseconds(small, calls) / calls);
    settle();
    times[1] = Math.min(times[1], milliseconds(large, callsOfLarge) / callsOfLarge);
  }
  return times[1] / times[0];
}

/**
 * Runs work that gives way to other work, and says how long that waited at most, in milliseconds of this clock.
 * @param clock the wall's, or `processorTime`: what else the machine does is then not counted
 */
export async function longestWait<T>(work: () => Promise<T>, clock: () => number): Promise<{ readonly result: T; readonly longest: number }> {
  let longest = 0;
  let running = true;
  const others = (async () => {
    for (let last = clock(); running; last = clock()) {
      await nextTurn();
      longest = Math.max(longest, clock() - last);
    }
  })();
  const result = await work().finally(() => (running = false));
  await others;
  return { result, longest };
}

/** Work that waits, such as on the reading of a file. */
export type Job = () => Promise<unknown>;

/** A sample of a job is at least so long, in milliseconds. */
const JOB_SAMPLE = 80;
const JOB_ROUNDS = 9;

/**
 * How many times longer a job takes on an input ten times as large: the least time of several each, in turns. The smaller sample goes
 * through ten inputs that lie apart, so that as much memory is read for both: one that fits the processor's caches would be read
 * from there over and over.
 * @param make makes the input of this size, in what unit it likes, and gives back the job on it
 */
export async function jobScaling(make: (size: number) => Job, size: number): Promise<number> {
  const large = [make(size * TIMES_LARGER)];
  const small = Array.from({ length: TIMES_LARGER }, () => make(size));
  const took = async (jobs: readonly Job[], times: number): Promise<number> => {
    collectGarbage();
    // A collection also throws away what the engine had learnt.
    for (let i = 0; i < 3; i++) await small[0]?.();
    const start = processorTime();
    for (let i = 0; i < times; i++) for (const job of jobs) await job();
    return (processorTime() - start) / times;
  };
  for (let i = 0; i < 2; i++) for (const jobs of [small, large]) await took(jobs, 1);
  const times = Math.max(1, Math.ceil(JOB_SAMPLE / Math.max(0.01, await took(large, 1))));
  const least: [number, number] = [Infinity, Infinity];
  for (let round = 0; round < JOB_ROUNDS; round++) {
    least[0] = Math.min(least[0], await took(small, times));
    least[1] = Math.min(least[1], await took(large, times));
  }
  return (TIMES_LARGER * least[1]) / least[0];
}

function leastOf(work: Work, tries: number): number {
  return Math.min(...Array.from({ length: tries }, () => milliseconds(work, 1)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
