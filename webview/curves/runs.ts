import type { Score } from '../../src/trace/verdict';

/** Steps that one stroke goes through without a break. */
export type Run = readonly number[];

export interface Runs {
  /** Given on exactly the text that stands there. */
  readonly fresh: readonly Run[];
  /** Drawn dashed: what has a stale step at either end. */
  readonly stale: readonly Run[];
}

/**
 * Cuts a curve into strokes: a gap breaks it, and where a stale step begins or ends the stroke changes. A step with gaps on both
 * sides is a run of one, which is drawn as a dot.
 * @param kept the steps to go through, ascending; steps left out between two of them are no gap
 */
export function runsOf(scores: readonly Score[], kept: readonly number[], isStale: (step: number) => boolean): Runs {
  const fresh: number[][] = [];
  const stale: number[][] = [];
  let run: number[] = [];
  let runIsStale = false;
  const end = (): void => {
    if (run.length > 0) (runIsStale ? stale : fresh).push(run);
    run = [];
  };
  let before: { readonly step: number; readonly stale: boolean } | undefined;
  for (const step of kept) {
    if ((scores[step] ?? null) === null) {
      end();
      before = undefined;
      continue;
    }
    const here = isStale(step);
    if (before === undefined) {
      run = [step];
      runIsStale = here;
    } else {
      const strokeIsStale = here || before.stale;
      if (strokeIsStale !== runIsStale) {
        // A lone point that only begins the other stroke is no run of its own.
        if (run.length > 1) end();
        run = [before.step];
        runIsStale = strokeIsStale;
      }
      run.push(step);
    }
    before = { step, stale: here };
  }
  end();
  return { fresh, stale };
}

/** Looks a step up in flat ranges (first, after the last, …). */
export function inRanges(ranges: readonly number[]): (step: number) => boolean {
  if (ranges.length === 0) return () => false;
  return (step) => {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle] ?? 0) <= step) low = middle + 1;
      else high = middle;
    }
    return low % 2 === 1;
  };
}
