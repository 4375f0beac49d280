import { createHash } from 'node:crypto';
import { countOf } from '../trace/countOf';

/** A row to be, by the sample it is made of. */
export interface PrefillCandidate {
  /** Unique among the samples. */
  readonly id: string;
  /** The share is drawn among those of one kind: `harmful`. */
  readonly kind: string;
  /** Does it have flawed reasoning to begin with? */
  readonly prefillable: boolean;
}

/** What came of the share among the rows of one kind. */
export interface PrefillsOfKind {
  readonly kind: string;
  readonly rows: number;
  readonly kept: number;
}

/** Which samples keep their prefill. */
export interface PrefillChoice {
  readonly keep: ReadonlySet<string>;
  /** Of all rows, 0 … 1: what came of it. */
  readonly share: number;
  /** The share that was asked for. */
  readonly wanted: number;
  /** In the order of their names. */
  readonly kinds: readonly PrefillsOfKind[];
  /** Why it is another share in some kind, in words; `undefined` where it is in each as near as rows can be. */
  readonly said: string | undefined;
}

/**
 * Chooses which rows begin with their flawed reasoning, so that a share α does of each kind: harmful prompts are not made up for by benign
 * ones, from whose prefills a model learns something else. The others become ordinary prompts. The same seed and ids make the same choice
 * in whatever order the samples come, and a greater share only adds to a smaller one. RECAP (arXiv 2510.00938 v2): α 0.5. By kind, and the
 * choice by hash, are ours.
 * @param wanted α, 0 … 1
 */
export function prefillShare(samples: readonly PrefillCandidate[], wanted: number, seed: number): PrefillChoice {
  const keep = new Set<string>();
  const kinds: PrefillsOfKind[] = [];
  const short: string[] = [];
  for (const kind of [...new Set(samples.map((one) => one.kind))].sort()) {
    const rows = samples.filter((one) => one.kind === kind);
    const able = rows.filter(({ prefillable }) => prefillable);
    const aim = Math.round(wanted * rows.length);
    const drawn = able.map(({ id }) => ({ id, lot: createHash('sha256').update(`${String(seed)}\0${id}`).digest('hex') })).sort((a, b) => (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : 0));
    for (const { id } of drawn.slice(0, aim)) keep.add(id);
    kinds.push({ kind, rows: rows.length, kept: Math.min(aim, able.length) });
    if (able.length < aim) short.push(tooFew(kind, able.length, aim, rows.length, wanted));
  }
  const share = samples.length === 0 ? 0 : keep.size / samples.length;
  return { keep, share, wanted, kinds, said: short.length === 0 ? undefined : `${short.join(' ')} Add samples with a prefill, leave some others out, or lower prefillShare.` };
}

function tooFew(kind: string, able: number, aim: number, rows: number, wanted: number): string {
  const have = able === 0 ? 'none has one' : `only ${String(able)} ${able === 1 ? 'has' : 'have'} one`;
  return `A share of ${String(wanted)} of ${countOf(rows, `${kind} prompt`)} is ${String(aim)} that ${aim === 1 ? 'begins' : 'begin'} with flawed reasoning, and ${have}: the share is ${String(Math.round((able / rows) * 1000) / 1000)}.`;
}
