import { createHash } from 'node:crypto';

/** A row to be, by the sample it is made of. */
export interface PrefillCandidate {
  /** Unique among the samples. */
  readonly id: string;
  /** Does it have flawed reasoning to begin with? */
  readonly prefillable: boolean;
}

/** Which samples keep their prefill. */
export interface PrefillChoice {
  readonly keep: ReadonlySet<string>;
  /** Of all rows, 0 … 1: what came of it. */
  readonly share: number;
  /** The share that was asked for. */
  readonly wanted: number;
  /** Why it is another share, in words; `undefined` where it is as near as rows can be. */
  readonly said: string | undefined;
}

/**
 * Chooses which rows begin with their flawed reasoning, so that a share α of all does; the others become ordinary prompts. The same seed
 * and ids make the same choice in whatever order the samples come, and a greater share only adds to a smaller one. RECAP (arXiv
 * 2510.00938 v2): α 0.5. The choice by hash is ours.
 * @param wanted α, 0 … 1
 */
export function prefillShare(samples: readonly PrefillCandidate[], wanted: number, seed: number): PrefillChoice {
  const able = samples.filter(({ prefillable }) => prefillable);
  const aim = Math.round(wanted * samples.length);
  const drawn = able.map(({ id }) => ({ id, lot: createHash('sha256').update(`${String(seed)}\0${id}`).digest('hex') })).sort((a, b) => (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : 0));
  const keep = new Set(drawn.slice(0, aim).map(({ id }) => id));
  const share = samples.length === 0 ? 0 : keep.size / samples.length;
  return { keep, share, wanted, said: keep.size < aim ? tooFew(able.length, aim, samples.length, wanted) : undefined };
}

function tooFew(able: number, aim: number, rows: number, wanted: number): string {
  const have = able === 0 ? 'none has one' : `only ${String(able)} ${able === 1 ? 'has' : 'have'} one`;
  return `A share of ${String(wanted)} of ${String(rows)} prompts is ${String(aim)} that begin with flawed reasoning, and ${have}: the share is ${String(Math.round((able / rows) * 1000) / 1000)}. Add samples with a prefill, leave some others out, or lower prefillShare.`;
}
