/** Agreement of two raters on an ordinal scale 1 … `levels`. */
export interface Agreement {
  readonly n: number;
  /** Cohen's kappa with quadratic weights (see `kappaOf`). */
  readonly kappa: number;
  /** Share of equal scores, 0 … 1. */
  readonly accuracy: number;
  /** Mean absolute difference, 0 … levels − 1. */
  readonly meanAbsoluteError: number;
  /** `confusion[label − 1][judged − 1]`. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * How often rater A gave i and rater B gave j: `counts[(i − 1) · levels + j − 1]`. Counts of several traces may be added up,
 * and all figures below follow from the sum.
 */
export type Counts = ArrayLike<number>;

/** How far apart two scores lie, for weighing a disagreement; 0 for equal ones. */
export type Weight = (i: number, j: number) => number;

/** Squared distance, after Fleiss & Cohen (1973): kappa is then an intraclass correlation. */
export const quadratic: Weight = (i, j) => (i - j) ** 2;

/** Compares `judged` with `labels`, pairwise; both hold integers 1 … levels. Figures of no pairs are NaN. */
export function agreementOf(labels: readonly number[], judged: readonly number[], levels = 5): Agreement {
  const counts = countsOf(labels, judged, levels);
  return {
    n: labels.length,
    kappa: kappaOf(counts, levels),
    accuracy: exactShareOf(counts, levels),
    meanAbsoluteError: meanAbsoluteDifferenceOf(counts, levels),
    confusion: Array.from({ length: levels }, (_, row) => [...counts.subarray(row * levels, (row + 1) * levels)]),
  };
}

/** Counts pairs of scores. @throws RangeError where a score is none, or the lists differ in length */
export function countsOf(a: readonly number[], b: readonly number[], levels = 5): Float64Array {
  if (a.length !== b.length) throw new RangeError('Both raters must have rated the same items');
  const counts = new Float64Array(levels * levels);
  const valid = (score: number): boolean => Number.isInteger(score) && score >= 1 && score <= levels;
  for (const [n, i] of a.entries()) {
    const j = b[n] ?? NaN;
    if (!valid(i) || !valid(j)) throw new RangeError(`Not a score: ${String(i)}, ${String(j)}`);
    const cell = (i - 1) * levels + j - 1;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return counts;
}

/**
 * Weighted kappa (Cohen 1968): 1 − (weighted disagreement seen) / (weighted disagreement expected by chance, from both raters'
 * own frequencies). 1 is perfect, 0 no better than chance, as of a rater who always says the same. NaN where nothing was
 * compared, and where both raters always gave the same one score: nothing shows that they can tell two scores apart.
 */
export function kappaOf(counts: Counts, levels = 5, weight: Weight = quadratic): number {
  const rows = new Float64Array(levels);
  const columns = new Float64Array(levels);
  let n = 0;
  let seen = 0;
  for (let i = 0; i < levels; i++) {
    for (let j = 0; j < levels; j++) {
      const count = counts[i * levels + j] ?? 0;
      if (count === 0) continue;
      rows[i] = (rows[i] ?? 0) + count;
      columns[j] = (columns[j] ?? 0) + count;
      n += count;
      seen += weight(i, j) * count;
    }
  }
  let expected = 0;
  for (let i = 0; i < levels; i++) for (let j = 0; j < levels; j++) expected += weight(i, j) * (rows[i] ?? 0) * (columns[j] ?? 0);
  return expected === 0 ? NaN : 1 - (seen * n) / expected;
}

/** Mean of |b − a| in points, 0 … levels − 1; NaN of no pairs. */
export function meanAbsoluteDifferenceOf(counts: Counts, levels = 5): number {
  return meanOf(counts, levels, (i, j) => Math.abs(j - i));
}

/** Mean of b − a in points: above 0 where B scores higher than A. NaN of no pairs. */
export function biasOf(counts: Counts, levels = 5): number {
  return meanOf(counts, levels, (i, j) => j - i);
}

/** Share of pairs with equal scores, 0 … 1; NaN of no pairs. */
export function exactShareOf(counts: Counts, levels = 5): number {
  return meanOf(counts, levels, (i, j) => (i === j ? 1 : 0));
}

function meanOf(counts: Counts, levels: number, value: (i: number, j: number) => number): number {
  let n = 0;
  let sum = 0;
  for (let cell = 0; cell < levels * levels; cell++) {
    const count = counts[cell] ?? 0;
    n += count;
    sum += count * value(Math.floor(cell / levels), cell % levels);
  }
  return sum / n;
}
