/** Comparisons between two looks at the clock, and milliseconds of sorting after which others have their turn. */
const LOOK_EVERY = 2048;
const TURN = 15;

/** A row's place by some key; `null`: it has none, and comes last whichever way is sorted. */
export type RowKey = string | number | null;

/**
 * Sorts rows by their keys without keeping anything else waiting: a million rows take seconds. Rows with equal keys stay in file
 * order, whichever way is sorted. Names that are numbers sort as numbers, before all others.
 * @throws the signal's reason
 */
export async function sortedRows(
  ordinals: Uint32Array,
  keyOf: (ordinal: number) => RowKey,
  descending: boolean,
  signal: AbortSignal,
): Promise<Uint32Array> {
  const count = ordinals.length;
  const numbers = new Float64Array(count);
  const names: (string | undefined)[] = [];
  const missing = new Uint8Array(count);
  let turn = performance.now();
  for (let i = 0; i < count; i++) {
    const key = keyOf(ordinals[i] ?? 0);
    if (key === null) missing[i] = 1;
    else if (typeof key === 'number') numbers[i] = key;
    else if (/^-?\d{1,15}$/.test(key)) numbers[i] = Number(key);
    else {
      numbers[i] = Infinity;
      names[i] = key;
    }
    if (i % LOOK_EVERY === 0 && performance.now() - turn > TURN) {
      await breathe(signal);
      turn = performance.now();
    }
  }
  const sign = descending ? -1 : 1;
  const isAfter = (a: number, b: number): boolean => {
    const without = (missing[a] ?? 0) - (missing[b] ?? 0);
    if (without !== 0) return without > 0;
    const [x, y] = [numbers[a] ?? 0, numbers[b] ?? 0];
    if (x !== y) return sign * (x < y ? -1 : 1) > 0;
    const [p, q] = [names[a] ?? '', names[b] ?? ''];
    if (p !== q) return sign * (p < q ? -1 : 1) > 0;
    return a > b;
  };
  const order = await mergeSort(count, isAfter, signal);
  return order.map((i) => ordinals[i] ?? 0);
}

/** Sorts 0 … count − 1 from the bottom up, in two arrays that take turns. */
async function mergeSort(count: number, isAfter: (a: number, b: number) => boolean, signal: AbortSignal): Promise<Uint32Array> {
  let from = new Uint32Array(count);
  for (let i = 0; i < count; i++) from[i] = i;
  let to = new Uint32Array(count);
  let turn = performance.now();
  let steps = 0;
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const [middle, end] = [Math.min(start + width, count), Math.min(start + 2 * width, count)];
      let [left, right] = [start, middle];
      for (let at = start; at < end; at++) {
        const takesLeft = right >= end || (left < middle && !isAfter(from[left] ?? 0, from[right] ?? 0));
        to[at] = from[takesLeft ? left++ : right++] ?? 0;
        if (++steps % LOOK_EVERY === 0 && performance.now() - turn > TURN) {
          await breathe(signal);
          turn = performance.now();
        }
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Lets everything else have its turn. @throws the signal's reason */
export async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

/**
 * So many of the rows at random, in the order they come: the same rows for the same seed, and each set of rows as likely as any
 * other (selection sampling: Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S).
 */
export function sampleRows(ordinals: Uint32Array, n: number, seed: number): Uint32Array {
  const most = Math.min(Math.max(0, Math.floor(n)), ordinals.length);
  const sample = new Uint32Array(most);
  const random = mulberry32(seed);
  let taken = 0;
  for (let i = 0; i < ordinals.length && taken < most; i++) {
    if ((ordinals.length - i) * random() < most - taken) sample[taken++] = ordinals[i] ?? 0;
  }
  return sample;
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32 by Tommy Ettinger, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
