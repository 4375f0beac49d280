import type { Breather } from './breather';
import { mixed } from './words';

/** A prompt of an evaluation, with where it comes from. */
export interface EvaluationPrompt {
  readonly file: string;
  /** 0-based place in the file. */
  readonly number: number;
  readonly text: string;
}

/** What a sample shares with the evaluation prompt that it overlaps most with. */
export interface Overlap {
  readonly prompt: EvaluationPrompt;
  /** So many of the prompt's n-grams; 0 of 0 where a shorter prompt is the sample's whole prompt. */
  readonly shared: number;
  readonly of: number;
  /** Do they stand in the sample's prompt? Else in its reasoning or answer. */
  readonly inPrompt: boolean;
  /** With how many other prompts it overlaps too, as far as they were looked at. */
  readonly others: number;
}

/** So many prompts are known of an n-gram, and looked at for a sample; what is in more is a phrase of the benchmark, not a prompt. Ours. */
const KNOWN = 16;
const LOOKED_AT = 64;
/** Words of a text that are looked up in one go. */
const SLICE = 1 << 14;

/** The n-grams of evaluation prompts: which of them stand in a text. By hashes of 53 bits, so that a chance hit is not to be expected. */
export class EvaluationIndex {
  private readonly prompts: { readonly prompt: EvaluationPrompt; readonly grams: ReadonlySet<number> }[] = [];
  /** By n-gram, and by the hash of all words of prompts that are shorter: places in `prompts`. */
  private readonly byGram = new Map<number, number[]>();
  private readonly short = new Map<number, number>();
  private readonly seen = new Set<number>();

  constructor(private readonly words: number) {}

  get isEmpty(): boolean {
    return this.prompts.length === 0;
  }

  /** Adds a prompt with the hashes of its words; one of no words, or that is there already, counts for nothing. */
  add(prompt: EvaluationPrompt, hashes: Uint32Array): void {
    const whole = keyOf(hashes, 0, hashes.length);
    if (hashes.length === 0 || this.seen.has(whole)) return;
    this.seen.add(whole);
    const place = this.prompts.length;
    const grams = new Set(this.gramsOf(hashes));
    this.prompts.push({ prompt, grams });
    if (grams.size === 0) this.short.set(whole, place);
    for (const gram of grams) {
      const known = this.byGram.get(gram);
      if (known === undefined) this.byGram.set(gram, [place]);
      else if (known.length < KNOWN) known.push(place);
    }
  }

  /** @param prompt the hashes of the words of the sample's prompt; `beside` those of its other texts */
  async overlapOf(prompt: Uint32Array, beside: readonly Uint32Array[], breather: Breather): Promise<Overlap | undefined> {
    const short = prompt.length < this.words ? this.short.get(keyOf(prompt, 0, prompt.length)) : undefined;
    const asked = await this.known([prompt], breather);
    const said = await this.known(beside, breather);
    const hits = new Map<number, number>();
    for (const gram of new Set([...asked, ...said])) for (const place of this.byGram.get(gram) ?? []) hits.set(place, (hits.get(place) ?? 0) + 1);
    const looked = [...hits].sort(([a, x], [b, y]) => y - x || a - b).slice(0, LOOKED_AT);
    let best: Omit<Overlap, 'others'> | undefined;
    for (const [place] of looked) {
      const found = this.prompts[place];
      if (found === undefined) continue;
      const of = found.grams.size;
      const [inPrompt, inRest] = [sharedBy(found.grams, asked), sharedBy(found.grams, said)];
      const shared = Math.max(inPrompt, inRest);
      if (best === undefined || shared / of > best.shared / best.of) best = { prompt: found.prompt, shared, of, inPrompt: inPrompt >= inRest };
    }
    const whole = short === undefined ? undefined : this.prompts[short];
    if (whole !== undefined) return { prompt: whole.prompt, shared: 0, of: 0, inPrompt: true, others: looked.length };
    return best === undefined ? undefined : { ...best, others: looked.length - 1 };
  }

  /** Those n-grams of the texts that some evaluation prompt has. */
  private async known(texts: readonly Uint32Array[], breather: Breather): Promise<ReadonlySet<number>> {
    const known = new Set<number>();
    for (const hashes of texts) {
      for (let from = 0; from < hashes.length; from += SLICE) {
        for (const gram of this.gramsOf(hashes.subarray(from, from + SLICE + this.words - 1))) if (this.byGram.has(gram)) known.add(gram);
        if (breather.isDue) await breather.breathe();
      }
    }
    return known;
  }

  private *gramsOf(hashes: Uint32Array): Generator<number> {
    for (let i = 0; i + this.words <= hashes.length; i++) yield keyOf(hashes, i, i + this.words);
  }
}

function sharedBy(one: ReadonlySet<number>, other: ReadonlySet<number>): number {
  let shared = 0;
  const [smaller, larger] = one.size <= other.size ? [one, other] : [other, one];
  for (const gram of smaller) if (larger.has(gram)) shared++;
  return shared;
}

function keyOf(hashes: Uint32Array, from: number, to: number): number {
  let [high, low] = [0x9747b28c, to - from];
  for (let i = from; i < to; i++) {
    const word = hashes[i] ?? 0;
    high = mixed(Math.imul(high, 31) ^ word);
    low = Math.imul(low ^ mixed(word ^ 0x5bd1e995), 0x01000193);
  }
  return (high >>> 0) * 2 ** 21 + (mixed(low) >>> 11);
}
