import type { Injected, InjectedStep, Making } from '../../trace/provenance';

/** What was injected to go wrong and what puts it right, as far as either is found; each in the order of the text. */
export interface Pair {
  readonly errors: readonly InjectedStep[];
  readonly corrections: readonly InjectedStep[];
}

/** Injected steps that were made at one time by one recipe on one base belong together. */
export function makingKey({ recipe, at, base }: Pick<Making, 'recipe' | 'at' | 'base'>): string {
  return JSON.stringify([recipe, at, base]);
}

/**
 * The errors of a sample with their corrections. Those of one making are a pair. What is left over (an error that was rewritten since,
 * provenance written by hand) goes together by place: each run of errors with the run of corrections after it.
 */
export function pairsOf({ steps }: Pick<Injected, 'steps'>): readonly Pair[] {
  const makings = new Map<string, InjectedStep[]>();
  const left: InjectedStep[] = [];
  for (const step of steps) {
    if (step.role !== 'error' && step.role !== 'correction') continue;
    const key = makingKey(step);
    const known = makings.get(key);
    if (known === undefined) makings.set(key, [step]);
    else known.push(step);
  }
  const pairs: Pair[] = [];
  for (const making of makings.values()) {
    for (const pair of pairsByPlace(making)) {
      if (pair.errors.length > 0 && pair.corrections.length > 0) pairs.push(pair);
      else left.push(...pair.errors, ...pair.corrections);
    }
  }
  return [...pairs, ...pairsByPlace(left.sort((a, b) => a.step - b.step))];
}

function pairsByPlace(steps: readonly InjectedStep[]): Pair[] {
  const runs: InjectedStep[][] = [];
  for (const step of steps) {
    const last = runs.at(-1);
    if (last?.[0]?.role === step.role) last.push(step);
    else runs.push([step]);
  }
  const pairs: Pair[] = [];
  const isError = (run: readonly InjectedStep[] | undefined): boolean => run?.[0]?.role === 'error';
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i] ?? [];
    const next = runs[i + 1];
    if (isError(run)) {
      pairs.push({ errors: run, corrections: next ?? [] });
      i++;
    } else if (isError(next) && runs[i + 2] === undefined) {
      // The correction stands before the only error that is left to it.
      pairs.push({ errors: next ?? [], corrections: run });
      i++;
    } else {
      pairs.push({ errors: [], corrections: run });
    }
  }
  return pairs;
}
