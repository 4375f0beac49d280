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
  /** How many texts hold a shingle, by a part of its hash: at least as many as really do. */
  private readonly held: Uint16Array;
  private readonly buckets = new Map<number, number[]>();

  /** @param shingles of each text, each once, ascending */
  constructor(
    private readonly shingles: readonly Uint32Array[],
    private readonly share: number,
  ) {
    const total = shingles.reduce((sum, { length }) => sum + length, 0);
    this.held = new Uint16Array(2 ** Math.min(24, Math.ceil(Math.log2(2 * total + 2))));
  }

  /** Before anything is looked for, once for each text. */
  count(text: number): void {
    for (const shingle of this.shingles[text] ?? []) {
      const slot = shingle & (this.held.length - 1);
      this.held[slot] = Math.min(65_535, (this.held[slot] ?? 0) + 1);
    }
  }

  /** The rarest shingles of a text, but for those that no other has. */
  prefix(text: number): Float64Array {
    const own = this.shingles[text] ?? new Uint32Array();
    const length = own.length === 0 ? 0 : own.length - Math.ceil(this.share * own.length) + 1;
    const shared: number[] = [];
    for (const shingle of own) {
      const held = this.held[shingle & (this.held.length - 1)] ?? 0;
      if (held > 1) shared.push(held * 2 ** 32 + shingle);
    }
    const left = length - (own.length - shared.length);
    return left <= 0 ? new Float64Array() : Float64Array.from(shared).sort().subarray(0, left);
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

  private sharesEnough(one: number, other: number): boolean {
    const [a, b] = [this.shingles[one] ?? new Uint32Array(), this.shingles[other] ?? new Uint32Array()];
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
}
