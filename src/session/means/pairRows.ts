/** The traces of one file as pairing sees them, in file order: 20 bytes each, no text. */
export interface PairColumns {
  /** Number of the prompt (see `textNumber`); NaN where there is no prompt. */
  readonly prompts: Float64Array;
  /** Number of the id, with the variant where the row has several traces; NaN where there is none. */
  readonly ids: Float64Array;
  /** 0-based rows. */
  readonly rows: Uint32Array;
}

export interface Pairing {
  /** Places in the columns of the first and of the second file, pair by pair, in the order of the first file. */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** Traces of each file that no trace of the other has the same prompt as, or no more. */
  readonly leftOver: readonly [number, number];
  /** Those of them that have no prompt at all. */
  readonly withoutPrompt: readonly [number, number];
}

/** Traces looked at before other work may run. */
const STRETCH = 20_000;

/**
 * Pairs the traces of two files that have the same prompt. Where several have it, those with the same id come together first, and
 * the rest in order (ours). Each trace is in one pair at most. In time linear in the number of traces; stops now and then.
 */
export function* pairRows(first: PairColumns, second: PairColumns): Generator<unknown, Pairing> {
  const none = 0xffffffff;
  const partner = new Uint32Array(first.prompts.length).fill(none);
  const taken = new Uint8Array(second.prompts.length);
  const both = ({ prompts, ids }: PairColumns): ((at: number) => number) => (at) => mixed(prompts[at] ?? NaN, ids[at] ?? NaN);
  yield* match(both(first), both(second), (a, b) => first.prompts[a] === second.prompts[b] && first.ids[a] === second.ids[b]);
  yield* match((at) => first.prompts[at] ?? NaN, (at) => second.prompts[at] ?? NaN, (a, b) => first.prompts[a] === second.prompts[b]);
  const count = partner.reduce((sum, one) => sum + (one === none ? 0 : 1), 0);
  const pairs = { first: new Uint32Array(count), second: new Uint32Array(count) };
  let n = 0;
  for (const [a, b] of partner.entries()) {
    if (b === none) continue;
    pairs.first[n] = a;
    pairs.second[n++] = b;
  }
  const without = ({ prompts }: PairColumns): number => prompts.reduce((sum, prompt) => sum + (Number.isNaN(prompt) ? 1 : 0), 0);
  return {
    ...pairs,
    leftOver: [partner.length - count, taken.length - count],
    withoutPrompt: [without(first), without(second)],
  };

  /** Gives each trace that has no partner yet the next free one of an equal key. */
  function* match(keyA: (at: number) => number, keyB: (at: number) => number, equal: (a: number, b: number) => boolean): Generator<unknown, void> {
    // Chains of equal buckets in the order of the file, in flat arrays: a map of a million numbers would take ten times as much.
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, taken.length * 2)));
    const heads = new Int32Array(size).fill(-1);
    const next = new Int32Array(taken.length).fill(-1);
    for (let b = taken.length - 1; b >= 0; b--) {
      const key = keyB(b);
      if (b % STRETCH === 0) yield;
      if (taken[b] === 1 || Number.isNaN(key)) continue;
      next[b] = heads[key % size] ?? -1;
      heads[key % size] = b;
    }
    for (let a = 0; a < partner.length; a++) {
      if (a % STRETCH === 0) yield;
      const key = keyA(a);
      if (partner[a] !== none || Number.isNaN(key)) continue;
      let before = -1;
      let b = heads[key % size] ?? -1;
      while (b !== -1 && !equal(a, b)) [before, b] = [b, next[b] ?? -1];
      if (b === -1) continue;
      partner[a] = b;
      taken[b] = 1;
      if (before === -1) heads[key % size] = next[b] ?? -1;
      else next[before] = next[b] ?? -1;
    }
  }
}

/** One number of two, whole and below 2^53. Equal pairs have equal ones; others are told apart by a closer look. */
function mixed(prompt: number, id: number): number {
  return Number.isNaN(prompt + id) ? NaN : (prompt + id * 7) % 9_007_199_254_740_881;
}
