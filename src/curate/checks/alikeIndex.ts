/** Of so many texts a shingle keeps the first ones alone: what stands in more tells nothing. */
const BUCKET = 64;
/** The most candidates that are looked at for one text, and of them compared. */
const LOOKED_AT = 64;
const COMPARED = 8;

/** Of how many texts a slot counts, and what that takes; above, and of texts with numbers that far apart, it only orders worse. Ours. */
const HELD_BITS = 12;
const MOST_HELD = 2 ** HELD_BITS - 1;

/** The texts that may be like one, most promising first. */
export interface Candidates {
  readonly texts: readonly number[];
  /** Were there more than are given? */
  readonly cut: boolean;
}

/**
 * Finds texts that share many shingles. Every pair is found that shares at least `share` of the shingles of the one that has more of
 * them, as long as no limit above is met (prefix filtering: Chaudhuri, Ganti, Kaushik, ICDE 2006; Bayardo, Ma, Srikant, WWW 2007):
 * all shingles are put in one order, rarest first, and such a pair has one in common among the first (1 − share) of each. What is in
 * one text alone comes first, so a text of its own costs next to nothing. No chance in it.
 */
export class AlikeIndex {
  /** By a part of the shingle's hash: how many texts hold it, at least as many as really do (the low bits), and the last that did. */
  private readonly slots: Uint32Array;
  /** By text: how many of its shingles may be there several times. */
  private readonly repeats: Uint32Array;
  /** By text, once they were asked for. */
  private readonly distinct: (Uint32Array | undefined)[] = [];
  private readonly buckets = new Map<number, number[]>();

  /** @param shingles of each text, in any order, repeated ones too */
  constructor(
    private readonly shingles: readonly Uint32Array[],
    private readonly share: number,
  ) {
    const total = shingles.reduce((sum, { length }) => sum + length, 0);
    this.slots = new Uint32Array(2 ** Math.min(24, Math.ceil(Math.log2(total + 2))));
    this.repeats = new Uint32Array(shingles.length);
  }

  /** Before anything is looked for, once for each text. */
  count(text: number): void {
    const { slots } = this;
    const last = (text + 1) % 2 ** (32 - HELD_BITS);
    let repeats = 0;
    for (const shingle of this.shingles[text] ?? []) {
      const place = shingle & (slots.length - 1);
      const slot = slots[place] ?? 0;
      if (slot >>> HELD_BITS === last) repeats++;
      else slots[place] = ((last << HELD_BITS) | Math.min(MOST_HELD, (slot & MOST_HELD) + 1)) >>> 0;
    }
    this.repeats[text] = repeats;
  }

  /** The rarest shingles of a text, but for those that no other has; rather some too many than one too few. */
  prefix(text: number): Float64Array {
    const own = this.shingles[text] ?? new Uint32Array();
    let alone = 0;
    for (const shingle of own) if (this.held(shingle) === 1) alone++;
    const length = own.length === 0 ? 0 : own.length - Math.ceil(this.share * own.length) + 1;
    const left = length - Math.max(0, alone - (this.repeats[text] ?? 0));
    if (left <= 0) return new Float64Array();
    const shared = new Set<number>();
    for (const shingle of own) {
      const held = this.held(shingle);
      if (held > 1) shared.add(held * 2 ** 32 + shingle);
    }
    return Float64Array.from(shared).sort().subarray(0, left);
  }

  /** The texts added before that share enough with this one. */
  candidates(text: number, prefix: Float64Array): Candidates {
    const hits = new Map<number, number>();
    let cut = false;
    for (const key of prefix) {
      const bucket = this.buckets.get(key) ?? [];
      cut ||= bucket.length >= BUCKET;
      for (const other of bucket) hits.set(other, (hits.get(other) ?? 0) + 1);
    }
    const ranked = [...hits].sort(([a, x], [b, y]) => y - x || a - b);
    const texts: number[] = [];
    for (const [rank, [other]] of ranked.entries()) {
      if (rank >= LOOKED_AT) return { texts, cut: true };
      if (!this.sharesEnough(text, other)) continue;
      if (texts.length >= COMPARED) return { texts, cut: true };
      texts.push(other);
    }
    return { texts, cut };
  }

  add(text: number, prefix: Float64Array): void {
    for (const key of prefix) {
      const bucket = this.buckets.get(key);
      if (bucket === undefined) this.buckets.set(key, [text]);
      else if (bucket.length < BUCKET) bucket.push(text);
    }
  }

  private held(shingle: number): number {
    return (this.slots[shingle & (this.slots.length - 1)] ?? 0) & MOST_HELD;
  }

  private sharesEnough(one: number, other: number): boolean {
    const [a, b] = [this.eachOnce(one), this.eachOnce(other)];
    const wanted = this.share * Math.max(a.length, b.length);
    let shared = 0;
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      const [x, y] = [a[i] ?? 0, b[j] ?? 0];
      if (x === y) shared++;
      if (x <= y) i++;
      if (y <= x) j++;
    }
    return shared >= wanted - 1e-9;
  }

  /** A text's shingles, ascending. */
  private eachOnce(text: number): Uint32Array {
    return (this.distinct[text] ??= Uint32Array.from(new Set(this.shingles[text])).sort());
  }
}
