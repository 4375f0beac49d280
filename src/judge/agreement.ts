/** Agreement of two raters on an ordinal scale 1 … `levels`. */
export interface Agreement {
  readonly n: number;
  /** Cohen's kappa with quadratic weights (Cohen 1968); 0 where a rater is constant, as agreement by chance alone. */
  readonly kappa: number;
  /** Share of equal scores, 0 … 1. */
  readonly accuracy: number;
  /** Mean absolute difference, 0 … levels − 1. */
  readonly meanAbsoluteError: number;
  /** `confusion[label − 1][judged − 1]`. */
  readonly confusion: readonly (readonly number[])[];
}

/** Compares `judged` with `labels`, pairwise; both hold integers 1 … levels. Figures of no pairs are NaN. */
export function agreementOf(labels: readonly number[], judged: readonly number[], levels = 5): Agreement {
  if (labels.length !== judged.length) throw new RangeError('Both raters must have rated the same items');
  const confusion = Array.from({ length: levels }, () => new Array<number>(levels).fill(0));
  let absolute = 0;
  let equal = 0;
  for (const [i, label] of labels.entries()) {
    const other = judged[i] ?? NaN;
    const row = confusion[label - 1];
    if (row?.[other - 1] === undefined) throw new RangeError(`Not a score: ${String(label)}, ${String(other)}`);
    row[other - 1] = (row[other - 1] ?? 0) + 1;
    absolute += Math.abs(label - other);
    if (label === other) equal++;
  }
  const n = labels.length;
  return { n, kappa: kappaOf(confusion, n), accuracy: equal / n, meanAbsoluteError: absolute / n, confusion };
}

/** 1 − (weighted disagreement seen) / (weighted disagreement expected by chance), weights (i − j)². */
function kappaOf(confusion: readonly (readonly number[])[], n: number): number {
  if (n === 0) return NaN;
  const rows = confusion.map((row) => row.reduce((a, b) => a + b, 0));
  const columns = confusion.map((_, j) => confusion.reduce((sum, row) => sum + (row[j] ?? 0), 0));
  let seen = 0;
  let expected = 0;
  for (const [i, row] of confusion.entries()) {
    for (const [j, count] of row.entries()) {
      const weight = (i - j) ** 2;
      seen += weight * count;
      expected += (weight * (rows[i] ?? 0) * (columns[j] ?? 0)) / n;
    }
  }
  // No disagreement is expected only where both raters always give the same one score: nothing to be better at.
  return expected === 0 ? 0 : 1 - seen / expected;
}
