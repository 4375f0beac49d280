import { checkSample } from '../craft/checks';
import { marksAt } from '../craft/checks/lostProvenance';
import type { CheckedSample, Finding, Fix } from '../craft/checks/sampleCheck';
import { earned, type Earned } from '../craft/earned';
import { injectedOf } from '../trace/provenance';
import { checkedSample, type BesideSample } from './checkedSample';
import type { TraceState } from './traceState';

/** What the checks say of one version of a document. */
export interface SampleChecked {
  readonly state: TraceState;
  readonly sample: CheckedSample;
  readonly findings: readonly Finding[];
  readonly earned: Earned | undefined;
  /** What can be done at a step (0-based) beside what the findings offer. */
  fixesAt(step: number): readonly Fix[];
}

/** Checks a crafted trace as it stands; `undefined` where it is none. */
export function checked(state: TraceState, beside: BesideSample): SampleChecked | undefined {
  const injected = injectedOf(state.trace);
  const sample = checkedSample(state, beside, injected);
  if (sample === undefined) return undefined;
  beside.memory.found(state.uri, state.trace, injected);
  return { state, sample, findings: checkSample(sample), earned: earned(sample), fixesAt: (step) => marksAt(sample, step) };
}
