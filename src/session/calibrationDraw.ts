import { ascending, shuffler } from 'd3-array';
import { randomLcg } from 'd3-random';

/** A step that can be drawn. */
export interface Candidate {
  /** The trace it stands in. */
  readonly trace: string;
  /** Equal for equal steps in equal context. */
  readonly seen: string;
  /** What the judge said of it, 1 … 5: its band. */
  readonly score: number;
}

/**
 * Draws up to `n` steps for a calibration (ours): as equally as possible from the judge's scores 1 … 5, so that rare scores are
 * tested as well as frequent ones; within a score from the trace of which fewest steps are drawn so far; no two the same. They
 * come in an order that says nothing of their scores. Equal seeds draw the same, in whatever order the candidates come.
 */
export function drawSteps<T extends Candidate>(candidates: readonly T[], n: number, seed: number): T[] {
  const random = randomLcg(seed);
  const shuffle = shuffler(random);
  const distinct = new Map<string, T>();
  for (const one of [...candidates].sort((a, b) => ascending(a.seen, b.seen) || ascending(a.trace, b.trace) || a.score - b.score)) {
    if (!distinct.has(one.seen)) distinct.set(one.seen, one);
  }
  const bands = new Map<number, T[]>();
  for (const one of shuffle([...distinct.values()])) {
    const band = bands.get(one.score);
    if (band === undefined) bands.set(one.score, [one]);
    else band.push(one);
  }

  const drawn: T[] = [];
  const ofTrace = new Map<string, number>();
  // One of each band in turn, the bands in chance order, until enough are drawn or none is left.
  const turns = shuffle([...bands.keys()].sort((a, b) => a - b)).map((score) => bands.get(score) ?? []);
  while (drawn.length < n && turns.some((band) => band.length > 0)) {
    for (const band of turns) {
      if (drawn.length >= n || band.length === 0) continue;
      const one = leastDrawn(band, ofTrace);
      drawn.push(one);
      ofTrace.set(one.trace, (ofTrace.get(one.trace) ?? 0) + 1);
    }
  }
  return shuffle(drawn);
}

/** Takes out the first one of the trace that fewest are drawn of. */
function leastDrawn<T extends Candidate>(band: T[], ofTrace: ReadonlyMap<string, number>): T {
  let best = 0;
  const count = (i: number): number => ofTrace.get(band[i]?.trace ?? '') ?? 0;
  for (let i = 1; i < band.length; i++) if (count(i) < count(best)) best = i;
  return band.splice(best, 1)[0] as T;
}
