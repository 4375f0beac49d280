/** Of so many texts a shingle keeps the first ones alone: what stands in more tells nothing. */
const BUCKET = 64;
/** The most candidates that are looked at for one text, and of them compared. */
const LOOKED_AT = 64;
const COMPARED = 8;

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
  /** By a part of the shingle's hash, in two bits: how many texts hold it, at least as many as really do; 2 stands for more too. */
  private readonly often: Uint8Array;
  /** The same, counted up to 65,535, of texts that may be like another. */
  private readonly held: Uint16Array;
  private readonly buckets = new Map<number, number[]>();
  private readonly sorted = new Set<number>();

  /** @param shingles of each text, each once; sorted here when needed */
  constructor(
    private readonly shingles: readonly Uint32Array[],
    private readonly share: number,
  ) {
    const total = shingles.reduce((sum, { length }) => sum + length, 0);
    const bits = Math.ceil(Math.log2(total + 2));
    this.often = new Uint8Array(2 ** Math.min(23, bits));
    this.held = new Uint16Array(2 ** Math.min(23, bits));
  }

  /** Before anything is looked for, once for each text: all are counted, … */
  count(text: number): void {
    const { often } = this;
    for (const shingle of this.shingles[text] ?? []) {
      const place = (shingle >>> 2) & (often.length - 1);
      const shift = (shingle & 3) * 2;
      const byte = often[place] ?? 0;
      const known = (byte >>> shift) & 3;
      if (known < 2) often[place] = byte + (1 << shift);
    }
  }

  /** … and then those again that may be like another. */
  countShared(text: number): void {
    if (this.reach(text) <= 0) return;
    for (const shingle of this.shingles[text] ?? []) {
      if (!this.isShared(shingle)) continue;
      const place = shingle & (this.held.length - 1);
      this.held[place] = Math.min(65_535, (this.held[place] ?? 0) + 1);
    }
  }

  /** The rarest shingles of a text, but for those that no other has. */
  prefix(text: number): Float64Array {
    const reach = this.reach(text);
    if (reach <= 0) return new Float64Array();
    const shared: number[] = [];
    for (const shingle of this.shingles[text] ?? []) {
      if (this.isShared(shingle)) shared.push((this.held[shingle & (this.held.length - 1)] ?? 0) * 2 ** 32 + shingle);
    }
    return Float64Array.from(shared).sort().subarray(0, reach);
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

  /** How many of the shingles that others have too are in a text's prefix; those that it has alone come first. */
  private reach(text: number): number {
    const own = this.shingles[text] ?? new Uint32Array();
    let alone = 0;
    for (const shingle of own) if (!this.isShared(shingle)) alone++;
    return own.length === 0 ? 0 : own.length - Math.ceil(this.share * own.length) + 1 - alone;
  }

  private isShared(shingle: number): boolean {
    return (((this.often[(shingle >>> 2) & (this.often.length - 1)] ?? 0) >>> ((shingle & 3) * 2)) & 3) > 1;
  }

  private sharesEnough(one: number, other: number): boolean {
    const [a, b] = [this.ascending(one), this.ascending(other)];
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

  private ascending(text: number): Uint32Array {
    const own = this.shingles[text] ?? new Uint32Array();
    if (this.sorted.has(text)) return own;
    this.sorted.add(text);
    return own.sort();
  }
}
