import { withoutInjected } from '../withoutInjected';
import type { InjectedStep } from '../../trace/provenance';
import { placeOfStep } from './findingPlace';
import { movedAfter } from './movedCorrection';
import { pairsOf, type Pair } from './pairs';
import type { CheckedSample, Finding, Fix, SampleCheck } from './sampleCheck';
import { stepsInWords } from './stepsInWords';

/**
 * Does a correction stand right behind each error (AdvChain: c_1..c_k, error, correction, c_k+1..c_n)? `correction-missing` is an error:
 * what trains on it learns the flaw. One whose provenance is lost is not called missing; that it is lost is said elsewhere.
 */
export const correctionAfterError: SampleCheck = {
  name: 'correction after error',
  check(sample) {
    const lost = new Set(sample.injected.lost.map(({ read }) => read?.role));
    return pairsOf(sample.injected).flatMap((pair): Finding[] => {
      const { errors, corrections } = pair;
      if (corrections.length === 0) return lost.has('correction') ? [] : [missing(sample, 'correction', errors)];
      if (errors.length === 0) return lost.has('error') ? [] : [missing(sample, 'error', corrections)];
      return misplaced(sample, pair);
    });
  },
};

function missing(sample: CheckedSample, role: 'error' | 'correction', of: readonly InjectedStep[]): Finding {
  const steps = of.map(({ step }) => step);
  const [first = 0] = steps;
  const message =
    role === 'correction'
      ? `The error at ${stepsInWords(steps)} has no correction: what is trained on it learns the flaw. Insert the pair anew, or take the error out.`
      : `The correction at ${stepsInWords(steps)} has no error before it that it could put right. Insert the pair anew, or take the correction out.`;
  const out: Fix = {
    kind: 'edit',
    title: `Take ${stepsInWords(steps)} out`,
    edits: () => {
      const edits = withoutInjected(sample.trace, steps);
      return 'reason' in edits ? undefined : edits;
    },
  };
  return { code: `${role}-missing`, severity: role === 'correction' ? 'error' : 'warning', message, at: placeOfStep(sample.trace, first), fixes: [out] };
}

function misplaced({ trace }: CheckedSample, { errors, corrections }: Pair): Finding[] {
  const last = errors.at(-1)?.step ?? 0;
  const steps = corrections.map(({ step }) => step);
  const right = steps.findIndex((step, i) => step !== last + 1 + i);
  if (right < 0) return [];
  const moved = steps.slice(right);
  const between = (moved[0] ?? 0) - last - right - 1;
  const how = between < 0 ? 'stands before it' : `stands ${between === 1 ? 'one step' : `${String(between)} steps`} further down`;
  const fix: Fix = { kind: 'edit', title: 'Move the correction behind the error', edits: () => movedAfter(trace, moved, last + right) };
  return [
    {
      code: 'correction-not-after-error',
      severity: 'warning',
      message: `The correction (${stepsInWords(moved)}) is to stand right behind its error (${stepsInWords(errors.map(({ step }) => step))}), and ${how}. Move it there.`,
      at: placeOfStep(trace, moved[0] ?? 0),
      fixes: [fix],
    },
  ];
}
